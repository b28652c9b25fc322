#include "server/gateway/openapi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace astro::gateway {
namespace {

namespace bj = boost::json;

struct Order {
    std::string market;
    RawAmount size;
    std::optional<RawAmount> limit;
};
BOOST_DESCRIBE_STRUCT(Order, (), (market, size, limit))

struct Placed {
    std::string id;
    Order order;
};
BOOST_DESCRIBE_STRUCT(Placed, (), (id, order))

std::vector<Route> routes() {
    return {{.method = "POST",
             .path = "/api/v1/exchange/accounts/{account}/orders",
             .summary = "Places an order",
             .parameters = {{.name = "account", .summary = "whose", .example = "main"},
                            {.name = "depth",
                             .type = ParameterType::integer,
                             .summary = "levels",
                             .minimum = 1,
                             .maximum = 50,
                             .example = "20"},
                            {.name = "kinds",
                             .summary = "some",
                             .choices = {"a", "b"},
                             .several = true,
                             .example = "a,b"}},
             .body = json_document(Order{"XLM/USDC", RawAmount{7}, {}}),
             .answers = {{.status = 201, .summary = "Placed", .document = json_document<Placed>()}},
             .refusals = {409},
             .permission = "exchange.trade",
             .limit_class = RouteClass::write,
             .weight = 5},
            {.path = "/api/v1/health",
             .summary = "Is it well",
             .answers = {{.document = json_document<Placed>()},
                         {.status = 503, .document = json_document<Placed>()}},
             .tagged = true}};
}

bj::value document() {
    return bj::parse(openapi_document(routes(), "1.2.3"));
}
const bj::value& at(const bj::value& value, const char* pointer) {
    return value.at_pointer(pointer);
}

TEST(OpenApi, ARouteSaysWhatItTakes) {
    const auto whole = document();
    EXPECT_EQ(at(whole, "/openapi"), "3.1.0");
    EXPECT_EQ(at(whole, "/info/version"), "1.2.3");
    const auto& post = at(whole, "/paths/~1api~1v1~1exchange~1accounts~1{account}~1orders/post");
    EXPECT_EQ(at(post, "/operationId"), "post_exchange_accounts_by_account_orders");
    EXPECT_EQ(at(post, "/tags/0"), "exchange");
    EXPECT_EQ(at(post, "/x-permission"), "exchange.trade");
    EXPECT_EQ(at(post, "/x-weight"), 5);
    EXPECT_EQ(at(post, "/security"),
              bj::parse(R"([{"bearer":["exchange.trade"]},{"signature":["exchange.trade"]},)"
                        R"({"cookie":["exchange.trade"],"csrf":["exchange.trade"]}])"));
    EXPECT_EQ(at(post, "/parameters"), bj::parse(R"([
        {"name":"account","in":"path","required":true,"description":"whose",
         "schema":{"type":"string","minLength":1,"maxLength":128},"example":"main"},
        {"name":"depth","in":"query","required":false,"description":"levels",
         "schema":{"type":"integer","minimum":1,"maximum":50},"example":20},
        {"name":"kinds","in":"query","required":false,"description":"some",
         "schema":{"type":"array","minItems":1,"items":
            {"type":"string","minLength":1,"maxLength":128,"enum":["a","b"]}},
         "style":"form","explode":false,"example":["a","b"]}])"));
    EXPECT_EQ(at(post, "/requestBody"), bj::parse(R"({"required":true,"content":{
        "application/json":{"schema":{"$ref":"#/components/schemas/gateway.Order"},
                            "example":{"market":"XLM/USDC","size":"7","limit":null}}}})"));
    EXPECT_EQ(at(whole, "/components/schemas/gateway.Order/required"),
              bj::parse(R"(["market","size"])"));
}

TEST(OpenApi, ARouteSaysEveryAnswer) {
    const auto whole = document();
    const auto statuses = [&](const char* pointer) {
        std::vector<std::string> out;
        for (const auto& [status, answer] : at(whole, pointer).as_object())
            out.emplace_back(status);
        return out;
    };
    EXPECT_THAT(statuses("/paths/~1api~1v1~1exchange~1accounts~1{account}~1orders/post/responses"),
                ::testing::UnorderedElementsAre("201", "400", "401", "403", "404", "408", "409",
                                                "413", "415", "429", "431", "500", "503"));
    EXPECT_THAT(statuses("/paths/~1api~1v1~1health/get/responses"),
                ::testing::UnorderedElementsAre("200", "304", "400", "401", "403", "429", "431",
                                                "500", "503"));
    EXPECT_EQ(
        at(whole, "/paths/~1api~1v1~1health/get/responses/503/content/application~1json/schema"),
        bj::parse(R"({"$ref":"#/components/schemas/gateway.Placed"})"));
}

/// Each {"$ref": …} leads to something.
void check_references(const bj::value& value, const bj::value& whole) {
    if (const auto* object = value.if_object()) {
        for (const auto& [key, member] : *object) {
            if (key == "$ref") {
                boost::system::error_code error;
                const std::string to(member.as_string());
                EXPECT_NE(whole.find_pointer(to.substr(1), error), nullptr) << to;
            }
            check_references(member, whole);
        }
    } else if (const auto* array = value.if_array()) {
        for (const auto& element : *array) check_references(element, whole);
    }
}

TEST(OpenApi, ReferencesLeadSomewhere) {
    const auto whole = document();
    check_references(whole, whole);
}

TEST(AsyncApi, SaysWhatChannelsCarryAndHowToAsk) {
    const auto whole = bj::parse(asyncapi_document(
        {{.stream = "orders",
          .aliases = {"myOrders"},
          .summary = "Orders",
          .filters = {{{.name = "market", .summary = "one"}, Match::any_of, "market"}},
          .permission = "exchange.read",
          .data = json_document<Order>()}},
        "1.2.3"));
    check_references(whole, whole);
    EXPECT_EQ(at(whole, "/asyncapi"), "3.0.0");
    EXPECT_EQ(at(whole, "/channels/live/x-subscriptions/orders/permission"), "exchange.read");
    EXPECT_TRUE(at(whole, "/channels/live/x-subscriptions/orders/filter/properties")
                    .as_object()
                    .contains("market"));
    EXPECT_EQ(at(whole, "/components/messages/orders/payload/properties/data/$ref"),
              "#/components/schemas/gateway.Order");
    EXPECT_EQ(at(whole, "/operations/listen/messages").as_array().size(), 5U);
}

}  // namespace
}  // namespace astro::gateway
