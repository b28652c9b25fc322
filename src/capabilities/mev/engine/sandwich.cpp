#include "capabilities/mev/engine/sandwich.hpp"

#include <algorithm>
#include <utility>

#include "capabilities/mev/engine/sandwich_report.hpp"
#include "capabilities/mev/engine/sandwich_search.hpp"

namespace astro::mev {
namespace {

std::vector<solana::Position> attack_legs(const SandwichShape& shape) {
    std::vector<solana::Position> legs;
    for (const auto* side : {&shape.fronts, &shape.backs})
        for (const auto* r : *side) legs.push_back(r->at());
    return legs;
}

std::vector<std::pair<Pubkey, Pubkey>> wrapper_traders(const solana::BlockActivity& block) {
    std::vector<std::pair<Pubkey, Pubkey>> out;
    for (const auto& tx : block.transactions)
        for (const auto& s : tx.swaps)
            if (!s.wrapper.is_zero() && !s.via_aggregator) out.emplace_back(s.wrapper, s.trader);
    return out;
}

std::vector<Pubkey> ends_of(const std::vector<MoneyEdge>& edges) {
    std::vector<Pubkey> ends;
    ends.reserve(edges.size() * 2);
    for (const auto& e : edges) {
        ends.push_back(e.from);
        ends.push_back(e.to);
    }
    std::ranges::sort(ends);
    const auto repeated = std::ranges::unique(ends);
    ends.erase(repeated.begin(), repeated.end());
    return ends;
}

}  // namespace

SandwichDetector::SandwichDetector(SandwichConfig config)
    : config_(config), window_(config.limits) {}

std::vector<Finding> SandwichDetector::add_block(const solana::BlockActivity& block,
                                                 const PriceTable& prices) {
    const auto newest = window_.newest();
    if (newest && block.slot.value() + config_.slots_apart_max < newest->value()) {
        window_.clear();
        graph_.clear();
        given_.clear();
    }
    if (window_.has_slot(block.slot)) drop_slot(block.slot);

    auto edges = money_edges(block);
    if (edges.size() > config_.limits.edges_per_block_max)
        edges.resize(config_.limits.edges_per_block_max);
    // A transfer may be the link that was missing between swaps seen earlier.
    auto pools = window_.pools_of(ends_of(edges));
    graph_.set_slot(block.slot, std::move(edges), wrapper_traders(block));
    const auto touched = window_.add(block);
    pools.insert(pools.end(), touched.begin(), touched.end());
    std::ranges::sort(pools);
    const auto repeated = std::ranges::unique(pools);
    pools.erase(repeated.begin(), repeated.end());
    if (const auto latest = window_.newest()->value(); latest > config_.slots_apart_max)
        forget_before(Slot{latest - config_.slots_apart_max});

    std::vector<Finding> out;
    for (const auto& pool : pools) search_pool(pool, block, prices, out);
    std::ranges::stable_sort(out, {}, [](const Finding& f) {
        const auto& last = f.legs.back();
        return std::tuple{last.slot, last.tx_index, last.ix_index, last.inner_index};
    });
    return out;
}

void SandwichDetector::search_pool(const Pubkey& pool, const solana::BlockActivity& block,
                                   const PriceTable& prices, std::vector<Finding>& out) {
    auto* swaps = window_.pool(pool);
    if (swaps == nullptr || swaps->size() < 3) return;
    for (auto& shape : find_shapes(*swaps, graph_, config_)) {
        auto legs = attack_legs(shape);
        const std::string* id = nullptr;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* r : *side)
                if (!r->used_by.empty()) id = &r->used_by;
        if (id != nullptr) {
            const auto known = given_.find(*id);
            // Only what adds legs is news; fewer means that the window has moved on.
            if (known == given_.end() || legs.size() <= known->second.legs.size()) continue;
        }
        auto finding = report_sandwich(shape, *swaps, block, prices, config_);
        if (!finding) continue;
        if (id != nullptr) finding->id = *id;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (auto* r : *side) r->used_by = finding->id;
        given_[finding->id] = {finding->slot, std::move(legs)};
        out.push_back(std::move(*finding));
    }
}

void SandwichDetector::drop_slot(Slot slot) {
    std::erase_if(given_, [&](const auto& entry) {
        const auto& legs = entry.second.legs;
        if (std::ranges::none_of(legs, [&](const auto& at) { return at.slot == slot; }))
            return false;
        window_.release(entry.first);
        return true;
    });
    window_.drop_slot(slot);
    graph_.drop_slot(slot);
}

void SandwichDetector::forget_before(Slot slot) {
    window_.drop_before(slot);
    graph_.drop_before(slot);
    std::erase_if(given_, [&](const auto& entry) { return entry.second.last_slot < slot; });
}

}  // namespace astro::mev
