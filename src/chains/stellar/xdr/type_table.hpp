#pragma once

#include <string_view>

#include "chains/stellar/xdr/json_support.hpp"
#include "chains/stellar/xdr/support.hpp"

namespace astro::stellar::xdr {

/// A type of the schema, for callers that know it by its name only. Each function reads one value
/// and writes it in another form; false: it was refused, and who read says why.
struct TypeEntry {
    std::string_view name;
    bool (*xdr_to_json)(Reader& in, JsonWriter& out);
    bool (*json_to_xdr)(JsonReader& in, JsonValue from, Writer& out);
    bool (*xdr_to_xdr)(Reader& in, Writer& out);
};

// No Result<Value> here: three hundred of them would double the time to compile the tables.
template <class Codec>
[[nodiscard]] constexpr TypeEntry type_entry(std::string_view name) {
    return {name,
            [](Reader& in, JsonWriter& out) {
                typename Codec::Type value{};
                if (!Codec::read_value(in, value) || !in.end()) return false;
                Codec::put_value(out, value);
                return true;
            },
            [](JsonReader& in, JsonValue from, Writer& out) {
                typename Codec::Type value{};
                if (!Codec::take_value(in, from, value)) return false;
                Codec::write_value(out, value);
                return true;
            },
            [](Reader& in, Writer& out) {
                typename Codec::Type value{};
                if (!Codec::read_value(in, value) || !in.end()) return false;
                Codec::write_value(out, value);
                return true;
            }};
}

}  // namespace astro::stellar::xdr
