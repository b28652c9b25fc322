#include "foundation/base/json.hpp"
#include "server/dialects/binance/account_model.hpp"
#include "server/dialects/binance/exchange_info.hpp"

/// The caller's balances and positions, and what holds for them.
namespace astro::binance {

struct LeverageBracket {
    std::int64_t bracket = 1, initialLeverage = 1;
    double notionalCap = 0, notionalFloor = 0, maintMarginRatio = 0, cum = 0;
};
BOOST_DESCRIBE_STRUCT(LeverageBracket, (),
                      (bracket, initialLeverage, notionalCap, notionalFloor, maintMarginRatio, cum))
struct BracketAnswer {
    std::string symbol{};
    std::vector<LeverageBracket> brackets{};
};
BOOST_DESCRIBE_STRUCT(BracketAnswer, (), (symbol, brackets))

struct CommissionRate {
    std::string symbol{}, makerCommissionRate{}, takerCommissionRate{};
};
BOOST_DESCRIBE_STRUCT(CommissionRate, (), (symbol, makerCommissionRate, takerCommissionRate))

struct SymbolConfig {
    std::string symbol{}, marginType{"CROSSED"};
    bool isAutoAddMargin = false;
    std::int64_t leverage = 1;
    Quote maxNotionalValue{};
};
BOOST_DESCRIBE_STRUCT(SymbolConfig, (),
                      (symbol, marginType, isAutoAddMargin, leverage, maxNotionalValue))

struct AccountConfig {
    std::int64_t feeTier = 0;
    bool canTrade = true, canDeposit = true, canWithdraw = true, dualSidePosition = false,
         multiAssetsMargin = true;
    std::int64_t tradeGroupId = -1, updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(AccountConfig, (),
                      (feeTier, canTrade, canDeposit, canWithdraw, dualSidePosition,
                       multiAssetsMargin, tradeGroupId, updateTime))

namespace {

double dollars(Quote amount) {
    return static_cast<double>(amount.value()) / exchange::kQuoteUnit;
}

Answered account(const Around& around, const Form&, const Call& call) {
    ASTRO_TRY(const AccountId id, account_of(around, call));
    return json_answer(account_answer(around, account_now(around, id)));
}

Answered balances(const Around& around, const Form&, const Call& call) {
    ASTRO_TRY(const AccountId id, account_of(around, call));
    std::vector<BalanceAnswer> out;
    for (const auto& asset : account_answer(around, account_now(around, id)).assets)
        out.push_back({.accountAlias = std::to_string(id.value()),
                       .asset = asset.asset,
                       .balance = asset.walletBalance,
                       .crossWalletBalance = asset.crossWalletBalance,
                       .crossUnPnl = asset.crossUnPnl,
                       .availableBalance = asset.availableBalance,
                       .maxWithdrawAmount = asset.maxWithdrawAmount,
                       .updateTime = asset.updateTime});
    return json_answer(out);
}

/// The third version leaves out markets in which there is nothing.
Read positions(bool all) {
    return [all](const Around& around, const Form& form, const Call& call) -> Answered {
        ASTRO_TRY(const auto markets, listed_or_all(around, form));
        ASTRO_TRY(const AccountId id, account_of(around, call));
        const AccountNow now = account_now(around, id);
        std::vector<PositionRisk> out;
        for (const Listed& listed : markets)
            for (auto& risk : position_risks(now, listed))
                if (all || risk.positionAmt != Base{0} || risk.bidNotional != Quote{0} ||
                    risk.askNotional != Quote{0})
                    out.push_back(std::move(risk));
        return json_answer(out);
    };
}

/// Where margin grows with the root of the size, the one bracket has the least that is asked for.
BracketAnswer brackets_of(const Listed& listed) {
    BracketAnswer out{.symbol = listed.symbol};
    const MarketSettings& m = *listed.settings;
    if (m.margin_formula != exchange::MarginFormula::brackets) {
        out.brackets.push_back({1, leverage_max(m), dollars(m.order_notional_max), 0,
                                static_cast<double>(m.maintenance_margin_bps) / 10'000, 0});
        return out;
    }
    std::int64_t number = 0;
    for (const auto& bracket : m.brackets)
        out.brackets.push_back(
            {++number, bracket.leverage_max, dollars(bracket.to), dollars(bracket.from),
             static_cast<double>(bracket.maintenance_ppm) / 1'000'000, dollars(bracket.cum)});
    return out;
}

Answered leverage_brackets(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const auto markets, listed_or_all(around, form));
    std::vector<BracketAnswer> out;
    for (const Listed& listed : markets) out.push_back(brackets_of(listed));
    return json_answer(out);
}

Answered commission(const Around& around, const Form& form, const Call& call) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const AccountId id, account_of(around, call));
    exchange::FeeRates rates;
    around.desk.service.read([&](const exchange::Venue& venue) { rates = venue.fee_rates_of(id); });
    const MarketSettings& m = *listed.settings;
    return json_answer(
        CommissionRate{listed.symbol, fraction_text(m.maker_fee_ppm - rates.maker_less_ppm, 6),
                       fraction_text(exchange::taker_rate_ppm(m.taker_fee_ppm, rates), 6)});
}

Answered symbol_configs(const Around& around, const Form& form, const Call& call) {
    ASTRO_TRY(const auto markets, listed_or_all(around, form));
    ASTRO_TRY(const AccountId id, account_of(around, call));
    const AccountNow now = account_now(around, id);
    std::vector<SymbolConfig> out;
    for (const Listed& listed : markets)
        out.push_back({.symbol = listed.symbol,
                       .leverage = leverage_in(now, listed),
                       .maxNotionalValue = listed.settings->order_notional_max});
    return json_answer(out);
}

Answered account_config(const Around& around, const Form&, const Call& call) {
    ASTRO_TRY(const AccountId id, account_of(around, call));
    return json_answer(AccountConfig{.dualSidePosition = account_now(around, id).hedges});
}

}  // namespace

std::vector<Route> account_routes(const Around& around) {
    std::vector<Route> out;
    for (const std::string version : {"v1", "v2", "v3"}) {
        if (version != "v1") {
            out.push_back(own_route(around, "/fapi/" + version + "/account",
                                    "Balances, margin and positions", {},
                                    json_document<AccountAnswer>(), account));
            out.push_back(own_route(around, "/fapi/" + version + "/balance", "Balances", {},
                                    json_document<std::vector<BalanceAnswer>>(), balances));
        }
        out.push_back(own_route(around, "/fapi/" + version + "/positionRisk", "Positions",
                                {symbol_parameter()}, json_document<std::vector<PositionRisk>>(),
                                positions(version != "v3")));
    }
    out.push_back(own_route(around, "/fapi/v1/leverageBracket", "What leverage a notional may have",
                            {symbol_parameter()}, json_document<std::vector<BracketAnswer>>(),
                            leverage_brackets));
    out.push_back(own_route(around, "/fapi/v1/commissionRate", "What the caller pays",
                            {symbol_parameter()}, json_document<CommissionRate>(), commission));
    out.push_back(own_route(around, "/fapi/v1/symbolConfig", "The caller's leverage by market",
                            {symbol_parameter()}, json_document<std::vector<SymbolConfig>>(),
                            symbol_configs));
    out.push_back(own_route(around, "/fapi/v1/accountConfig", "What holds for the account", {},
                            json_document<AccountConfig>(), account_config));
    return out;
}

}  // namespace astro::binance
