#include "capabilities/mev/engine/detector.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "capabilities/mev/engine/liquidation.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

void append(std::vector<Finding>& all, std::vector<Finding> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

void fill_decimals(std::vector<Finding>& findings, const solana::BlockActivity& block) {
    for (auto& finding : findings)
        for (auto& leg : finding.legs) {
            if (!leg.decimals_in) leg.decimals_in = decimals_of(block.mints, leg.mint_in);
            if (!leg.decimals_out) leg.decimals_out = decimals_of(block.mints, leg.mint_out);
        }
}

}  // namespace

Detector::Detector(DetectorConfig config)
    : config_(config),
      prices_(config.prices),
      sandwiches_(config.sandwich),
      composer_(config.composer),
      opportunities_(config.opportunity) {}

BlockFindings Detector::on_block(const solana::BlockActivity& block) {
    prices_.on_block(block);
    auto candidates = find_arbitrages(block, prices_, config_.arbitrage);
    append(candidates, find_liquidations(block, prices_));
    append(candidates, sandwiches_.add_block(block, prices_));
    if (config_.opportunities) append(candidates, opportunities_.on_block(block, prices_));
    auto composed = composer_.compose(std::move(candidates));
    fill_decimals(composed.findings, block);
    return {std::move(composed.findings), std::move(composed.superseded)};
}

BlockFindings Detector::flush() {
    auto composed = composer_.compose(sandwiches_.flush());
    return {std::move(composed.findings), std::move(composed.superseded)};
}

void Detector::drop_slot(Slot slot) {
    prices_.drop_slot(slot);
    sandwiches_.drop_slot(slot);
    composer_.drop_slot(slot);
    opportunities_.drop_slot(slot);
}

}  // namespace astro::mev
