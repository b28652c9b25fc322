#include "server/feeds/replay_rpc.hpp"

#include <charconv>
#include <limits>

#include "chains/solana/rpc.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"
#include "server/feeds/recorded_transactions.hpp"

namespace astro::feeds {
namespace {

constexpr std::uint64_t kListSlotsMax = 500'000, kLeadersMax = 5'000;
constexpr std::size_t kBatchMax = 100;

std::string envelope(std::string_view id, const RpcReply& reply) {
    std::string out = R"({"jsonrpc":"2.0",)";
    if (reply.error_code == 0) {
        out.reserve(out.size() + reply.result.size() + id.size() + 96);  // and the parser's padding
        out.append(R"("result":)").append(reply.result);
    } else {
        out.append(R"("error":{"code":)").append(std::to_string(reply.error_code));
        out.append(R"(,"message":)");
        append_json_string(out, reply.error_message);
        out.push_back('}');
    }
    return out.append(R"(,"id":)").append(id).append("}");
}

RpcReply invalid_params(std::string message) {
    return rpc_error(kInvalidParams, "Invalid params: " + std::move(message));
}

std::string slots_json(const std::vector<Slot>& slots) {
    std::string out;
    append_json(out, slots);
    return out;
}

}  // namespace

RpcReply rpc_result(std::string json) {
    return {std::move(json), 0, {}};
}

RpcReply rpc_error(std::int64_t code, std::string message) {
    return {{}, code, std::move(message)};
}

RpcParams::RpcParams(solana::JsonValue list) {
    if (!list.present()) return;
    for (const solana::JsonValue item : list.items()) items_.push_back(item);
}

solana::JsonValue RpcParams::value(std::size_t index) const {
    return index < items_.size() ? items_[index] : solana::JsonValue();
}

std::optional<std::uint64_t> RpcParams::number(std::size_t index) const {
    if (index >= items_.size()) return std::nullopt;
    const std::string_view digits = items_[index].scalar();
    std::uint64_t out = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    return out;
}

std::optional<std::string> RpcParams::text(std::size_t index) const {
    if (index >= items_.size() || !items_[index].is_string()) return std::nullopt;
    return items_[index].string();
}

ReplayRpc::ReplayRpc(const ReplayLedger& ledger, std::string genesis_hash)
    : ledger_(ledger), genesis_hash_(std::move(genesis_hash)) {}

std::string ReplayRpc::answer(std::string_view body, const ExtraMethods& extra) const {
    solana::JsonDocument document;
    const auto root = document.load(body);
    if (!root) return envelope("null", rpc_error(kParseError, "Parse error"));
    if (!root->is_array()) return answer_one(*root, extra);
    std::string out;
    std::size_t count = 0;
    for (const solana::JsonValue call : root->items()) {
        if (++count > kBatchMax)
            return envelope("null", rpc_error(kInvalidRequest, "Batch of more than 100 calls"));
        const std::string one = answer_one(call, extra);
        if (!one.empty()) out.append(out.empty() ? "[" : ",").append(one);
    }
    if (count == 0) return envelope("null", rpc_error(kInvalidRequest, "Invalid request"));
    return out.empty() ? out : out + "]";
}

std::string ReplayRpc::answer_one(solana::JsonValue call, const ExtraMethods& extra) const {
    solana::JsonValue id, method, params, version;
    for (const solana::JsonField field : call.fields()) {
        if (field.key == "id") id = field.value;
        if (field.key == "method") method = field.value;
        if (field.key == "params") params = field.value;
        if (field.key == "jsonrpc") version = field.value;
    }
    const bool id_is_scalar = id.present() && !id.is_object() && !id.is_array();
    const std::string id_text = id_is_scalar ? id.json() : "null";
    const bool version_right =
        version.present() && version.is_string() && version.raw_string() == "2.0";
    if (!version_right || !method.present() || !method.is_string())
        return envelope(id_text, rpc_error(kInvalidRequest, "Invalid request"));
    if (params.present() && !params.is_array())
        return envelope(id_text, invalid_params("an array is expected."));
    const std::string name = method.string();
    const RpcReply reply = dispatch(name, RpcParams(params), extra);
    return id.present() ? envelope(id_text, reply) : std::string();
}

RpcReply ReplayRpc::dispatch(std::string_view method, const RpcParams& params,
                             const ExtraMethods& extra) const {
    if (method == "getSlot") return get_slot();
    if (method == "getBlock") return get_block(params);
    if (method == "getBlocks") return get_blocks(params);
    if (method == "getBlocksWithLimit") return get_blocks_with_limit(params);
    if (method == "getTransaction") return get_transaction(params);
    if (method == "getSlotLeaders") return get_slot_leaders(params);
    if (method == "getFirstAvailableBlock")
        return rpc_result(std::to_string(ledger_.first_available().value()));
    if (method == "getGenesisHash") {
        std::string out;
        append_json_string(out, genesis_hash_);
        return rpc_result(std::move(out));
    }
    if (method == "getHealth") return rpc_result(R"("ok")");
    if (method == "getVersion")
        return rpc_result(R"({"solana-core":"0.0.0-replay","feature-set":0})");
    if (extra)
        if (auto reply = extra(method, params)) return std::move(*reply);
    return rpc_error(kMethodNotFound, "Method not found");
}

RpcReply ReplayRpc::get_slot() const {
    const auto tip = ledger_.tip();
    if (!tip) return rpc_error(solana::kRpcNodeUnhealthy, "Node is unhealthy");
    return rpc_result(std::to_string(tip->value()));
}

RpcReply ReplayRpc::get_block(const RpcParams& params) const {
    const auto slot = params.number(0);
    if (!slot) return invalid_params("a slot is expected.");
    ReplayLedger::Answer found = ledger_.find(Slot{*slot});
    const std::string name = std::to_string(*slot);
    switch (found.presence) {
        case ReplayLedger::Presence::here:
            return rpc_result(*found.block->json);
        case ReplayLedger::Presence::not_yet:
            return rpc_error(solana::kRpcBlockNotAvailable, "Block not available for slot " + name);
        case ReplayLedger::Presence::skipped:
            return rpc_error(solana::kRpcLongTermStorageSlotSkipped,
                             "Slot " + name + " was skipped, or missing in long-term storage");
        case ReplayLedger::Presence::gone:
            break;
    }
    return rpc_error(solana::kRpcBlockCleanedUp,
                     "Block " + name +
                         " cleaned up, does not exist on node. First available block: " +
                         std::to_string(ledger_.first_available().value()));
}

RpcReply ReplayRpc::get_blocks(const RpcParams& params) const {
    const auto first = params.number(0);
    if (!first) return invalid_params("a start slot is expected.");
    const Slot tip = ledger_.tip().value_or(Slot{0});
    const std::uint64_t last = params.number(1).value_or(tip.value());
    if (last < *first) return rpc_result("[]");
    if (last - *first > kListSlotsMax)
        return rpc_error(kInvalidParams, "Slot range too large; max 500000");
    return rpc_result(slots_json(ledger_.list(Slot{*first}, Slot{last}, kListSlotsMax + 1)));
}

RpcReply ReplayRpc::get_blocks_with_limit(const RpcParams& params) const {
    const auto first = params.number(0), limit = params.number(1);
    if (!first || !limit) return invalid_params("a start slot and a limit are expected.");
    if (*limit > kListSlotsMax) return rpc_error(kInvalidParams, "Limit too large; max 500000");
    constexpr Slot kEnd{std::numeric_limits<std::uint64_t>::max()};
    return rpc_result(slots_json(ledger_.list(Slot{*first}, kEnd, *limit)));
}

RpcReply ReplayRpc::get_transaction(const RpcParams& params) const {
    const auto signature = params.text(0);
    std::uint8_t bytes[64];
    if (!signature || !decode_base58_fixed(*signature, bytes))
        return invalid_params("a signature is expected.");
    const auto tip = ledger_.tip();
    if (!tip) return rpc_result("null");
    const std::vector<Slot> slots = ledger_.list(Slot{0}, *tip, kListSlotsMax);
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
        const ReplayLedger::Answer found = ledger_.find(*slot);
        if (!found.block) continue;
        if (auto transaction = find_transaction(*found.block->json, *slot, *signature))
            return rpc_result(std::move(*transaction));
    }
    return rpc_result("null");
}

RpcReply ReplayRpc::get_slot_leaders(const RpcParams& params) const {
    const auto first = params.number(0), limit = params.number(1);
    if (!first || !limit || *limit > kLeadersMax)
        return invalid_params("a start slot and a limit of at most 5000 are expected.");
    std::string out;
    for (std::uint64_t slot = *first; slot < *first + *limit; ++slot) {
        const ReplayLedger::Answer found = ledger_.find(Slot{slot});
        const auto leader = found.block ? find_leader(*found.block->json) : std::nullopt;
        // Only a recorded block's own rewards tell its leader.
        if (!leader)
            return rpc_error(kInvalidParams, "Invalid slot range: leader schedule for slot " +
                                                 std::to_string(slot) + " is unavailable");
        out.append(out.empty() ? "[" : ",");
        append_json_string(out, *leader);
    }
    return rpc_result(out.empty() ? "[]" : out + "]");
}

}  // namespace astro::feeds
