#pragma once

#include "capabilities/market/api_parameters.hpp"

/// What assets are called where, and what they look like.
namespace astro::market {

void add_token_routes(const RouteMaker& add);

}  // namespace astro::market
