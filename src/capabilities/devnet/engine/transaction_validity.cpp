#include "capabilities/devnet/engine/transaction_validity.hpp"

#include <algorithm>
#include <limits>

#include "capabilities/devnet/engine/application.hpp"
#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "chains/stellar/build/check.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::devnet {
namespace {

using Code = xdr::TransactionResultCode;

/// Preconditions of any form, in the form that has all of them.
xdr::PreconditionsV2 conditions_of(const xdr::Transaction& transaction) {
    if (const auto* all = std::get_if<xdr::PreconditionsV2>(&transaction.cond.value)) return *all;
    xdr::PreconditionsV2 out;
    if (const auto* time = std::get_if<xdr::TimeBounds>(&transaction.cond.value))
        out.time_bounds = *time;
    return out;
}

bool are_malformed(const std::vector<xdr::SignerKey>& extra) {
    if (extra.size() == 2 && extra[0] == extra[1]) return true;
    return std::any_of(extra.begin(), extra.end(), [](const auto& key) {
        const auto* payload = std::get_if<xdr::SignerKeyEd25519SignedPayload>(&key.value);
        return payload && payload->payload.empty();
    });
}

/// A call of a contract stands alone, and nothing else brings its resources.
bool mixes_contracts(const xdr::Transaction& transaction) {
    const auto is_call = [](const xdr::Operation& op) {
        return stellar::is_contract_call(op.body.type);
    };
    const auto& operations = transaction.operations;
    if (std::any_of(operations.begin(), operations.end(), is_call)) return operations.size() != 1;
    return transaction.ext.v != 0;
}

std::optional<Code> find_bad_time(const xdr::PreconditionsV2& conditions,
                                  const xdr::LedgerHeader& header) {
    const auto now_s = header.scp_value.close_time;
    const auto time = conditions.time_bounds.value_or(xdr::TimeBounds{});
    const auto ledgers = conditions.ledger_bounds.value_or(xdr::LedgerBounds{});
    if (time.min_time > now_s || ledgers.min_ledger > header.ledger_seq) return Code::tx_too_early;
    if ((time.max_time != 0 && time.max_time < now_s) ||
        (ledgers.max_ledger != 0 && ledgers.max_ledger <= header.ledger_seq))
        return Code::tx_too_late;
    return std::nullopt;
}

bool is_bad_sequence(const xdr::Transaction& transaction, const xdr::PreconditionsV2& conditions,
                     const xdr::LedgerHeader& header, std::int64_t current) {
    if (transaction.seq_num == first_sequence(header)) return true;
    if (conditions.min_seq_num)
        return current < *conditions.min_seq_num || current >= transaction.seq_num;
    return current == kAmountMax || current + 1 != transaction.seq_num;
}

/// The account's number was set too lately for what the transaction asks.
bool is_too_early_for(const xdr::AccountEntry& account, const xdr::PreconditionsV2& conditions,
                      const xdr::LedgerHeader& header) {
    const auto* times = sequence_times(account);
    const auto set_s = times ? times->seq_time : 0;
    const auto set_ledger = times ? times->seq_ledger : 0;
    const auto now_s = header.scp_value.close_time;
    if (conditions.min_seq_age > now_s || now_s - conditions.min_seq_age < set_s) return true;
    return conditions.min_seq_ledger_gap > header.ledger_seq ||
           header.ledger_seq - conditions.min_seq_ledger_gap < set_ledger;
}

std::vector<xdr::Signer> signers_of(const std::vector<xdr::SignerKey>& extra) {
    std::vector<xdr::Signer> out;
    for (const auto& key : extra) out.push_back({key, 1});
    return out;
}

std::int64_t fee_least(const xdr::LedgerHeader& header, std::int64_t units) {
    return std::int64_t{header.base_fee} * std::max<std::int64_t>(1, units);
}

/// What does not depend on the account but for its being there.
std::optional<Code> find_bad_form(const Validation& of, const xdr::PreconditionsV2& conditions) {
    const auto& transaction = of.submitted.inner().tx;
    if (are_malformed(conditions.extra_signers)) return Code::tx_malformed;
    if (transaction.operations.empty()) return Code::tx_missing_operation;
    if (mixes_contracts(transaction)) return Code::tx_malformed;
    if (const auto code = find_bad_time(conditions, of.header)) return code;
    if (!of.submitted.is_fee_bump() &&
        transaction.fee < fee_least(of.header, of.submitted.fee_units()))
        return Code::tx_insufficient_fee;
    if (!find_account(of.state, of.submitted.source())) return Code::tx_no_account;
    return std::nullopt;
}

}  // namespace

