// The meta half of TransactionReader: what the transaction did.
#include "chains/solana/transaction_json.hpp"

#include <limits>

namespace astro::solana {
namespace {

constexpr std::uint64_t kU64Max = std::numeric_limits<std::uint64_t>::max();

}  // namespace

bool TransactionReader::read_meta(JsonValue meta) {
    enum {
        kErr,
        kFee,
        kPre,
        kPost,
        kInner,
        kLogs,
        kPreTokens,
        kPostTokens,
        kLoaded,
        kUnits,
        kCount
    };
    static constexpr std::array<std::string_view, kCount> kNames{"err",
                                                                 "fee",
                                                                 "preBalances",
                                                                 "postBalances",
                                                                 "innerInstructions",
                                                                 "logMessages",
                                                                 "preTokenBalances",
                                                                 "postTokenBalances",
                                                                 "loadedAddresses",
                                                                 "computeUnitsConsumed"};
    std::array<JsonValue, kCount> m;
    if (!in_.collect(meta, kNames, m)) return false;
    tx_.has_meta = true;
    if (!read_error(m[kErr])) return false;
    if (m[kFee].has_value() && !in_.number(m[kFee], "fee", kU64Max, tx_.fee_lamports)) return false;
    if (m[kUnits].has_value() &&
        !in_.number(m[kUnits], "computeUnitsConsumed", kU64Max, tx_.compute_units))
        return false;
    if (!read_lamports(m[kPre], tx_.pre_lamports) || !read_lamports(m[kPost], tx_.post_lamports))
        return false;
    if (!read_loaded(m[kLoaded])) return false;
    if (tx_.is_vote) return true;
    logs_ = m[kLogs];
    return read_inner(m[kInner]) && read_token_balances(m[kPreTokens], tx_.pre_tokens) &&
           read_token_balances(m[kPostTokens], tx_.post_tokens);
}

bool TransactionReader::read_error(JsonValue error) {
    if (!error.has_value()) return true;
    tx_.failed = true;
    tx_.error = error.json();
    return true;
}

bool TransactionReader::read_lamports(JsonValue values, std::vector<std::uint64_t>& out) {
    if (!values.has_value()) return true;
    if (!in_.expect_array(values, "balances")) return false;
    for (const JsonValue value : values.items())
        if (!in_.number(value, "balance", kU64Max, out.emplace_back())) return false;
    return true;
}

bool TransactionReader::read_loaded(JsonValue loaded) {
    if (!loaded.has_value()) return true;
    static constexpr std::array<std::string_view, 2> kNames{"writable", "readonly"};
    std::array<JsonValue, 2> lists;
    if (!in_.collect(loaded, kNames, lists)) return false;
    // jsonParsed lists looked-up keys among accountKeys already; nodes then leave this out.
    const bool listed = tx_.keys.size() > tx_.static_key_count;
    for (const JsonValue list : lists) {
        if (!list.has_value()) continue;
        if (!in_.expect_array(list, "loadedAddresses")) return false;
        if (listed) continue;
        for (const JsonValue key : list.items())
            if (!in_.pubkey(key, "loaded address", tx_.keys.emplace_back())) return false;
    }
    return true;
}

bool TransactionReader::read_inner(JsonValue groups) {
    if (!groups.has_value()) return true;
    if (!in_.expect_array(groups, "innerInstructions")) return false;
    for (const JsonValue group : groups.items())
        if (!read_inner_group(group)) return false;
    return true;
}

bool TransactionReader::read_inner_group(JsonValue group) {
    static constexpr std::array<std::string_view, 2> kNames{"index", "instructions"};
    std::array<JsonValue, 2> members;
    if (!in_.collect(group, kNames, members)) return false;
    Group out;
    out.begin = inner_.size();
    if (!in_.number_as(members[0], "index of inner instructions", 0xFFFF, out.outer) ||
        !in_.expect_array(members[1], "inner instructions"))
        return false;
    for (const JsonValue value : members[1].items()) {
        if (out.count == 0x7FFF) return in_.fail("too_many_instructions", "more than 32767", group);
        Pending& pending = inner_.emplace_back();
        pending.ix.outer_index = out.outer;
        if (!read_instruction(value, pending)) return false;
        ++out.count;
    }
    groups_.push_back(out);
    return true;
}

bool TransactionReader::read_token_balances(JsonValue values, std::vector<TokenBalance>& out) {
    if (!values.has_value()) return true;
    if (!in_.expect_array(values, "token balances")) return false;
    for (const JsonValue value : values.items())
        if (!read_token_balance(value, out.emplace_back())) return false;
    return true;
}

bool TransactionReader::read_token_balance(JsonValue value, TokenBalance& out) {
    enum { kIndex, kMint, kAmount, kOwner, kProgram, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{
        "accountIndex", "mint", "uiTokenAmount", "owner", "programId"};
    std::array<JsonValue, kCount> m;
    if (!in_.collect(value, kNames, m)) return false;
    if (!in_.number_as(m[kIndex], "accountIndex", 0xFFFF, out.account_index) ||
        !in_.pubkey(m[kMint], "mint", out.mint))
        return false;
    // Some indexers write "" for what the node did not say.
    const auto said = [](JsonValue v) {
        return v.has_value() && !(v.is_string() && v.raw_string().empty());
    };
    out.has_owner = said(m[kOwner]);
    out.has_program = said(m[kProgram]);
    if (out.has_owner && !in_.pubkey(m[kOwner], "owner", out.owner)) return false;
    if (out.has_program && !in_.pubkey(m[kProgram], "programId", out.program)) return false;
    static constexpr std::array<std::string_view, 2> kAmountNames{"decimals", "amount"};
    std::array<JsonValue, 2> amount;
    if (!m[kAmount].present()) return in_.fail("missing_field", "uiTokenAmount is missing");
    return in_.collect(m[kAmount], kAmountNames, amount) &&
           in_.number_as(amount[0], "decimals", 255, out.decimals) &&
           in_.amount_text(amount[1], "amount", out.amount);
}

bool TransactionReader::read_logs(JsonValue logs, Transaction& out) {
    if (!logs.has_value()) return true;
    if (!in_.expect_array(logs, "logMessages")) return false;
    out.logs.reserve(logs.size_hint());
    for (const JsonValue log : logs.items()) {
        if (!log.is_string()) return in_.fail("wrong_type", "a log message is not a string", log);
        append_unescaped(out.logs.emplace_back(), log.raw_string());
    }
    return true;
}

}  // namespace astro::solana
