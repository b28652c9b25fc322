#include "capabilities/exchange/refusal_text.hpp"

#include <algorithm>
#include <array>

#include "capabilities/exchange/engine/formulas/oracle.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/time.hpp"

namespace astro::exchange {
namespace {

using Code = RefusalCode;
using Unit = RefusalUnit;

constexpr auto kRules = std::to_array<RefusalRule>({
    {Code::none, 500, "", Unit::none, "nothing was refused"},
    {Code::account_unknown, 404, "account", Unit::none, "you have no such account"},
    {Code::market_unknown, 404, "market", Unit::none, "there is no such market"},
    {Code::asset_unknown, 404, "asset", Unit::none, "there is no such asset"},
    {Code::order_unknown, 404, "order", Unit::none,
     "the account has no such order that is open; GET tells how it ended"},
    {Code::market_not_open, 409, "market", Unit::state,
     "the market is {needed} and takes no such orders now"},
    {Code::market_reduce_only, 409, "market", Unit::none,
     "the market only takes orders that reduce a position"},
    {Code::no_price, 503, "market", Unit::none, "the market has no price yet"},
    {Code::oracle_restricts, 503, "market", Unit::verdict,
     "the oracle's price is {needed}: nothing that adds risk is taken until it is well; "
     "what only reduces is"},
    {Code::bad_amount, 400, "amount", Unit::none,
     "needs to be above zero and within what is counted"},
    {Code::price_not_tick, 400, "price", Unit::price,
     "price {available} is not a multiple of the market's tick; nearest valid: {needed}"},
    {Code::size_not_lot, 400, "size", Unit::size,
     "size {available} is not a multiple of the market's lot; nearest valid: {needed}"},
    {Code::price_out_of_range, 400, "price", Unit::price,
     "price {available} is outside of the market's bounds; nearest valid: {needed}"},
    {Code::price_out_of_band, 422, "price", Unit::price,
     "price {available} is too far beyond the mark price; nearest allowed: {needed}"},
    {Code::size_too_small, 400, "size", Unit::size,
     "size {available} is too small; it needs {needed} or more"},
    {Code::size_too_large, 400, "size", Unit::size,
     "size {available} is too large; the most is {needed}"},
    {Code::notional_too_small, 400, "size", Unit::money,
     "the order is worth {available} USDC, the least is {needed}; what only reduces is exempt"},
    {Code::position_too_large, 422, "size", Unit::size,
     "the position could become {needed}, the most is {available}"},
    {Code::open_interest_too_large, 422, "size", Unit::size,
     "adds {needed} to the market's open interest, which has room for {available}"},
    {Code::order_inconsistent, 400, "", Unit::none,
     "options of the order exclude each other, or the account may not trade this market and leg"},
    {Code::expiry_passed, 400, "expires", Unit::time,
     "the order would have ended at {available}, now it is {needed}"},
    {Code::client_id_duplicate, 409, "client_id", Unit::none,
     "an open order of the account has this client id"},
    {Code::too_many_orders, 409, "", Unit::count, "{needed} open orders are the most"},
    {Code::would_trade, 422, "price", Unit::price,
     "a post-only order would trade: the other side's best price is {needed}"},
    {Code::not_fillable, 422, "size", Unit::size,
     "all of {needed} or nothing was wanted, {available} can be had"},
    {Code::nothing_to_reduce, 422, "", Unit::none,
     "there is no position that the order could reduce"},
    {Code::margin_insufficient, 422, "", Unit::money,
     "needs {needed} USDC initial margin, free collateral is {available}"},
    {Code::balance_insufficient, 422, "amount", Unit::amount,
     "needs {needed} {asset}, there are {available}"},
    {Code::deposit_cap, 422, "amount", Unit::amount,
     "{needed} {asset} are more than the venue takes; it has room for {available}"},
    {Code::positions_open, 409, "", Unit::none, "close the positions first"},
    {Code::too_many_positions, 409, "", Unit::count, "{needed} positions are the most"},
    {Code::notional_too_large, 422, "size", Unit::money,
     "the order is worth {available} USDC, the most is {needed}"},
    {Code::market_gathers, 409, "", Unit::none,
     "before its opening the market only takes limit orders that rest"},
    {Code::market_state, 409, "market", Unit::none,
     "the market is not in the state in which this can be done"},
    {Code::no_auction, 422, "", Unit::none, "the market has no auctions of taker orders"},
    {Code::own_auction, 409, "order", Unit::none, "nobody fills an auction of his own"},
    {Code::auction_price, 422, "price", Unit::price,
     "price {available} is worse than what the taker is due now, which is {needed}"},
    {Code::batch_size, 400, "", Unit::count,
     "{available} actions are too many or none; the most is {needed}"},
    {Code::would_trigger, 422, "trigger", Unit::price,
     "the price has passed the trigger {needed} already: it is {available}"},
    {Code::market_changed, 409, "version", Unit::count,
     "somebody changed the market since version {available}: it is {needed} now"},
    {Code::version_conflict, 409, "version", Unit::count,
     "somebody changed the settings meanwhile: the next version is {needed}, not {available}"},
    {Code::referrer_refused, 409, "referrer", Unit::none,
     "there is a referrer already, or it is oneself"},
    {Code::builder_not_allowed, 422, "builder", Unit::count,
     "the builder's fee of {needed} ppm is not approved; approved are {available}"},
    {Code::too_many_builders, 409, "builder", Unit::count, "{needed} builders are the most"},
    {Code::shares_insufficient, 422, "shares", Unit::money,
     "needs {needed} shares of the insurance fund, there are {available}"},
    {Code::unstake_requested, 409, "", Unit::none,
     "leaving the insurance fund has been requested: cancel that first, or wait for it"},
    {Code::unstake_not_requested, 409, "", Unit::none,
     "leaving the insurance fund has not been requested"},
    {Code::cooling_down, 409, "", Unit::time, "the cool-down ends at {needed}"},
    {Code::fund_drained, 409, "", Unit::none, "the insurance fund has shares and no money"},
    {Code::treasury_insufficient, 422, "amount", Unit::money,
     "needs {needed} USDC of the treasury, there are {available}"},
    {Code::observation_known, 409, "observation", Unit::none, "this deposit has been credited"},
    {Code::observation_too_old, 409, "observation", Unit::count,
     "deposits below height {needed} are credited no more; this is of {available}"},
    {Code::liquidity_insufficient, 422, "amount", Unit::amount,
     "{needed} {asset} are more than the venue has at hand, which is {available}"},
    {Code::withdrawals_by_request, 409, "", Unit::none,
     "no withdrawal is made at once here: request one"},
    {Code::withdrawal_unknown, 404, "withdrawal", Unit::none,
     "there is no such withdrawal that is open"},
    {Code::withdrawal_state_refused, 409, "withdrawal", Unit::none,
     "the withdrawal's state does not allow it"},
    {Code::withdrawal_limit, 422, "amount", Unit::money,
     "is worth {needed} USDC, of the day's limit {available} are left"},
    {Code::too_many_withdrawals, 409, "", Unit::count, "{needed} open withdrawals are the most"},
    {Code::borrow_limit, 422, "amount", Unit::amount,
     "{needed} {asset} would be borrowed, the most is {available}"},
    {Code::too_many_backstops, 409, "", Unit::count, "{needed} backstops are the most"},
    {Code::governed, 403, "", Unit::none,
     "the rules bind: only a proposal that is accepted changes it"},
    {Code::bad_proposal, 400, "action", Unit::none,
     "a proposal has a title and changes exactly one thing, to what it is not yet"},
    {Code::stake_insufficient, 400, "amount", Unit::amount,
     "needs {needed} {asset}, {available} are staked"},
    {Code::too_many_voters, 409, "", Unit::count, "{needed} accounts with a stake are the most"},
    {Code::too_many_cooling, 409, "", Unit::count,
     "{needed} amounts of an account that cool down are the most"},
    {Code::power_insufficient, 400, "", Unit::amount,
     "proposing takes a power of {needed} {asset}, the account has {available}"},
    {Code::too_many_proposals, 409, "", Unit::count,
     "{needed} open proposals are the most: 4 of an account, 64 of all"},
    {Code::proposal_unknown, 404, "proposal", Unit::none,
     "the venue knows the proposals that are open and the newest that have ended"},
    {Code::no_voting_power, 403, "account", Unit::none,
     "the account had no voting power when the proposal was made; what is staked later counts for "
     "later ones"},
    {Code::voting_over, 409, "proposal", Unit::time, "voting ended at {needed}"},
    {Code::not_guardian, 403, "account", Unit::none,
     "only guardians veto; the parameters of governance name them"},
    {Code::not_in_timelock, 409, "proposal", Unit::time,
     "a veto is possible from {needed} on, when votes have accepted it"},
    {Code::already_vetoed, 409, "proposal", Unit::none, "this guardian has vetoed it"},
    {Code::not_proposer, 403, "account", Unit::none, "only who proposed it takes it back"},
    {Code::proposal_over, 409, "proposal", Unit::none, "the proposal has come to its end"},
    {Code::not_accepted, 409, "proposal", Unit::amount,
     "it is not accepted: it takes {needed} {asset} in favour and has {available}"},
    {Code::timelock_running, 409, "proposal", Unit::time, "it can be executed from {needed} on"},
});

std::string plain(const Refusal& refusal, std::int64_t number, const RefusalAsset& asset) {
    switch (rule_of(refusal.code).unit) {
        case Unit::none:
            return "";
        case Unit::verdict:
            return std::string(enum_name(static_cast<formulas::OracleVerdict>(number)));
        case Unit::state:
            return std::string(enum_name(static_cast<MarketState>(number)));
        case Unit::time:
            return to_iso8601(TimestampNs{number * milliseconds(1).value()});
        default:
            return decimal_text(number, refusal_decimals(refusal.code, asset.decimals));
    }
}

std::string spoken(const Refusal& refusal, std::int64_t number, const RefusalAsset& asset) {
    const Unit unit = rule_of(refusal.code).unit;
    if (unit == Unit::money || unit == Unit::amount)
        return grouped_money(number, refusal_decimals(refusal.code, asset.decimals));
    return plain(refusal, number, asset);
}

}  // namespace

const RefusalRule& rule_of(RefusalCode code) {
    const auto* found = std::ranges::find(kRules, code, &RefusalRule::code);
    ASTRO_ASSERT(found != kRules.end());
    return *found;
}

bool names_nearest(RefusalCode code) {
    switch (code) {
        case Code::price_not_tick:
        case Code::size_not_lot:
        case Code::price_out_of_range:
        case Code::price_out_of_band:
        case Code::size_too_small:
        case Code::size_too_large:
            return true;
        default:
            return false;
    }
}

int refusal_decimals(RefusalCode code, std::int64_t asset_decimals) {
    switch (rule_of(code).unit) {
        case Unit::price:
            return PriceTag::kDecimals;
        case Unit::money:
            return QuoteTag::kDecimals;
        case Unit::size:
            return BaseTag::kDecimals;
        case Unit::amount:
            return static_cast<int>(asset_decimals);
        default:
            return 0;
    }
}

std::string grouped_money(std::int64_t value, int decimals) {
    std::string text = decimal_text(value, decimals);
    std::size_t point = text.find('.');
    if (point == text.npos) {
        point = text.size();
        text += ".00";
    } else if (text.size() - point < 3) {
        text += '0';
    }
    const std::size_t first = text.front() == '-' ? 1 : 0;
    for (std::size_t at = point; at > first + 3;) text.insert(at -= 3, 1, ',');
    return text;
}

std::string refusal_sentence(const Refusal& refusal, const RefusalAsset& asset) {
    std::string out(rule_of(refusal.code).sentence);
    const auto put = [&](std::string_view name, const std::string& value) {
        if (const auto at = out.find(name); at != out.npos) out.replace(at, name.size(), value);
    };
    put("{needed}", spoken(refusal, refusal.needed, asset));
    put("{available}", spoken(refusal, refusal.available, asset));
    put("{asset}", std::string(asset.symbol));
    return out;
}

std::string refusal_number(const Refusal& refusal, std::int64_t number, const RefusalAsset& asset) {
    return plain(refusal, number, asset);
}

}  // namespace astro::exchange
