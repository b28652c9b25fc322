#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "chains/solana/json_document.hpp"
#include "server/feeds/replay_ledger.hpp"

/// The JSON-RPC 2.0 of a replay node: single calls, batches and the standard errors, with Solana's
/// own error numbers where a node would give them.
namespace astro::feeds {

/// What a call comes to: the JSON of its result, or an error.
struct RpcReply {
    std::string result;
    std::int64_t error_code = 0;  ///< 0 = no error
    std::string error_message;
};
[[nodiscard]] RpcReply rpc_result(std::string json);
[[nodiscard]] RpcReply rpc_error(std::int64_t code, std::string message);

inline constexpr std::int64_t kParseError = -32700, kInvalidRequest = -32600,
                              kMethodNotFound = -32601, kInvalidParams = -32602;

/// The positional parameters of a call, read strictly.
class RpcParams {
  public:
    explicit RpcParams(solana::JsonValue list);
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] std::optional<std::uint64_t> number(std::size_t index) const;
    [[nodiscard]] std::optional<std::string> text(std::size_t index) const;
    [[nodiscard]] solana::JsonValue value(std::size_t index) const;

  private:
    std::vector<solana::JsonValue> items_;
};

/// A method beyond those over HTTP (the subscriptions); nothing when it does not know it either.
using ExtraMethods =
    std::function<std::optional<RpcReply>(std::string_view method, const RpcParams& params)>;

/// Not thread-safe in itself; the ledger is.
class ReplayRpc {
  public:
    ReplayRpc(const ReplayLedger& ledger, std::string genesis_hash);
    /// Empty when the body holds only notifications, which get no answer.
    [[nodiscard]] std::string answer(std::string_view body, const ExtraMethods& extra = {}) const;

  private:
    [[nodiscard]] std::string answer_one(solana::JsonValue call, const ExtraMethods& extra) const;
    [[nodiscard]] RpcReply dispatch(std::string_view method, const RpcParams& params,
                                    const ExtraMethods& extra) const;
    [[nodiscard]] RpcReply get_slot() const;
    [[nodiscard]] RpcReply get_block(const RpcParams& params) const;
    [[nodiscard]] RpcReply get_blocks(const RpcParams& params) const;
    [[nodiscard]] RpcReply get_blocks_with_limit(const RpcParams& params) const;
    [[nodiscard]] RpcReply get_transaction(const RpcParams& params) const;
    [[nodiscard]] RpcReply get_slot_leaders(const RpcParams& params) const;

    const ReplayLedger& ledger_;
    const std::string genesis_hash_;
};

}  // namespace astro::feeds
