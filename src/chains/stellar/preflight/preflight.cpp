#include "chains/stellar/preflight/preflight.hpp"

#include <algorithm>

#include "chains/stellar/build/check.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/preflight/trial.hpp"

namespace astro::stellar {
namespace {

/// What is tried, and who pays for it.
struct Parts {
    xdr::Transaction transaction;
    xdr::PublicKey payer;
    std::int64_t fee = 0;
    std::int64_t paid_operations = 0;  ///< a fee bump pays for one more
};

xdr::Transaction version_1(const xdr::TransactionV0& from) {
    xdr::Transaction out;
    out.source_account = {xdr::CryptoKeyType::ed25519, from.source_account_ed25519};
    out.fee = from.fee;
    out.seq_num = from.seq_num;
    if (from.time_bounds) out.cond = {xdr::PreconditionType::time, *from.time_bounds};
    out.memo = from.memo;
    out.operations = from.operations;
    return out;
}

Parts parts_of(const xdr::TransactionEnvelope& envelope) {
    Parts out;
    if (const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value)) {
        out.transaction = bump->tx.inner_tx.v1.tx;
        out.payer = account_of(bump->tx.fee_source);
        out.fee = bump->tx.fee;
        out.paid_operations = 1;
    } else {
        const auto* old = std::get_if<xdr::TransactionV0Envelope>(&envelope.value);
        out.transaction = old != nullptr
                              ? version_1(old->tx)
                              : xdr::arm_of<xdr::TransactionV1Envelope>(envelope.value).tx;
        out.payer = account_of(out.transaction.source_account);
        out.fee = out.transaction.fee;
    }
    out.paid_operations += static_cast<std::int64_t>(out.transaction.operations.size());
    return out;
}

const xdr::TimeBounds* times_of(const xdr::Preconditions& conditions) {
    if (const auto* all = std::get_if<xdr::PreconditionsV2>(&conditions.value))
        return all->time_bounds ? &*all->time_bounds : nullptr;
    return std::get_if<xdr::TimeBounds>(&conditions.value);
}

class Preflight {
  public:
    Preflight(const xdr::TransactionEnvelope& envelope, const LedgerView& view)
        : parts_(parts_of(envelope)), view_(view), trial_(view, report_) {}

    PreflightReport run() {
        if (const auto sound = check(parts_.transaction); !sound) {
            trial_.fail(sound.error().code == "bad_operation" ? "op_malformed" : "tx_malformed",
                        sound.error().where + ": " + sound.error().message + ".",
                        "Build the transaction anew.");
        } else {
            check_bounds();
            check_sequence();
            pay_fee();
            try_operations();
        }
        report_.passes = report_.findings.empty();
        tell_balances();
        return std::move(report_);
    }

  private:
    void check_bounds() {
        const auto* times = times_of(parts_.transaction.cond);
        if (times != nullptr && view_.close_time_s != 0) {
            if (times->max_time != 0 && times->max_time < view_.close_time_s)
                trial_.fail("tx_too_late",
                            "The transaction's time ended " +
                                std::to_string(view_.close_time_s - times->max_time) +
                                " s before the last ledger closed.",
                            "Build it anew with later bounds.");
            if (times->min_time > view_.close_time_s)
                trial_.fail("tx_too_early",
                            "The transaction's time begins " +
                                std::to_string(times->min_time - view_.close_time_s) +
                                " s after the last ledger closed.",
                            "Send it then.");
        }
        const auto* all = std::get_if<xdr::PreconditionsV2>(&parts_.transaction.cond.value);
        if (all == nullptr || !all->ledger_bounds || view_.sequence == 0) return;
        const auto& ledgers = *all->ledger_bounds;
        const auto next = view_.sequence + 1;
        if (ledgers.max_ledger != 0 && next >= ledgers.max_ledger)
            trial_.fail("tx_too_late",
                        "The transaction is for ledgers before " +
                            std::to_string(ledgers.max_ledger) + ", and the next is " +
                            std::to_string(next) + ".",
                        "Build it anew with later bounds.");
        if (next < ledgers.min_ledger)
            trial_.fail("tx_too_early",
                        "The transaction is for ledgers from " +
                            std::to_string(ledgers.min_ledger) + " on, and the next is " +
                            std::to_string(next) + ".",
                        "Send it then.");
    }

    AccountView* payer_or_source(const xdr::PublicKey& id) {
        auto* account = trial_.account(id);
        if (account == nullptr && trial_.presence(id) == Trial::Presence::absent)
            trial_.fail("tx_no_source_account", "The account " + to_text(id) + " does not exist.",
                        "Fund it by a create-account operation first, and check the network.");
        return account;
    }

    void check_sequence() {
        auto* account = payer_or_source(account_of(parts_.transaction.source_account));
        if (account == nullptr) return;
        const auto* all = std::get_if<xdr::PreconditionsV2>(&parts_.transaction.cond.value);
        const auto mine = parts_.transaction.seq_num;
        const bool fits = all != nullptr && all->min_seq_num
                              ? account->sequence >= *all->min_seq_num && account->sequence < mine
                              : account->sequence == mine - 1;
        if (!fits)
            trial_.fail("tx_bad_seq",
                        "The transaction has the sequence number " + std::to_string(mine) +
                            "; the account's is " + std::to_string(account->sequence) +
                            ", so the next is " + std::to_string(account->sequence + 1) + ".",
                        account->sequence >= mine
                            ? "Look first whether this very transaction was applied already; then "
                              "build it anew with the next number."
                            : "Build it anew with the next number, or send those before it first.");
        account->sequence = std::max(account->sequence, mine);
    }

