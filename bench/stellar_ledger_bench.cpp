// Payments applied by the local ledger on one core, in a state of 100,000 accounts: transactions of
// a hundred operations and of one, each with its signature, fees and metas, closed in ledgers of
// 10,000 operations. Best of several runs by processor time, and the speed of a plain loop before
// and after, so that a slow or busy machine shows.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>

#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/ledger.hpp"
#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace {

using namespace astro;
using namespace astro::devnet;

constexpr std::string_view kPassphrase = "Bench Network ; November 2026";
constexpr int kAccounts = 100'000, kOperations = 100'000, kPerLedger = 10'000, kRuns = 5;
constexpr int kSigners = 1'000;

double seconds(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double spin_mops() {
    constexpr int kSteps = 20'000'000;
    const double from = seconds(CLOCK_PROCESS_CPUTIME_ID);
    std::uint64_t x = 88172645463325252ULL;
    for (int i = 0; i < kSteps; ++i) x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    volatile std::uint64_t keep = x;
    (void)keep;
    return kSteps / (seconds(CLOCK_PROCESS_CPUTIME_ID) - from) / 1e6;
}

/// The first accounts have keys that sign; the others only receive.
xdr::PublicKey account(int index, const std::vector<crypto::Ed25519Key>& keys) {
    if (index < kSigners) return {{keys[static_cast<std::size_t>(index)].public_key().bytes}};
    xdr::PublicKey out;
    std::mt19937_64 random(static_cast<std::uint64_t>(index));
    for (auto& byte : out.ed25519.bytes) byte = static_cast<std::uint8_t>(random());
    return out;
}

Ledger make_ledger(const std::vector<crypto::Ed25519Key>& keys) {
    xdr::LedgerHeader header;
    header.ledger_version = kProtocol;
    header.ledger_seq = 1'000;
    header.base_fee = 100;
    header.base_reserve = 5'000'000;
    std::vector<xdr::LedgerEntry> entries;
    for (int i = 0; i < kAccounts; ++i) {
        xdr::AccountEntry entry;
        entry.account_id = account(i, keys);
        entry.balance = 10'000'0000000;
        entry.thresholds.bytes[0] = 1;
        entries.push_back(to_entry(std::move(entry)));
    }
    header.total_coins = std::int64_t{kAccounts} * 10'000'0000000;
    return {kPassphrase, header, std::move(entries)};
}

/// Ledgers full of payments to anybody.
std::vector<std::vector<Submitted>> make_load(const Ledger& ledger, int operations_each,
                                              const std::vector<crypto::Ed25519Key>& keys) {
    std::vector<std::vector<Submitted>> out;
    std::vector<std::int64_t> sequences(kSigners, 0);
    std::mt19937 random(7);
    int source = 0;
    for (int made = 0; made < kOperations; made += operations_each) {
        if (made % kPerLedger == 0) out.emplace_back();
        source = (source + 1) % kSigners;
        xdr::TransactionV1Envelope inner;
        inner.tx.source_account = stellar::to_muxed(account(source, keys));
        inner.tx.fee = 100U * static_cast<unsigned>(operations_each);
        inner.tx.seq_num = ++sequences[static_cast<std::size_t>(source)];
        for (int i = 0; i < operations_each; ++i)
            inner.tx.operations.push_back(
                {std::nullopt,
                 {xdr::OperationType::payment,
                  xdr::PaymentOp{
                      stellar::to_muxed(account(static_cast<int>(random() % kAccounts), keys)),
                      {},
                      1'000}}});
        xdr::TransactionEnvelope envelope{xdr::EnvelopeType::tx, std::move(inner)};
        const auto hash = xdr::transaction_hash(envelope, ledger.network());
        if (!stellar::sign(envelope, hash, keys[static_cast<std::size_t>(source)])) std::abort();
        out.back().push_back(submitted(std::move(envelope), ledger.network()));
    }
    return out;
}

struct Measured {
    double wall = 1e9, cpu = 1e9;
    std::size_t failed = 0;
};

Measured measure(int operations_each, const std::vector<crypto::Ed25519Key>& keys) {
    Measured best;
    for (int run = 0; run < kRuns; ++run) {
        auto ledger = make_ledger(keys);
        auto load = make_load(ledger, operations_each, keys);
        std::uint64_t time = 0;
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        for (auto& set : load) {
            const auto closed = ledger.close(std::move(set), ++time);
            for (const auto& done : closed.transactions) best.failed += done.succeeded() ? 0 : 1;
        }
        best.wall = std::min(best.wall, seconds(CLOCK_MONOTONIC) - wall);
        best.cpu = std::min(best.cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }
    return best;
}

}  // namespace

int main() {
    const double spin_before = spin_mops();
    std::vector<crypto::Ed25519Key> keys;
    for (int i = 0; i < kSigners; ++i) {
        crypto::SecretKey seed;
        seed.writable()[0] = static_cast<std::uint8_t>(i);
        seed.writable()[1] = static_cast<std::uint8_t>(i >> 8);
        keys.push_back(crypto::Ed25519Key::from_seed(seed));
    }
    const auto hundred = measure(100, keys), one = measure(1, keys);
    std::printf(
        "{\"bench\":\"stellar_ledger\",\"accounts\":%d,\"operations\":%d,\n"
        " \"payments_per_s\":%.0f,\"floor\":50000,\"payments_per_s_wall\":%.0f,\n"
        " \"transactions_of_one_payment_per_s\":%.0f,\"failed\":%zu,\n"
        " \"spin_mops_before\":%.0f,\"spin_mops_after\":%.0f}\n",
        kAccounts, kOperations, kOperations / hundred.cpu, kOperations / hundred.wall,
        kOperations / one.cpu, hundred.failed + one.failed, spin_before, spin_mops());
    return hundred.failed + one.failed == 0 ? 0 : 1;
}
