#include "capabilities/devnet/engine/transaction.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/application.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "capabilities/devnet/engine/operations/signers.hpp"
#include "capabilities/devnet/engine/sponsorship.hpp"
#include "capabilities/devnet/engine/transaction_validity.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::devnet {
namespace {

using Code = xdr::TransactionResultCode;
using Results = std::vector<xdr::OperationResult>;

xdr::TransactionV1Envelope to_version_1(const xdr::TransactionV0Envelope& old) {
    xdr::TransactionV1Envelope out;
    out.tx.source_account = {xdr::CryptoKeyType::ed25519, old.tx.source_account_ed25519};
    out.tx.fee = old.tx.fee;
    out.tx.seq_num = old.tx.seq_num;
    if (old.tx.time_bounds) out.tx.cond = {xdr::PreconditionType::time, *old.tx.time_bounds};
    out.tx.memo = old.tx.memo;
    out.tx.operations = old.tx.operations;
    out.signatures = old.signatures;
    return out;
}

bool has_results(Code code) {
    return code == Code::tx_success || code == Code::tx_failed;
}

/// Of a fee bump the inner result stands in it; its own fee is then none (since protocol 23).
xdr::TransactionResult result_of(const Submitted& submitted, std::int64_t fee_charged, Code code,
                                 Results results) {
    xdr::TransactionResult out;
    out.fee_charged = fee_charged;
    if (submitted.is_fee_bump()) {
        const bool is_good = code == Code::tx_success;
        xdr::InnerTransactionResult inner;
        inner.result.code = code;
        inner.result.value = std::monostate{};
        if (has_results(code)) inner.result.value = std::move(results);
        out.result.code =
            is_good ? Code::tx_fee_bump_inner_success : Code::tx_fee_bump_inner_failed;
        out.result.value = xdr::InnerTransactionResultPair{submitted.inner_hash, std::move(inner)};
    } else {
        out.result.code = code;
        out.result.value = std::monostate{};
        if (has_results(code)) out.result.value = std::move(results);
    }
    return out;
}

/// What was wrong with the fee bump itself.
xdr::TransactionResult outer_result(const Validity& validity, std::int64_t fee_charged) {
    xdr::TransactionResult out;
    out.fee_charged = validity.fee_needed.value_or(fee_charged);
    out.result.code = validity.code;
    out.result.value = std::monostate{};
    return out;
}

/// The result of an operation that nothing has said anything about yet: success, with nothing in
/// it.
template <class R>
xdr::OperationResult blank(xdr::OperationType type) {
    return tried(type, R{});
}

xdr::OperationResult untried(xdr::OperationType type) {
    using Type = xdr::OperationType;
    using Blank = xdr::OperationResult (*)(Type);
    static constexpr Blank kBlanks[] = {
        blank<xdr::CreateAccountResult>,
        blank<xdr::PaymentResult>,
        blank<xdr::PathPaymentStrictReceiveResult>,
        blank<xdr::ManageSellOfferResult>,
        blank<xdr::ManageSellOfferResult>,
        blank<xdr::SetOptionsResult>,
        blank<xdr::ChangeTrustResult>,
        blank<xdr::AllowTrustResult>,
        blank<xdr::AccountMergeResult>,
        blank<xdr::InflationResult>,
        blank<xdr::ManageDataResult>,
        blank<xdr::BumpSequenceResult>,
        blank<xdr::ManageBuyOfferResult>,
        blank<xdr::PathPaymentStrictSendResult>,
        blank<xdr::CreateClaimableBalanceResult>,
        blank<xdr::ClaimClaimableBalanceResult>,
        blank<xdr::BeginSponsoringFutureReservesResult>,
        blank<xdr::EndSponsoringFutureReservesResult>,
        blank<xdr::RevokeSponsorshipResult>,
        blank<xdr::ClawbackResult>,
        blank<xdr::ClawbackClaimableBalanceResult>,
        blank<xdr::SetTrustLineFlagsResult>,
        blank<xdr::LiquidityPoolDepositResult>,
        blank<xdr::LiquidityPoolWithdrawResult>,
        blank<xdr::InvokeHostFunctionResult>,
        blank<xdr::ExtendFootprintTTLResult>,
        blank<xdr::RestoreFootprintResult>,
    };
    return kBlanks[static_cast<std::size_t>(type)](type);
}

Results untried_results(const xdr::Transaction& transaction) {
    Results out;
    for (const auto& operation : transaction.operations)
        out.push_back(untried(operation.body.type));
    return out;
}

/// A signer by this transaction's hash serves once, on whichever account that takes part.
void remove_one_time_signers(Application& app, const xdr::Hash& hash,
                             const std::vector<xdr::PublicKey>& accounts) {
    xdr::SignerKey key{xdr::SignerKeyType::pre_auth_tx, xdr::Uint256{}};
    std::get<xdr::Uint256>(key.value).bytes = hash.bytes;
    for (const auto& id : accounts) {
        const auto* seen = app.find_account(id);
        const auto at = seen ? find_signer(*seen, key) : std::nullopt;
        if (at) remove_signer(app, app.need_account(id), *at);
    }
}

std::vector<xdr::PublicKey> all_sources(const xdr::Transaction& transaction) {
    std::vector<xdr::PublicKey> out{stellar::account_of(transaction.source_account)};
    for (const auto& operation : transaction.operations) {
        const auto source = source_of(transaction, operation);
        if (std::find(out.begin(), out.end(), source) == out.end()) out.push_back(source);
    }
    return out;
}

/// An application in progress: what is known of it so far.
class Progress {
  public:
    Progress(State& state, xdr::LedgerHeader& header, const Submitted& submitted,
             const std::map<xdr::Uint256, std::int64_t>& sequences_in_ledger)
        : submitted_(submitted),
          transaction_(submitted.inner().tx),
          app_{state,
               header,
               sponsorships_,
               submitted.source(),
               transaction_.seq_num,
               sequences_in_ledger,
               0,
               submitted.source()},
          signatures_(submitted.inner_hash, submitted.inner().signatures),
          results_(untried_results(transaction_)) {}