    void pay_fee() {
        const auto least = parts_.paid_operations * std::int64_t{view_.base_fee_stroops};
        if (parts_.fee < least)
            trial_.fail("tx_insufficient_fee",
                        "The fee of " + std::to_string(parts_.fee) +
                            " stroops is below the least, " + std::to_string(least) + " for " +
                            std::to_string(parts_.paid_operations) + " operations.",
                        "Offer more for each operation.");
        auto* payer = payer_or_source(parts_.payer);
        if (payer == nullptr) return;
        const auto free = trial_.available_lumens(*payer);
        if (free < parts_.fee)
            trial_.fail("tx_insufficient_balance",
                        "The fee of " + to_text(Stroops(parts_.fee)) + " XLM is more than the " +
                            to_text(Stroops(std::max<std::int64_t>(free, 0))) + " XLM that " +
                            to_text(parts_.payer) + " has above its reserve of " +
                            to_text(Stroops(trial_.reserve_of(*payer))) + " XLM.",
                        "Add lumens to the account, or let another one pay by a fee bump.");
        payer->balance -= std::min(payer->balance, parts_.fee);
    }

    void try_operations() {
        const auto source = account_of(parts_.transaction.source_account);
        const bool has_memo = parts_.transaction.memo.type != xdr::MemoType::none;
        std::uint32_t index = 0;
        for (const auto& operation : parts_.transaction.operations) {
            trial_.begin(index++);
            const auto of =
                operation.source_account ? account_of(*operation.source_account) : source;
            try_operation(trial_, operation, of, has_memo);
        }
        trial_.begin(std::nullopt);
        if (trial_.has_open_sponsorship())
            trial_.fail("tx_bad_sponsorship",
                        "A sponsorship that begins here does not end in the same transaction.",
                        "Add an end-sponsoring-future-reserves operation of the sponsored "
                        "account.");
    }

    void tell_balances() {
        for (const auto& [key, after] : trial_.accounts()) {
            const auto known = view_.accounts.find(key);
            if (known == view_.accounts.end() || !known->second) continue;
            const auto& before = *known->second;
            AccountView merged;  // of an account that is gone nothing is left
            merged.id = before.id;
            const auto& then = !report_.passes ? before : after ? *after : merged;
            tell(before, then, {});
            for (const auto& line : before.lines) tell(before, then, line.asset);
            for (const auto& line : then.lines)
                if (line_of(before, line.asset) == nullptr) tell(before, then, line.asset);
        }
    }

    void tell(const AccountView& before, const AccountView& after, const xdr::Asset& asset) {
        const auto held = [&](const AccountView& account) {
            if (asset.type == xdr::AssetType::native) return account.balance;
            const auto* line = line_of(account, asset);
            return line == nullptr ? 0 : line->balance;
        };
        const auto can_send = [&](const AccountView& account) {
            return std::max<std::int64_t>(trial_.available(account, asset).value_or(0), 0);
        };
        report_.balances.push_back({to_text(before.id), to_text(asset), Stroops(held(before)),
                                    Stroops(held(after)), Stroops(can_send(before)),
                                    Stroops(can_send(after))});
    }

    Parts parts_;
    const LedgerView& view_;
    PreflightReport report_;
    Trial trial_;
};

class Named {
  public:
    void add(const xdr::PublicKey& account) {
        if (std::ranges::find(all_, account) == all_.end()) all_.push_back(account);
    }
    void operator()(const xdr::CreateAccountOp& op) { add(op.destination); }
    void operator()(const xdr::PaymentOp& op) { add(account_of(op.destination)); }
    void operator()(const xdr::PathPaymentStrictReceiveOp& op) { add(account_of(op.destination)); }
    void operator()(const xdr::PathPaymentStrictSendOp& op) { add(account_of(op.destination)); }
    void operator()(const xdr::MuxedAccount& merged_into) { add(account_of(merged_into)); }
    void operator()(const xdr::BeginSponsoringFutureReservesOp& op) { add(op.sponsored_id); }
    void operator()(const xdr::ChangeTrustOp& op) {
        if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&op.line.value)) add(of_four->issuer);
        if (const auto* of_twelve = std::get_if<xdr::AlphaNum12>(&op.line.value))
            add(of_twelve->issuer);
    }
    template <class Other>
    void operator()(const Other&) {}

    [[nodiscard]] std::vector<xdr::PublicKey> take() { return std::move(all_); }

  private:
    std::vector<xdr::PublicKey> all_;
};

}  // namespace

PreflightReport preflight(const xdr::TransactionEnvelope& envelope, const LedgerView& view) {
    return Preflight(envelope, view).run();
}

std::vector<xdr::PublicKey> accounts_of(const xdr::TransactionEnvelope& envelope) {
    const auto parts = parts_of(envelope);
    Named named;
    named.add(parts.payer);
    named.add(account_of(parts.transaction.source_account));
    for (const auto& operation : parts.transaction.operations) {
        if (operation.source_account) named.add(account_of(*operation.source_account));
        std::visit([&](const auto& body) { named(body); }, operation.body.value);
    }
    return named.take();
}

}  // namespace astro::stellar
