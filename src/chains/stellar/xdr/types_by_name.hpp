#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// Stellar's XDR by the names of its types, whatever their case ("SCVal" or "ScVal"), between bytes
/// and XDR-JSON (SEP-51 2.0). Refusals: "xdr_type", "xdr_malformed", "xdr_json", "bad_json"; where
/// is the path to the field.
namespace astro::stellar::xdr {

struct TypeEntry;

/// The nearest name is told when there is no such type.
[[nodiscard]] Result<const TypeEntry*> find_type(std::string_view name);
[[nodiscard]] std::vector<std::string_view> type_names();

[[nodiscard]] Result<std::string> json_of_xdr(const TypeEntry& type, ByteView bytes);
[[nodiscard]] Result<Bytes> xdr_of_json(const TypeEntry& type, std::string_view json);
/// Reads and writes anew, which is the same bytes for all that is read.
[[nodiscard]] Result<Bytes> rewritten_xdr(const TypeEntry& type, ByteView bytes);

}  // namespace astro::stellar::xdr
