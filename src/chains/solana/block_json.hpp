#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "chains/solana/model.hpp"
#include "foundation/base/result.hpp"

/// Reads what nodes answer to getBlock and getTransaction and send in blockSubscribe notifications:
/// encodings json, jsonParsed and base64 (and base58), legacy and v0 messages, old blocks with
/// fields missing. Accepted shapes, found by themselves: a bare result, a JSON-RPC response
/// {"result": …}, {"slot": …, "block": …}, a notification {"params": {"result": {"value": …}}}.
///
/// Of vote transactions, most of a block and of no use to trading, only the head is read:
/// signature, keys, fee, lamports, compute units, error, and instructions without data; no logs, no
/// token balances. A member that occurs twice makes its object malformed: which one is meant is
/// unknowable.
namespace astro::solana {

/// Limits that a hostile node cannot exceed.
inline constexpr std::size_t kMaxBlockBytes = 256U << 20;

/// Skipped::tx_index of what is no transaction: a malformed list of rewards ("bad_reward").
inline constexpr std::uint32_t kNotATransaction = 0xFFFFFFFF;

/// Keeps the parser's buffers between blocks. Not thread-safe: one a thread.
class BlockParser {
  public:
    BlockParser();
    ~BlockParser();
    BlockParser(BlockParser&&) noexcept;
    BlockParser& operator=(BlockParser&&) noexcept;

    /// `slot` when the caller knows it (getBlock does not say). Truncated or malformed JSON is a
    /// refusal that names the byte; a malformed transaction is left out and listed in
    /// Block::skipped. Codes: "bad_json", "not_a_block", "too_large", "rpc_error".
    [[nodiscard]] Result<Block> parse_block(std::string_view json, std::optional<Slot> slot = {});

    /// A getTransaction result; its Block holds that one transaction.
    [[nodiscard]] Result<Block> parse_transaction(std::string_view json);

    /// Either, decided by the fields found.
    [[nodiscard]] Result<Block> parse_any(std::string_view json, std::optional<Slot> slot = {});

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace astro::solana
