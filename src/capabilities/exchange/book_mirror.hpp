#pragma once

#include <map>
#include <span>
#include <string>

#include "capabilities/exchange/public_data.hpp"

namespace astro::exchange {

/// Levels of each side that a checksum covers.
inline constexpr std::size_t kChecksumLevels = 25;

/// What the checksum is of: "bid price:bid size:ask price:ask size:…", level by level, the decimal
/// texts as they are sent; where one side has fewer levels only the other's pairs follow.
[[nodiscard]] std::string checksum_text(std::span<const BookLevel> bids,
                                        std::span<const BookLevel> asks);
/// CRC-32 (IEEE 802.3, as in zlib) of checksum_text() of the best kChecksumLevels.
[[nodiscard]] std::uint32_t book_checksum(std::span<const BookLevel> bids,
                                          std::span<const BookLevel> asks);

/// The book as it was last told to the public, and what has changed since. Not thread-safe.
///
///     set() … set() ─▶ pending: the newest size of each level that was touched
///     commit()      ─▶ what really differs becomes part of the told book, and is given as a delta
class BookMirror {
  public:
    /// A level has `size` now; 0: it is gone.
    void set(Side side, Price price, Base size);
    [[nodiscard]] bool has_pending() const {
        return !bids_pending_.empty() || !asks_pending_.empty();
    }

    struct Difference {
        std::vector<BookLevel> bids, asks;  ///< best first
        [[nodiscard]] bool empty() const { return bids.empty() && asks.empty(); }
    };
    /// What was set since the last one and differs from what was told.
    Difference commit();

    [[nodiscard]] std::uint32_t checksum() const;
    /// At most `count` levels of a side, best first.
    [[nodiscard]] std::vector<BookLevel> levels(Side side, std::size_t count = SIZE_MAX) const;

  private:
    template <class Better>
    using Levels = std::map<Price, Base, Better>;
    using Bids = Levels<std::greater<>>;
    using Asks = Levels<std::less<>>;

    Bids bids_, bids_pending_;
    Asks asks_, asks_pending_;
};

}  // namespace astro::exchange
