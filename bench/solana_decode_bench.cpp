// Text of real blocks → Block, on one core. Best of many runs by wall time, the same by CPU time,
// and the speed of a plain loop before and after, so that a slow or busy machine shows. The peer is
// simdjson's own tree parser on the same text: it stops at a generic tree, with keys and
// instruction data still in base58.
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "chains/solana/block_json.hpp"
#include "chains/solana/json_splitter.hpp"

namespace {

using namespace astro;

constexpr int kRuns = 60;

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

/// A fixed chain of dependent multiplications: how fast this core is right now.
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

std::string load(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks/" + name,
                     std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void report(const std::string& bench, const char* unit, double wall, double cpu, double limit,
            double peer) {
    std::printf(R"({"bench":"%s","value":%.1f,"wall":%.1f,"unit":"%s","clock":"cpu")",
                bench.c_str(), cpu, wall, unit);
    if (limit > 0)
        std::printf(R"(,"limit":%.1f,"limit_is":"at least","ok":%s)", limit,
                    cpu >= limit ? "true" : "false");
    if (peer > 0) std::printf(R"(,"peer":%.1f,"peer_is":"simdjson DOM, same text")", peer);
    std::printf(R"(,"best_of":%d})"
                "\n",
                kRuns);
}

void bench_block(const std::string& label, const std::string& file, double transactions_limit) {
    const std::string text = load(file);
    solana::BlockParser parser;
    std::size_t transactions = 0;
    const Best ours = best_of(kRuns, [&] {
        const auto block = parser.parse_block(text);
        transactions = block ? block->transactions.size() : 0;
    });
    const simdjson::padded_string padded(text);
    simdjson::dom::parser dom;
    const Best peer = best_of(kRuns, [&] {
        if (dom.parse(padded).error() != simdjson::SUCCESS) std::abort();
    });
    const auto megabytes = static_cast<double>(text.size()) / 1e6;
    const auto count = static_cast<double>(transactions);
    report("solana.parse." + label, "tx/s", count / ours.wall, count / ours.cpu, transactions_limit,
           count / peer.cpu);
    report("solana.parse_bytes." + label, "MB/s", megabytes / ours.wall, megabytes / ours.cpu, 0,
           megabytes / peer.cpu);
}

void bench_splitter() {
    const std::string block = load("block_285000037.json");
    std::string lines;
    for (int i = 0; i < 4; ++i) lines += block + "\n";
    std::size_t pieces = 0;
    const Best best = best_of(kRuns, [&] {
        solana::JsonSplitter splitter(solana::kMaxBlockBytes);
        splitter.append(lines);
        splitter.finish();
        for (pieces = 0; splitter.next();) ++pieces;
    });
    if (pieces != 4) std::abort();
    const auto megabytes = static_cast<double>(lines.size()) / 1e6;
    report("solana.split_lines", "MB/s", megabytes / best.wall, megabytes / best.cpu, 0, 0);
}

void bench_base58() {
    constexpr std::size_t kCount = 20'000;
    std::uint64_t state = 1;
    std::vector<std::string> texts(kCount);
    for (auto& text : texts) {
        solana::Pubkey key;
        for (auto& byte : key.bytes) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::uint8_t>(state >> 56);
        }
        text = to_text(key);
    }
    solana::Pubkey key;
    const Best best = best_of(kRuns, [&] {
        for (const auto& text : texts)
            if (!decode_base58_fixed(text, key.bytes)) std::abort();
    });
    report("base58.key", "keys/s", kCount / best.wall, kCount / best.cpu, 0, 0);
}

}  // namespace

int main() {
    const double before = spin_mops();
    bench_block("json", "block_285000037.json", 100'000);
    bench_block("json_254170887", "block_254170887_part1.json", 0);
    bench_block("base64", "block_254170887_base64_first40.json", 0);
    bench_block("jsonParsed", "chainstorage_block_v2.json", 0);
    bench_splitter();
    bench_base58();
    std::printf(R"({"bench":"spin_calibration","value":%.1f,"after":%.1f,"unit":"Mops/s"})"
                "\n",
                before, spin_mops());
}
