#pragma once

#include <string>
#include <string_view>

#include "foundation/base/bytes.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Stellar's keys and addresses in text (SEP-23):
/// base32(version byte, payload, CRC-16/XMODEM of both, little-endian), upper case, no padding.
namespace astro::stellar {

/// The value is the version byte.
enum class StrKeyKind : std::uint8_t {
    ed25519_public_key = 6 << 3,    ///< G…: 32 bytes
    muxed_ed25519 = 12 << 3,        ///< M…: 32 bytes and a 64-bit id
    ed25519_secret_seed = 18 << 3,  ///< S…: 32 bytes
    pre_auth_tx = 19 << 3,          ///< T…: 32 bytes
    sha256_hash = 23 << 3,          ///< X…: 32 bytes
    signed_payload = 15 << 3,       ///< P…: 32 bytes, a length, 1 to 64 bytes padded to four
    contract = 2 << 3,              ///< C…: 32 bytes
    liquidity_pool = 11 << 3,       ///< L…: 32 bytes
    claimable_balance = 1 << 3,     ///< B…: a zero (its type) and 32 bytes
};
BOOST_DESCRIBE_ENUM(StrKeyKind, ed25519_public_key, muxed_ed25519, ed25519_secret_seed, pre_auth_tx,
                    sha256_hash, signed_payload, contract, liquidity_pool, claimable_balance)

struct StrKey {
    StrKeyKind kind{};
    Bytes payload;
};

/// One text, one key: everything else is refused ("bad_strkey", which never repeats the text, since
/// it may be a secret seed).
[[nodiscard]] Result<StrKey> parse_strkey(std::string_view text);
/// The payload is one that parse_strkey() would accept for that kind.
[[nodiscard]] std::string to_strkey(StrKeyKind kind, ByteView payload);

struct AccountIdTag {};
/// The public key of an account, "G…" in text.
using AccountId = FixedBytes<AccountIdTag, 32>;
[[nodiscard]] std::string to_text(const AccountId& account);
[[nodiscard]] Result<AccountId> parse_account(std::string_view text);

}  // namespace astro::stellar
