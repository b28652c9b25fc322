#include "server/gateway/live_message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/json.hpp"
#include "server/gateway/live_filter.hpp"

namespace astro::gateway {
namespace {

LiveMessage parsed(std::string_view text) {
    const auto message = parse_live_message(text);
    EXPECT_TRUE(message) << text << ": " << message.error().text();
    return message.value_or(LiveMessage{});
}

TEST(LiveMessage, ReadsEveryMember) {
    const auto message = parsed(
        R"({"op":"subscribe","id":9007199254740991,"channel":"a.b","snapshot":500,
            "filter":{"kind":["x","y"],"n":5,"m":-7,"yes":true,"p":"q"}})");
    EXPECT_EQ(message.op, LiveMessage::Op::subscribe);
    EXPECT_EQ(message.id, 9007199254740991U);
    EXPECT_EQ(message.channel, "a.b");
    EXPECT_EQ(message.snapshot, 500U);
    EXPECT_EQ(message.resume_from, std::nullopt);
    const std::vector<std::pair<std::string, std::vector<std::string>>> filter{
        {"kind", {"x", "y"}}, {"n", {"5"}}, {"m", {"-7"}}, {"yes", {"true"}}, {"p", {"q"}}};
    EXPECT_EQ(message.filter, filter);
    EXPECT_EQ(parsed(R"({"op":"subscribe","id":0,"channel":"c","resume_from":0})").resume_from, 0U);
    EXPECT_EQ(parsed(R"({"op":"unsubscribe","id":1,"channel":"c"})").op,
              LiveMessage::Op::unsubscribe);
    EXPECT_EQ(parsed(R"({"id":1,"op":"ping"})").op, LiveMessage::Op::ping);
}

/// An object in an object in an object …
std::string nested(int depth) {
    std::string out = "1";
    for (int i = 0; i < depth; ++i) out = R"({"a":)" + out + "}";
    return out;
}

TEST(LiveMessage, ReadsCalls) {
    const auto call = parsed(
        R"({"op":"call","id":7,"method":"POST","path":"/api/v1/x?y=1","body":{"a":[1,"2"]},
            "idempotency_key":"k"})");
    EXPECT_EQ(call.op, LiveMessage::Op::call);
    ASSERT_TRUE(call.call);
    EXPECT_EQ(call.call->method, "POST");
    EXPECT_EQ(call.call->path, "/api/v1/x?y=1");
    EXPECT_EQ(call.call->body, R"({"a":[1,"2"]})");
    EXPECT_EQ(call.call->idempotency_key, "k");
    const auto left =
        parsed(R"({"op":"at_close","id":8,"slot":7,"method":"DELETE","path":"/api/v1/x"})");
    EXPECT_EQ(left.slot, 7U);
    EXPECT_EQ(left.call->path, "/api/v1/x");
    EXPECT_EQ(left.call->body, "");
    const auto taken = parsed(R"({"op":"at_close","id":9})");
    EXPECT_FALSE(taken.call);
    EXPECT_EQ(taken.slot, 0U);
    EXPECT_TRUE(parse_live_message(R"({"op":"call","id":1,"method":"GET","path":"/api/x","body":)" +
                                   nested(16) + "}"));
}

struct Bad {
    std::string text, code, where;
};

