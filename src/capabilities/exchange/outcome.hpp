#pragma once

#include <functional>
#include <memory>

#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/exchange/venue_record.hpp"

namespace astro::exchange {

/// What a command has led to.
struct Outcome {
    journal::Sequence sequence{};
    TimeMs time{};
    std::shared_ptr<const Events> events;
    bool repeated = false;  ///< the key was known: this is what it led to then
};
using OutcomeDone = std::function<void(const Result<Outcome>&)>;

}  // namespace astro::exchange
