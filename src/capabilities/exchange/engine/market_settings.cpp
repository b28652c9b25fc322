#include "capabilities/exchange/engine/market_settings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace astro::exchange {
namespace {

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_market", std::string(field) + " " + message, std::string(field));
}

bool is_asset(std::string_view text) {
    return !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

struct Bound {
    std::string_view field;
    std::int64_t MarketSettings::* value;
    std::int64_t min, max;
};
constexpr std::int64_t kDay = 86'400;
constexpr std::array kBounds{
    Bound{"version", &MarketSettings::version, 0, 1'000'000'000},
    Bound{"initial_margin_bps", &MarketSettings::initial_margin_bps, 50, 10'000},
    Bound{"maintenance_margin_bps", &MarketSettings::maintenance_margin_bps, 25, 10'000},
    Bound{"imf_factor_ppm", &MarketSettings::imf_factor_ppm, 0, 1'000'000},
    Bound{"unrealized_gain_initial_bps", &MarketSettings::unrealized_gain_initial_bps, 0, 10'000},
    Bound{"maker_fee_ppm", &MarketSettings::maker_fee_ppm, -1'000, 10'000},
    Bound{"taker_fee_ppm", &MarketSettings::taker_fee_ppm, 0, 10'000},
    Bound{"liquidation_fee_ppm", &MarketSettings::liquidation_fee_ppm, 0, 50'000},
    Bound{"insurance_fee_ppm", &MarketSettings::insurance_fee_ppm, 0, 50'000},
    Bound{"price_band_bps", &MarketSettings::price_band_bps, 10, 10'000},
    Bound{"pre_open_band_bps", &MarketSettings::pre_open_band_bps, 10, 10'000},
    Bound{"reduce_only_band_bps", &MarketSettings::reduce_only_band_bps, 10, 10'000},
    Bound{"mark_band_bps", &MarketSettings::mark_band_bps, 1, 2'000},
    Bound{"market_band_bps", &MarketSettings::market_band_bps, 10, 5'000},
    Bound{"funding_period_s", &MarketSettings::funding_period_s, 60, kDay},
    Bound{"funding_sample_s", &MarketSettings::funding_sample_s, 1, 600},
    Bound{"funding_interest_ppm", &MarketSettings::funding_interest_ppm, -10'000, 10'000},
    Bound{"funding_clamp_ppm", &MarketSettings::funding_clamp_ppm, 0, 50'000},
    Bound{"funding_cap_ppm", &MarketSettings::funding_cap_ppm, 1, 100'000},
    Bound{"oracle_stale_ms", &MarketSettings::oracle_stale_ms, 500, 600'000},
    Bound{"oracle_confidence_bps", &MarketSettings::oracle_confidence_bps, 1, 5'000},
    Bound{"oracle_volatility_bps", &MarketSettings::oracle_volatility_bps, 100, 50'000},
    Bound{"oracle_divergence_bps", &MarketSettings::oracle_divergence_bps, 10, 5'000},
    Bound{"liquidation_buffer_bps", &MarketSettings::liquidation_buffer_bps, 0, 5'000},
    Bound{"liquidation_band_bps", &MarketSettings::liquidation_band_bps, 10, 5'000},
    Bound{"liquidation_step_bps", &MarketSettings::liquidation_step_bps, 100, 10'000},
    Bound{"auction_ms", &MarketSettings::auction_ms, 0, 60'000}};

Result<void> check_names(const MarketSettings& m) {
    if (!is_asset(m.base_asset)) return bad("base_asset", "has 1 to 12 of A-Z and 0-9");
    if (m.quote_asset != "USDC") return bad("quote_asset", "is USDC");
    if (m.symbol != m.base_asset + "-PERP")
        return bad("symbol", "is " + m.base_asset + "-PERP, as the base asset is named");
    return {};
}

Result<void> check_steps(const MarketSettings& m) {
    if (m.tick_size < Price{1} || m.tick_size > kPriceMax)
        return bad("tick_size", "is from 0.000001 to " + to_text(kPriceMax));
    if (m.lot_size < Base{1} || m.lot_size > Base{1'000'000 * kBaseUnit})
        return bad("lot_size", "is from 0.000000001 to 1000000");
    if (static_cast<Int128>(m.tick_size.value()) * m.lot_size.value() % kBaseUnit != 0)
        return bad("lot_size", "times tick_size is a whole number of 0.000001 " + m.quote_asset +
                                   ", so that no trade is rounded; make one of them larger");
    if (m.price_max < m.tick_size || m.price_max > kPriceMax ||
        m.price_max.value() % m.tick_size.value() != 0)
        return bad("price_max", "is a multiple of tick_size, at most " + to_text(kPriceMax));
    return {};
}

Result<void> check_sizes(const MarketSettings& m) {
    struct Size {
        std::string_view field;
        Base value, min;
        std::string_view min_name;
    };
    const std::array sizes{
        Size{"order_size_min", m.order_size_min, m.lot_size, "lot_size"},
        Size{"order_size_max", m.order_size_max, m.order_size_min, "order_size_min"},
        Size{"position_max", m.position_max, m.order_size_max, "order_size_max"},
        Size{"open_interest_max", m.open_interest_max, m.position_max, "position_max"}};
    for (const auto& size : sizes) {
        if (size.value < size.min || size.value.value() % m.lot_size.value() != 0)
            return bad(size.field, "is a multiple of lot_size, at least " +
                                       std::string(size.min_name) + " " + to_text(size.min));
        // At the highest price too, so that no sum overflows whatever the oracle says.
        if (notional(m.price_max, size.value) > kNotionalMax.value())
            return bad(size.field,
                       "times price_max is at most " + to_text(kNotionalMax) + " " + m.quote_asset);
    }
    if (m.order_notional_min < Quote{0} || m.order_notional_min > Quote{10'000 * kQuoteUnit})
        return bad("order_notional_min", "is from 0 to 10000");
    if (m.order_notional_max < m.order_notional_min || m.order_notional_max <= Quote{0} ||
        m.order_notional_max > kNotionalMax)
        return bad("order_notional_max",
                   "is above 0, from order_notional_min to " + to_text(kNotionalMax));
    if (m.impact_notional < Quote{kQuoteUnit} || m.impact_notional > Quote{10'000'000 * kQuoteUnit})
        return bad("impact_notional", "is from 1 to 10000000");
    return {};
}

Result<void> check_margin(const MarketSettings& m) {
    if (m.maintenance_margin_bps >= m.initial_margin_bps)
        return bad("maintenance_margin_bps", "is below initial_margin_bps");
    if (m.brackets.size() > kBracketsMax)
        return bad("brackets", "are at most " + std::to_string(kBracketsMax));
    const bool uses_brackets = m.margin_formula == MarginFormula::brackets;
    if (uses_brackets || !m.brackets.empty())
        if (const auto valid = formulas::check_brackets(m.brackets); !valid)
            return bad("brackets", "are refused: " + valid.error().message);
    if (m.open_interest_lower < Quote{0} || m.open_interest_upper > kNotionalMax ||
        (m.open_interest_upper != Quote{0} && m.open_interest_lower >= m.open_interest_upper))
        return bad("open_interest_upper",
                   "is above open_interest_lower and at most " + to_text(kNotionalMax) + ", or 0");
    const std::int64_t least =
        uses_brackets ? m.brackets.front().maintenance_ppm : m.maintenance_margin_bps * 100;
    if (m.liquidation_fee_ppm + m.insurance_fee_ppm >= least)
        return bad("liquidation_fee_ppm",
                   "and insurance_fee_ppm together are below the maintenance margin, or a "
                   "liquidation would ruin whom it should save");
    return {};
}

}  // namespace

Result<void> check_market(const MarketSettings& m) {
    ASTRO_CHECK(check_names(m));
    for (const auto& bound : kBounds)
        if (const auto value = m.*bound.value; value < bound.min || value > bound.max)
            return bad(bound.field, "is from " + std::to_string(bound.min) + " to " +
                                        std::to_string(bound.max) + ", not " +
                                        std::to_string(value));
    ASTRO_CHECK(check_steps(m));
    ASTRO_CHECK(check_sizes(m));
    ASTRO_CHECK(check_margin(m));
    if (m.maker_fee_ppm + m.taker_fee_ppm < 0)
        return bad("maker_fee_ppm", "gives back no more than the taker pays");
    if (m.funding_period_s % m.funding_sample_s != 0)
        return bad("funding_sample_s", "divides funding_period_s");
    return {};
}

const std::vector<MarketSettings>& default_markets() {
    struct Numbers {
        const char* asset;
        std::int64_t tick, lot, price_max, size_max, position_max, interest_max;
        std::int64_t initial_bps, maintenance_bps, imf_ppm;
    };
    static constexpr std::array kNumbers{
        Numbers{"SOL", 10'000, 10'000'000, 10'000, 20'000, 100'000, 1'000'000, 500, 300, 500},
        Numbers{"BTC", 100'000, 100'000, 1'000'000, 200, 500, 5'000, 400, 250, 2'000},
        Numbers{"ETH", 10'000, 1'000'000, 100'000, 3'000, 10'000, 100'000, 400, 250, 800},
        Numbers{"XLM", 10, 1'000'000'000, 100, 10'000'000, 20'000'000, 100'000'000, 1'000, 600,
                20}};
    static const std::vector<MarketSettings> kMarkets = [] {
        std::vector<MarketSettings> out;
        for (const auto& n : kNumbers) {
            MarketSettings m;
            m.base_asset = n.asset;
            m.symbol = m.base_asset + "-PERP";
            m.version = 1;
            m.tick_size = Price{n.tick};
            m.price_max = Price{n.price_max * kQuoteUnit};
            m.lot_size = m.order_size_min = Base{n.lot};
            m.order_size_max = Base{n.size_max * kBaseUnit};
            m.position_max = Base{n.position_max * kBaseUnit};
            m.open_interest_max = Base{n.interest_max * kBaseUnit};
            m.order_notional_min = Quote{5 * kQuoteUnit};
            m.order_notional_max = Quote{25'000'000 * kQuoteUnit};
            m.initial_margin_bps = n.initial_bps;
            m.maintenance_margin_bps = n.maintenance_bps;
            m.imf_factor_ppm = n.imf_ppm;
            m.maker_fee_ppm = -50;
            m.taker_fee_ppm = 450;
            m.liquidation_fee_ppm = 5'000;
            m.insurance_fee_ppm = 5'000;
            m.price_band_bps = m.pre_open_band_bps = m.reduce_only_band_bps = 1'000;
            m.mark_band_bps = 200;
            m.market_band_bps = 500;
            m.impact_notional = Quote{10'000 * kQuoteUnit};
            m.oracle_stale_ms = 10'000;
            m.oracle_confidence_bps = 200;
            m.oracle_volatility_bps = 5'000;
            m.oracle_divergence_bps = 300;
            m.liquidation_buffer_bps = 200;
            m.liquidation_band_bps = 300;
            m.liquidation_step_bps = 2'500;
            m.auction_ms = 1'000;
            out.push_back(std::move(m));
        }
        return out;
    }();
    return kMarkets;
}

}  // namespace astro::exchange
