#include <gtest/gtest.h>

#include <array>
#include <map>
#include <span>
#include <sstream>

#include "capabilities/exchange/engine/formulas/accounting.hpp"
#include "capabilities/exchange/engine/formulas/funding.hpp"
#include "capabilities/exchange/engine/formulas/vectors_test_support.hpp"

/// Hyperliquid's own published figures: 1,038 hours of funding, premiums of a live moment, and the
/// fills of one account.
namespace astro::exchange::formulas {
namespace {

using testing::read_share;

std::vector<std::vector<std::string>> read_rows(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream in(read_share(name));
    std::string line;
    std::getline(in, line);  // names of the columns
    while (std::getline(in, line)) {
        if (line.ends_with('\r')) line.pop_back();
        auto& row = rows.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    }
    return rows;
}

std::int64_t scaled(const std::string& text, int decimals) {
    std::int64_t out = 0;
    EXPECT_TRUE(parse_decimal(text, decimals, out)) << text;
    return out;
}

TEST(HyperliquidFunding, EveryPublishedHourIsReproducedByTheTermsOfItsTime) {
    // Both columns are printed with eight decimals and the rate was made from the unprinted
    // premium, so the rate is met within half a printed unit; where eight decimals hold the
    // quotient, to the unit.
    constexpr std::int64_t kPrinted = kRateOne / 100'000'000;
    std::map<std::string, int> rows_by_fit;
    int exact = 0;
    for (const auto& row : read_rows("hyperliquid_btc_funding_history_2023.csv")) {
        const PremiumTerms& terms = terms_at(hyperliquid_history_2023(), scaled(row.at(1), 0));
        const Rate rate = hyperliquid_funding(Rate{scaled(row.at(3), 12)}, terms);
        const std::int64_t apart = rate.value() - scaled(row.at(2), 12);
        EXPECT_LE(std::abs(apart), kPrinted / 2) << row.at(1);
        if (rate.value() % kPrinted == 0) {
            EXPECT_EQ(apart, 0) << row.at(1);
            ++exact;
        }
        ++rows_by_fit[row.at(4)];
        // The terms are one of those that the file says fit.
        const std::string clamp = std::to_string(terms.clamp.value() / (100 * kRatePerPpm));
        const std::string name = terms.clamp == Rate{0} ? "noclamp_div8"
                                 : terms.divisor == 1   ? "clamp" + clamp + "bp_hourly"
                                                        : "clamp" + clamp + "bp_div8";
        EXPECT_NE(row.at(4).find(name), std::string::npos) << row.at(1) << " " << name;
    }
    EXPECT_EQ(exact, 341);
    EXPECT_EQ(rows_by_fit,
              (std::map<std::string, int>{{"noclamp_div8", 677},
                                          {"clamp3bp_div8", 131},
                                          {"clamp3bp_div8|clamp5bp_div8|clamp2bp_div8", 121},
                                          {"clamp3bp_hourly", 82},
                                          {"clamp3bp_div8|clamp5bp_div8", 26},
                                          {"clamp2bp_div8", 1}}));
}

TEST(HyperliquidFunding, ThePresentTermsGiveTheKnownFloor) {
    // 0.01 % of eight hours, reached while the premium is within the clamp of it.
    const PremiumTerms now{Rate{100 * kRatePerPpm}, Rate{500 * kRatePerPpm}, 8};
    EXPECT_EQ(to_text(hyperliquid_funding(Rate{0}, now)), "0.0000125");
    EXPECT_EQ(to_text(hyperliquid_funding(Rate{600 * kRatePerPpm}, now)), "0.0000125");
    EXPECT_EQ(to_text(hyperliquid_funding(Rate{-400 * kRatePerPpm}, now)), "0.0000125");
    EXPECT_EQ(to_text(hyperliquid_funding(Rate{608 * kRatePerPpm}, now)), "0.0000135");
    EXPECT_EQ(to_text(hyperliquid_funding(Rate{-408 * kRatePerPpm}, now)), "0.0000115");
}

TEST(HyperliquidPremium, IsThatOfLiveContexts) {
    // Oracle price, impact bid, impact ask and the premium that was published with them, of
    // fourteen perpetuals at one moment. Printed with ten decimals.
    struct Context {
        const char *oracle, *bid, *ask, *premium;
    };
    constexpr std::array kContexts{Context{"77605", "77558", "77559", "-0.0005927453"},
                                   Context{"2124.6", "2123.65", "2124", "-0.0002824061"},
                                   Context{"2.1345", "2.1295", "2.1333", "-0.0005621926"},
                                   Context{"86.19", "86.14", "86.141", "-0.0005685114"},
                                   Context{"9.4315", "9.4268", "9.4288", "-0.0002862747"},
                                   Context{"667.55", "667.251", "667.352", "-0.000296607"},
                                   Context{"0.13115", "0.13097", "0.1311", "-0.0003812429"},
                                   Context{"0.15536", "0.15542", "0.15596", "0.0003861998"},
                                   Context{"0.13789", "0.13792", "0.13809", "0.0002175647"},
                                   Context{"0.05524", "0.0553", "0.05539", "0.0010861694"},
                                   Context{"0.3025", "0.30253", "0.30287", "0.0000991736"},
                                   Context{"14.78", "14.7878", "14.8331", "0.0005277402"},
                                   Context{"0.109", "0.10892", "0.10905", "0"},
                                   Context{"5.7095", "5.70765", "5.71333", "0"}};
    for (const auto& c : kContexts) {
        const Rate rate =
            premium(Price{scaled(c.bid, 6)}, Price{scaled(c.ask, 6)}, Price{scaled(c.oracle, 6)});
        EXPECT_LE(std::abs(rate.value() - scaled(c.premium, 12)), 50) << c.oracle;
    }
}

/// The fills are of 2023. Profits of that time were figured from an entry price that was kept cut
/// to 6 - (decimals of the asset's size) decimals, and with two faults: every fill, also one that
/// reduces, was averaged into it as if it grew the position; and the profit of a flip from short
/// to long has the wrong sign. Given these three, our arithmetic, which keeps no entry price,
/// gives every profit to the last printed digit, except the first of an asset, from which its
/// entry is learnt.
class FillReplay {
  public:
    using Rows = std::vector<std::vector<std::string>>;
    int met = 0, flips = 0, first = 0, openings = 0;

