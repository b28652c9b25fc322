#include "capabilities/mev/leaders.hpp"

#include <algorithm>

namespace astro::mev {
namespace {

LeaderTotals share_of(const std::string& leader, const std::vector<FindingRow>& findings) {
    LeaderTotals share{.leader = leader, .slots = 1};
    for (const auto& finding : findings) {
        const auto& columns = finding.columns;
        if (columns.status == FindingStatus::open || finding.retold) continue;
        ++share.findings;
        share.sandwiches += columns.kind == FindingKind::sandwich;
        share.arbitrages += columns.kind == FindingKind::arbitrage;
        share.liquidations += columns.kind == FindingKind::liquidation;
        if (columns.gain_lamports > Lamports{0}) share.profit_lamports += columns.gain_lamports;
        share.tips_lamports += columns.tip_lamports;
    }
    return share;
}

void apply(LeaderTotals& totals, const LeaderTotals& share, bool add) {
    const auto count = [add](std::uint64_t& sum, std::uint64_t part) {
        sum = add ? sum + part : sum - std::min(sum, part);
    };
    count(totals.slots, share.slots);
    count(totals.findings, share.findings);
    count(totals.sandwiches, share.sandwiches);
    count(totals.arbitrages, share.arbitrages);
    count(totals.liquidations, share.liquidations);
    totals.profit_lamports += add ? share.profit_lamports : Lamports{0} - share.profit_lamports;
    totals.tips_lamports += add ? share.tips_lamports : Lamports{0} - share.tips_lamports;
}

}  // namespace

void LeaderBook::restore(LeaderTotals totals) {
    const auto leader = totals.leader;
    totals_[leader] = std::move(totals);
    places_[leader] = order_.insert(order_.end(), leader);
    forget_oldest();
}

const LeaderTotals& LeaderBook::add(const std::string& leader, Slot slot,
                                    const std::vector<FindingRow>& findings) {
    if (const auto place = places_.find(leader); place != places_.end())
        order_.splice(order_.end(), order_, place->second);
    else
        places_[leader] = order_.insert(order_.end(), leader);
    auto share = share_of(leader, findings);
    LeaderTotals& totals = totals_[leader];
    totals.leader = leader;
    apply(totals, share, true);
    recent_.emplace_back(slot, std::move(share));
    if (recent_.size() > kSlotsRemembered) recent_.pop_front();
    forget_oldest();
    return totals;
}

const LeaderTotals* LeaderBook::take_back(Slot slot) {
    const auto at =
        std::ranges::find_if(recent_, [&](const auto& entry) { return entry.first == slot; });
    if (at == recent_.end()) return nullptr;
    const auto share = std::move(at->second);
    recent_.erase(at);
    const auto totals = totals_.find(share.leader);
    if (totals == totals_.end()) return nullptr;
    apply(totals->second, share, false);
    return &totals->second;
}

void LeaderBook::forget_oldest() {
    while (order_.size() > leaders_max_) {
        totals_.erase(order_.front());
        places_.erase(order_.front());
        order_.pop_front();
    }
}

}  // namespace astro::mev
