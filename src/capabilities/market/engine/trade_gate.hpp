#pragma once

#include <array>
#include <vector>

#include "capabilities/market/engine/candle.hpp"

namespace astro::market {

/// Why a trade is not taken.
enum class TradeAside : std::uint8_t {
    not_positive,  ///< its price
    zero_size,     ///< or less
    too_large,     ///< larger than any that is believed
    from_future,
    duplicate,     ///< one with this number was taken
    out_of_order,  ///< its number and its time disagree, or nobody knows whether it was taken
    too_old        ///< its candles are no longer kept
};
BOOST_DESCRIBE_ENUM(TradeAside, not_positive, zero_size, too_large, from_future, duplicate,
                    out_of_order, too_old)
inline constexpr std::size_t kTradeAsideKinds = 7;

struct GateRules {
    /// Numbers have no holes: one that is left out was missed, and may still come.
    bool dense = false;
    std::int64_t future_ms_max = 5'000;  ///< ahead of our own clock
    std::int64_t late_ms_max = 600'000;  ///< behind the newest trade
};

/// Lets each trade of one source and symbol through once. Not thread-safe.
///
///     numbers   … 41 42 43 ·· ·· 46 47 48      44 and 45 were missed: they are taken when they
///                          └gap┘        ▲      come, by a back-fill or late, between the times
///                                    newest    of 43 and 46. All else up to 48 is a duplicate.
///
/// Of sources whose numbers have holes by themselves no gaps are kept: what is not newer than the
/// newest is set aside.
class TradeGate {
  public:
    static constexpr std::size_t kGapsMax = 64;           ///< then the oldest is given up
    static constexpr std::uint64_t kMissedMax = 100'000;  ///< a longer gap is no gap: it began anew

    struct Gap {
        std::uint64_t first = 0, last = 0;  ///< numbers that were missed
        TimeMs from{}, to{};                ///< of the trades beside it
        bool operator==(const Gap&) const = default;
    };

    explicit TradeGate(const GateRules& rules = {}) : rules_(rules) {}

    /// Goes on after what an earlier run has taken.
    void resume(TradeSeq last, TimeMs time);
    /// With those that it had missed, oldest first.
    void resume(TradeSeq last, TimeMs time, std::vector<Gap> gaps);
    /// Nothing: the trade is to be taken, and counts as taken from here on.
    [[nodiscard]] std::optional<TradeAside> admit(const CandleTrade& trade, TimeMs now);
    /// The same of one that was missed, however long ago; all others are set aside.
    [[nodiscard]] std::optional<TradeAside> admit_missed(const CandleTrade& trade);
    /// The numbers [first, last] are no longer waited for: their source has none of them. How many.
    std::uint64_t give_up(std::uint64_t first, std::uint64_t last);

    [[nodiscard]] TradeSeq last() const { return TradeSeq{last_}; }
    [[nodiscard]] TimeMs last_time() const { return last_time_; }
    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }
    [[nodiscard]] std::uint64_t admitted() const { return admitted_; }
    [[nodiscard]] std::uint64_t set_aside(TradeAside why) const {
        return set_aside_[static_cast<std::size_t>(why)];
    }

  private:
    [[nodiscard]] static std::optional<TradeAside> judge(const CandleTrade& trade);
    [[nodiscard]] std::optional<TradeAside> judge_time(const CandleTrade& trade, TimeMs now) const;
    std::optional<TradeAside> count(std::optional<TradeAside> why);
    [[nodiscard]] std::optional<TradeAside> fill(const CandleTrade& trade);
    void open_gap(std::uint64_t next, TimeMs time);

    GateRules rules_;
    std::uint64_t last_ = 0;
    TimeMs last_time_{};
    std::vector<Gap> gaps_;        ///< oldest first
    std::uint64_t forgotten_ = 0;  ///< up to here nobody knows any more what was missed
    std::uint64_t admitted_ = 0;
    std::array<std::uint64_t, kTradeAsideKinds> set_aside_{};
};

}  // namespace astro::market
