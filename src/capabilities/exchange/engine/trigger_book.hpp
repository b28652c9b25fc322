#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "capabilities/exchange/engine/commands.hpp"

namespace astro::exchange {

/// An order that waits for a price.
struct Conditional {
    OrderId id{};
    PlaceOrder order{};
    Trigger trigger{};
    Price extreme{};  ///< of a trailing stop: the best price since it was placed
};

/// What a market's waiting orders compare with; 0: there is none yet.
struct TriggerPrices {
    Price mark{}, index{}, last{};
    [[nodiscard]] Price of(TriggerSource source) const {
        return source == TriggerSource::mark ? mark : source == TriggerSource::index ? index : last;
    }
};

/// Whether it waits for the price to rise to its trigger, rather than to fall to it.
[[nodiscard]] bool waits_for_rise(const Conditional& conditional);
[[nodiscard]] bool is_met(const Conditional& conditional, Price price);

/// The waiting orders of one market, found by the price that they wait for. Places are indexes into
/// a list of the venue's.
class TriggerBook {
  public:
    [[nodiscard]] bool empty() const { return count_ == 0; }
    void add(const Conditional& conditional, std::uint32_t place);
    void remove(const Conditional& conditional, std::uint32_t place);
    /// One whose price has come: by source, then falling before rising, then by price and age.
    [[nodiscard]] std::optional<std::uint32_t> find_met(const TriggerPrices& prices) const;
    /// Places of trailing stops, oldest first.
    [[nodiscard]] const std::vector<std::uint32_t>& trailing() const { return trailing_; }

  private:
    struct Key {
        Price price{};
        OrderId id{};
        std::uint32_t place = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Waiting {
        std::set<Key> for_fall, for_rise;
    };
    [[nodiscard]] std::set<Key>& set_of(const Conditional& conditional);

    std::array<Waiting, 3> by_source_;
    std::vector<std::uint32_t> trailing_;
    std::size_t count_ = 0;
};

/// Takes the price into account; whether the trigger has moved. Only for trailing stops.
[[nodiscard]] bool trail(Conditional& conditional, Price price);

}  // namespace astro::exchange
