#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "capabilities/exchange/engine/formulas/auction.hpp"
#include "capabilities/exchange/engine/formulas/drift_liquidation.hpp"
#include "capabilities/exchange/engine/formulas/drift_spot.hpp"
#include "capabilities/exchange/engine/formulas/funding.hpp"
#include "capabilities/exchange/engine/formulas/margin.hpp"
#include "capabilities/exchange/engine/formulas/vectors_test_support.hpp"

/// All 70 examples of Drift's own unit tests, met to the unit.
namespace astro::exchange::formulas {
namespace {

using testing::Vector;

Side side_of(const Vector& v) {
    return v.in().at("side").as_string() == "long" ? Side::buy : Side::sell;
}

DriftPerpTerms perp_terms(const Vector& v, const char* insurance_fee) {
    return {v["margin_ratio_1e4"], v["liquidator_fee_1e6"], v[insurance_fee],
            Price{v["oracle_price_1e6"]}, Price{v["quote_price_1e6"]}};
}

SpotLeg leg(const Vector& v, const std::string& name) {
    SpotLeg out;
    const auto take = [&](const char* field, auto& into) {
        if (const auto* value = v.in().if_contains(name + field))
            into = value->to_number<std::remove_reference_t<decltype(into)>>();
    };
    std::int64_t price = 1'000'000;
    take("_decimals", out.decimals);
    take("_liq_multiplier_1e6", out.multiplier_ppm);
    take("_weight_1e4", out.weight_bps);
    take("_price_1e6", price);
    out.price = Price{price};
    return out;
}

std::int64_t number(std::optional<Int128> value) {
    EXPECT_TRUE(value);
    return saturate64(value.value_or(kInt128Max));
}

using Formula = std::function<std::int64_t(const Vector&)>;

const std::map<std::string, Formula>& formulas() {
    static const std::map<std::string, Formula> kFormulas{
        {"size_discount_asset_weight",
         [](const Vector& v) {
             return drift_size_discount(Base{v["size_1e9"]}, v["imf_1e6"], v["asset_weight_1e4"]);
         }},
        {"size_premium_liability_weight",
         [](const Vector& v) {
             return drift_size_premium(Base{v["size_1e9"]}, v["imf_1e6"], v["liability_weight_1e4"],
                                       v["weight_precision"]);
         }},
        {"base_to_cover_margin_shortage",
         [](const Vector& v) {
             return drift_base_to_cover(Quote{v["margin_shortage_1e6"]},
                                        perp_terms(v, "if_fee_1e6"))
                 .value();
         }},
        {"liability_transfer_to_cover_margin_shortage",
         [](const Vector& v) {
             return number(drift_liability_to_cover(Quote{v["margin_shortage_1e6"]},
                                                    leg(v, "asset"), leg(v, "liability"),
                                                    v["if_fee_1e6"]));
         }},
        {"liability_transfer_implied_by_asset_amount",
         [](const Vector& v) {
             return number(drift_liability_for_asset(v["asset_amount"], leg(v, "asset"),
                                                     leg(v, "liability")));
         }},
        {"asset_transfer_for_liability_transfer",
         [](const Vector& v) {
             return number(drift_asset_for_liability(v["liability_amount"], v["asset_amount"],
                                                     leg(v, "asset"), leg(v, "liability")));
         }},
        {"perp_if_fee",
         [](const Vector& v) {
             return drift_perp_insurance_fee_ppm(Quote{v["margin_shortage_1e6"]},
                                                 Base{v["base_amount_1e9"]},
                                                 perp_terms(v, "max_if_fee_1e6"));
         }},
        {"spot_if_fee",
         [](const Vector& v) {
             return drift_spot_insurance_fee_ppm(Quote{v["margin_shortage_1e6"]}, v["token_amount"],
                                                 leg(v, "asset"), leg(v, "liability"),
                                                 v["max_if_fee_1e6"]);
         }},
        {"liquidation_fee",
         [](const Vector& v) {
             return drift_liquidation_fee_ppm(v["base_fee_1e6"], v["max_fee_1e6"],
                                              v["slot"] - v["user_last_active_slot"]);
         }},
        {"bankruptcy_funding_rate_delta",
         [](const Vector& v) {
             return number(drift_socialized_loss(Quote{v["loss_1e6"]}, Base{v["oi_long_1e9"]},
                                                 Base{v["oi_short_1e9"]}));
         }},
        {"auction_price_oracle_offset",
         [](const Vector& v) {
             const AuctionRange offsets{Price{v["start_offset_1e6"]}, Price{v["end_offset_1e6"]}};
             return auction_price(offsets, v["slots_elapsed"], v["duration_slots"],
                                  Price{v["tick"]}, side_of(v), Price{v["oracle_1e6"]})
                 .value();
         }},
        {"funding_max_price_divergence", [](const Vector& v) {
             const auto tier = v.in().at("contract_tier").as_string() == "B"
                                   ? ContractTier::b
                                   : ContractTier::highly_speculative;
             return drift_funding_divergence_max(Price{v["oracle_twap_1e6"]}, tier).value();
         }}};
    return kFormulas;
}

TEST(DriftVectors, AllAreMet) {
    int met = 0, auctions = 0;
    for (const auto& value : testing::read_vectors("drift_v2_math_vectors.json")) {
        const Vector v(value);
        if (v.fn() == "auction_start_end") {
            const auto range =
                drift_auction_range(side_of(v), Price{v["oracle_1e6"]}, Price{v["limit_1e6"]});
            const auto& out = v.out().as_array();
            EXPECT_EQ(range.start.value(), out.at(0).to_number<std::int64_t>()) << v.text();
            EXPECT_EQ(range.end.value(), out.at(1).to_number<std::int64_t>()) << v.text();
            ++auctions;
            continue;
        }
        ASSERT_TRUE(formulas().contains(v.fn())) << v.fn();
        EXPECT_EQ(formulas().at(v.fn())(v), v.out_integer()) << v.text();
        ++met;
    }
    EXPECT_EQ(met + auctions, 70);
}

}  // namespace
}  // namespace astro::exchange::formulas