    AppliedTransaction run(std::int64_t fee_charged) {
        AppliedTransaction out;
        app_.state.begin_step();
        if (submitted_.is_fee_bump()) {
            app_.touch_account(submitted_.fee_source());
            remove_one_time_signers(app_, submitted_.hash, {submitted_.fee_source()});
        }
        const auto code = begin();
        out.before = app_.state.step_changes();
        app_.state.keep_step();
        const auto end = code == Code::tx_success ? try_operations(out) : code;
        out.result = result_of(submitted_, fee_charged, end, std::move(results_));
        return out;
    }

  private:
    /// Validity once more, the sequence number, the signatures of each operation.
    Code begin() {
        const auto validity =
            validate_inner({app_.state, app_.header, submitted_, true, std::nullopt}, signatures_);
        if (validity.reached >= Reached::sequence) {
            auto& account = app_.need_account(submitted_.source());
            account.seq_num = transaction_.seq_num;
            note_sequence_set(app_.header, account);
        }
        const auto sources = all_sources(transaction_);
        if (validity.reached != Reached::all) {
            remove_one_time_signers(app_, submitted_.inner_hash, sources);
            return validity.code;
        }
        const bool are_signed = check_signatures();
        remove_one_time_signers(app_, submitted_.inner_hash, sources);
        if (!are_signed) return Code::tx_failed;
        return signatures_.are_all_used() ? Code::tx_success : Code::tx_bad_auth_extra;
    }

    bool check_signatures() {
        bool all = true;
        for (std::size_t i = 0; i < transaction_.operations.size(); ++i) {
            const auto bad = find_bad_signature(app_.state, transaction_,
                                                transaction_.operations[i], signatures_);
            if (!bad) continue;
            results_[i] = not_tried(*bad);
            all = false;
        }
        return all;
    }

    /// All are tried, so that each has its result; all or none take effect.
    Code try_operations(AppliedTransaction& out) {
        bool is_good = true;
        const auto id_pool = app_.header.id_pool;
        app_.state.begin_step();
        for (std::size_t i = 0; i < transaction_.operations.size(); ++i) {
            app_.state.begin_step();
            const auto sponsorships = sponsorships_;
            const auto ids = app_.header.id_pool;
            results_[i] = try_operation(i);
            if (is_success(results_[i])) {
                if (is_good) out.operations.push_back(app_.state.step_changes());
                app_.state.keep_step();
            } else {
                is_good = false;
                app_.state.undo_step();
                sponsorships_ = sponsorships;
                app_.header.id_pool = ids;
            }
        }
        const bool is_closed = sponsorships_.empty();
        if (is_good && is_closed) {
            app_.state.keep_step();
            return Code::tx_success;
        }
        app_.state.undo_step();
        app_.header.id_pool = id_pool;
        out.operations.clear();
        return is_good ? Code::tx_bad_sponsorship : Code::tx_failed;
    }

    xdr::OperationResult try_operation(std::size_t index) {
        const auto& operation = transaction_.operations[index];
        if (!is_supported(operation.body.type))
            return not_tried(xdr::OperationResultCode::op_not_supported);
        app_.source = source_of(transaction_, operation);
        app_.operation_index = static_cast<std::uint32_t>(index);
        if (!app_.find_account(app_.source))
            return not_tried(xdr::OperationResultCode::op_no_account);
        if (auto wrong = find_malformed(operation.body, app_.source)) return *wrong;
        return apply_operation(app_, operation.body);
    }

