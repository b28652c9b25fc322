#pragma once

#include <optional>

#include "chains/stellar/strkey.hpp"

namespace astro::stellar {

/// An account, or one of the virtual accounts behind it: what people are told and tell.
struct MuxedAccount {
    AccountId account;
    std::optional<std::uint64_t> id;
    bool operator==(const MuxedAccount&) const = default;
};
/// "G…" or "M…".
[[nodiscard]] std::string to_text(const MuxedAccount& account);
[[nodiscard]] Result<MuxedAccount> parse_muxed_account(std::string_view text);

}  // namespace astro::stellar
