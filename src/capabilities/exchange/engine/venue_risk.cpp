#include "capabilities/exchange/engine/venue_risk.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

constexpr std::size_t kHoldersNamed = 5;

bool is_idle(const Account& account) {
    return std::ranges::all_of(account.positions,
                               [](const Position& p) { return p.size == Base{0}; }) &&
           std::ranges::all_of(account.balances, [](Amount a) { return a == Amount{0}; });
}

Holders holders_of(std::vector<HolderShare> all) {
    Int128 total = 0;
    for (const auto& holder : all) total += holder.size.value();
    Int128 squares = 0;
    for (auto& holder : all) {
        holder.share_ppm =
            static_cast<std::int64_t>(static_cast<Int128>(holder.size.value()) * kShockOne / total);
        squares += static_cast<Int128>(holder.share_ppm) * holder.share_ppm;
    }
    std::ranges::stable_sort(all, std::greater<>(), &HolderShare::size);
    Holders out{
        static_cast<std::int64_t>(all.size()), static_cast<std::int64_t>(squares / kShockOne), {}};
    all.resize(std::min(all.size(), kHoldersNamed));
    out.largest = std::move(all);
    return out;
}

/// What of an event belongs to the result.
struct Counting {
    LiquidationRun& out;

    void operator()(const LiquidationStarted& e) const {
        if (std::ranges::find(out.liquidated, e.account) == out.liquidated.end())
            out.liquidated.push_back(e.account);
    }
    void operator()(const Liquidated& e) const { out.closed_on_book += e.value; }
    void operator()(const BackstopTook& e) const { out.taken_by_backstops += e.value; }
    void operator()(const Deleveraged& e) const {
        out.deleveraged += Quote{static_cast<std::int64_t>(notional(e.price, e.size))};
    }
    void operator()(const DeficitCovered& e) const {
        out.fund_paid += e.paid;
        out.socialized += e.socialized;
        out.uncovered += e.uncovered;
    }
    template <class Other>
    void operator()(const Other&) const {}
};

}  // namespace

VenueStanding venue_standing(const Venue& venue, const MarginContext& context,
                             std::size_t worst_max) {
    VenueStanding out{.insurance = venue.pools().insurance};
    for (std::uint32_t i = 0; i < venue.accounts().size(); ++i) {
        const Account& account = venue.accounts()[i];
        if (is_idle(account)) continue;
        const AccountStanding standing = standing_of(context, AccountId{i}, account);
        ++out.accounts;
        out.equity += standing.equity;
        if (standing.equity < Quote{0}) {
            ++out.bankrupt;
            out.bankrupt_amount -= standing.equity;
        }
        if (!standing.liquidated) continue;
        ++out.liquidated;
        for (const auto& position : account.positions)
            out.liquidated_notional += value_at_mark(context.markets[position.market.value()],
                                                     std::abs(position.size.value()));
        out.worst.push_back(standing);
    }
    out.insurance_missing = std::max(out.bankrupt_amount - out.insurance, Quote{0});
    std::ranges::stable_sort(out.worst, std::greater<>(), &AccountStanding::requirement);
    out.worst.resize(std::min(out.worst.size(), worst_max));
    return out;
}

std::vector<MarketShock> market_shocks(const ShockedVenue& shocked, const Shock& shock) {
    std::vector<MarketShock> out;
    for (std::size_t i = 0; i < shocked.markets().size(); ++i)
        out.push_back({shocked.markets()[i].settings.symbol, shock.market_ppm[i],
                       shocked.markets()[i].index, shocked.markets()[i].mark});
    return out;
}

std::vector<MarketConcentration> concentration_of(const Venue& venue) {
    std::vector<std::vector<HolderShare>> longs(venue.markets().size()), shorts = longs;
    for (std::uint32_t i = 0; i < venue.accounts().size(); ++i)
        for (const auto& position : venue.accounts()[i].positions) {
            if (position.size == Base{0}) continue;
            auto& side = position.size > Base{0} ? longs : shorts;
            side[position.market.value()].push_back(
                {AccountId{i}, Base{std::abs(position.size.value())}, 0});
        }
    std::vector<MarketConcentration> out;
    for (std::size_t i = 0; i < venue.markets().size(); ++i) {
        const Market& market = venue.markets()[i];
        out.push_back({market.settings.symbol, market.open_interest,
                       value_at_mark(market, market.open_interest.value()),
                       holders_of(std::move(longs[i])), holders_of(std::move(shorts[i]))});
    }
    return out;
}

LiquidationRun run_liquidations(Venue& venue, const Shock& shock, BookAssumption book) {
    LiquidationRun out{.fund_before = venue.pools().insurance};
    Events events;
    const auto apply = [&](CommandBody command) {
        events.clear();
        venue.apply(venue.now(), command, events);
        for (const auto& event : events) std::visit(Counting{out}, event);
    };
    if (book == BookAssumption::empty)
        for (std::uint32_t i = 0; i < venue.accounts().size(); ++i)
            if (!venue.accounts()[i].orders.empty()) apply(CancelAll{.account = AccountId{i}});
    for (std::uint8_t i = 1; i < venue.assets().size(); ++i)
        if (const Price now = venue.assets()[i].price; now > Price{0} && shock.asset_ppm[i] != 0)
            apply(SetAssetPrice{AssetId{i}, shocked_price(now, shock.asset_ppm[i])});
    for (std::uint16_t i = 0; i < venue.markets().size(); ++i) {
        const Market& market = venue.markets()[i];
        if (market.index == Price{0} || shock.market_ppm[i] == 0) continue;
        SetIndexPrice price;
        price.market = MarketId{i};
        price.index =
            std::min(shocked_price(market.index, shock.market_ppm[i]), market.settings.price_max);
        apply(price);
        if (!formulas::allowed_actions(venue.markets()[i].oracle.verdict,
                                       formulas::OracleProfile::ours)
                 .allows(OracleAction::liquidate))
            out.guarded.push_back(market.settings.symbol);
    }
    out.fund_after = venue.pools().insurance;
    return out;
}

}  // namespace astro::exchange
