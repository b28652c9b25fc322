#include "server/gateway/live_message.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace astro::gateway {
namespace {

namespace bj = boost::json;

constexpr std::size_t kDepthMax = 18;               // a body may be as deep as over HTTP
constexpr std::uint64_t kIdMax = (1ULL << 53) - 1;  // what survives a double at the other end
constexpr std::size_t kTextMax = 128;

Unexpected bad_message(std::string message, std::string_view where) {
    return refusal("bad_message", std::move(message), std::string(where));
}

Result<bj::object> parse_object(std::string_view text) {
    bj::error_code error;
    bj::parse_options options;
    options.max_depth = kDepthMax;
    auto value = bj::parse({text.data(), text.size()}, error, {}, options);
    if (error) return refusal("bad_json", "the message is no JSON: " + error.message());
    if (!value.is_object()) return refusal("bad_message", "a message is an object");
    return std::move(value.as_object());
}

std::optional<std::uint64_t> to_count(const bj::value& value) {
    const auto* number = value.if_int64();
    if (number == nullptr || *number < 0) return std::nullopt;
    const auto count = static_cast<std::uint64_t>(*number);
    return count <= kIdMax ? std::optional(count) : std::nullopt;
}

std::optional<std::string> to_filter_text(const bj::value& value) {
    if (const auto* text = value.if_string()) {
        if (text->size() > kTextMax * kLiveValuesMax) return std::nullopt;
        return std::string(text->data(), text->size());
    }
    if (const auto* flag = value.if_bool()) return *flag ? "true" : "false";
    if (value.is_number()) return bj::serialize(value);
    return std::nullopt;
}

Result<void> read_filter(const bj::value& value, LiveMessage& message) {
    const auto* object = value.if_object();
    if (object == nullptr) return bad_message("needs an object", "filter");
    if (object->size() > kLiveFilterMembersMax)
        return bad_message("at most " + std::to_string(kLiveFilterMembersMax) + " members",
                           "filter");
    for (const auto& [key, member] : *object) {
        const std::string name(key.data(), key.size());
        std::vector<std::string> values;
        if (const auto* array = member.if_array()) {
            if (array->empty() || array->size() > kLiveValuesMax)
                return bad_message("needs 1 … " + std::to_string(kLiveValuesMax) + " values",
                                   "filter." + name);
            for (const auto& element : *array)
                if (auto text = to_filter_text(element)) values.push_back(std::move(*text));
            if (values.size() != array->size())
                return bad_message("needs texts, numbers or booleans", "filter." + name);
        } else if (auto text = to_filter_text(member)) {
            values.push_back(std::move(*text));
        } else {
            return bad_message("needs a text, number, boolean or a list of them", "filter." + name);
        }
        message.filter.emplace_back(name, std::move(values));
    }
    return {};
}

struct OpName {
    std::string_view name;
    LiveMessage::Op op;
};
constexpr std::array kOps{
    OpName{"subscribe", LiveMessage::Op::subscribe},
    OpName{"unsubscribe", LiveMessage::Op::unsubscribe}, OpName{"ping", LiveMessage::Op::ping},
    OpName{"call", LiveMessage::Op::call}, OpName{"at_close", LiveMessage::Op::at_close}};

Result<void> read_op(const bj::object& object, LiveMessage& message) {
    const auto* op = object.if_contains("op");
    const auto* text = op != nullptr ? op->if_string() : nullptr;
    if (text == nullptr)
        return bad_message("needs subscribe, unsubscribe, ping, call or at_close", "op");
    const auto* known = std::ranges::find(kOps, std::string_view(*text), &OpName::name);
    if (known == kOps.end())
        return refusal("unknown_op", "the ops are subscribe, unsubscribe, ping, call and at_close",
                       "op");
    message.op = known->op;
    return {};
}

Result<std::string> read_text(const bj::value& value, std::string_view name, std::size_t max) {
    const auto* text = value.if_string();
    if (text == nullptr || text->empty() || text->size() > max)
        return bad_message("needs a text of 1 … " + std::to_string(max) + " bytes", name);
    return std::string(text->data(), text->size());
}

/// Members that only `call` and `at_close` have; false when it is none.
Result<bool> read_call_member(std::string_view name, const bj::value& value, LiveCall& call) {
    if (name == "method") {
        ASTRO_TRY(call.method, read_text(value, name, 8));
        constexpr std::array kMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};
        if (std::ranges::find(kMethods, call.method) == kMethods.end())
            return bad_message("is one of GET, POST, PUT, PATCH and DELETE", name);
    } else if (name == "path") {
        ASTRO_TRY(call.path, read_text(value, name, kLivePathMax));
        if (!call.path.starts_with("/api/")) return bad_message("begins with /api/", name);
        const auto is_printable = [](char c) { return c > ' ' && c < '\x7f'; };
        if (!std::ranges::all_of(call.path, is_printable))
            return bad_message("is percent-encoded, as in HTTP", name);
    } else if (name == "body") {
        if (!value.is_object() && !value.is_array())
            return bad_message("needs an object or a list", name);
        call.body = bj::serialize(value);
    } else if (name == "idempotency_key") {
        ASTRO_TRY(call.idempotency_key, read_text(value, name, kTextMax));
    } else {
        return false;
    }
    return true;
}

