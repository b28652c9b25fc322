#include <map>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

/// The naive reference of margin and liquidation: knows only the events, keeps no sum and no watch
/// list, and counts every account anew from balances, positions and prices in plain fractions.
/// After each command the venue may leave nobody below his maintenance margin whom it could
/// liquidate, and each liquidation says the numbers that the reference has at that moment.
namespace astro::exchange {
namespace {

struct Fraction {
    Int128 over, under;
};
std::int64_t floor_of(Fraction f) {
    Int128 whole = f.over / f.under;
    if (f.over % f.under < 0) --whole;
    return static_cast<std::int64_t>(whole);
}
std::int64_t ceil_of(Fraction f) {
    return -floor_of({-f.over, f.under});
}
std::int64_t naive_root(Int128 n) {
    std::int64_t low = 0, high = std::int64_t{1} << 40;
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        (Int128{middle} * middle <= n ? low : high) =
            Int128{middle} * middle <= n ? middle : middle - 1;
    }
    return low;
}
std::int64_t premium(std::int64_t weight, std::int64_t imf_ppm, Int128 size) {
    const std::int64_t grown =
        weight - weight / 5 +
        static_cast<std::int64_t>(Int128{naive_root(size * 10 + 1)} * imf_ppm / 10'000'000);
    return imf_ppm == 0 ? weight : std::max(weight, grown);
}
std::int64_t discount(std::int64_t weight, std::int64_t imf_ppm, Int128 size) {
    if (imf_ppm == 0) return weight;
    const Int128 below = 1'000'000 + Int128{naive_root(size * 10 + 1)} * imf_ppm / 100'000;
    return std::min(weight, static_cast<std::int64_t>(Int128{11'000'000'000} / below));
}

class NaiveMargin {
  public:
    struct Held {
        Base size{};
        Quote entry{};
        Int128 funding = 0, loss = 0;  ///< of the market, when it last paid
    };
    struct Side {
        MarketSettings settings;
        Price mark{};
        Int128 funding = 0, loss = 0;
        std::int64_t interest = 0, interest_at_mark = 0;
        OracleVerdict verdict = OracleVerdict::non_positive;
    };
    using Key = std::tuple<AccountId, MarketId, Leg>;

    Health of(AccountId id, const Venue& venue) const {
        Health out;
        for (const auto& [key, amount] : balances)
            if (key.first == id) out.collateral += value(key.second, now(id, key.second, venue));
        for (const auto& [key, held] : positions) {
            if (std::get<0>(key) != id || held.size == Base{0}) continue;
            const Side& market = markets.at(std::get<1>(key));
            out.collateral += profit(market, held);
            out.requirement += need(market, held.size.value());
        }
        return out;
    }
    bool can_be_liquidated(AccountId id) const {
        bool any = false, may = false;
        for (const auto& [key, held] : positions) {
            if (std::get<0>(key) != id || held.size == Base{0}) continue;
            any = true;
            may |= formulas::allowed_actions(markets.at(std::get<1>(key)).verdict,
                                             formulas::OracleProfile::ours)
                       .allows(OracleAction::liquidate);
        }
        return !any || may;
    }

    void on(const MarketSet& e) { markets[e.market].settings = *e.settings; }
    void on(const AssetSet& e) { assets[e.asset].first = *e.settings; }
    void on(const AssetPriceSet& e) { assets[e.asset].second = e.price; }
    void on(const AccountOpened& e) { balances[{e.account, kUsdc}]; }
    void on(const BalanceChanged& e) { balances[{e.account, e.asset}] = e.balance; }
    void on(const PriceSet& e) {
        markets[e.market].mark = e.mark;
        markets[e.market].interest_at_mark = open_interest(e.market);
    }
    void on(const OracleJudged& e) { markets[e.market].verdict = e.verdict; }
    void on(const FundingSettled& e) { markets[e.market].funding += e.per_base.value(); }
    void on(const LossSocialized& e) { markets[e.market].loss += e.per_base.value(); }
    void on(const FundingPaid& e) {
        Held& held = positions[{e.account, e.market, e.leg}];
        held.funding = markets[e.market].funding;
        held.loss = markets[e.market].loss;
    }
    void on(const PositionChanged& e) {
        Held& held = positions[{e.account, e.market, e.leg}];
        held = {e.size, e.entry_quote, markets[e.market].funding, markets[e.market].loss};
    }
    void on(const auto&) {}

    std::map<std::pair<AccountId, AssetId>, Amount> balances;
    std::map<Key, Held> positions;
    std::map<MarketId, Side> markets;
    std::map<AssetId, std::pair<AssetSettings, Price>> assets;

  private:
    std::int64_t open_interest(MarketId market) const {
        std::int64_t out = 0;
        for (const auto& [key, held] : positions)
            if (std::get<1>(key) == market) out += std::max<std::int64_t>(held.size.value(), 0);
        return out;
    }
    /// With the interest that is due: its running sums are the venue's, which other tests hold.
    Amount now(AccountId id, AssetId asset, const Venue& venue) const {
        const Amount balance = balances.at({id, asset});
        const auto* mark = venue.accounts()[id.value()].interest_mark(asset);
        const Collateral& c = venue.assets()[asset.value()];
        if (!c.settings.borrow_enabled || mark == nullptr || balance == Amount{0}) return balance;
        const Int128 each = balance > Amount{0} ? c.interest.deposit_index - mark->index
                                                : c.interest.borrow_index - mark->index;
        Int128 principal = balance.value();
        if (principal < 0)
            principal = std::min<Int128>(principal + c.settings.interest_free.value(), 0);
        return balance + Amount{floor_of({principal * each, 1'000'000'000'000'000})};
    }
    std::int64_t value(AssetId id, Amount amount) const {
        if (id == kUsdc) return amount.value();
        const auto& [settings, price] = assets.at(id);
        Int128 unit = 1;
        for (std::int64_t i = 0; i < settings.decimals; ++i) unit *= 10;
        const std::int64_t plain = floor_of({Int128{amount.value()} * price.value(), unit});
        const Int128 size = Int128{std::abs(amount.value())} * kBaseUnit / unit;
        const std::int64_t weight =
            amount < Amount{0}
                ? premium(settings.maintenance_liability_weight_bps, settings.imf_factor_ppm, size)
                : discount(settings.maintenance_weight_bps, settings.imf_factor_ppm, size);
        return floor_of({Int128{plain} * weight, 10'000});
    }
    static std::int64_t profit(const Side& market, const Held& held) {
        const Int128 size = held.size.value();
        const Int128 funding = -size * (market.funding - held.funding) -
                               (size < 0 ? -size : size) * (market.loss - held.loss);
        return floor_of({size * market.mark.value(), kBaseUnit}) + held.entry.value() +
               floor_of({funding, 1'000'000'000'000});
    }
    static std::int64_t need(const Side& market, std::int64_t size) {
        const MarketSettings& m = market.settings;
        const std::int64_t value =
            ceil_of({Int128{std::abs(size)} * market.mark.value(), kBaseUnit});
        if (m.margin_formula == MarginFormula::brackets) {
            Int128 sum = 0;  // each part of the value at its rate, times a million
            for (std::size_t i = 0; i < m.brackets.size(); ++i) {
                const bool last = i + 1 == m.brackets.size();
                const Int128 from = m.brackets[i].from.value();
                const Int128 to = last ? Int128{value} : Int128{m.brackets[i].to.value()};
                if (value > from)
                    sum += (std::min<Int128>(value, to) - from) * m.brackets[i].maintenance_ppm;
            }
            return ceil_of({sum, 1'000'000});
        }
        const std::int64_t ratio =
            m.margin_formula == MarginFormula::dydx
                ? m.maintenance_margin_bps
                : premium(m.maintenance_margin_bps, m.imf_factor_ppm, std::abs(size));
        return ceil_of({Int128{value} * ratio, 10'000});
    }
};

TEST(NaiveMargin, AgreesAboutWhoIsLiquidatedAndWithWhichNumbers) {
    int started = 0, checked = 0;
    for (std::uint64_t seed = 600; seed < 640; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 1'500; ++i) stream.step();
        Venue venue;
        Reader reader;
        NaiveMargin naive;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            Events events;
            with_order(stream.commands[i], venue, reader);
            venue.apply(stream.commands[i], events);
            reader.read(events);
            for (const auto& event : events) {
                std::visit([&](const auto& e) { naive.on(e); }, event);
                const auto* e = std::get_if<LiquidationEnded>(&event);
                if (e == nullptr) continue;
                ++started;
                const Health known = naive.of(e->account, venue);
                // Interest that was booked after it has moved no sum.
                ASSERT_EQ(known.requirement, e->requirement.value())
                    << "seed " << seed << ", command " << i;
                ASSERT_EQ(known.collateral, e->collateral.value())
                    << "seed " << seed << ", command " << i;
            }
            for (std::uint32_t a = 0; a < venue.accounts().size(); ++a) {
                const Account& account = venue.accounts()[a];
                const Health known = naive.of(AccountId{a}, venue);
                const Health told =
                    health_of(venue.margin_context(), account, MarginKind::maintenance);
                ASSERT_EQ(known.collateral, told.collateral)
                    << "seed " << seed << ", command " << i << ", account " << a;
                ASSERT_EQ(known.requirement, told.requirement)
                    << "seed " << seed << ", command " << i << ", account " << a;
                ++checked;
                const bool is_fine = known.free() >= 0 || !naive.can_be_liquidated(AccountId{a});
                ASSERT_TRUE(is_fine || account.is_touched)
                    << "seed " << seed << ", command " << i << ", account " << a;
            }
        }
    }
    EXPECT_GT(started, 20);
    EXPECT_GT(checked, 100'000);
}

}  // namespace
}  // namespace astro::exchange