    const Submitted& submitted_;
    const xdr::Transaction& transaction_;
    OpenSponsorships sponsorships_;
    Application app_;
    SignatureCheck signatures_;
    Results results_;
};

/// The first operation that would not even be tried.
std::optional<Results> find_bad_operation(const State& state, const xdr::Transaction& transaction,
                                          SignatureCheck& signatures) {
    auto results = untried_results(transaction);
    for (std::size_t i = 0; i < transaction.operations.size(); ++i) {
        const auto& operation = transaction.operations[i];
        if (!is_supported(operation.body.type))
            results[i] = not_tried(xdr::OperationResultCode::op_not_supported);
        else if (const auto bad = find_bad_signature(state, transaction, operation, signatures))
            results[i] = not_tried(*bad);
        else if (auto wrong = find_malformed(operation.body, source_of(transaction, operation)))
            results[i] = std::move(*wrong);
        else
            continue;
        return results;
    }
    return std::nullopt;
}

}  // namespace

const xdr::TransactionV1Envelope& Submitted::inner() const {
    const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value);
    return bump ? bump->tx.inner_tx.v1 : std::get<xdr::TransactionV1Envelope>(envelope.value);
}

xdr::PublicKey Submitted::source() const {
    return stellar::account_of(inner().tx.source_account);
}

xdr::PublicKey Submitted::fee_source() const {
    const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value);
    return bump ? stellar::account_of(bump->tx.fee_source) : source();
}

std::int64_t Submitted::fee_offered() const {
    const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value);
    return bump ? bump->tx.fee : inner().tx.fee;
}

std::int64_t Submitted::fee_units() const {
    const auto operations = static_cast<std::int64_t>(inner().tx.operations.size());
    return is_fee_bump() ? operations + 1 : std::max<std::int64_t>(1, operations);
}

Submitted submitted(xdr::TransactionEnvelope envelope, const xdr::Hash& network) {
    if (const auto* old = std::get_if<xdr::TransactionV0Envelope>(&envelope.value))
        envelope = {xdr::EnvelopeType::tx, to_version_1(*old)};
    Submitted out{std::move(envelope), {}, {}};
    out.hash = stellar::xdr::transaction_hash(out.envelope, network);
    out.inner_hash = out.hash;
    if (out.is_fee_bump())
        out.inner_hash = stellar::xdr::transaction_hash(
            xdr::TransactionEnvelope{xdr::EnvelopeType::tx, out.inner()}, network);
    return out;
}

xdr::TransactionResult check(const State& state, const xdr::LedgerHeader& header,
                             const Submitted& submitted, std::optional<std::int64_t> sequence) {
    const Validation of{state, header, submitted, false, sequence};
    const auto fee = std::int64_t{header.base_fee} * submitted.fee_units();
    if (const auto* bump =
            std::get_if<xdr::FeeBumpTransactionEnvelope>(&submitted.envelope.value)) {
        SignatureCheck signatures(submitted.hash, bump->signatures);
        auto validity = validate_fee_bump(of, signatures);
        if (validity.reached == Reached::all && !signatures.are_all_used())
            validity = {Reached::signatures, Code::tx_bad_auth_extra};
        if (validity.reached != Reached::all) return outer_result(validity, fee);
    }
    SignatureCheck signatures(submitted.inner_hash, submitted.inner().signatures);
    const auto& transaction = submitted.inner().tx;
    const auto validity = validate_inner(of, signatures);
    if (validity.reached != Reached::all) return result_of(submitted, fee, validity.code, {});
    if (auto results = find_bad_operation(state, transaction, signatures))
        return result_of(submitted, fee, Code::tx_failed, std::move(*results));
    if (!signatures.are_all_used()) return result_of(submitted, fee, Code::tx_bad_auth_extra, {});
    return result_of(submitted, fee, Code::tx_success, untried_results(transaction));
}

std::optional<std::int64_t> charge_fee(State& state, xdr::LedgerHeader& header,
                                       const Submitted& submitted, std::int64_t base_fee) {
    auto* entry = state.change(account_key(submitted.fee_source()));
    if (!entry) return std::nullopt;
    auto& balance = account_in(*entry).balance;
    const auto fee = std::min({balance, submitted.fee_offered(), base_fee * submitted.fee_units()});
    balance -= fee;
    header.fee_pool += fee;
    return fee;
}

AppliedTransaction apply_transaction(
    State& state, xdr::LedgerHeader& header, const Submitted& submitted, std::int64_t fee_charged,
    const std::map<xdr::Uint256, std::int64_t>& sequences_in_ledger) {
    return Progress(state, header, submitted, sequences_in_ledger).run(fee_charged);
}

}  // namespace astro::devnet
