#pragma once

#include <string>
#include <vector>

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/order_memory.hpp"

namespace astro::binance {

/// What the user's stream says of one command, as JSON messages in their order: ORDER_TRADE_UPDATE
/// and ALGO_UPDATE of each order, then ACCOUNT_UPDATE, then ACCOUNT_CONFIG_UPDATE.
[[nodiscard]] std::vector<std::string> user_texts(const Around& around, const AccountNews& news);
[[nodiscard]] std::string listen_key_expired_text(std::string_view key, std::int64_t now_ms);

}  // namespace astro::binance
