#pragma once

#include <string>
#include <string_view>

#include "foundation/base/bytes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/numbers.hpp"

namespace astro::solana {

struct PubkeyTag {};
struct SignatureTag {};
struct HashTag {};

using Pubkey = FixedBytes<PubkeyTag, 32>;        ///< an account address, base58 in text
using Signature = FixedBytes<SignatureTag, 64>;  ///< identifies a transaction, base58 in text
using Hash = FixedBytes<HashTag, 32>;            ///< a blockhash, base58 in text

[[nodiscard]] inline std::string to_text(const Pubkey& key) {
    return to_base58(key.view());
}
[[nodiscard]] inline std::string to_text(const Signature& s) {
    return to_base58(s.view());
}
[[nodiscard]] inline std::string to_text(const Hash& h) {
    return to_base58(h.view());
}

[[nodiscard]] Result<Pubkey> parse_pubkey(std::string_view text);
[[nodiscard]] Result<Signature> parse_signature(std::string_view text);

/// For constants in source: aborts when the text is not a key, so only ever given literals.
[[nodiscard]] Pubkey pubkey_literal(std::string_view text);

}  // namespace astro::solana
