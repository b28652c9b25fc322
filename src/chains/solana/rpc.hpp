#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chains/solana/rpc_messages.hpp"
#include "foundation/net/jsonrpc.hpp"

/// The calls that watching a chain needs of a node, with what its answers mean. Method and error
/// names are those of the Solana JSON-RPC documentation.
namespace astro::solana {

/// Of Solana's own error numbers those that change what to do next.
inline constexpr std::int64_t kRpcBlockCleanedUp = -32001;
inline constexpr std::int64_t kRpcBlockNotAvailable = -32004;
inline constexpr std::int64_t kRpcNodeUnhealthy = -32005;
inline constexpr std::int64_t kRpcSlotSkipped = -32007;
inline constexpr std::int64_t kRpcLongTermStorageSlotSkipped = -32009;
inline constexpr std::int64_t kRpcBlockStatusNotAvailableYet = -32014;
inline constexpr std::int64_t kRpcMinContextSlotNotReached = -32016;
inline constexpr std::int64_t kRpcMethodNotFound = -32601;

enum class BlockOutcome : std::uint8_t {
    found,
    skipped,      ///< no block in that slot, or not with this node
    not_yet,      ///< not available so far: ask again
    cleaned_up,   ///< the node no longer keeps it
    node_behind,  ///< the node says that it is not up to date: ask again, or another one
};

struct BlockAnswer {
    BlockOutcome outcome = BlockOutcome::not_yet;
    std::string json;         ///< the whole response document when found
    Slot first_available{0};  ///< with cleaned_up, when the node said it
};

/// What a node's error answer to getBlock means; nothing for other failures.
[[nodiscard]] std::optional<BlockAnswer> block_outcome(const Error& error);

/// The "params" text of the subscriptions.
[[nodiscard]] std::string slot_subscribe_request(std::uint64_t id);
[[nodiscard]] std::string root_subscribe_request(std::uint64_t id);
[[nodiscard]] std::string block_subscribe_request(std::uint64_t id, std::string_view commitment);
/// Logs of transactions that name `account`.
[[nodiscard]] std::string logs_subscribe_request(std::uint64_t id, std::string_view account,
                                                 std::string_view commitment);

/// Not thread-safe; several may share one JsonRpcClient, which is. Failures carry the codes of
/// JsonRpcClient, or RpcReader's when an answer is not of the promised type.
class RpcClient {
  public:
    RpcClient(net::JsonRpcClient& client, std::string commitment);

    Result<Slot> get_slot();
    /// Slots with blocks in first … last, both included. Nodes refuse more than 500,000.
    Result<std::vector<Slot>> get_blocks(Slot first, Slot last);
    /// The next `limit` slots with blocks from `first` on; at most 500,000.
    Result<std::vector<Slot>> get_blocks_with_limit(Slot first, std::uint64_t limit);
    Result<Slot> get_first_available_block();
    /// Full transactions and rewards in encoding json.
    Result<BlockAnswer> get_block(Slot slot);
    /// The whole response document; the failure "transaction_not_found" when the node has none.
    Result<std::string> get_transaction(std::string_view signature);
    Result<std::string> get_genesis_hash();
    Result<std::vector<Pubkey>> get_slot_leaders(Slot first, std::uint64_t limit);
    /// The version text, e.g. "2.0.14".
    Result<std::string> get_version();
    /// Succeeds when the node says "ok"; fails with what it says otherwise.
    Result<void> get_health();

    [[nodiscard]] RpcReader& reader() { return reader_; }

  private:
    net::JsonRpcClient& client_;
    std::string commitment_;
    RpcReader reader_;
};

}  // namespace astro::solana
