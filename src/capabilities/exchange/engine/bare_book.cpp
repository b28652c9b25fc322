#include "capabilities/exchange/engine/bare_book.hpp"

namespace astro::exchange {

std::uint64_t BareBook::quantity_at(Side side, std::int64_t price) const {
    return ladder(side).quantity_at(key_of(side, price));
}

}  // namespace astro::exchange
