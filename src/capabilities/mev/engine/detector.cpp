#include "capabilities/mev/engine/detector.hpp"

#include <utility>

namespace astro::mev {

Detector::Detector(DetectorConfig config) : config_(config), prices_(config.prices) {}

BlockFindings Detector::on_block(const solana::BlockActivity& block) {
    prices_.on_block(block);
    BlockFindings out;
    out.findings = find_arbitrages(block, prices_, config_.arbitrage);
    return out;
}

BlockFindings Detector::flush() {
    return {};
}

void Detector::drop_slot(Slot slot) {
    prices_.drop_slot(slot);
}

}  // namespace astro::mev
