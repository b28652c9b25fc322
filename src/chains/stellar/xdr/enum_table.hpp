#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace astro::stellar::xdr {

struct EnumEntry {
    std::int32_t value;
    std::string_view name;  ///< as XDR-JSON writes it
};

/// The enumerators of a type of the schema, by ascending value.
struct EnumTable {
    std::string_view type;
    std::span<const EnumEntry> entries;

    /// nullptr: the type has no such value. One step for values without gaps, as most are.
    [[nodiscard]] const EnumEntry* find(std::int32_t value) const {
        const auto index = static_cast<std::uint64_t>(std::int64_t{value} - entries[0].value);
        if (index < entries.size() && entries[index].value == value) return &entries[index];
        const auto found = std::ranges::lower_bound(entries, value, {}, &EnumEntry::value);
        return found != entries.end() && found->value == value ? &*found : nullptr;
    }
    [[nodiscard]] const EnumEntry* find(std::string_view name) const {
        const auto found = std::ranges::find(entries, name, &EnumEntry::name);
        return found == entries.end() ? nullptr : &*found;
    }
};

}  // namespace astro::stellar::xdr
