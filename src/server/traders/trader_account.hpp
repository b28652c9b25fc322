#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/traders/quoting.hpp"
#include "server/traders/venue_link.hpp"

/// What both programs ask of the venue.
namespace astro::traders {

inline constexpr std::string_view kApi = "/api/v1/exchange";

/// An order of ours as the venue lists it.
struct OpenOrder {
    OrderId order{};
    std::string client_id, market;
    std::int64_t account = 0;
    Side side = Side::buy;
    Price price{};
    Base size{}, remaining{};
};

/// The settings of a market that an order must fit. "market_unknown".
[[nodiscard]] Result<std::map<std::string, MarketRules>> fetch_rules(
    VenueLink& link, const std::vector<std::string>& markets);
/// Numbers of the caller's accounts, oldest first; opens some until there are `count`.
[[nodiscard]] Result<std::vector<std::int64_t>> ensure_accounts(VenueLink& link, std::size_t count);
/// Play money for an account whose equity is below half of `usd`, as far as the faucet gives; what
/// it does not give is no error.
[[nodiscard]] Result<void> ensure_paper_money(VenueLink& link, std::int64_t account,
                                              std::int64_t usd);
/// Of all accounts of the caller.
[[nodiscard]] Result<std::vector<OpenOrder>> fetch_orders(VenueLink& link, std::int64_t account);
/// Net size by market.
[[nodiscard]] Result<std::map<std::string, Base>> fetch_positions(VenueLink& link,
                                                                  std::int64_t account);

/// An answer that must be one of success; otherwise its problem, kind limited for 429.
[[nodiscard]] Result<LinkMessage> ask_for(VenueLink& link, std::string_view method,
                                          const std::string& path, std::string_view body = {});

}  // namespace astro::traders
