#pragma once

#include "chains/solana/model.hpp"
#include "foundation/base/result.hpp"

/// The binary form of a transaction, as base64 and base58 encodings carry it:
///
///     transaction  compact-u16 count, signatures of 64 bytes; message
///     message      [0x80 | version, when versioned] 3 header bytes (required signatures, of them
///                  read-only, unsigned read-only); keys; recent blockhash; instructions;
///                  [address table lookups, when v0]
///     instruction  program index; accounts (u8 each); data
///
/// Every list is preceded by its length as compact-u16: 7 bits a byte, least significant first, at
/// most 3 bytes, no longer than needed. Source: solana-sdk `transaction`, `message::v0`,
/// `short_vec`.
namespace astro::solana {

/// How many addresses a v0 message takes from lookup tables; which ones, only the node can say.
struct LookupCounts {
    std::size_t writable = 0, readonly = 0;
};

/// Fills signature, signature_count, version, keys, static_key_count and the outer instructions
/// with their accounts and data, appending to the pools. Account indexes are not compared with the
/// number of keys, since that includes the addresses looked up. Refusal "bad_wire" names the byte.
[[nodiscard]] Result<LookupCounts> parse_wire_transaction(ByteView bytes, Transaction& out);

}  // namespace astro::solana
