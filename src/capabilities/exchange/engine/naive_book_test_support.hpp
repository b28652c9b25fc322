#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <vector>

#include "capabilities/exchange/engine/order_pool.hpp"

/// The obvious order book against which the fast one is tested: a tree of lists, searched in full.
namespace astro::exchange {

struct NaiveOrder {
    std::uint32_t id = 0;
    std::uint64_t quantity = 0;
};

struct NaiveFill {
    std::uint32_t maker = 0;
    std::int64_t price = 0;
    std::uint64_t quantity = 0;
    bool operator==(const NaiveFill&) const = default;
};

class NaiveBook {
  public:
    std::uint64_t match(Side taker, std::int64_t limit, std::uint64_t quantity,
                        std::vector<NaiveFill>& fills) {
        auto& makers = levels_[static_cast<int>(opposite(taker))];
        while (quantity > 0 && !makers.empty()) {
            const auto level = taker == Side::buy ? makers.begin() : std::prev(makers.end());
            if (taker == Side::buy ? level->first > limit : level->first < limit) break;
            NaiveOrder& maker = level->second.front();
            const std::uint64_t fill = std::min(quantity, maker.quantity);
            fills.push_back({maker.id, level->first, fill});
            quantity -= fill;
            maker.quantity -= fill;
            if (maker.quantity == 0) level->second.pop_front();
            if (level->second.empty()) makers.erase(level);
        }
        return quantity;
    }
    void rest(Side side, std::int64_t price, std::uint64_t quantity, std::uint32_t id) {
        levels_[static_cast<int>(side)][price].push_back({id, quantity});
    }
    void cancel(Side side, std::int64_t price, std::uint32_t id) {
        auto& level = levels_[static_cast<int>(side)].at(price);
        level.remove_if([&](const NaiveOrder& order) { return order.id == id; });
        if (level.empty()) levels_[static_cast<int>(side)].erase(price);
    }
    void reduce(Side side, std::int64_t price, std::uint32_t id, std::uint64_t quantity) {
        for (NaiveOrder& order : levels_[static_cast<int>(side)].at(price))
            if (order.id == id) order.quantity = quantity;
    }
    [[nodiscard]] const std::map<std::int64_t, std::list<NaiveOrder>>& side(Side side) const {
        return levels_[static_cast<int>(side)];
    }

  private:
    std::map<std::int64_t, std::list<NaiveOrder>> levels_[2];
};

}  // namespace astro::exchange
