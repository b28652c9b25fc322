#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/market_tape.hpp"
#include "capabilities/market/series_view.hpp"
#include "server/dialects/binance/faults.hpp"
#include "server/dialects/binance/form.hpp"
#include "server/gateway/route.hpp"

namespace astro::binance {

class OrderMemory;
class ListenKeys;

using exchange::AccountId;
using exchange::Base;
using exchange::MarketId;
using exchange::MarketSettings;
using exchange::OrderId;
using exchange::Price;
using exchange::Quote;
using exchange::Side;
using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;
using CallPtr = exchange::CallPtr;

/// What the dialect is spoken over; all outlive it.
struct Around {
    exchange::Desk& desk;
    const exchange::MarketTape& tape;
    const market::SeriesView& series;
    const Clock& clock;
};

[[nodiscard]] inline std::int64_t now_ms(const Around& around) {
    return exchange::to_time_ms(around.clock.now()).value();
}

/// A market under both of its names.
struct Listed {
    MarketId id{};
    std::string name;    ///< the venue's: "SOL-PERP"
    std::string symbol;  ///< Binance's: "SOLUSDC"
    std::shared_ptr<const MarketSettings> settings;
};

/// Base and quote asset, so that ccxt calls it SOL/USDC:USDC.
[[nodiscard]] std::string symbol_of(const MarketSettings& market);
[[nodiscard]] std::vector<Listed> all_listed(const Around& around);
/// -1121
[[nodiscard]] Result<Listed> find_listed(const Around& around, std::string_view symbol);
/// That of the parameter "symbol", which is needed.
[[nodiscard]] Result<Listed> listed_of(const Around& around, const Form& form);
/// Those that the parameter names: one, or all without it.
[[nodiscard]] Result<std::vector<Listed>> listed_or_all(const Around& around, const Form& form);
[[nodiscard]] std::string symbol_of(const Around& around, MarketId market);

/// Reads a form and answers at once; errors in Binance's way.
using Read = std::function<Answered(const Around&, const Form&, const Call&)>;
/// A route of public data. `base` is "/fapi/v1/depth".
[[nodiscard]] Route public_route(const Around& around, std::string path, std::string summary,
                                 std::vector<gateway::Parameter> parameters, JsonDocument answer,
                                 Read read);
/// One that shows the caller what is his, by a signed request.
[[nodiscard]] Route own_route(const Around& around, std::string path, std::string summary,
                              std::vector<gateway::Parameter> parameters, JsonDocument answer,
                              Read read);
/// One that changes something: `begin` leads to one call of `done`.
using Begin =
    std::function<Result<void>(const Around&, const Form&, const CallPtr&, Route::Done done)>;
[[nodiscard]] Route trading_route(const Around& around, std::string method, std::string path,
                                  std::string summary, std::vector<gateway::Parameter> parameters,
                                  JsonDocument answer, Begin begin);
/// The caller's account that the dialect trades: his first. -4109
[[nodiscard]] Result<AccountId> account_of(const Around& around, const Call& call);

/// Submits the command; `render` answers what it has led to, refusals are told in Binance's
/// numbers.
void carry_out(const Around& around, exchange::CommandBody body, Deed deed, Route::Done done,
               std::function<Answered(const exchange::Outcome&)> render);

template <class T>
[[nodiscard]] Answered json_answer(const T& value) {
    return net::json_response(to_json(value));
}

// The routes, by subject.
[[nodiscard]] std::vector<Route> market_routes(const Around& around);
[[nodiscard]] std::vector<Route> price_routes(const Around& around);
[[nodiscard]] std::vector<Route> order_routes(const Around& around, OrderMemory& orders);
[[nodiscard]] std::vector<Route> order_view_routes(const Around& around, OrderMemory& orders);
[[nodiscard]] std::vector<Route> algo_routes(const Around& around, OrderMemory& orders);
[[nodiscard]] std::vector<Route> account_routes(const Around& around);
[[nodiscard]] std::vector<Route> setting_routes(const Around& around);
[[nodiscard]] std::vector<Route> history_routes(const Around& around);
[[nodiscard]] std::vector<Route> listen_key_routes(const Around& around, ListenKeys& keys,
                                                   OrderMemory& orders);
[[nodiscard]] std::vector<Route> wallet_routes(const Around& around);

}  // namespace astro::binance
