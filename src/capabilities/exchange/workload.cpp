#include "capabilities/exchange/workload.hpp"

#include <limits>

#include "capabilities/exchange/engine/bare_book.hpp"

namespace astro::exchange {
namespace {

class SplitMix64 {
  public:
    explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }

  private:
    std::uint64_t state_;
};

/// Draws operations and applies them, to know which orders are live.
class Generator {
  public:
    Generator(std::uint64_t seed, std::uint32_t symbols)
        : random_(seed), mids_(symbols, kFirstMid) {
        books_.reserve(symbols);
        for (std::uint32_t i = 0; i < symbols; ++i) books_.emplace_back(pool_, i);
    }

    Operation add(std::uint32_t symbol) {
        const Side side = (random_.next() & 1) != 0 ? Side::sell : Side::buy;
        std::int64_t distance = 1;
        while (distance < 200 && random_.next() >> 61 != 0) ++distance;
        const std::int64_t price =
            side == Side::buy ? mids_[symbol] - distance : mids_[symbol] + distance;
        const auto quantity = static_cast<std::uint32_t>(1 + random_.below(100));
        const Operation operation{OperationType::add, side, symbol, ++last_id_, price, quantity};
        if (const std::uint64_t left = match(operation); left > 0) {
            const OrderSlot slot = books_[symbol].rest(side, price, left, last_id_);
            slot_of_.resize(last_id_ + 1, kNoOrder);
            position_of_.resize(last_id_ + 1, 0);
            slot_of_[last_id_] = slot;
            position_of_[last_id_] = live_.size();
            live_.push_back(last_id_);
        }
        return operation;
    }

    Operation step() {
        const auto symbol = static_cast<std::uint32_t>(random_.below(mids_.size()));
        const std::uint64_t m = random_.next();
        if ((m & 255) == 0) mids_[symbol] += (m & 256) != 0 ? 1 : -1;
        const std::uint64_t u = random_.below(100);
        if (u >= 70 && u < 95 && !live_.empty()) return cancel();
        if (u < 95) return add(symbol);
        const Side side = (random_.next() & 1) != 0 ? Side::sell : Side::buy;
        const std::int64_t price = side == Side::buy ? mids_[symbol] + 50 : mids_[symbol] - 50;
        const auto quantity = static_cast<std::uint32_t>(1 + random_.below(800));
        const Operation operation{OperationType::ioc, side, symbol, ++last_id_, price, quantity};
        match(operation);
        return operation;
    }

  private:
    static constexpr std::int64_t kFirstMid = 100'000;

    Operation cancel() {
        const std::uint32_t id = live_[random_.below(live_.size())];
        const OrderSlot slot = slot_of_[id];
        const std::uint32_t symbol = BareBook::book_of(pool_[slot]);
        const Side side = BareBook::side_of(pool_[slot]);
        const std::int64_t price = pool_[slot].price;
        books_[symbol].cancel(slot);
        forget(id);
        return {OperationType::cancel, side, symbol, id, price, 0};
    }
    std::uint64_t match(const Operation& taker) {
        return books_[taker.symbol].match(
            taker.side, taker.price, taker.quantity,
            [&](OrderSlot, const RestingOrder& maker, std::int64_t, std::uint64_t quantity) {
                if (quantity == maker.quantity) forget(maker.owner);
            });
    }
    void forget(std::uint32_t id) {
        const std::size_t position = position_of_[id];
        live_[position] = live_.back();
        position_of_[live_[position]] = position;
        live_.pop_back();
    }

    SplitMix64 random_;
    std::vector<std::int64_t> mids_;
    OrderPool pool_;
    std::vector<BareBook> books_;
    std::uint32_t last_id_ = 0;
    std::vector<std::uint32_t> live_;
    std::vector<OrderSlot> slot_of_;
    std::vector<std::size_t> position_of_;
};

}  // namespace

Workload make_workload(std::string name, std::uint64_t seed, std::uint32_t symbols,
                       std::size_t prefill, std::size_t steps) {
    Workload workload{std::move(name), symbols, prefill, {}};
    workload.operations.reserve(prefill + steps);
    Generator generator(seed, symbols);
    for (std::size_t i = 0; i < prefill; ++i)
        workload.operations.push_back(generator.add(static_cast<std::uint32_t>(i % symbols)));
    for (std::size_t i = 0; i < steps; ++i) workload.operations.push_back(generator.step());
    return workload;
}

Workload make_w1() {
    return make_workload("W1", 42, 1, 10'000, 5'000'000);
}
Workload make_w100() {
    return make_workload("W100", 42, 100, 100'000, 5'000'000);
}

}  // namespace astro::exchange