    explicit FillReplay(const Rows& rows) {
        for (const auto& cells : rows) {
            std::int64_t unit = 1'000'000'000;  // 1e-9 is the finest size
            for (auto size = scaled(cells.at(5), 9); size % 10 == 0; size /= 10) unit /= 10;
            auto& known = units_[cells.at(1)];
            known = std::max({known, unit, std::int64_t{1}});
        }
    }

    void row(const std::vector<std::string>& cells) {
        const std::string& coin = cells.at(1);
        const Price price{scaled(cells.at(4), 6)};
        const Base size{scaled(cells.at(5), 9)};
        const Base start{scaled(cells.at(6), 9)};
        const Base delta = cells.at(3) == "B" ? size : Base{} - size;
        EXPECT_EQ(direction(start, delta), cells.at(2)) << cells.at(10);
        PositionState held{start, quote_of(coin, start)};
        const auto outcome = apply_fill(held, delta, price);
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->after.size, start + delta);
        EXPECT_EQ(outcome->after.quote + outcome->realized + Quote{saturate64(cash(delta, price))},
                  held.quote);
        const bool flips_up = cells.at(2) == "Short > Long";
        flips += cells.at(2).find('>') != std::string::npos ? 1 : 0;
        if (outcome->closed == Base{0}) {
            ++openings;
            EXPECT_EQ(scaled(cells.at(7), 6), 0);
            if (start == Base{0} || entries_.contains(coin)) average(coin, start, size, price);
            return;
        }
        const std::int64_t printed = scaled(cells.at(7), 6) * (flips_up ? -1 : 1);
        if (entries_.contains(coin)) {
            EXPECT_EQ(outcome->realized.value(), printed) << coin << " " << cells.at(10);
            ++met;
        } else {
            ++first;
        }
        // From here on with the entry that their figure tells.
        const Int128 won = static_cast<Int128>(printed) * kBaseUnit / outcome->closed.value();
        entries_[coin] = price - Price{saturate64(start > Base{0} ? won : -won)};
        if (outcome->closed < size)
            entries_[coin] = price;
        else if (outcome->after.size == Base{0})
            entries_.erase(coin);
        else
            average(coin, start, size, price);
    }

  private:
    static Int128 cash(Base delta, Price price) {
        return div_round(static_cast<Int128>(delta.value()) * price.value(), kBaseUnit,
                         Rounding::ceil);
    }
    static std::string direction(Base start, Base delta) {
        const bool buys = delta > Base{0};
        if (start == Base{0} || (start > Base{0}) == buys) return buys ? "Open Long" : "Open Short";
        const Base after = start + delta;
        if (after == Base{0} || (after > Base{0}) == (start > Base{0}))
            return buys ? "Close Short" : "Close Long";
        return buys ? "Short > Long" : "Long > Short";
    }
    /// Quote of a position at the entry price; without one, any will do.
    Quote quote_of(const std::string& coin, Base size) const {
        const auto entry = entries_.find(coin);
        const Price price = entry == entries_.end() ? Price{kQuoteUnit} : entry->second;
        return Quote{saturate64(-cash(size, price))};
    }
    /// Their average: as if the fill grew the position, by our own arithmetic.
    void average(const std::string& coin, Base start, Base size, Price price) {
        const Base held{static_cast<std::int64_t>(magnitude(start.value()))};
        const auto grown = apply_fill({held, quote_of(coin, held)}, size, price);
        ASSERT_TRUE(grown);
        const std::int64_t unit = units_.at(coin);
        entries_[coin] = Price{entry_price(grown->after, Rounding::floor)->value() / unit * unit};
    }
    std::map<std::string, Price> entries_;
    std::map<std::string, std::int64_t> units_;  ///< of the entry price, in 1e-6
};

TEST(HyperliquidFills, SizesDirectionsFlipsAndProfitsAgree) {
    const auto rows = read_rows("hyperliquid_user_fills_2023.csv");
    ASSERT_EQ(rows.size(), 500U);
    FillReplay replay(rows);
    // The first is one half of a trade with itself, whose other half the recording cut off.
    for (const auto& row : std::span(rows).subspan(1)) replay.row(row);
    EXPECT_EQ(replay.flips, 22);
    EXPECT_EQ(replay.met, 271);
    EXPECT_EQ(replay.first, 16);
    EXPECT_EQ(replay.openings, 212);
}

}  // namespace
}  // namespace astro::exchange::formulas
