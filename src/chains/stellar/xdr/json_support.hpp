#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "chains/stellar/xdr/enum_table.hpp"
#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// What the generated XDR-JSON stands on (SEP-51 2.0): 64-bit integers are texts, opaque bytes hex,
/// strings escaped ASCII, an optional that is absent null, a union an object of one member or, for
/// a case without a value, a text.
namespace astro::stellar::xdr {

class JsonWriter {
  public:
    void raw(std::string_view text) { out_.append(text); }
    void integer(std::int64_t value);
    /// With quotes.
    void text(std::string_view value);
    void wide(std::int64_t value);
    void wide(std::uint64_t value);
    void opaque(ByteView bytes);
    void string(std::string_view bytes);
    void name(const EnumTable& table, std::int32_t value);
    /// "v0"
    void version(std::int32_t value);
    /// There is a value for which XDR-JSON has no form.
    void fail(std::string why) { why_ = std::move(why); }

    /// "xdr_json"
    [[nodiscard]] Result<std::string> take();

  private:
    std::string out_, why_;
};

/// A value of the document that is read; null: it is not there.
struct JsonValue {
    const void* node = nullptr;
};

/// A union as it was written.
struct JsonArm {
    std::string_view name;
    JsonValue payload;  ///< not there: only the name was written
};

/// Reads XDR-JSON strictly: unknown members, missing ones and values of another form are refused.
/// Each call returns false then; the first reason is kept, and at() puts the path before it.
class JsonReader {
  public:
    /// Finds the members of an object. `optional` has a bit for each that may be missing.
    [[nodiscard]] bool members(JsonValue from, std::span<const std::string_view> names,
                               std::span<JsonValue> found, std::uint64_t optional);
    [[nodiscard]] bool integer(JsonValue from, std::int64_t minimum, std::int64_t maximum,
                               std::int64_t& out);
    [[nodiscard]] bool wide(JsonValue from, std::int64_t& out);
    [[nodiscard]] bool wide(JsonValue from, std::uint64_t& out);
    [[nodiscard]] bool boolean(JsonValue from, bool& out);
    [[nodiscard]] bool text(JsonValue from, std::string_view& out);
    [[nodiscard]] bool opaque(JsonValue from, Bytes& out, std::size_t max);
    [[nodiscard]] bool string(JsonValue from, std::string& out, std::size_t max);
    [[nodiscard]] bool fixed_bytes(JsonValue from, std::span<std::uint8_t> out);
    template <std::size_t N>
    [[nodiscard]] bool fixed(JsonValue from, std::array<std::uint8_t, N>& out) {
        return fixed_bytes(from, out);
    }
    [[nodiscard]] bool name(JsonValue from, const EnumTable& table, std::int32_t& out);
    template <class E>
    [[nodiscard]] bool enumeration(JsonValue from, const EnumTable& table, E& out) {
        std::int32_t value = 0;
        if (!name(from, table, value)) return false;
        out = static_cast<E>(value);
        return true;
    }

    /// How many items the list has; `exactly`: they must be `max`.
    [[nodiscard]] bool items(JsonValue from, std::size_t max, bool exactly, std::size_t& out);
    [[nodiscard]] static JsonValue item(JsonValue list, std::size_t index);
    /// Absent or null.
    [[nodiscard]] static bool is_null(JsonValue from);

    [[nodiscard]] bool arm(JsonValue from, JsonArm& out);
    [[nodiscard]] bool arm_value(const JsonArm& arm, const EnumTable& table, std::int32_t& out);
    template <class E>
    [[nodiscard]] bool arm_name(const JsonArm& arm, const EnumTable& table, E& out) {
        std::int32_t value = 0;
        if (!arm_value(arm, table, value)) return false;
        out = static_cast<E>(value);
        return true;
    }
    [[nodiscard]] bool arm_version(const JsonArm& arm, std::int32_t& out);
    [[nodiscard]] bool arm_is(const JsonArm& arm, std::string_view name, std::string_view of);
    [[nodiscard]] bool no_arm(const JsonArm& arm, std::string_view of);
    [[nodiscard]] bool payload(const JsonArm& arm);
    [[nodiscard]] bool no_payload(const JsonArm& arm);

    bool fail(std::string why);
    /// Both return false: what failed lies in that member or item.
    bool at(std::string_view member);
    bool at(std::size_t index);
    /// "xdr_json": what was wrong, and where.
    [[nodiscard]] Unexpected error() const;

  private:
    std::string why_, path_;
};

/// SEP-51's escapes of a string's bytes: \0 \t \n \r \\ \xNN.
[[nodiscard]] std::string escaped(std::string_view bytes);
/// nullopt: a character that is not printable ASCII, or an escape that there is not.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view text);

inline void put(JsonWriter& out, std::int32_t from) {
    out.integer(from);
}
inline void put(JsonWriter& out, std::uint32_t from) {
    out.integer(from);
}
inline void put(JsonWriter& out, std::int64_t from) {
    out.wide(from);
}
inline void put(JsonWriter& out, std::uint64_t from) {
    out.wide(from);
}
inline void put(JsonWriter& out, bool from) {
    out.raw(from ? "true" : "false");
}
[[nodiscard]] bool take(JsonReader& in, JsonValue from, std::int32_t& out);
[[nodiscard]] bool take(JsonReader& in, JsonValue from, std::uint32_t& out);
[[nodiscard]] inline bool take(JsonReader& in, JsonValue from, std::int64_t& out) {
    return in.wide(from, out);
}
[[nodiscard]] inline bool take(JsonReader& in, JsonValue from, std::uint64_t& out) {
    return in.wide(from, out);
}
[[nodiscard]] inline bool take(JsonReader& in, JsonValue from, bool& out) {
    return in.boolean(from, out);
}

}  // namespace astro::stellar::xdr
