#include "server/node/pipeline.hpp"

#include <algorithm>

#include "server/gateway/log.hpp"

namespace astro::node {
namespace {

using gateway::LogLevel;

/// Seconds; the promise is 25 ms at the median and 60 ms at the 99th percentile.
const std::vector<double> kLatencyBuckets = {0.002, 0.005, 0.01, 0.015, 0.02, 0.025,
                                             0.04,  0.06,  0.1,  0.25,  1,    5};

/// Label values come from this set; what a node invents beyond it is counted together.
std::string_view bounded_reason(const std::string& code) {
    return code.size() <= 64 ? std::string_view(code) : "other";
}

}  // namespace

void declare_pipeline_metrics(gateway::Metrics& metrics) {
    metrics.declare_counter("astrolabe_blocks_total", "Blocks processed, by what they are.");
    metrics.declare_counter("astrolabe_blocks_unreadable_total",
                            "Blocks whose document could not be read, by reason.");
    metrics.declare_counter("astrolabe_slots_skipped_total", "Slots without a block.");
    metrics.declare_counter("astrolabe_slots_orphaned_total",
                            "Slots whose block the chain dropped.");
    metrics.declare_counter("astrolabe_transactions_total",
                            "Transactions in processed blocks, by outcome.");
    metrics.declare_counter("astrolabe_transactions_unreadable_total",
                            "Transactions left out of a block, by reason.");
    metrics.declare_counter("astrolabe_swaps_total",
                            "Swaps, by protocol and whether the vaults confirm them.");
    metrics.declare_counter("astrolabe_findings_total", "Findings, by kind.");
    metrics.declare_counter("astrolabe_decode_unused_total",
                            "What decoding could not use, by reason.");
    metrics.declare_histogram("astrolabe_block_seconds",
                              "From a block's last byte to its findings on the bus.",
                              kLatencyBuckets);
}

void Pipeline::on_block(feeds::BlockObservation observation) {
    const auto block = parser_.parse_block(observation.json, observation.slot);
    if (!block) {
        metrics_.add("astrolabe_blocks_unreadable_total", {{"reason", block.error().code}});
        gateway::log(LogLevel::warn, "block.unreadable",
                     {{"slot", static_cast<std::int64_t>(observation.slot.value())},
                      {"code", block.error().code},
                      {"detail", block.error().text()}});
        return;
    }
    const solana::BlockActivity activity = solana::decode_activity(*block);
    const std::string label = activity.synthetic.empty() ? real_label_ : "synthetic";
    const mev::BlockReport report = mev_.on_block(activity, {label, observation.received});
    // Also what was seen before: series may have ended before what was found in it was written.
    market_.module().on_block(activity, market_.block_label(!activity.synthetic.empty()));
    if (report.seen_before) return;
    metrics_.add("astrolabe_blocks_total", {{"label", label}});
    count(*block, activity, report);
}

void Pipeline::count(const solana::Block& block, const solana::BlockActivity& activity,
                     const mev::BlockReport& report) {
    const solana::DecodeCounters& counters = activity.counters;
    const auto add = [&](std::string_view name, std::string_view label, std::string_view value,
                         std::uint64_t n) {
        if (n > 0) metrics_.add(name, {{label, value}}, static_cast<double>(n));
    };
    add("astrolabe_transactions_total", "outcome", "vote", counters.votes);
    add("astrolabe_transactions_total", "outcome", "failed", counters.failed);
    add("astrolabe_transactions_total", "outcome", "succeeded",
        counters.transactions - std::min(counters.transactions, counters.votes + counters.failed));
    add("astrolabe_decode_unused_total", "reason", "no_meta", counters.without_meta);
    add("astrolabe_decode_unused_total", "reason", "swap_without_legs",
        counters.dex_instructions_without_swap);
    add("astrolabe_decode_unused_total", "reason", "unknown_event", counters.unknown_events);
    add("astrolabe_decode_unused_total", "reason", "balance_mismatch", counters.balance_mismatch);
    for (const auto& skipped : block.skipped)
        add("astrolabe_transactions_unreadable_total", "reason", bounded_reason(skipped.code), 1);
    for (const auto& [kind, n] : report.findings_by_kind)
        add("astrolabe_findings_total", "kind", kind, n);
    for (const auto& [key, n] : report.swaps_by_protocol)
        metrics_.add("astrolabe_swaps_total",
                     {{"protocol", key.first}, {"verified", key.second ? "true" : "false"}},
                     static_cast<double>(n));
    metrics_.observe("astrolabe_block_seconds", {},
                     static_cast<double>(report.latency.value()) * 1e-9);
}

void Pipeline::on_skipped(Slot) {
    metrics_.add("astrolabe_slots_skipped_total");
}

void Pipeline::on_orphaned(Slot slot) {
    metrics_.add("astrolabe_slots_orphaned_total");
    mev_.on_orphaned(slot);
    market_.module().on_orphaned(slot);
}

}  // namespace astro::node
