#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// The part of CBOR (RFC 8949) that WebAuthn uses, read strictly: definite lengths, shortest forms,
/// no tags, no floats, no name of a map twice, at most eight levels and 1,024 items. What is left
/// out is refused, so that every accepted text has one reading.
namespace astro::identity::cbor {

struct Value;
struct Member;
using Array = std::vector<Value>;
/// In the order of the text; keys are integers or texts.
using Map = std::vector<Member>;

struct Null {
    bool operator==(const Null&) const = default;
};

struct Value {
    std::variant<Null, bool, std::int64_t, Bytes, std::string, Array, Map> content;

    bool operator==(const Value&) const = default;
    template <class T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&content);
    }
    /// The member of a map; null when this is no map or has no such member.
    [[nodiscard]] const Value* find(std::int64_t key) const;
    [[nodiscard]] const Value* find(std::string_view key) const;
};

/// No std::pair: that asks about its parts, and so about itself, before they are complete.
struct Member {
    Value first, second;

    bool operator==(const Member&) const = default;
};

/// One value that is the whole of `bytes`. "cbor_malformed", with the byte's place.
[[nodiscard]] Result<Value> parse(ByteView bytes);

struct Prefix {
    Value value;
    std::size_t size = 0;  ///< bytes that the value takes
};
/// One value at the beginning of `bytes`.
[[nodiscard]] Result<Prefix> parse_prefix(ByteView bytes);

/// The one encoding that parse() reads back.
[[nodiscard]] Bytes encode(const Value& value);

}  // namespace astro::identity::cbor
