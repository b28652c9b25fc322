// Raw JSON of two real blocks → parsed → decoded → detected, on one core: transactions and bytes a
// second of CPU time. Each figure is the median of many passes, with the best beside it, and the
// speed of a plain loop before and after, so that a slow or busy machine shows.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "capabilities/mev/engine/detector.hpp"
#include "chains/solana/activity.hpp"
#include "chains/solana/block_json.hpp"

namespace {

using namespace astro;

constexpr int kPasses = 31;

struct Input {
    std::string json;
    Slot slot;
};

Input load(const char* name, std::uint64_t slot) {
    std::ifstream file(std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks/" + name,
                       std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return {std::move(text).str(), Slot{slot}};
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Seconds for a fixed chain of dependent multiplications: how fast this core is right now.
double spin() {
    const auto begin = cpu_seconds();
    std::uint64_t x = 88172645463325252ULL;
    for (int i = 0; i < 50'000'000; ++i) x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    volatile std::uint64_t keep = x;
    (void)keep;
    return cpu_seconds() - begin;
}

struct Pass {
    double parse = 0, decode = 0, detect = 0;
    [[nodiscard]] double total() const { return parse + decode + detect; }
};

struct Counts {
    std::size_t transactions = 0, swaps = 0, findings = 0;
};

Pass run(const std::vector<Input>& inputs, solana::BlockParser& parser, Counts& counts) {
    mev::Detector detector;
    Pass pass;
    counts = {};
    for (const auto& input : inputs) {
        const auto t0 = cpu_seconds();
        const auto block = parser.parse_block(input.json, input.slot);
        const auto t1 = cpu_seconds();
        if (!block) {
            std::fprintf(stderr, "mev_bench: %s\n", block.error().text().c_str());
            std::exit(1);
        }
        const auto activity = solana::decode_activity(*block);
        const auto t2 = cpu_seconds();
        const auto found = detector.on_block(activity);
        const auto t3 = cpu_seconds();
        pass.parse += t1 - t0;
        pass.decode += t2 - t1;
        pass.detect += t3 - t2;
        counts.transactions += block->transactions.size();
        counts.swaps += activity.counters.swaps;
        counts.findings += found.findings.size();
    }
    return pass;
}

template <class Of>
std::pair<double, double> median_and_best(const std::vector<Pass>& passes, Of&& of) {
    std::vector<double> values;
    for (const auto& p : passes) values.push_back(of(p));
    std::ranges::sort(values);
    return {values[values.size() / 2], values.front()};
}

void report(const char* bench, double median, double best, const char* unit, double limit) {
    std::printf(R"({"bench":"%s","value":%.1f,"best":%.1f,"unit":"%s")", bench, median, best, unit);
    if (limit > 0)
        std::printf(R"(,"limit":%.1f,"limit_is":"at least","ok":%s)", limit,
                    median >= limit ? "true" : "false");
    std::printf(R"(,"passes":%d,"clock":"cpu"})"
                "\n",
                kPasses);
}

}  // namespace

int main() {
    const std::vector<Input> inputs{load("block_254170887_part1.json", 254170887),
                                    load("block_285000037.json", 285000037)};
    std::size_t bytes = 0;
    for (const auto& input : inputs) bytes += input.json.size();
    solana::BlockParser parser;
    Counts counts;
    const auto spin_before = spin();
    for (int i = 0; i < 3; ++i) (void)run(inputs, parser, counts);
    std::vector<Pass> passes;
    for (int i = 0; i < kPasses; ++i) passes.push_back(run(inputs, parser, counts));
    const auto spin_after = spin();

    const auto transactions = static_cast<double>(counts.transactions);
    const auto megabytes = static_cast<double>(bytes) / 1e6;
    const auto [total, best] = median_and_best(passes, [](const Pass& p) { return p.total(); });
    report("mev.decode_and_detect", transactions / total, transactions / best, "tx/s", 40'000);
    report("mev.decode_and_detect_bytes", megabytes / total, megabytes / best, "MB/s", 200);
    const auto stage = [&](const char* name, auto&& of) {
        const auto [median, fastest] = median_and_best(passes, of);
        report(name, median * 1e9 / transactions, fastest * 1e9 / transactions, "ns/tx", 0);
    };
    stage("mev.parse", [](const Pass& p) { return p.parse; });
    stage("mev.decode", [](const Pass& p) { return p.decode; });
    stage("mev.detect", [](const Pass& p) { return p.detect; });
    std::printf(R"({"bench":"spin_calibration","value":%.1f,"after":%.1f,"unit":"Mops/s"})"
                "\n",
                50 / spin_before, 50 / spin_after);
    std::printf(
        R"({"bench":"mev.input","value":%zu,"unit":"tx","bytes":%zu,"swaps":%zu,"findings":%zu})"
        "\n",
        counts.transactions, bytes, counts.swaps, counts.findings);
}
