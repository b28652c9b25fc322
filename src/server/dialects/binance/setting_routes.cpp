#include "foundation/base/json.hpp"
#include "server/dialects/binance/account_model.hpp"

/// What a caller sets for himself: leverage; and modes, of which the venue has one each.
namespace astro::binance {

struct LeverageAnswer {
    std::int64_t leverage = 1;
    Quote maxNotionalValue{};
    std::string symbol{};
};
BOOST_DESCRIBE_STRUCT(LeverageAnswer, (), (leverage, maxNotionalValue, symbol))
struct Success {
    std::int64_t code = 200;
    std::string msg{"success"};
};
BOOST_DESCRIBE_STRUCT(Success, (), (code, msg))
struct DualSide {
    bool dualSidePosition = false;
};
BOOST_DESCRIBE_STRUCT(DualSide, (), (dualSidePosition))
struct MultiAssets {
    bool multiAssetsMargin = true;
};
BOOST_DESCRIBE_STRUCT(MultiAssets, (), (multiAssetsMargin))

namespace {

constexpr std::int64_t kBps = 10'000;

Result<void> set_leverage(const Around& around, const Form& form, const CallPtr& call,
                          Route::Done done) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const AccountId account, account_of(around, *call));
    if (!form.has("leverage")) return missing("leverage");
    const std::int64_t leverage = *form.integer("leverage"), most = leverage_max(*listed.settings);
    if (leverage < 1 || leverage > most)
        return refusal(fault::kBadLeverage,
                       "Leverage " + std::to_string(leverage) + " is not valid; it is 1 to " +
                           std::to_string(most) + ".",
                       "leverage");
    exchange::SetLeverage body{account, listed.id, (kBps + leverage - 1) / leverage};
    carry_out(around, body, Deed::other, std::move(done),
              [leverage, listed](const exchange::Outcome&) -> Answered {
                  return json_answer(
                      LeverageAnswer{leverage, listed.settings->order_notional_max, listed.symbol});
              });
    return {};
}

/// Collateral is always shared by all positions.
Result<void> set_margin_type(const Around& around, const Form& form, const CallPtr&,
                             const Route::Done&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    ASTRO_TRY(const auto type, form.needed("marginType"));
    if (type == "CROSSED")
        return refusal(fault::kMarginTypeIsSo, "No need to change margin type.", "marginType");
    return refusal(fault::kNoIsolated,
                   "Unable to adjust to isolated-margin mode under the Multi-Assets mode.",
                   "marginType");
}

/// The mode follows from what there is: orders of an account without positions choose it.
Result<void> set_dual_side(const Around& around, const Form& form, const CallPtr& call,
                           const Route::Done& done) {
    ASTRO_TRY(const AccountId account, account_of(around, *call));
    if (!form.has("dualSidePosition")) return missing("dualSidePosition");
    const AccountNow now = account_now(around, account);
    const bool wanted = form.flag("dualSidePosition");
    if (wanted == now.hedges && (wanted || !now.positions.empty()))
        return refusal(fault::kPositionSideIsSo, "No need to change position side.",
                       "dualSidePosition");
    if (!now.positions.empty())
        return refusal(fault::kPositionSideOpen,
                       "Position side cannot be changed if there exists position.",
                       "dualSidePosition");
    done(json_answer(Success{}));
    return {};
}

Result<void> set_multi_assets(const Around&, const Form& form, const CallPtr&, const Route::Done&) {
    if (!form.has("multiAssetsMargin")) return missing("multiAssetsMargin");
    if (form.flag("multiAssetsMargin"))
        return refusal(fault::kAssetModeIsSo,
                       "Adjusted asset mode is currently set and does not need to be adjusted "
                       "repeatedly",
                       "multiAssetsMargin");
    return invalid("multiAssetsMargin", "all collateral counts here, so it is true.");
}

Answered dual_side(const Around& around, const Form&, const Call& call) {
    ASTRO_TRY(const AccountId account, account_of(around, call));
    return json_answer(DualSide{account_now(around, account).hedges});
}

Answered multi_assets(const Around&, const Form&, const Call&) {
    return json_answer(MultiAssets{});
}

}  // namespace

std::vector<Route> setting_routes(const Around& around) {
    const auto success = json_document<Success>();
    std::vector<Route> out;
    out.push_back(trading_route(
        around, "POST", "/fapi/v1/leverage",
        "The leverage that the caller allows himself in a market",
        {symbol_parameter(), whole_parameter("leverage", "1 to the market's most", "5")},
        json_document<LeverageAnswer>(), set_leverage));
    out.push_back(trading_route(
        around, "POST", "/fapi/v1/marginType", "It is always CROSSED",
        {symbol_parameter(),
         choice_parameter("marginType", "How positions share collateral", {"CROSSED", "ISOLATED"})},
        success, set_margin_type));
    out.push_back(trading_route(around, "POST", "/fapi/v1/positionSide/dual",
                                "One position a market, or a long and a short one",
                                {flag_parameter("dualSidePosition", "Long and short apart")},
                                success, set_dual_side));
    out.push_back(trading_route(around, "POST", "/fapi/v1/multiAssetsMargin", "It is always so",
                                {flag_parameter("multiAssetsMargin", "All collateral counts")},
                                success, set_multi_assets));
    out.push_back(own_route(around, "/fapi/v1/positionSide/dual",
                            "Whether long and short positions stand apart", {},
                            json_document<DualSide>(), dual_side));
    out.push_back(own_route(around, "/fapi/v1/multiAssetsMargin", "Whether all collateral counts",
                            {}, json_document<MultiAssets>(), multi_assets));
    return out;
}

}  // namespace astro::binance
