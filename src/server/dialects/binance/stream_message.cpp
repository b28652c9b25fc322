#include "server/dialects/binance/stream_message.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "foundation/base/json.hpp"

namespace astro::binance {
namespace {

namespace bj = boost::json;
using Method = StreamMessage::Method;

constexpr std::size_t kIdMax = 36;

std::optional<Method> method_of(std::string_view name) {
    if (name == "SUBSCRIBE") return Method::subscribe;
    if (name == "UNSUBSCRIBE") return Method::unsubscribe;
    if (name == "LIST_SUBSCRIPTIONS") return Method::list_subscriptions;
    if (name == "SET_PROPERTY") return Method::set_property;
    if (name == "GET_PROPERTY") return Method::get_property;
    return std::nullopt;
}

ParsedMessage wrong(int code, std::string msg, std::string id = "null") {
    return {std::nullopt, {code, std::move(msg), std::move(id)}};
}

/// A number that is not negative, or a short text.
bool is_id(const bj::value& value) {
    if (const auto* text = value.if_string()) return text->size() <= kIdMax;
    return value.is_uint64() || (value.is_int64() && value.get_int64() >= 0) || value.is_null();
}

/// Names of streams; of SET_PROPERTY a name and a flag.
std::optional<std::vector<std::string>> params_of(const bj::value& value) {
    const auto* array = value.if_array();
    if (array == nullptr) return std::nullopt;
    std::vector<std::string> out;
    for (const auto& item : *array) {
        if (const auto* text = item.if_string())
            out.emplace_back(*text);
        else if (const auto* flag = item.if_bool())
            out.emplace_back(*flag ? "true" : "false");
        else
            return std::nullopt;
    }
    return out;
}

}  // namespace

ParsedMessage parse_stream_message(std::string_view text) {
    boost::system::error_code error;
    const auto value = bj::parse(text, error);
    if (error) return wrong(3, "Invalid JSON: " + error.message());
    const auto* object = value.if_object();
    if (object == nullptr) return wrong(2, "Invalid request: it is an object");
    const auto* id = object->if_contains("id");
    if (id != nullptr && !is_id(*id))
        return wrong(2, "Invalid request: request ID must be an unsigned integer");
    StreamMessage out{.id = id == nullptr ? "null" : bj::serialize(*id), .params = {}};
    const auto* name = object->if_contains("method");
    if (name == nullptr) return wrong(2, "Invalid request: missing field 'method'", out.id);
    const auto* word = name->if_string();
    const auto method = word == nullptr ? std::nullopt : method_of(*word);
    if (!method)
        return wrong(2,
                     "Invalid request: unknown variant, expected one of SUBSCRIBE, UNSUBSCRIBE, "
                     "LIST_SUBSCRIPTIONS, SET_PROPERTY, GET_PROPERTY",
                     out.id);
    out.method = *method;
    for (const auto& [key, unused] : *object)
        if (key != "id" && key != "method" && key != "params")
            return wrong(0, "Unknown property", out.id);
    if (*method == Method::list_subscriptions) return {std::move(out), {}};
    const auto* params = object->if_contains("params");
    auto names = params == nullptr ? std::nullopt : params_of(*params);
    if (!names || names->empty())
        return wrong(2, "Invalid request: params must be a list of names", out.id);
    out.params = std::move(*names);
    return {std::move(out), {}};
}

std::string result_text(std::string_view id) {
    return R"({"result":null,"id":)" + std::string(id) + "}";
}

std::string result_text(std::string_view id, const std::vector<std::string>& names) {
    return R"({"result":)" + to_json(names) + ",\"id\":" + std::string(id) + "}";
}

std::string combined_property_text(std::string_view id, bool combined) {
    return std::string(R"({"result":)") + (combined ? "true" : "false") +
           ",\"id\":" + std::string(id) + "}";
}

std::string fault_text(const StreamFault& fault) {
    return R"({"error":{"code":)" + std::to_string(fault.code) + ",\"msg\":" + to_json(fault.msg) +
           "},\"id\":" + fault.id + "}";
}

std::string combined_text(std::string_view stream, std::string_view data) {
    std::string out = "{\"stream\":";
    append_json_string(out, stream);
    return out.append(",\"data\":").append(data) + "}";
}

}  // namespace astro::binance
