#include "chains/stellar/xdr/json_support.hpp"

#include <boost/json/value.hpp>
#include <charconv>

#include "chains/stellar/xdr/path.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::stellar::xdr {

namespace bj = boost::json;

namespace {

constexpr std::size_t kShownMax = 48;  // of a stranger's text in a message

const bj::value* value_of(JsonValue from) {
    return static_cast<const bj::value*>(from.node);
}

std::string_view view(const bj::string_view& text) {
    return {text.data(), text.size()};
}

std::string shown(std::string_view text) {
    return "\"" + escaped(text.substr(0, kShownMax)) + (text.size() > kShownMax ? "…\"" : "\"");
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Of an enum with many, the message would only be long.
std::string names_of(const EnumTable& table) {
    constexpr std::size_t kNamesMax = 30;
    if (table.entries.size() > kNamesMax) return {};
    std::string out = "; it is one of ";
    for (const auto& entry : table.entries)
        out += (&entry == table.entries.data() ? "" : ", ") + std::string(entry.name);
    return out;
}

template <class I>
bool whole_number(std::string_view text, I& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    return text == std::to_string(out);  // no zeros before it, no -0
}

}  // namespace

std::string escaped(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        switch (c) {
            case '\0':
                out += "\\0";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                if (byte >= 32 && byte <= 126)
                    out += c;
                else
                    out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
        }
    }
    return out;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] < 32 || text[i] > 126) return std::nullopt;
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i == text.size()) return std::nullopt;
        constexpr std::string_view kLetters = "0tnr\\", kBytes("\0\t\n\r\\", 5);
        if (const auto letter = kLetters.find(text[i]); letter != std::string_view::npos) {
            out += kBytes[letter];
        } else if (text[i] == 'x' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

void JsonWriter::integer(std::int64_t value) {
    astro::detail::append_integer(out_, value);
}
void JsonWriter::text(std::string_view value) {
    append_json_string(out_, value);
}
void JsonWriter::wide(std::int64_t value) {
    out_ += '"';
    astro::detail::append_integer(out_, value);
    out_ += '"';
}
void JsonWriter::wide(std::uint64_t value) {
    out_ += '"';
    astro::detail::append_integer(out_, value);
    out_ += '"';
}
void JsonWriter::opaque(ByteView bytes) {
    out_ += '"' + to_hex(bytes) + '"';
}
void JsonWriter::string(std::string_view bytes) {
    append_json_string(out_, escaped(bytes));
}
void JsonWriter::name(const EnumTable& table, std::int32_t value) {
    const auto* entry = table.find(value);
    ASTRO_ASSERT(entry != nullptr);
    out_.append("\"").append(entry->name).append("\"");
}
void JsonWriter::version(std::int32_t value) {
    out_ += "\"v" + std::to_string(value) + "\"";
}

Result<std::string> JsonWriter::take() {
    if (!why_.empty()) return refusal("xdr_json", why_);
    return std::move(out_);
}

bool JsonReader::fail(std::string why) {
    why_ = std::move(why);
    return false;
}

bool JsonReader::at(std::string_view member) {
    put_before(path_, escaped(member.substr(0, kShownMax)));
    return false;
}

bool JsonReader::at(std::size_t index) {
    put_before(path_, index);
    return false;
}

Unexpected JsonReader::error() const {
    return refusal("xdr_json", why_, path_);
}

bool JsonReader::members(JsonValue from, std::span<const std::string_view> names,
                         std::span<JsonValue> found, std::uint64_t optional) {
    const auto* value = value_of(from);
    const auto* object = value == nullptr ? nullptr : value->if_object();
    if (object == nullptr) return fail("needs an object");
    std::size_t used = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto* member = object->if_contains({names[i].data(), names[i].size()});
        found[i].node = member;
        if (member != nullptr)
            ++used;
        else if ((optional >> i & 1) == 0)
            return fail("is missing") || at(names[i]);
    }
    if (used == object->size()) return true;
    for (const auto& member : *object)
        if (std::ranges::find(names, view(member.key())) == names.end())
            return fail("is not known here") || at(view(member.key()));
    return true;
}

bool JsonReader::integer(JsonValue from, std::int64_t minimum, std::int64_t maximum,
                         std::int64_t& out) {
    const auto* value = value_of(from);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    if (number == nullptr || *number < minimum || *number > maximum)
        return fail("needs a whole number from " + std::to_string(minimum) + " to " +
                    std::to_string(maximum));
    out = *number;
    return true;
}

bool take(JsonReader& in, JsonValue from, std::int32_t& out) {
    std::int64_t value = 0;
    if (!in.integer(from, INT32_MIN, INT32_MAX, value)) return false;
    out = static_cast<std::int32_t>(value);
    return true;
}

bool take(JsonReader& in, JsonValue from, std::uint32_t& out) {
    std::int64_t value = 0;
    if (!in.integer(from, 0, UINT32_MAX, value)) return false;
    out = static_cast<std::uint32_t>(value);
    return true;
}

