#include "chains/solana/block_json.hpp"

#include <limits>

#include "chains/solana/json_document.hpp"
#include "chains/solana/json_fields.hpp"
#include "chains/solana/transaction_json.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kU64Max = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kUnixSecondsMax = 9'000'000'000;  // the year 2255: nanoseconds fit 64 bits
constexpr int kWrappersMax = 6;

Unexpected not_a_block(std::string message, std::string where = {}) {
    return refusal("not_a_block", std::move(message), std::move(where));
}

Unexpected not_a_block(const Fault& fault) {
    return not_a_block("not a block: " + std::string(fault.code) + ": " + fault.detail);
}

/// What was found inside the wrappers.
struct Found {
    JsonValue body;
    bool is_transaction = false;
    JsonValue slot;  ///< of the innermost object that names one
};

Unexpected rpc_error(JsonValue error) {
    std::string code, message;
    for (const JsonField field : error.fields()) {
        if (field.key == "code") code = field.value.json();
        if (field.key == "message" && field.value.is_string()) message = field.value.string();
    }
    if (message.empty()) message = error.json().substr(0, 200);
    return refusal("rpc_error", "the node answered with an error: " + message,
                   code.empty() ? std::string{} : "code " + code);
}

/// Goes through {"result"}, {"params"}, {"value"} and {"block"} to the block or transaction.
Result<Found> unwrap(JsonValue value, FieldReader& in) {
    enum { kTransactions, kTransaction, kError, kResult, kParams, kValue, kBlock, kSlot, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{
        "transactions", "transaction", "error", "result", "params", "value", "block", "slot"};
    Found found;
    for (int depth = 0; depth < kWrappersMax; ++depth) {
        const std::string where = "byte " + std::to_string(value.byte());
        if (value.is_null())
            return not_a_block("the answer is null: the node has no such block or transaction",
                               where);
        std::array<JsonValue, kCount> m;
        if (!in.collect(value, kNames, m)) return not_a_block(in.fault());
        if (m[kSlot].has_value()) found.slot = m[kSlot];
        found.body = value;
        found.is_transaction = !m[kTransactions].present();
        if (m[kTransactions].present() || m[kTransaction].present()) return found;
        if (m[kError].has_value()) return rpc_error(m[kError]);
        JsonValue inner;
        for (const int name : {kResult, kParams, kValue, kBlock})
            if (m[static_cast<std::size_t>(name)].present())
                inner = m[static_cast<std::size_t>(name)];
        if (!inner.present())
            return not_a_block(
                "neither a block nor a transaction: it has no member transactions or "
                "transaction",
                where);
        value = inner;
    }
    return not_a_block("wrapped too deeply");
}

}  // namespace

struct BlockParser::Impl {
    JsonDocument document;
    FieldReader fields;
    TransactionReader transactions{fields};

    Result<Found> open(std::string_view json);
    Result<Block> read_block(const Found& found, std::optional<Slot> slot);
    Result<Block> read_single(const Found& found, std::optional<Slot> slot);

    bool read_block_head(JsonValue body, Block& out, JsonValue& list, std::uint32_t& first);
    bool read_time(JsonValue value, Block& out);
    bool read_hash(JsonValue value, std::string_view what, Hash& out);
    void read_rewards(JsonValue values, Block& out);
    bool read_reward(JsonValue value, Reward& out);
    void read_transaction(JsonValue entry, std::uint32_t index, Block& out);
    Result<void> decide_slot(const Found& found, std::optional<Slot> asked, bool has_parent,
                             Block& out);
};

Result<Found> BlockParser::Impl::open(std::string_view json) {
    if (json.size() > kMaxBlockBytes)
        return refusal("too_large", std::to_string(json.size()) + " bytes of JSON, the limit is " +
                                        std::to_string(kMaxBlockBytes));
    ASTRO_TRY(const JsonValue root, document.load(json));
    fields.clear();
    return unwrap(root, fields);
}