Result<void> read_member(std::string_view name, const bj::value& value, LiveMessage& message) {
    using Op = LiveMessage::Op;
    const bool subscribes = message.op == Op::subscribe;
    const bool calls = message.op == Op::call || message.op == Op::at_close;
    if (name == "op") return {};
    if (name == "id") {
        const auto id = to_count(value);
        if (!id) return bad_message("needs a whole number from 0 to 2^53 − 1", "id");
        message.id = *id;
    } else if (name == "channel" && (subscribes || message.op == Op::unsubscribe)) {
        const auto* text = value.if_string();
        if (text == nullptr || text->size() > kTextMax)
            return bad_message("needs the name of a channel", "channel");
        message.channel.assign(text->data(), text->size());
    } else if (name == "filter" && subscribes) {
        return read_filter(value, message);
    } else if (name == "snapshot" && subscribes) {
        message.snapshot = to_count(value);
        if (!message.snapshot || *message.snapshot > kLiveSnapshotMax)
            return bad_message("needs 0 … " + std::to_string(kLiveSnapshotMax), "snapshot");
    } else if (name == "resume_from" && subscribes) {
        message.resume_from = to_count(value);
        if (!message.resume_from) return bad_message("needs a seq", "resume_from");
    } else if (name == "slot" && message.op == Op::at_close) {
        const auto slot = to_count(value);
        if (!slot || *slot >= kLiveAtCloseMax)
            return bad_message("needs 0 … " + std::to_string(kLiveAtCloseMax - 1), "slot");
        message.slot = *slot;
    } else {
        if (!message.call) message.call.emplace();
        ASTRO_TRY(const bool known,
                  calls ? read_call_member(name, value, *message.call) : Result<bool>(false));
        if (!known) return bad_message("this op has no such member", name.substr(0, kTextMax));
    }
    return {};
}

Result<void> check_call(const LiveMessage& message) {
    if (!message.call && message.op == LiveMessage::Op::at_close) return {};
    if (!message.call || message.call->method.empty()) return bad_message("is missing", "method");
    if (message.call->path.empty()) return bad_message("is missing", "path");
    return {};
}

}  // namespace

Result<LiveMessage> parse_live_message(std::string_view text) {
    ASTRO_TRY(const bj::object object, parse_object(text));
    LiveMessage message;
    ASTRO_CHECK(read_op(object, message));
    for (const auto& [key, value] : object)
        ASTRO_CHECK(read_member(std::string_view(key.data(), key.size()), value, message));
    if (!object.contains("id")) return bad_message("is missing", "id");
    using Op = LiveMessage::Op;
    if (message.op == Op::call || message.op == Op::at_close)
        ASTRO_CHECK(check_call(message));
    else if (message.op != Op::ping && message.channel.empty())
        return bad_message("is missing", "channel");
    return message;
}

std::optional<std::uint64_t> live_message_id(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return std::nullopt;
    const auto* id = object->if_contains("id");
    return id != nullptr ? to_count(*id) : std::nullopt;
}

}  // namespace astro::gateway