const xdr::AccountEntry* find_account(const State& state, const xdr::PublicKey& id) {
    const auto* entry = state.find(account_key(id));
    return entry ? &account_in(*entry) : nullptr;
}

xdr::PublicKey source_of(const xdr::Transaction& transaction, const xdr::Operation& operation) {
    return stellar::account_of(operation.source_account.value_or(transaction.source_account));
}

Validity validate_inner(const Validation& of, SignatureCheck& signatures) {
    const auto& transaction = of.submitted.inner().tx;
    const auto conditions = conditions_of(transaction);
    if (const auto code = find_bad_form(of, conditions)) return {Reached::nothing, *code};
    const auto& account = *find_account(of.state, of.submitted.source());
    if (is_bad_sequence(transaction, conditions, of.header, of.sequence.value_or(account.seq_num)))
        return {Reached::nothing, Code::tx_bad_seq};
    if (is_too_early_for(account, conditions, of.header))
        return {Reached::sequence, Code::tx_bad_min_seq_age_or_gap};
    if (!signatures.weighs(devnet::signers_of(account), account.thresholds.bytes[1]))
        return {Reached::sequence, Code::tx_bad_auth};
    const auto extra = signers_of(conditions.extra_signers);
    if (!extra.empty() && !signatures.weighs(extra, static_cast<std::uint32_t>(extra.size())))
        return {Reached::sequence, Code::tx_bad_auth};
    const std::int64_t fee = of.is_applied ? 0 : transaction.fee;
    if (!of.submitted.is_fee_bump() && available(account, of.header) < fee)
        return {Reached::signatures, Code::tx_insufficient_balance};
    return {Reached::all};
}

Validity validate_fee_bump(const Validation& of, SignatureCheck& signatures) {
    const auto& inner = of.submitted.inner().tx;
    const auto least = fee_least(of.header, of.submitted.fee_units());
    const auto inner_least =
        fee_least(of.header, static_cast<std::int64_t>(inner.operations.size()));
    const auto offered = of.submitted.fee_offered();
    if (offered < least) return {Reached::nothing, Code::tx_insufficient_fee};
    // Its rate is at least the inner one's.
    const auto needed =
        divide(multiply(inner.fee, least), static_cast<UInt128>(inner_least), Rounding::up);
    if (multiply(offered, inner_least) < multiply(inner.fee, least))
        return {Reached::nothing, Code::tx_insufficient_fee, needed.value_or(kAmountMax)};
    const auto* payer = find_account(of.state, of.submitted.fee_source());
    if (!payer) return {Reached::nothing, Code::tx_no_account};
    if (!signatures.weighs(devnet::signers_of(*payer), payer->thresholds.bytes[1]))
        return {Reached::nothing, Code::tx_bad_auth};
    if (available(*payer, of.header) < offered)
        return {Reached::signatures, Code::tx_insufficient_balance};
    return {Reached::all};
}

std::optional<xdr::OperationResultCode> find_bad_signature(const State& state,
                                                           const xdr::Transaction& transaction,
                                                           const xdr::Operation& operation,
                                                           SignatureCheck& signatures) {
    using OperationCode = xdr::OperationResultCode;
    const auto source = source_of(transaction, operation);
    const auto* account = find_account(state, source);
    if (!account) {
        // One that is made by an operation before: its own key signs.
        if (!operation.source_account) return OperationCode::op_no_account;
        if (signatures.weighs({signer_of(source, 1)}, 0)) return std::nullopt;
        return OperationCode::op_bad_auth;
    }
    const auto index = 1 + static_cast<std::size_t>(threshold_of(operation.body));
    if (signatures.weighs(devnet::signers_of(*account), account->thresholds.bytes[index]))
        return std::nullopt;
    return OperationCode::op_bad_auth;
}

}  // namespace astro::devnet
