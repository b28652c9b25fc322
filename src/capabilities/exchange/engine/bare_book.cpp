#include "capabilities/exchange/engine/bare_book.hpp"

namespace astro::exchange {

std::uint64_t BareBook::quantity_at(Side side, std::int64_t price) const {
    const std::int64_t key = key_of(side, price);
    std::uint64_t quantity = 0;
    ladder(side).for_each([&](std::int64_t level_key, const PriceLevel& level) {
        if (level_key == key) quantity = level.quantity;
        return level_key > key;
    });
    return quantity;
}

}  // namespace astro::exchange
