// Transaction envelopes of the main network on one core: XDR → struct → hash, what a watcher of the
// chain does for each; the same from base64; and signatures beside libsodium's own. Best of many
// runs by processor time, the wall time beside it, and the speed of a plain loop before and after,
// so that a slow or busy machine shows.
#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>

#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/crypto/ed25519.hpp"

namespace {

using namespace astro;
using stellar::xdr::TransactionEnvelope;

constexpr int kRuns = 40, kRepeats = 40;

double seconds(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Best {
    double wall = 1e9, cpu = 1e9;
};

Best best_of(int runs, const std::function<void()>& work) {
    Best best;
    for (int i = 0; i < runs; ++i) {
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        work();
        best.wall = std::min(best.wall, seconds(CLOCK_MONOTONIC) - wall);
        best.cpu = std::min(best.cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }
    return best;
}

double spin_mops() {
    constexpr int kSteps = 20'000'000;
    const Best best = best_of(3, [] {
        std::uint64_t x = 88172645463325252ULL;
        for (int i = 0; i < kSteps; ++i) x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        volatile std::uint64_t keep = x;
        (void)keep;
    });
    return kSteps / best.cpu / 1e6;
}

struct Envelope {
    std::string base64;
    Bytes xdr;
    std::string hash;
};

std::vector<Envelope> load() {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/tx_mainnet.json",
                     std::ios::binary);
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    std::vector<Envelope> out;
    for (const auto& v : document.at("vectors").as_array()) {
        const std::string text(v.at("envelope_xdr").as_string());
        out.push_back({text, parse_base64(text).value(), std::string(v.at("hash").as_string())});
    }
    return out;
}

void report(const char* bench, double per_run, const Best& best, double limit) {
    std::printf(R"({"bench":"%s","value":%.0f,"wall":%.0f,"unit":"envelopes/s","clock":"cpu")",
                bench, per_run / best.cpu, per_run / best.wall);
    if (limit > 0)
        std::printf(R"(,"limit":%.0f,"limit_is":"at least","ok":%s)", limit,
                    per_run / best.cpu >= limit ? "true" : "false");
    std::printf(R"(,"best_of":%d})"
                "\n",
                kRuns);
}

/// Ours beside the library's, turn by turn, so that a change of the machine's speed meets both.
void report_beside(const char* bench, int per_run, const std::function<void()>& ours,
                   const std::function<void()>& theirs) {
    constexpr double kAtMost = 1.05;
    Best own, peer;
    for (int i = 0; i < kRuns; ++i) {
        own.cpu = std::min(own.cpu, best_of(1, ours).cpu);
        peer.cpu = std::min(peer.cpu, best_of(1, theirs).cpu);
    }
    const double ratio = own.cpu / peer.cpu;
    std::printf(R"({"bench":"%s","value":%.0f,"unit":"signatures/s","clock":"cpu","peer":%.0f,)"
                R"("peer_is":"libsodium","times_peer":%.3f,"limit":%.2f,"limit_is":"at most",)"
                R"("ok":%s,"best_of":%d})"
                "\n",
                bench, per_run / own.cpu, per_run / peer.cpu, ratio, kAtMost,
                ratio <= kAtMost ? "true" : "false", kRuns);
}

void bench_signatures(const stellar::xdr::Hash& message) {
    constexpr int kEach = 200;
    crypto::SystemRandom random;
    const auto key = crypto::Ed25519Key::generate(random);
    const auto signature = key.sign(message.view());
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char made[crypto_sign_BYTES];
    if (crypto_sign_seed_keypair(public_key, secret, key.seed().view().data()) != 0) std::abort();
    report_beside(
        "stellar.sign", kEach,
        [&] {
            for (int i = 0; i < kEach; ++i)
                if (key.sign(message.view()) != signature) std::abort();
        },
        [&] {
            for (int i = 0; i < kEach; ++i) {
                crypto_sign_detached(made, nullptr, message.view().data(), message.view().size(),
                                     secret);
                if (!std::equal(std::begin(made), std::end(made), signature.bytes.begin()))
                    std::abort();
            }
        });
    report_beside(
        "stellar.verify", kEach,
        [&] {
            for (int i = 0; i < kEach; ++i)
                if (!crypto::verify_ed25519(key.public_key(), message.view(), signature))
                    std::abort();
        },
        [&] {
            for (int i = 0; i < kEach; ++i)
                if (crypto_sign_verify_detached(signature.bytes.data(), message.view().data(),
                                                message.view().size(), public_key) != 0)
                    std::abort();
        });
}

/// Every envelope hashes to what the network called it, else there is nothing to measure.
void check(const std::vector<Envelope>& envelopes, const stellar::xdr::Hash& network) {
    for (const auto& e : envelopes) {
        const auto value = stellar::xdr::from_xdr<TransactionEnvelope>(e.xdr);
        if (!value || to_hex(stellar::xdr::transaction_hash(*value, network).view()) != e.hash)
            std::abort();
    }
}

}  // namespace

int main() {
    const auto envelopes = load();
    const auto network = stellar::xdr::network_id("Public Global Stellar Network ; September 2015");
    check(envelopes, network);
    const double before = spin_mops();
    const double count = static_cast<double>(envelopes.size()) * kRepeats;
    stellar::xdr::Writer scratch;
    std::uint64_t kept = 0;
    const auto each = [&](const std::function<void(const Envelope&)>& work) {
        return best_of(kRuns, [&] {
            for (int i = 0; i < kRepeats; ++i)
                for (const auto& e : envelopes) work(e);
        });
    };
    report("stellar.decode_hash", count, each([&](const Envelope& e) {
               const auto value = stellar::xdr::from_xdr<TransactionEnvelope>(e.xdr);
               kept += stellar::xdr::transaction_hash(*value, network, scratch).bytes[0];
           }),
           300'000);
    report("stellar.decode_hash_base64", count, each([&](const Envelope& e) {
               const auto value = stellar::xdr::from_base64<TransactionEnvelope>(e.base64);
               kept += stellar::xdr::transaction_hash(*value, network, scratch).bytes[0];
           }),
           0);
    report("stellar.decode", count, each([&](const Envelope& e) {
               kept += stellar::xdr::from_xdr<TransactionEnvelope>(e.xdr).has_value();
           }),
           0);
    const auto& type = **stellar::xdr::find_type("TransactionEnvelope");
    report("stellar.to_json", count,
           each([&](const Envelope& e) { kept += stellar::xdr::json_of_xdr(type, e.xdr)->size(); }),
           0);
    bench_signatures(network);
    std::printf(R"({"bench":"spin_calibration","value":%.1f,"after":%.1f,"unit":"Mops/s"})"
                "\n",
                before, spin_mops());
    return kept == 0 ? 1 : 0;
}