TEST(LiveMessage, ARefusalSaysWhatIsWrongAndWhere) {
    const std::vector<Bad> cases{
        {"", "bad_json", ""},
        {"{", "bad_json", ""},
        {R"({"op":"ping","id":1} x)", "bad_json", ""},
        {"{'op':'ping'}", "bad_json", ""},
        {R"({"op":"ping","id":1,"x":"\ud800"})", "bad_json", ""},
        {std::string(10'000, '['), "bad_json", ""},
        {nested(20), "bad_json", ""},
        {"[]", "bad_message", ""},
        {"null", "bad_message", ""},
        {"{}", "bad_message", "op"},
        {R"({"op":1,"id":1})", "bad_message", "op"},
        {R"({"op":"fly","id":1})", "unknown_op", "op"},
        {R"({"op":"PING","id":1})", "unknown_op", "op"},
        {R"({"op":"ping"})", "bad_message", "id"},
        {R"({"op":"ping","id":"1"})", "bad_message", "id"},
        {R"({"op":"ping","id":-1})", "bad_message", "id"},
        {R"({"op":"ping","id":1.5})", "bad_message", "id"},
        {R"({"op":"ping","id":9007199254740992})", "bad_message", "id"},
        {R"({"op":"ping","id":18446744073709551615})", "bad_message", "id"},
        {R"({"op":"ping","id":null})", "bad_message", "id"},
        {R"({"op":"ping","id":1,"channel":"c"})", "bad_message", "channel"},
        {R"({"op":"subscribe","id":1})", "bad_message", "channel"},
        {R"({"op":"subscribe","id":1,"channel":""})", "bad_message", "channel"},
        {R"({"op":"subscribe","id":1,"channel":7})", "bad_message", "channel"},
        {R"({"op":"subscribe","id":1,"channel":")" + std::string(129, 'c') + "\"}", "bad_message",
         "channel"},
        {R"({"op":"unsubscribe","id":1,"channel":"c","filter":{}})", "bad_message", "filter"},
        {R"({"op":"subscribe","id":1,"channel":"c","filter":[]})", "bad_message", "filter"},
        {R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":null}})", "bad_message",
         "filter.k"},
        {R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":{}}})", "bad_message", "filter.k"},
        {R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":[]}})", "bad_message", "filter.k"},
        {R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":[["x"]]}})", "bad_message",
         "filter.k"},
        {R"({"op":"subscribe","id":1,"channel":"c","snapshot":501})", "bad_message", "snapshot"},
        {R"({"op":"subscribe","id":1,"channel":"c","snapshot":-1})", "bad_message", "snapshot"},
        {R"({"op":"subscribe","id":1,"channel":"c","resume_from":"4"})", "bad_message",
         "resume_from"},
        {R"({"op":"subscribe","id":1,"channel":"c","colour":"red"})", "bad_message", "colour"},
        {R"({"op":"subscribe","id":1,"channel":"c","path":"/api/x"})", "bad_message", "path"},
        {R"({"op":"ping","id":1,"slot":1})", "bad_message", "slot"},
        {R"({"op":"call","id":1})", "bad_message", "method"},
        {R"({"op":"call","id":1,"method":"GET"})", "bad_message", "path"},
        {R"({"op":"call","id":1,"path":"/api/x"})", "bad_message", "method"},
        {R"({"op":"call","method":"GET","path":"/api/x"})", "bad_message", "id"},
        {R"({"op":"call","id":1,"method":"TRACE","path":"/api/x"})", "bad_message", "method"},
        {R"({"op":"call","id":1,"method":7,"path":"/api/x"})", "bad_message", "method"},
        {R"({"op":"call","id":1,"method":"GET","path":"/auth/x"})", "bad_message", "path"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/ x"})", "bad_message", "path"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/\u00e9"})", "bad_message", "path"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/)" + std::string(2'048, 'x') + "\"}",
         "bad_message", "path"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/x","body":1})", "bad_message", "body"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/x","idempotency_key":""})",
         "bad_message", "idempotency_key"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/x","slot":1})", "bad_message", "slot"},
        {R"({"op":"call","id":1,"method":"GET","path":"/api/x","channel":"c"})", "bad_message",
         "channel"},
        {R"({"op":"at_close","id":1,"slot":8})", "bad_message", "slot"},
        {R"({"op":"at_close","id":1,"path":"/api/x"})", "bad_message", "method"},
    };
    for (const auto& bad : cases) {
        const auto message = parse_live_message(bad.text);
        ASSERT_FALSE(message) << bad.text;
        EXPECT_EQ(message.error().code, bad.code) << bad.text;
        EXPECT_EQ(message.error().where, bad.where) << bad.text;
        EXPECT_FALSE(message.error().message.empty());
    }
}

TEST(LiveMessage, FiltersAreBounded) {
    const auto with_members = [](std::size_t n) {
        std::string filter;
        for (std::size_t i = 0; i < n; ++i)
            filter += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
        return R"({"op":"subscribe","id":1,"channel":"c","filter":{)" + filter + "}}";
    };
    EXPECT_TRUE(parse_live_message(with_members(kLiveFilterMembersMax)));
    EXPECT_FALSE(parse_live_message(with_members(kLiveFilterMembersMax + 1)));
    const auto with_values = [](std::size_t n) {
        std::string values;
        for (std::size_t i = 0; i < n; ++i) values += i == 0 ? "1" : ",1";
        return R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":[)" + values + "]}}";
    };
    EXPECT_TRUE(parse_live_message(with_values(kLiveValuesMax)));
    EXPECT_FALSE(parse_live_message(with_values(kLiveValuesMax + 1)));
    const auto huge = R"({"op":"subscribe","id":1,"channel":"c","filter":{"k":")" +
                      std::string(100'000, 'v') + "\"}}";
    EXPECT_EQ(parse_live_message(huge).error().where, "filter.k");
}

TEST(LiveMessage, TheIdOfAWrongMessageIsStillKnown) {
    EXPECT_EQ(live_message_id(R"({"id":7,"op":"fly"})"), 7U);
    EXPECT_EQ(live_message_id(R"({"id":"7"})"), std::nullopt);
    EXPECT_EQ(live_message_id(R"({"op":"ping"})"), std::nullopt);
    EXPECT_EQ(live_message_id("{"), std::nullopt);
    EXPECT_EQ(live_message_id("[7]"), std::nullopt);
}

RC_GTEST_PROP(LiveMessage, AnyTextIsReadOrRefused, (const std::string& text)) {
    const auto message = parse_live_message(text);
    if (!message) RC_ASSERT(!message.error().message.empty());
}

// ── filters ─────────────────────────────────────────────────────────────────────────────────────

const std::vector<ChannelFilter>& offered() {
    static const std::vector<ChannelFilter> kOffered{
        {{.name = "kind", .choices = {"a", "b"}, .several = true}, Match::any_of, "kind"},
        {{.name = "min_x", .type = ParameterType::integer}, Match::at_least, "x"},
        {{.name = "max_x", .type = ParameterType::integer}, Match::at_most, "x"},
        {{.name = "min_c", .type = ParameterType::decimal}, Match::at_least, "c"},
        {{.name = "yes", .type = ParameterType::boolean}, Match::any_of, "yes"},
        {{.name = "pool"}, Match::any_of, "pool"},
    };
    return kOffered;
}

Result<LiveFilter> compile(std::string_view filter) {
    const auto message = parse_live_message(R"({"op":"subscribe","id":1,"channel":"c","filter":)" +
                                            std::string(filter) + "}");
    EXPECT_TRUE(message) << filter;
    return LiveFilter::compile(offered(), *message);
}

bool lets_through(std::string_view filter, std::vector<std::pair<std::string, std::string>> tags) {
    const auto compiled = compile(filter);
    EXPECT_TRUE(compiled) << filter;
    return compiled && compiled->matches(Event{"s", 1, {}, "s", "{}", std::move(tags)});
}

TEST(LiveFilter, NothingAskedLetsEverythingThrough) {
    EXPECT_TRUE(lets_through("{}", {}));
    EXPECT_TRUE(lets_through("{}", {{"kind", "a"}}));
}

TEST(LiveFilter, OneOfTheValuesEqualsOneOfTheTags) {
    EXPECT_TRUE(lets_through(R"({"kind":"a"})", {{"kind", "a"}}));
    EXPECT_FALSE(lets_through(R"({"kind":"a"})", {{"kind", "b"}}));
    EXPECT_FALSE(lets_through(R"({"kind":"a"})", {{"pool", "a"}}));
    EXPECT_FALSE(lets_through(R"({"kind":"a"})", {}));
    EXPECT_TRUE(lets_through(R"({"kind":"a,b"})", {{"kind", "b"}}));
    EXPECT_TRUE(lets_through(R"({"kind":["a","b"]})", {{"kind", "b"}}));
    EXPECT_TRUE(lets_through(R"({"pool":"p"})", {{"pool", "o"}, {"pool", "p"}}));
    EXPECT_TRUE(lets_through(R"({"yes":true})", {{"yes", "true"}}));
    EXPECT_FALSE(lets_through(R"({"yes":false})", {{"yes", "true"}}));
}

TEST(LiveFilter, AllConditionsHold) {
    EXPECT_TRUE(lets_through(R"({"kind":"a","min_x":5})", {{"kind", "a"}, {"x", "5"}}));
    EXPECT_FALSE(lets_through(R"({"kind":"a","min_x":5})", {{"kind", "a"}, {"x", "4"}}));
    EXPECT_FALSE(lets_through(R"({"kind":"a","min_x":5})", {{"kind", "b"}, {"x", "5"}}));
}

TEST(LiveFilter, NumbersCompareExactlyAndByValue) {
    EXPECT_TRUE(lets_through(R"({"min_x":-5,"max_x":10})", {{"x", "9"}}));
    EXPECT_FALSE(lets_through(R"({"max_x":9})", {{"x", "10"}}));  // not as texts
    EXPECT_FALSE(lets_through(R"({"min_x":5})", {})) << "what is not known is not enough";
    // Beyond what a double holds.
    EXPECT_FALSE(lets_through(R"({"min_x":9007199254740993})", {{"x", "9007199254740992"}}));
    EXPECT_TRUE(lets_through(R"({"min_x":9007199254740993})", {{"x", "9007199254740993"}}));
    EXPECT_TRUE(lets_through(R"({"min_c":0.9})", {{"c", "0.9"}}));
    EXPECT_TRUE(lets_through(R"({"min_c":0.9})", {{"c", "1"}}));
    EXPECT_FALSE(lets_through(R"({"min_c":0.9})", {{"c", "0.85"}}));
    EXPECT_TRUE(lets_through(R"({"min_c":1e-7})", {{"c", "0.85"}}));
}

RC_GTEST_PROP(LiveFilter, ComparesAsNumbersDo, (std::int64_t limit, std::int64_t value)) {
    LiveMessage message;
    message.filter = {{"min_x", {std::to_string(limit)}}};
    const auto filter = LiveFilter::compile(offered(), message);
    RC_ASSERT(filter.has_value());
    const Event event{"s", 1, {}, "s", "{}", {{"x", std::to_string(value)}}};
    RC_ASSERT(filter->matches(event) == (value >= limit));
}

TEST(LiveFilter, ARefusalNamesTheFilter) {
    const auto error = [](std::string_view filter) {
        const auto compiled = compile(filter);
        EXPECT_FALSE(compiled) << filter;
        return compiled ? Error{} : compiled.error();
    };
    EXPECT_EQ(error(R"({"colour":"red"})").code, "unknown_filter");
    EXPECT_EQ(error(R"({"colour":"red"})").where, "colour");
    EXPECT_NE(error(R"({"colour":"red"})").message.find("kind, min_x"), std::string::npos);
    for (const auto& [filter, where] :
         {std::pair{R"({"kind":"c"})", "kind"}, std::pair{R"({"kind":["a","c"]})", "kind"},
          std::pair{R"({"min_x":"many"})", "min_x"}, std::pair{R"({"min_x":1.5})", "min_x"},
          std::pair{R"({"min_x":[1,2]})", "min_x"}, std::pair{R"({"min_c":"nan"})", "min_c"},
          std::pair{R"({"yes":"maybe"})", "yes"}, std::pair{R"({"pool":""})", "pool"}}) {
        EXPECT_EQ(error(filter).code, "bad_filter") << filter;
        EXPECT_EQ(error(filter).where, where) << filter;
    }
    std::string many = "a";
    for (std::size_t i = 0; i < kLiveValuesMax; ++i) many += ",a";
    EXPECT_EQ(error(R"({"kind":")" + many + "\"}").code, "bad_filter");
}

}  // namespace
}  // namespace astro::gateway
