#include "capabilities/mev/engine/composer.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace astro::mev {
namespace {

int strength(FindingKind kind) {
    switch (kind) {
        case FindingKind::sandwich:
            return 2;
        case FindingKind::liquidation:
            return 1;
        default:
            return 0;
    }
}

bool looks_forward(const Finding& f) {
    return f.status == FindingStatus::open;
}

auto last_place(const Finding& f) {
    std::tuple<Slot, std::uint32_t, std::uint16_t, std::int16_t> last{f.slot, 0, 0, -1};
    for (const auto& leg : f.legs)
        last = std::max(last, std::tuple(leg.slot, leg.tx_index, leg.ix_index, leg.inner_index));
    return last;
}

}  // namespace

std::size_t Composer::PlaceHash::operator()(const Place& p) const noexcept {
    const auto ix =
        static_cast<std::uint64_t>(p.ix_index) << 16 | static_cast<std::uint16_t>(p.inner_index);
    const auto place = static_cast<std::uint64_t>(p.tx_index) << 32 | ix;
    return (p.slot.value() * 0x9E3779B97F4A7C15ULL) ^ (place * 0xC2B2AE3D27D4EB4FULL);
}

std::vector<Composer::Place> Composer::places_of(const Finding& f) {
    std::vector<Place> places;
    for (const auto& leg : f.legs)
        if (leg.role != LegRole::victim)
            places.push_back({leg.slot, leg.tx_index, leg.ix_index, leg.inner_index});
    std::ranges::sort(places);
    const auto repeated = std::ranges::unique(places);
    places.erase(repeated.begin(), repeated.end());
    return places;
}

Composer::Rank Composer::rank_of(const Finding& f) {
    return {
        .realised = f.status == FindingStatus::realised ? 1 : 0,
        .kind = strength(f.kind),
        .net = f.net_lamports ? f.net_lamports->value() : std::numeric_limits<std::int64_t>::min()};
}

void Composer::absorb(Finding& f, const std::string& id, FindingKind kind, double confidence) {
    if (std::ranges::find(f.merged, id) != f.merged.end()) return;
    f.merged.push_back(id);
    f.confidence = std::max(f.confidence, confidence);
    f.reasons.push_back("contains what alone would be " +
                        std::string(kind == FindingKind::arbitrage
                                        ? "an arbitrage"
                                        : "a " + std::string(enum_name(kind))) +
                        " (" + id + "); it is counted once, here");
}

std::optional<std::uint64_t> Composer::user_of(const Place& p) const {
    const auto it = users_.find(p);
    if (it == users_.end() || it->second < first_number_) return std::nullopt;
    return it->second;
}

bool Composer::yields_to_earlier(const Finding& f, const std::vector<Place>& places) const {
    const auto rank = rank_of(f);
    return std::ranges::any_of(places, [&](const Place& p) {
        const auto user = user_of(p);
        if (!user) return false;
        const auto& earlier = remembered_[*user - first_number_];
        return earlier.standing && earlier.id != f.id && earlier.rank >= rank;
    });
}

void Composer::absorb_earlier(Finding& f, const std::vector<Place>& places,
                              std::vector<std::string>& superseded) {
    for (const auto& p : places) {
        const auto user = user_of(p);
        if (!user) continue;
        auto& earlier = remembered_[*user - first_number_];
        if (!earlier.standing) continue;
        earlier.standing = false;
        if (earlier.id == f.id) {
            for (const auto& id : earlier.merged)
                if (std::ranges::find(f.merged, id) == f.merged.end()) f.merged.push_back(id);
            continue;
        }
        absorb(f, earlier.id, earlier.kind, earlier.confidence);
        superseded.push_back(earlier.id);
    }
}

void Composer::remember(const Finding& f, std::vector<Place> places) {
    const auto number = first_number_ + remembered_.size();
    for (const auto& p : places) users_[p] = number;
    remembered_.push_back({.id = f.id,
                           .kind = f.kind,
                           .rank = rank_of(f),
                           .confidence = f.confidence,
                           .places = std::move(places),
                           .merged = f.merged,
                           .slot = f.slot});
    newest_ = std::max(newest_, f.slot);
}

void Composer::forget_oldest() {
    while (!remembered_.empty() &&
           (remembered_.size() > config_.remembered_findings_max ||
            remembered_.front().slot.value() + config_.window_slots < newest_.value())) {
        for (const auto& p : remembered_.front().places)
            if (const auto it = users_.find(p); it != users_.end() && it->second == first_number_)
                users_.erase(it);
        remembered_.pop_front();
        ++first_number_;
    }
}

/// `batch_begin` = the first number given out in this call: what is from there on is still in
/// `out`.
void Composer::settle(Finding f, std::uint64_t batch_begin,
                      std::unordered_map<std::uint64_t, std::size_t>& index_of, Composed& out) {
    auto places = places_of(f);
    for (const auto& p : places) {
        const auto user = user_of(p);
        if (!user || *user < batch_begin) continue;
        absorb(out.findings[index_of.at(*user)], f.id, f.kind, f.confidence);
        return;
    }
    if (yields_to_earlier(f, places)) return;
    absorb_earlier(f, places, out.superseded);
    index_of[first_number_ + remembered_.size()] = out.findings.size();
    remember(f, std::move(places));
    out.findings.push_back(std::move(f));
}

Composed Composer::compose(std::vector<Finding> candidates) {
    Composed out;
    std::ranges::sort(candidates, [](const Finding& a, const Finding& b) {
        const auto ra = rank_of(a), rb = rank_of(b);
        return ra != rb ? ra > rb : a.id < b.id;
    });
    const auto batch_begin = first_number_ + remembered_.size();
    std::unordered_map<std::uint64_t, std::size_t> index_of;  // number → index in out.findings
    for (auto& f : candidates) {
        if (looks_forward(f))
            out.findings.push_back(std::move(f));
        else
            settle(std::move(f), batch_begin, index_of, out);
    }
    std::ranges::sort(out.findings, [](const Finding& a, const Finding& b) {
        const auto pa = last_place(a), pb = last_place(b);
        return pa != pb ? pa < pb : a.id < b.id;
    });
    forget_oldest();
    return out;
}

void Composer::drop_slot(Slot slot) {
    for (auto& r : remembered_)
        if (std::ranges::any_of(r.places, [&](const Place& p) { return p.slot == slot; }))
            r.standing = false;
    std::erase_if(users_, [&](const auto& entry) { return entry.first.slot == slot; });
}

}  // namespace astro::mev
