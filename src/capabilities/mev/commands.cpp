#include "capabilities/mev/commands.hpp"

#include <algorithm>
#include <set>

#include "capabilities/mev/engine/wording.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev {
namespace {

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += separator;
        text += part;
    }
    return text;
}

std::string protocols_of(const Finding& f) {
    std::vector<std::string> names;
    for (const auto& leg : f.legs)
        if (leg.role != LegRole::victim && std::ranges::find(names, leg.protocol) == names.end())
            names.push_back(leg.protocol);
    return join(names, "+");
}

std::string percent(double share) {
    return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

std::string transactions_of(const Finding& f) {
    std::vector<std::string> places;
    for (const auto& leg : f.legs) {
        const auto place = std::to_string(leg.tx_index);
        if (std::ranges::find(places, place) == places.end()) places.push_back(place);
    }
    if (places.size() > 4) places = {places[0], "…", places.back()};
    return join(places, ",");
}

void place_at(solana::TransactionActivity& tx, std::uint32_t index) {
    tx.index = index;
    for (auto& s : tx.swaps) s.at.tx_index = index;
    for (auto& t : tx.token_transfers) t.at.tx_index = index;
    for (auto& t : tx.sol_transfers) t.at.tx_index = index;
    for (auto& l : tx.liquidations) l.at.tx_index = index;
}

void merge_mints(std::vector<solana::MintInfo>& mints, std::vector<solana::MintInfo> more) {
    mints.insert(mints.end(), more.begin(), more.end());
    std::ranges::stable_sort(mints, {}, &solana::MintInfo::mint);
    const auto repeated = std::ranges::unique(mints, {}, &solana::MintInfo::mint);
    mints.erase(repeated.begin(), repeated.end());
}

}  // namespace

std::string finding_json(const Finding& finding) {
    return to_json(finding);
}

std::vector<std::string> finding_columns() {
    return {"kind", "outcome", "slot", "tx", "net", "USD", "sure", "actor", "through"};
}

std::vector<std::string> finding_cells(const Finding& f) {
    std::string outcome = f.status == FindingStatus::open ? "open"
                          : f.profitable                  ? "profit"
                          : f.net_lamports                ? "no gain"
                                                          : "gain unknown";
    if (f.backrun) outcome += ", back-run";
    return {std::string(enum_name(f.kind)),
            outcome,
            std::to_string(f.slot.value()),
            transactions_of(f),
            f.net_lamports ? sol_text(*f.net_lamports) : "?",
            f.net_usd_micros ? usd_text(*f.net_usd_micros) : "?",
            percent(f.confidence),
            f.actor.is_zero() ? "-" : short_key(f.actor),
            protocols_of(f)};
}

std::vector<std::string> finding_details(const Finding& f) {
    std::vector<std::string> lines;
    if (!f.actor.is_zero()) lines.push_back("actor " + to_text(f.actor));
    for (const auto& s : f.signatures) lines.push_back("transaction " + to_text(s));
    for (const auto& s : f.victims) lines.push_back("victim " + to_text(s));
    for (const auto& r : f.reasons) lines.push_back("· " + r);
    if (!f.synthetic.empty()) lines.push_back("synthetic: " + f.synthetic);
    return lines;
}

std::vector<std::string> swap_columns() {
    return {"slot", "tx", "ix", "protocol", "pool", "trader", "in", "out", "verified"};
}

std::vector<std::string> swap_cells(const solana::Swap& s,
                                    std::span<const solana::MintInfo> mints) {
    const Wording say(mints);
    std::string ix = std::to_string(s.at.ix_index);
    if (s.at.inner_index >= 0) ix += "." + std::to_string(s.at.inner_index);
    return {std::to_string(s.at.slot.value()),
            std::to_string(s.at.tx_index),
            ix,
            std::string(enum_name(s.protocol)),
            short_key(s.pool),
            short_key(s.trader),
            say.amount(s.mint_in, s.amount_in),
            say.amount(s.mint_out, s.amount_out),
            s.verified ? "yes" : "no"};
}

std::uint64_t merge_block(solana::BlockActivity& block, solana::BlockActivity more) {
    const bool single = more.transaction_count <= 1 || block.transaction_count <= 1;
    std::set<Signature> known;
    std::uint32_t next = 0;
    for (const auto& tx : block.transactions) {
        known.insert(tx.signature);
        next = std::max(next, tx.index + 1);
    }
    std::uint64_t repeated = 0;
    for (auto& tx : more.transactions) {
        if (!known.insert(tx.signature).second) {
            ++repeated;
            continue;
        }
        if (single) place_at(tx, next++);
        block.transactions.push_back(std::move(tx));
    }
    std::ranges::stable_sort(block.transactions, {}, &solana::TransactionActivity::index);
    block.transaction_count =
        std::max<std::uint32_t>({block.transaction_count, more.transaction_count,
                                 static_cast<std::uint32_t>(block.transactions.size())});
    merge_mints(block.mints, std::move(more.mints));
    if (!block.leader) block.leader = more.leader;
    if (!block.time) block.time = more.time;
    if (block.synthetic.empty()) block.synthetic = more.synthetic;
    return repeated;
}

Scan::Scan(ScanOptions options, Sink sink)
    : options_(options), sink_(std::move(sink)), detector_(options.detector) {}

void Scan::add(solana::BlockActivity block) {
    const auto slot = block.slot.value();
    if (const auto it = held_.find(slot); it != held_.end())
        repeated_ += merge_block(it->second, std::move(block));
    else
        held_.emplace(slot, std::move(block));
    if (held_.size() > options_.held_blocks_max) look_at_first();
}

void Scan::look_at_first() {
    const auto first = held_.begin();
    const auto slot = first->first;
    take(detector_.on_block(first->second));
    held_.erase(first);
    const auto window = options_.detector.composer.window_slots;
    if (slot > window) emit_until(slot - window);
}

void Scan::take(BlockFindings found) {
    for (auto& id : found.superseded) superseded_.insert(std::move(id));
    for (auto& f : found.findings) {
        const auto same = std::ranges::find(waiting_, f.id, &Finding::id);
        if (same != waiting_.end())
            *same = std::move(f);
        else
            waiting_.push_back(std::move(f));
    }
}

/// Gives out what ends before `slot`.
void Scan::emit_until(std::uint64_t slot) {
    const auto due = std::stable_partition(waiting_.begin(), waiting_.end(),
                                           [&](const auto& f) { return f.slot.value() < slot; });
    std::stable_sort(waiting_.begin(), due,
                     [](const Finding& a, const Finding& b) { return a.slot < b.slot; });
    for (auto it = waiting_.begin(); it != due; ++it)
        if (superseded_.erase(it->id) == 0) sink_(*it);
    waiting_.erase(waiting_.begin(), due);
}

void Scan::finish() {
    while (!held_.empty()) look_at_first();
    take(detector_.flush());
    emit_until(UINT64_MAX);
    superseded_.clear();
}

}  // namespace astro::mev