bool JsonReader::wide(JsonValue from, std::int64_t& out) {
    std::string_view digits;
    return text(from, digits) &&
           (whole_number(digits, out) ||
            fail("needs a text of a whole number of 64 bits, as \"-10\", not " + shown(digits)));
}

bool JsonReader::wide(JsonValue from, std::uint64_t& out) {
    std::string_view digits;
    return text(from, digits) &&
           (whole_number(digits, out) ||
            fail("needs a text of a whole number of 64 bits, as \"10\", not " + shown(digits)));
}

bool JsonReader::boolean(JsonValue from, bool& out) {
    const auto* value = value_of(from);
    const auto* flag = value == nullptr ? nullptr : value->if_bool();
    if (flag == nullptr) return fail("needs true or false");
    out = *flag;
    return true;
}

bool JsonReader::text(JsonValue from, std::string_view& out) {
    const auto* value = value_of(from);
    const auto* string = value == nullptr ? nullptr : value->if_string();
    if (string == nullptr) return fail("needs a text");
    out = view(*string);
    return true;
}

bool JsonReader::opaque(JsonValue from, Bytes& out, std::size_t max) {
    std::string_view hex;
    if (!text(from, hex)) return false;
    auto bytes = parse_hex(hex);
    if (!bytes) return fail("needs bytes in hex");
    if (bytes->size() > max)
        return fail("has " + std::to_string(bytes->size()) + " bytes; at most " +
                    std::to_string(max) + " are allowed");
    out = std::move(*bytes);
    return true;
}

bool JsonReader::fixed_bytes(JsonValue from, std::span<std::uint8_t> out) {
    std::string_view hex;
    if (!text(from, hex)) return false;
    const auto bytes = parse_hex(hex);
    if (!bytes || bytes->size() != out.size())
        return fail("needs " + std::to_string(out.size()) + " bytes in hex");
    std::ranges::copy(*bytes, out.begin());
    return true;
}

bool JsonReader::string(JsonValue from, std::string& out, std::size_t max) {
    std::string_view written;
    if (!text(from, written)) return false;
    auto bytes = unescaped(written);
    if (!bytes)
        return fail(
            "needs printable ASCII; other bytes are written \\0, \\t, \\n, \\r, \\\\ or "
            "\\xNN");
    if (bytes->size() > max)
        return fail("has " + std::to_string(bytes->size()) + " bytes; at most " +
                    std::to_string(max) + " are allowed");
    out = std::move(*bytes);
    return true;
}

bool JsonReader::name(JsonValue from, const EnumTable& table, std::int32_t& out) {
    std::string_view written;
    return text(from, written) && arm_value({written, {}}, table, out);
}

bool JsonReader::items(JsonValue from, std::size_t max, bool exactly, std::size_t& out) {
    const auto* value = value_of(from);
    const auto* array = value == nullptr ? nullptr : value->if_array();
    if (array == nullptr) return fail("needs a list");
    out = array->size();
    if (exactly && out != max) return fail("needs " + std::to_string(max) + " items");
    return out <= max || fail("has " + std::to_string(out) + " items; at most " +
                              std::to_string(max) + " are allowed");
}

JsonValue JsonReader::item(JsonValue list, std::size_t index) {
    return {&value_of(list)->get_array()[index]};
}

bool JsonReader::is_null(JsonValue from) {
    return from.node == nullptr || value_of(from)->is_null();
}

bool JsonReader::arm(JsonValue from, JsonArm& out) {
    const auto* value = value_of(from);
    if (value != nullptr && value->is_string()) {
        out = {view(value->get_string()), {}};
        return true;
    }
    const auto* object = value == nullptr ? nullptr : value->if_object();
    if (object == nullptr || object->size() != 1)
        return fail("needs an object of one member, or a text");
    out = {view(object->begin()->key()), {&object->begin()->value()}};
    return true;
}

bool JsonReader::arm_value(const JsonArm& arm, const EnumTable& table, std::int32_t& out) {
    const auto* entry = table.find(arm.name);
    if (entry == nullptr)
        return fail(shown(arm.name) + " is no " + std::string(table.type) + names_of(table));
    out = entry->value;
    return true;
}

bool JsonReader::arm_version(const JsonArm& arm, std::int32_t& out) {
    return (arm.name.starts_with("v") && whole_number(arm.name.substr(1), out)) ||
           fail(shown(arm.name) + " is no version, as \"v0\"");
}

bool JsonReader::arm_is(const JsonArm& arm, std::string_view name, std::string_view of) {
    return arm.name == name || fail(shown(arm.name) + " is no case of " + std::string(of) +
                                    "; there is only " + std::string(name));
}

bool JsonReader::no_arm(const JsonArm& arm, std::string_view of) {
    return fail(shown(arm.name) + " is no case of " + std::string(of));
}

bool JsonReader::payload(const JsonArm& arm) {
    return arm.payload.node != nullptr || fail(shown(arm.name) + " needs a value");
}

bool JsonReader::no_payload(const JsonArm& arm) {
    return arm.payload.node == nullptr ||
           fail(shown(arm.name) + " takes no value: it is written as a text");
}

}  // namespace astro::stellar::xdr
