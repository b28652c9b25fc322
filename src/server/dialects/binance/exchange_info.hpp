#pragma once

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/market_model.hpp"

namespace astro::binance {

/// How many decimals a multiple of that step has at most.
[[nodiscard]] std::int64_t decimals_of(std::int64_t step, std::int64_t decimals);
/// A market with its filters, as JSON.
[[nodiscard]] std::string symbol_json(const Listed& listed);
/// GET /fapi/v1/exchangeInfo
[[nodiscard]] std::string exchange_info_json(const Around& around);
/// What a figure in basis points or in ppm is, as a fraction.
[[nodiscard]] std::string fraction_text(std::int64_t value, int decimals);

}  // namespace astro::binance
