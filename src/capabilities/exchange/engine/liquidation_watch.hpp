#pragma once

#include <memory>
#include <memory_resource>
#include <optional>
#include <set>

#include "capabilities/exchange/engine/model.hpp"

/// Which accounts a change of one price could bring below their maintenance margin, without looking
/// at the others.
///
/// What an account has above its maintenance margin is shared out among its positions. Each gets
/// the distance that its market may move before its share is used up; as long as no market has
/// moved that far, the account is safe whatever combination of moves there was. The nearer end of
/// that distance is watched:
///
///        watched falls (longs)               watched rises (shorts)
///     ──────●────────●───────────── X ────────────●──────●─────────▶  X = mark price − funding
///     paid
///           └ looked at when X falls to it        └ when X rises to it
///
/// Funding that longs pay moves X as a fall of the price does, so a settlement looks at no more
/// accounts than a tick.
namespace astro::exchange {

/// 1e-9 of the quote currency: Price * 1000 less the funding that one base has paid.
using WatchedPrice = std::int64_t;

class LiquidationWatch {
  public:
    LiquidationWatch();

    void watch_fall(WatchedPrice at, AccountId account) { falls_.insert({at, account}); }
    void watch_rise(WatchedPrice at, AccountId account) { rises_.insert({at, account}); }
    void forget_fall(WatchedPrice at, AccountId account) { falls_.erase({at, account}); }
    void forget_rise(WatchedPrice at, AccountId account) { rises_.erase({at, account}); }

    /// One account whose watched price has been reached: of the longs the highest, then of the
    /// shorts the lowest; of one price the oldest account. It stays until it is forgotten.
    [[nodiscard]] std::optional<AccountId> reached(WatchedPrice fall_now,
                                                   WatchedPrice rise_now) const;
    [[nodiscard]] std::size_t size() const { return falls_.size() + rises_.size(); }

  private:
    struct Entry {
        WatchedPrice at;
        AccountId account;
        auto operator<=>(const Entry&) const = default;
    };
    /// Nodes come from a pool that keeps what is freed, so a steady state does not allocate.
    std::unique_ptr<std::pmr::unsynchronized_pool_resource> memory_;
    std::pmr::set<Entry> falls_, rises_;
};

/// How far X may move against a position that has `share` of the account's spare margin: the profit
/// changes by the size, and the requirement by its margin part. At least 1, so that something is
/// gained by looking. size ≠ 0, share ≥ 0, 0 ≤ margin_bps ≤ 1,000,000.
[[nodiscard]] WatchedPrice safe_distance(std::int64_t share, Base size, std::int64_t margin_bps);

}  // namespace astro::exchange
