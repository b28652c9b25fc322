#include "capabilities/devnet/engine/ledger.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/entries.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::devnet {
namespace {

xdr::Hash sha256_of(ByteView bytes) {
    return {crypto::sha256(bytes).bytes};
}

xdr::PublicKey public_key_of(const crypto::Ed25519Key& key) {
    return {{key.public_key().bytes}};
}

/// The set as nodes agree on it, in the order of its hashes.
xdr::Hash set_hash(const xdr::Hash& before, const std::vector<LedgerTransaction>& transactions,
                   std::int64_t base_fee) {
    std::vector<xdr::TransactionEnvelope> envelopes;
    for (const auto& each : transactions) envelopes.push_back(each.submitted.envelope);
    std::sort(envelopes.begin(), envelopes.end(), [](const auto& a, const auto& b) {
        return crypto::sha256(xdr::to_xdr(a)) < crypto::sha256(xdr::to_xdr(b));
    });
    xdr::TransactionPhase classic, contracts;
    classic.value = std::vector<xdr::TxSetComponent>{{{base_fee, std::move(envelopes)}}};
    contracts.value = std::vector<xdr::TxSetComponent>{};
    xdr::GeneralizedTransactionSet set;
    set.v1_tx_set.previous_ledger_hash = before;
    set.v1_tx_set.phases = {std::move(classic), std::move(contracts)};
    return sha256_of(xdr::to_xdr(set));
}

xdr::Hash results_hash(const std::vector<LedgerTransaction>& transactions) {
    xdr::TransactionResultSet set;
    for (const auto& each : transactions)
        set.results.push_back({each.submitted.hash, each.applied.result});
    return sha256_of(xdr::to_xdr(set));
}

/// Stands in for the hash of the network's bucket list, which is of how a node stores entries: the
/// last one and all changes of the ledger, in their order.
xdr::Hash state_hash(const xdr::Hash& before, const std::vector<LedgerTransaction>& transactions) {
    crypto::Sha256Stream hash;
    hash.add(before.view());
    const auto add = [&](const Changes& changes) {
        for (const auto& change : changes) hash.add(xdr::to_xdr(change));
    };
    for (const auto& each : transactions) {
        add(each.fee_changes);
        add(each.applied.before);
        for (const auto& changes : each.applied.operations) add(changes);
    }
    return {hash.finish().bytes};
}

/// Older hashes at growing distances, as stellar-core keeps them (calculateSkipValues).
void move_skip_list(xdr::LedgerHeader& header) {
    constexpr std::int64_t kDistances[] = {50, 5'000, 50'000, 500'000};
    std::int64_t at = header.ledger_seq;
    std::size_t depth = 0;
    while (depth < 4 && at > 0 && at % kDistances[depth] == 0) at -= kDistances[depth++];
    for (std::size_t i = depth; i-- > 1;) header.skip_list[i] = header.skip_list[i - 1];
    if (depth > 0) header.skip_list[0] = header.bucket_list_hash;
}

std::map<xdr::Uint256, std::int64_t> highest_sequences(
    const std::vector<LedgerTransaction>& transactions) {
    std::map<xdr::Uint256, std::int64_t> out;
    for (const auto& each : transactions) {
        auto& highest = out[each.submitted.source().ed25519];
        highest = std::max(highest, each.submitted.inner().tx.seq_num);
    }
    return out;
}

}  // namespace

bool LedgerTransaction::succeeded() const {
    using Code = xdr::TransactionResultCode;
    const auto code = applied.result.result.code;
    return code == Code::tx_success || code == Code::tx_fee_bump_inner_success;
}

crypto::Ed25519Key root_key(std::string_view passphrase) {
    const auto network = stellar::xdr::network_id(passphrase);
    return crypto::Ed25519Key::from_seed(crypto::SecretKey(network.view()));
}

Ledger::Ledger(std::string_view passphrase, const LedgerRules& rules)
    : network_(stellar::xdr::network_id(passphrase)) {
    header_.ledger_version = kProtocol;
    header_.ledger_seq = 1;
    header_.total_coins = kAllStroops;
    header_.base_fee = rules.base_fee_stroops;
    header_.base_reserve = rules.base_reserve_stroops;
    header_.max_tx_set_size = rules.operations_max;
    header_.scp_value.close_time = rules.genesis_time_s;
    xdr::AccountEntry root;
    root.account_id = public_key_of(root_key(passphrase));
    root.balance = kAllStroops;
    root.thresholds.bytes[0] = 1;
    state_.set_sequence(1);
    state_.create(to_entry(std::move(root)));
    hash_ = stellar::xdr::ledger_hash(header_);
}

Ledger::Ledger(std::string_view passphrase, xdr::LedgerHeader header,
               std::vector<xdr::LedgerEntry> entries)
    : network_(stellar::xdr::network_id(passphrase)), header_(std::move(header)) {
    for (auto& entry : entries) {
        state_.set_sequence(entry.last_modified_ledger_seq);
        state_.create(std::move(entry));
    }
    hash_ = stellar::xdr::ledger_hash(header_);
}

xdr::LedgerHeader Ledger::next_header(std::uint64_t close_time_s) const {
    xdr::LedgerHeader next = header_;
    ++next.ledger_seq;
    next.previous_ledger_hash = hash_;
    next.scp_value.close_time = close_time_s;
    return next;
}

xdr::TransactionResult Ledger::check(const Submitted& submitted, std::uint64_t close_time_s,
                                     std::optional<std::int64_t> sequence) const {
    return devnet::check(state_, next_header(close_time_s), submitted, sequence);
}

ClosedLedger Ledger::close(std::vector<Submitted> transactions, std::uint64_t close_time_s,
                           std::int64_t base_fee) {
    ASTRO_ASSERT(close_time_s >= header_.scp_value.close_time);
    ClosedLedger out;
    out.header = next_header(close_time_s);
    base_fee = std::max<std::int64_t>(base_fee, out.header.base_fee);
    state_.set_sequence(out.header.ledger_seq);
    std::vector<std::int64_t> fees;
    for (auto& each : transactions) {
        state_.begin_step();
        const auto fee = charge_fee(state_, out.header, each, base_fee);
        if (fee) {
            fees.push_back(*fee);
            out.transactions.push_back({std::move(each), {}, state_.step_changes()});
        }
        state_.keep_step();
    }
    const auto sequences = highest_sequences(out.transactions);
    for (std::size_t i = 0; i < out.transactions.size(); ++i)
        out.transactions[i].applied = apply_transaction(
            state_, out.header, out.transactions[i].submitted, fees[i], sequences);
    out.header.scp_value.tx_set_hash = set_hash(hash_, out.transactions, base_fee);
    out.header.tx_set_result_hash = results_hash(out.transactions);
    out.header.bucket_list_hash = state_hash(header_.bucket_list_hash, out.transactions);
    move_skip_list(out.header);
    out.hash = stellar::xdr::ledger_hash(out.header);
    header_ = out.header;
    hash_ = out.hash;
    return out;
}

}  // namespace astro::devnet
