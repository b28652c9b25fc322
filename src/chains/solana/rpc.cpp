#include "chains/solana/rpc.hpp"

#include <charconv>

#include "foundation/base/json.hpp"

namespace astro::solana {
namespace {

std::string text_parameter(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string request(std::uint64_t id, std::string_view method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
           std::string(method) + R"(","params":)" + params + "}";
}

std::string commitment_member(std::string_view commitment) {
    return R"("commitment":)" + text_parameter(commitment);
}

constexpr std::string_view kBlockMembers =
    R"("encoding":"json","transactionDetails":"full","maxSupportedTransactionVersion":0)";

/// The number behind "First available block: " in the node's own sentence.
Slot first_available_of(std::string_view message) {
    constexpr std::string_view kBefore = "First available block: ";
    const std::size_t at = message.find(kBefore);
    std::uint64_t slot = 0;
    if (at != std::string_view::npos) {
        const std::string_view digits = message.substr(at + kBefore.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), slot);
    }
    return Slot{slot};
}

}  // namespace

std::optional<BlockAnswer> block_outcome(const Error& error) {
    std::int64_t code = 0;
    const char* end = error.where.data() + error.where.size();
    if (error.code != "rpc_error" || std::from_chars(error.where.data(), end, code).ptr != end)
        return std::nullopt;
    BlockAnswer answer;
    switch (code) {
        case kRpcSlotSkipped:
        case kRpcLongTermStorageSlotSkipped:
            answer.outcome = BlockOutcome::skipped;
            return answer;
        case kRpcBlockNotAvailable:
        case kRpcBlockStatusNotAvailableYet:
        case kRpcMinContextSlotNotReached:
            answer.outcome = BlockOutcome::not_yet;
            return answer;
        case kRpcBlockCleanedUp:
            answer.outcome = BlockOutcome::cleaned_up;
            answer.first_available = first_available_of(error.message);
            return answer;
        case kRpcNodeUnhealthy:
            answer.outcome = BlockOutcome::node_behind;
            return answer;
        default:
            return std::nullopt;
    }
}

std::string slot_subscribe_request(std::uint64_t id) {
    return request(id, "slotSubscribe", "[]");
}

std::string root_subscribe_request(std::uint64_t id) {
    return request(id, "rootSubscribe", "[]");
}

std::string block_subscribe_request(std::uint64_t id, std::string_view commitment) {
    return request(id, "blockSubscribe",
                   R"(["all",{)" + commitment_member(commitment) + "," +
                       std::string(kBlockMembers) + R"(,"showRewards":true}])");
}

std::string logs_subscribe_request(std::uint64_t id, std::string_view account,
                                   std::string_view commitment) {
    return request(id, "logsSubscribe",
                   R"([{"mentions":[)" + text_parameter(account) + "]},{" +
                       commitment_member(commitment) + "}]");
}

RpcClient::RpcClient(net::JsonRpcClient& client, std::string commitment)
    : client_(client), commitment_(std::move(commitment)) {}

Result<Slot> RpcClient::get_slot() {
    ASTRO_TRY(std::string json,
              client_.call("getSlot", "[{" + commitment_member(commitment_) + "}]"));
    ASTRO_TRY(const std::uint64_t slot, reader_.number_result(json));
    return Slot{slot};
}

Result<std::vector<Slot>> RpcClient::get_blocks(Slot first, Slot last) {
    const std::string params = "[" + std::to_string(first.value()) + "," +
                               std::to_string(last.value()) + ",{" +
                               commitment_member(commitment_) + "}]";
    ASTRO_TRY(std::string json, client_.call("getBlocks", params));
    return reader_.slots_result(json);
}

Result<std::vector<Slot>> RpcClient::get_blocks_with_limit(Slot first, std::uint64_t limit) {
    const std::string params = "[" + std::to_string(first.value()) + "," + std::to_string(limit) +
                               ",{" + commitment_member(commitment_) + "}]";
    ASTRO_TRY(std::string json, client_.call("getBlocksWithLimit", params));
    return reader_.slots_result(json);
}

Result<Slot> RpcClient::get_first_available_block() {
    ASTRO_TRY(std::string json, client_.call("getFirstAvailableBlock", "[]"));
    ASTRO_TRY(const std::uint64_t slot, reader_.number_result(json));
    return Slot{slot};
}

Result<BlockAnswer> RpcClient::get_block(Slot slot) {
    const std::string params = "[" + std::to_string(slot.value()) + ",{" +
                               commitment_member(commitment_) + "," + std::string(kBlockMembers) +
                               R"(,"rewards":true}])";
    Result<std::string> json = client_.call("getBlock", params);
    if (json) return BlockAnswer{BlockOutcome::found, std::move(json).value(), Slot{0}};
    if (auto outcome = block_outcome(json.error())) return std::move(*outcome);
    return Unexpected{std::move(json).error()};
}

Result<std::string> RpcClient::get_transaction(std::string_view signature) {
    const std::string params = "[" + text_parameter(signature) + ",{" +
                               commitment_member(commitment_) +
                               R"(,"encoding":"json","maxSupportedTransactionVersion":0}])";
    ASTRO_TRY(std::string json, client_.call("getTransaction", params));
    ASTRO_TRY(const bool missing, reader_.null_result(json));
    if (missing)
        return not_found("transaction_not_found", "the node knows no such transaction",
                         std::string(signature));
    return json;
}

Result<std::string> RpcClient::get_genesis_hash() {
    ASTRO_TRY(std::string json, client_.call("getGenesisHash", "[]"));
    return reader_.text_result(json);
}

Result<std::vector<Pubkey>> RpcClient::get_slot_leaders(Slot first, std::uint64_t limit) {
    const std::string params =
        "[" + std::to_string(first.value()) + "," + std::to_string(limit) + "]";
    ASTRO_TRY(std::string json, client_.call("getSlotLeaders", params));
    ASTRO_TRY(const std::vector<std::string> texts, reader_.texts_result(json));
    std::vector<Pubkey> leaders;
    for (const std::string& text : texts) {
        ASTRO_TRY(const Pubkey leader, parse_pubkey(text));
        leaders.push_back(leader);
    }
    return leaders;
}

Result<std::string> RpcClient::get_version() {
    ASTRO_TRY(std::string json, client_.call("getVersion", "[]"));
    return reader_.member_result(json, "solana-core");
}

Result<void> RpcClient::get_health() {
    ASTRO_TRY(std::string json, client_.call("getHealth", "[]"));
    ASTRO_TRY(const std::string answer, reader_.text_result(json));
    if (std::string_view(answer) != "ok")
        return unavailable("node_unhealthy", "the node says: " + answer);
    return {};
}

}  // namespace astro::solana