bool BlockParser::Impl::read_hash(JsonValue value, std::string_view what, Hash& out) {
    if (!value.has_value()) return true;
    std::string_view text;
    if (!fields.text(value, what, text)) return false;
    return decode_base58_fixed(text, out.bytes) ||
           fields.fail("bad_hash", std::string(what) + " is not the base58 of 32 bytes", value);
}

bool BlockParser::Impl::read_time(JsonValue value, Block& out) {
    if (!value.has_value()) return true;
    std::uint64_t seconds = 0;
    if (!fields.number(value, "blockTime", kUnixSecondsMax, seconds)) return false;
    out.time = from_unix_seconds(static_cast<std::int64_t>(seconds));
    return true;
}

bool BlockParser::Impl::read_reward(JsonValue value, Reward& out) {
    enum { kKey, kLamports, kBalance, kType, kCommission, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{
        "pubkey", "lamports", "postBalance", "rewardType", "commission"};
    std::array<JsonValue, kCount> m;
    if (!fields.collect(value, kNames, m)) return false;
    if (!fields.pubkey(m[kKey], "pubkey of a reward", out.pubkey) ||
        !fields.signed_number(m[kLamports], "lamports of a reward", out.lamports))
        return false;
    if (m[kBalance].has_value() &&
        !fields.number(m[kBalance], "postBalance of a reward", kU64Max, out.post_balance))
        return false;
    if (m[kType].has_value()) {
        std::string_view type;
        if (!fields.text(m[kType], "rewardType", type)) return false;
        out.type = type;
    }
    if (!m[kCommission].has_value()) return true;
    return fields.number_as(m[kCommission], "commission", 255, out.commission.emplace());
}

void BlockParser::Impl::read_rewards(JsonValue values, Block& out) {
    if (!values.has_value()) return;
    out.has_rewards = values.is_array();
    if (!out.has_rewards) fields.fail("wrong_type", "rewards are not an array", values);
    for (const JsonValue value : values.items()) {
        if (read_reward(value, out.rewards.emplace_back())) continue;
        out.rewards.pop_back();
        break;
    }
    if (fields.fault().code.empty()) return;
    out.has_rewards = false;
    out.skipped.push_back({kNotATransaction, "bad_reward",
                           std::string(fields.fault().code) + ": " + fields.fault().detail});
    fields.clear();
}

void BlockParser::Impl::read_transaction(JsonValue entry, std::uint32_t index, Block& out) {
    fields.clear();
    Transaction& tx = out.transactions.emplace_back();
    if (transactions.read(entry, tx)) {
        tx.index = index;
        return;
    }
    out.transactions.pop_back();
    out.skipped.push_back({index, std::string(fields.fault().code), fields.fault().detail});
    fields.clear();
}

bool BlockParser::Impl::read_block_head(JsonValue body, Block& out, JsonValue& list,
                                        std::uint32_t& first) {
    enum {
        kHash,
        kPrevious,
        kParent,
        kTime,
        kHeight,
        kRewards,
        kTransactions,
        kSynthetic,
        kFirst,
        kCount
    };
    static constexpr std::array<std::string_view, kCount> kNames{
        "blockhash",    "previousBlockhash", "parentSlot",
        "blockTime",    "blockHeight",       "rewards",
        "transactions", "synthetic",         "firstTransactionIndex"};
    std::array<JsonValue, kCount> m;
    if (!fields.collect(body, kNames, m)) return false;
    if (!read_hash(m[kHash], "blockhash", out.blockhash) ||
        !read_hash(m[kPrevious], "previousBlockhash", out.previous_blockhash) ||
        !read_time(m[kTime], out))
        return false;
    std::uint64_t parent = 0;
    if (m[kParent].has_value() && !fields.number(m[kParent], "parentSlot", kU64Max - 1, parent))
        return false;
    out.parent_slot = Slot{parent};
    if (m[kHeight].has_value() &&
        !fields.number(m[kHeight], "blockHeight", kU64Max, out.height.emplace()))
        return false;
    if (m[kFirst].has_value() &&
        !fields.number_as(m[kFirst], "firstTransactionIndex", 1U << 24, first))
        return false;
    if (m[kSynthetic].has_value()) {
        std::string_view text;
        if (!fields.text(m[kSynthetic], "synthetic", text)) return false;
        out.synthetic = m[kSynthetic].string();
    }
    list = m[kTransactions];
    if (!fields.expect_array(list, "transactions")) return false;
    out.slot_assumed = m[kParent].has_value();
    read_rewards(m[kRewards], out);
    return true;
}

Result<void> BlockParser::Impl::decide_slot(const Found& found, std::optional<Slot> asked,
                                            bool has_parent, Block& out) {
    out.slot_assumed = false;
    if (found.slot.present()) {
        std::uint64_t said = 0;
        if (!fields.number(found.slot, "slot", kU64Max, said)) return not_a_block(fields.fault());
        if (asked && asked->value() != said)
            return not_a_block("this is slot " + std::to_string(said) + " where slot " +
                               std::to_string(asked->value()) + " is expected");
        out.slot = Slot{said};
    } else if (asked) {
        out.slot = *asked;
    } else if (has_parent) {
        out.slot = Slot{out.parent_slot.value() + 1};
        out.slot_assumed = true;
    } else {
        return not_a_block("nothing says which slot this is: neither slot nor parentSlot is given");
    }
    return {};
}

Result<Block> BlockParser::Impl::read_block(const Found& found, std::optional<Slot> slot) {
    Block out;
    JsonValue list;
    std::uint32_t index = 0;
    if (!read_block_head(found.body, out, list, index)) return not_a_block(fields.fault());
    const bool has_parent = out.slot_assumed;
    ASTRO_CHECK(decide_slot(found, slot, has_parent, out));
    std::size_t count = 0;
    for ([[maybe_unused]] const JsonValue entry : list.items()) ++count;
    out.transactions.reserve(count);
    for (const JsonValue entry : list.items()) read_transaction(entry, index++, out);
    return out;
}

Result<Block> BlockParser::Impl::read_single(const Found& found, std::optional<Slot> slot) {
    Block out;
    static constexpr std::array<std::string_view, 2> kNames{"blockTime", "transactionIndex"};
    std::array<JsonValue, 2> m;
    std::uint32_t index = 0;
    if (!fields.collect(found.body, kNames, m) || !read_time(m[0], out))
        return not_a_block(fields.fault());
    if (m[1].has_value() && !fields.number_as(m[1], "transactionIndex", 1U << 24, index))
        return not_a_block(fields.fault());
    ASTRO_CHECK(decide_slot(found, slot, false, out));
    read_transaction(found.body, index, out);
    return out;
}

BlockParser::BlockParser() : impl_(std::make_unique<Impl>()) {}
BlockParser::~BlockParser() = default;
BlockParser::BlockParser(BlockParser&&) noexcept = default;
BlockParser& BlockParser::operator=(BlockParser&&) noexcept = default;

Result<Block> BlockParser::parse_block(std::string_view json, std::optional<Slot> slot) {
    ASTRO_TRY(const Found found, impl_->open(json));
    if (found.is_transaction) return not_a_block("a single transaction where a block is expected");
    return impl_->read_block(found, slot);
}

Result<Block> BlockParser::parse_transaction(std::string_view json) {
    ASTRO_TRY(const Found found, impl_->open(json));
    if (!found.is_transaction) return not_a_block("a block where a single transaction is expected");
    return impl_->read_single(found, {});
}

Result<Block> BlockParser::parse_any(std::string_view json, std::optional<Slot> slot) {
    ASTRO_TRY(const Found found, impl_->open(json));
    return found.is_transaction ? impl_->read_single(found, slot) : impl_->read_block(found, slot);
}

}  // namespace astro::solana
