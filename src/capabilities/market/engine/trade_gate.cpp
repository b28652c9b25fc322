#include "capabilities/market/engine/trade_gate.hpp"

#include <algorithm>

namespace astro::market {

void TradeGate::resume(TradeSeq last, TimeMs time) {
    last_ = last.value();
    last_time_ = time;
    gaps_.clear();
    forgotten_ = last_;
}

void TradeGate::resume(TradeSeq last, TimeMs time, std::vector<Gap> gaps) {
    resume(last, time);
    gaps_ = std::move(gaps);
    if (!gaps_.empty()) forgotten_ = gaps_.front().first - 1;
}

std::optional<TradeAside> TradeGate::admit(const CandleTrade& trade, TimeMs now) {
    auto why = judge(trade);
    if (!why) why = judge_time(trade, now);
    const std::uint64_t seq = trade.seq.value();
    if (!why) {
        if (seq <= last_) {
            why = fill(trade);
        } else if (trade.time < last_time_) {
            why = TradeAside::out_of_order;
        } else {
            open_gap(seq, trade.time);
            last_ = seq;
            last_time_ = trade.time;
        }
    }
    return count(why);
}

std::optional<TradeAside> TradeGate::admit_missed(const CandleTrade& trade) {
    auto why = judge(trade);
    if (!why) why = trade.seq.value() > last_ ? TradeAside::out_of_order : fill(trade);
    return count(why);
}

std::optional<TradeAside> TradeGate::count(std::optional<TradeAside> why) {
    if (why)
        ++set_aside_[static_cast<std::size_t>(*why)];
    else
        ++admitted_;
    return why;
}

std::uint64_t TradeGate::give_up(std::uint64_t first, std::uint64_t last) {
    std::vector<Gap> left;
    std::uint64_t given_up = 0;
    for (const Gap& gap : gaps_) {
        const std::uint64_t begin = std::max(gap.first, first), end = std::min(gap.last, last);
        if (begin > end) {
            left.push_back(gap);
            continue;
        }
        given_up += end - begin + 1;
        if (gap.first < begin) left.push_back({gap.first, begin - 1, gap.from, gap.to});
        if (end < gap.last) left.push_back({end + 1, gap.last, gap.from, gap.to});
    }
    gaps_ = std::move(left);
    return given_up;
}

/// What the trade itself says, whatever came before and whenever it is.
std::optional<TradeAside> TradeGate::judge(const CandleTrade& trade) {
    if (trade.price <= Price{0}) return TradeAside::not_positive;
    if (trade.size <= Base{0}) return TradeAside::zero_size;
    if (trade.value > exchange::kNotionalMax) return TradeAside::too_large;
    return std::nullopt;
}

std::optional<TradeAside> TradeGate::judge_time(const CandleTrade& trade, TimeMs now) const {
    if (trade.time.value() > now.value() + rules_.future_ms_max) return TradeAside::from_future;
    if (trade.time.value() < last_time_.value() - rules_.late_ms_max) return TradeAside::too_old;
    return std::nullopt;
}

void TradeGate::open_gap(std::uint64_t next, TimeMs time) {
    if (!rules_.dense || last_ == 0 || next - last_ == 1) return;
    if (next - last_ > kMissedMax) {
        forgotten_ = last_;
        gaps_.clear();
        return;
    }
    if (gaps_.size() == kGapsMax) {
        forgotten_ = gaps_.front().last;
        gaps_.erase(gaps_.begin());
    }
    gaps_.push_back({last_ + 1, next - 1, last_time_, time});
}

/// A trade that is not newer than the newest: one that was missed, or none.
std::optional<TradeAside> TradeGate::fill(const CandleTrade& trade) {
    const std::uint64_t seq = trade.seq.value();
    if (seq == last_) return TradeAside::duplicate;
    if (!rules_.dense || seq <= forgotten_) return TradeAside::out_of_order;
    const auto at = std::ranges::lower_bound(gaps_, seq, std::less<>(), &Gap::last);
    if (at == gaps_.end() || seq < at->first) return TradeAside::duplicate;
    if (trade.time < at->from || trade.time > at->to) return TradeAside::out_of_order;
    const Gap before{at->first, seq - 1, at->from, trade.time};
    const Gap after{seq + 1, at->last, trade.time, at->to};
    if (before.first <= before.last && after.first <= after.last) {
        *at = after;
        gaps_.insert(at, before);
    } else if (before.first <= before.last) {
        *at = before;
    } else if (after.first <= after.last) {
        *at = after;
    } else {
        gaps_.erase(at);
    }
    return std::nullopt;
}

}  // namespace astro::market
