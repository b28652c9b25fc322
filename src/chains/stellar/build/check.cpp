#include "chains/stellar/build/check.hpp"

#include "chains/stellar/build/text.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kExtraSignersMax = 2;

Unexpected bad(std::string where, std::string why) {
    return refusal("bad_transaction", std::move(why), std::move(where));
}

Result<void> check_times(const xdr::TimeBounds& bounds) {
    if (bounds.max_time != 0 && bounds.min_time > bounds.max_time)
        return bad("cond.time_bounds", "ends before it begins");
    return {};
}

Result<void> check_conditions(const xdr::PreconditionsV2& conditions) {
    if (conditions.time_bounds) ASTRO_CHECK(check_times(*conditions.time_bounds));
    if (const auto& ledgers = conditions.ledger_bounds;
        ledgers && ledgers->max_ledger != 0 && ledgers->min_ledger > ledgers->max_ledger)
        return bad("cond.ledger_bounds", "ends before it begins");
    if (conditions.min_seq_num && *conditions.min_seq_num < 0)
        return bad("cond.min_seq_num", "is negative");
    const auto& signers = conditions.extra_signers;
    if (signers.size() > kExtraSignersMax) return bad("cond.extra_signers", "has more than two");
    if (signers.size() == 2 && signers[0] == signers[1])
        return bad("cond.extra_signers", "names a signer twice");
    return {};
}

Result<void> check_operations(const xdr::Transaction& transaction) {
    const auto& operations = transaction.operations;
    if (operations.empty() || operations.size() > kOperationsMax)
        return bad("operations", "has " + std::to_string(operations.size()) +
                                     "; a transaction has 1 to 100 operations");
    const auto source = account_of(transaction.source_account);
    bool calls_contract = false;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const auto& operation = operations[i];
        calls_contract = calls_contract || is_contract_call(operation.body.type);
        ASTRO_CHECK(check(operation,
                          operation.source_account ? account_of(*operation.source_account) : source,
                          "operations[" + std::to_string(i) + "]"));
    }
    if (calls_contract && operations.size() > 1)
        return bad("operations", "calls a contract, which stands alone in its transaction");
    if (calls_contract && transaction.ext.v != 1)
        return bad("ext", "has no resources for the contract call; a simulation tells them");
    if (!calls_contract && transaction.ext.v == 1)
        return bad("ext", "has resources, but nothing calls a contract");
    return {};
}

Result<void> check_memo(const xdr::Transaction& transaction) {
    if (const auto* text = std::get_if<std::string>(&transaction.memo.value);
        text != nullptr && text->size() > kMemoTextBytesMax)
        return bad("memo", "has " + std::to_string(text->size()) +
                               " bytes; a memo has at most 28 (bytes, not characters)");
    return {};
}

}  // namespace

bool is_contract_call(xdr::OperationType type) {
    return type == xdr::OperationType::invoke_host_function ||
           type == xdr::OperationType::extend_footprint_ttl ||
           type == xdr::OperationType::restore_footprint;
}

Result<void> check(const xdr::Transaction& transaction) {
    if (transaction.seq_num < 0) return bad("seq_num", "is negative");
    if (const auto* times = std::get_if<xdr::TimeBounds>(&transaction.cond.value))
        ASTRO_CHECK(check_times(*times));
    if (const auto* all = std::get_if<xdr::PreconditionsV2>(&transaction.cond.value))
        ASTRO_CHECK(check_conditions(*all));
    ASTRO_CHECK(check_memo(transaction));
    return check_operations(transaction);
}

}  // namespace astro::stellar
