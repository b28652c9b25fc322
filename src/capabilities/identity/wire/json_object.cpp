#include "capabilities/identity/wire/json_object.hpp"

#include <simdjson.h>

namespace astro::identity {

namespace dom = simdjson::dom;

namespace {
constexpr std::size_t kDepthMax = 8;

/// No object anywhere inside has a name twice.
bool names_are_unique(const dom::element& element) {
    if (element.is_array()) {
        for (const dom::element item : dom::array(element))
            if (!names_are_unique(item)) return false;
    } else if (element.is_object()) {
        std::map<std::string_view, bool> seen;
        for (const auto field : dom::object(element))
            if (!seen.emplace(field.key, true).second || !names_are_unique(field.value))
                return false;
    }
    return true;
}
}  // namespace

/// simdjson stays in this file.
struct JsonObjectReader {
    JsonObject& out;

    void read(std::string_view name, const dom::element& value) {
        using Kind = JsonObject::Kind;
        const std::string key(name);
        Kind kind = Kind::other;
        if (value.is_string()) {
            kind = Kind::text;
            out.texts_[key] = std::string_view(value);
        } else if (value.is_int64()) {
            kind = Kind::integer;
            out.integers_[key] = std::int64_t(value);
        } else if (value.is_bool()) {
            kind = Kind::boolean;
            out.integers_[key] = bool(value) ? 1 : 0;
        } else if (value.is_array()) {
            kind = read_array(out.arrays_[key], dom::array(value));
        }
        out.kinds_[key] = kind;
    }

    static JsonObject::Kind read_array(std::vector<std::string>& items, const dom::array& array) {
        bool all_texts = true, all_objects = true;
        for (const dom::element item : array) {
            all_texts = all_texts && item.is_string();
            all_objects = all_objects && item.is_object();
            items.push_back(item.is_string() ? std::string(std::string_view(item))
                                             : simdjson::minify(item));
        }
        if (all_texts) return JsonObject::Kind::texts;
        return all_objects ? JsonObject::Kind::objects : JsonObject::Kind::other;
    }
};

Result<JsonObject> JsonObject::parse(std::string_view text, std::size_t bytes_max,
                                     std::string_view code) {
    if (text.size() > bytes_max)
        return refusal(code, "it has more than " + std::to_string(bytes_max) + " bytes");
    dom::parser parser;
    if (parser.allocate(bytes_max + simdjson::SIMDJSON_PADDING, kDepthMax) != simdjson::SUCCESS)
        return unavailable("out_of_memory", "no memory to read JSON");
    dom::element root;
    if (const auto error = parser.parse(text.data(), text.size()).get(root))
        return refusal(code,
                       "it is not valid JSON: " + std::string(simdjson::error_message(error)));
    if (!root.is_object()) return refusal(code, "it is not a JSON object");
    if (!names_are_unique(root)) return refusal(code, "an object has a name twice");
    JsonObject out;
    out.code_ = code;
    for (const auto field : dom::object(root)) JsonObjectReader{out}.read(field.key, field.value);
    return out;
}

bool JsonObject::is(std::string_view name, Kind kind) const {
    const auto at = kinds_.find(name);
    return at != kinds_.end() && at->second == kind;
}

Unexpected JsonObject::wrong(std::string_view name, std::string_view expected) const {
    return refusal(code_,
                   "its member " + std::string(name) +
                       (has(name) ? " is not " : " is missing; it is ") + std::string(expected),
                   std::string(name));
}

Result<std::string> JsonObject::text(std::string_view name) const {
    if (!is(name, Kind::text)) return wrong(name, "a string");
    return texts_.find(name)->second;
}

Result<std::int64_t> JsonObject::integer(std::string_view name) const {
    if (!is(name, Kind::integer)) return wrong(name, "an integer");
    return integers_.find(name)->second;
}

Result<std::vector<std::string>> JsonObject::texts(std::string_view name) const {
    if (!is(name, Kind::texts)) return wrong(name, "an array of strings");
    return arrays_.find(name)->second;
}

Result<std::vector<std::string>> JsonObject::objects(std::string_view name) const {
    const bool empty = is(name, Kind::texts) && arrays_.find(name)->second.empty();
    if (!is(name, Kind::objects) && !empty) return wrong(name, "an array of objects");
    return arrays_.find(name)->second;
}

Result<std::optional<std::string>> JsonObject::optional_text(std::string_view name) const {
    if (!has(name)) return std::optional<std::string>{};
    ASTRO_TRY(std::string value, text(name));
    return std::optional<std::string>(std::move(value));
}

Result<std::optional<bool>> JsonObject::optional_boolean(std::string_view name) const {
    if (!has(name)) return std::optional<bool>{};
    if (!is(name, Kind::boolean)) return wrong(name, "true or false");
    return std::optional<bool>(integers_.find(name)->second != 0);
}

}  // namespace astro::identity
