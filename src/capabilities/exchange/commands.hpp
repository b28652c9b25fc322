#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include "capabilities/exchange/engine/bare_book.hpp"
#include "capabilities/exchange/ops_csv.hpp"
#include "foundation/base/result.hpp"

/// What the command group `astrolabe exchange` does on files, apart from where it reads and prints
/// (server/cli). Scenarios: scenario.hpp; measuring: bench.hpp.
namespace astro::exchange {

/// A trade on a bare book.
struct BookTrade {
    std::uint64_t seq = 0;
    std::uint32_t symbol = 0, taker = 0, maker = 0;
    std::int64_t price = 0;
    std::uint64_t quantity = 0;
};

/// "seq,symbol,taker_id,maker_id,price,qty", without the line's end.
[[nodiscard]] std::string csv_line(const BookTrade& trade);

/// Bare books, one a symbol, fed with operations from outside: ids may come in any order.
class Matcher {
  public:
    using Sink = std::function<void(const BookTrade&)>;

    Matcher() = default;
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    /// An order that comes under the id of one that rests is refused. A cancellation of one that
    /// does not rest (any more) does nothing.
    [[nodiscard]] Result<void> apply(const SequencedOperation& operation, const Sink& sink);
    [[nodiscard]] std::size_t resting() const { return pool_.live(); }

  private:
    [[nodiscard]] BareBook& book(std::uint32_t symbol);
    [[nodiscard]] Result<void> cancel(const Operation& operation);

    OrderPool pool_;
    std::deque<BareBook> books_;
    std::unordered_map<std::uint32_t, std::uint32_t> book_of_;  ///< by symbol
    std::unordered_map<std::uint32_t, OrderSlot> slot_of_;      ///< of those that rest, by id
};

}  // namespace astro::exchange
