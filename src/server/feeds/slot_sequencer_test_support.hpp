#pragma once

#include "server/feeds/slot_sequencer.hpp"

/// Blocks by their numbers, and steps as text.
namespace astro::feeds {

inline BlockLink link(std::uint64_t slot, std::uint64_t parent, std::string hash = {},
                      std::string parent_hash = {}) {
    if (hash.empty()) hash = "h" + std::to_string(slot);
    if (parent_hash.empty()) parent_hash = "h" + std::to_string(parent);
    return {Slot{slot}, Slot{parent}, std::move(hash), std::move(parent_hash)};
}

inline BlockObservation bytes(std::uint64_t slot, BlockSource source = BlockSource::websocket) {
    return {Slot{slot}, "block " + std::to_string(slot), TimestampNs{0}, source};
}

/// Steps as a line of text: "+7" delivered, "_8" skipped, "-7" orphaned, "lost 3..5".
inline std::string text(const std::vector<Step>& steps) {
    std::string out;
    for (const Step& step : steps) {
        if (!out.empty()) out += ' ';
        const std::string first = std::to_string(step.first.value());
        const std::string range = first + ".." + std::to_string(step.last.value());
        switch (step.kind) {
            case Step::Kind::deliver:
                out += "+" + first;
                break;
            case Step::Kind::skipped:
                out += "_" + first;
                break;
            case Step::Kind::orphaned:
                out += "-" + first;
                break;
            case Step::Kind::lost:
                out += "lost " + range;
                break;
            case Step::Kind::broken:
                out += "broken " + range;
                break;
        }
    }
    return out;
}

}  // namespace astro::feeds
