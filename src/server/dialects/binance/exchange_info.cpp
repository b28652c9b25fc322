#include "server/dialects/binance/exchange_info.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/account.hpp"
#include "foundation/base/json.hpp"

namespace astro::binance {
namespace {

using exchange::MarketState;

constexpr std::int64_t kBps = 10'000;

std::string status_of(MarketState state) {
    switch (state) {
        case MarketState::pre_open:
            return "PENDING_TRADING";
        case MarketState::open:
            return "TRADING";
        case MarketState::reduce_only:
        case MarketState::settling:
            return "SETTLING";
        case MarketState::halted:
            return "BREAK";
        case MarketState::closed:
            break;
    }
    return "CLOSE";
}

SymbolEntry entry_of(const Listed& listed) {
    const MarketSettings& m = *listed.settings;
    SymbolEntry out{.symbol = listed.symbol, .pair = listed.symbol};
    out.status = status_of(m.state);
    out.maintMarginPercent = decimal_text(m.maintenance_margin_bps, 2);
    out.requiredMarginPercent = decimal_text(m.initial_margin_bps, 2);
    out.baseAsset = m.base_asset;
    out.quoteAsset = out.marginAsset = m.quote_asset;
    out.pricePrecision = decimals_of(m.tick_size.value(), exchange::PriceTag::kDecimals);
    out.quantityPrecision = decimals_of(m.lot_size.value(), exchange::BaseTag::kDecimals);
    out.liquidationFee = fraction_text(m.liquidation_fee_ppm, 6);
    out.marketTakeBound = fraction_text(m.market_band_bps, 4);
    out.orderTypes = {"LIMIT",
                      "MARKET",
                      "STOP",
                      "STOP_MARKET",
                      "TAKE_PROFIT",
                      "TAKE_PROFIT_MARKET",
                      "TRAILING_STOP_MARKET"};
    out.timeInForce = {"GTC", "IOC", "FOK", "GTX", "GTD"};
    return out;
}

std::string filters_of(const MarketSettings& m) {
    const LotFilter lots{
        .minQty = m.order_size_min, .maxQty = m.order_size_max, .stepSize = m.lot_size};
    LotFilter market_lots = lots;
    market_lots.filterType = "MARKET_LOT_SIZE";
    const CountFilter orders{.limit = exchange::kOrdersMax};
    const CountFilter waiting{.filterType = "MAX_NUM_ALGO_ORDERS",
                              .limit = exchange::kConditionalsMax};
    std::string out = "[";
    const auto add = [&](const auto& filter) {
        if (out.size() > 1) out.push_back(',');
        append_json(out, filter);
    };
    add(PriceFilter{.minPrice = m.tick_size, .maxPrice = m.price_max, .tickSize = m.tick_size});
    add(lots);
    add(market_lots);
    add(orders);
    add(waiting);
    add(NotionalFilter{.notional = m.order_notional_min});
    add(PercentFilter{
        .multiplierUp = fraction_text(kBps + m.price_band_bps, 4),
        .multiplierDown = fraction_text(std::max<std::int64_t>(kBps - m.price_band_bps, 0), 4)});
    out.push_back(']');
    return out;
}

}  // namespace

std::int64_t decimals_of(std::int64_t step, std::int64_t decimals) {
    for (; decimals > 0 && step % 10 == 0; step /= 10) --decimals;
    return decimals;
}

std::string fraction_text(std::int64_t value, int decimals) {
    return decimal_text(value, decimals);
}

std::string symbol_json(const Listed& listed) {
    std::string out = to_json(entry_of(listed));
    out.pop_back();
    return out + ",\"filters\":" + filters_of(*listed.settings) + "}";
}

std::string exchange_info_json(const Around& around) {
    const std::vector<RateLimit> limits{{"REQUEST_WEIGHT", "MINUTE", 1, 2'400},
                                        {"ORDERS", "MINUTE", 1, 1'200},
                                        {"ORDERS", "SECOND", 10, 300}};
    std::vector<AssetEntry> assets;
    std::string symbols;
    for (const Listed& listed : all_listed(around)) {
        symbols += (symbols.empty() ? "" : ",") + symbol_json(listed);
        if (std::ranges::find(assets, listed.settings->quote_asset, &AssetEntry::asset) ==
            assets.end())
            assets.push_back({.asset = listed.settings->quote_asset, .autoAssetExchange = "0"});
    }
    std::string out = R"({"timezone":"UTC","serverTime":)" + std::to_string(now_ms(around)) +
                      R"(,"futuresType":"U_MARGINED","exchangeFilters":[],"rateLimits":)";
    append_json(out, limits);
    out += ",\"assets\":";
    append_json(out, assets);
    return out + ",\"symbols\":[" + symbols + "]}";
}

}  // namespace astro::binance
