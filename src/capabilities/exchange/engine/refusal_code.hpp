#pragma once

#include "foundation/base/describe.hpp"

namespace astro::exchange {

/// Why a command was not done. The name is what the API tells; docs/errors.md explains each.
enum class RefusalCode : std::uint8_t {
    none,
    account_unknown,
    market_unknown,
    asset_unknown,
    order_unknown,
    market_not_open,          ///< its state allows no such order
    market_reduce_only,       ///< only orders that reduce
    no_price,                 ///< the oracle gives none that may be used
    oracle_restricts,         ///< needed: the verdict on its price; closing may still be allowed
    bad_amount,               ///< not above zero, or beyond what is counted
    price_not_tick,           ///< needed: the nearest valid price
    size_not_lot,             ///< needed: the nearest valid size
    price_out_of_range,       ///< needed: the nearest price within the market's bounds
    price_out_of_band,        ///< needed: the nearest price within the band around the mark price
    size_too_small,           ///< needed: the smallest
    size_too_large,           ///< needed: the largest
    notional_too_small,       ///< needed and available: the least notional, and the order's
    position_too_large,       ///< needed and available: what it would be, and the most
    open_interest_too_large,  ///< the same of the market
    order_inconsistent,       ///< options that exclude each other
    expiry_passed,
    client_id_duplicate,
    too_many_orders,  ///< needed: the most an account, or a market of pegged ones, may have
    would_trade,      ///< post-only; needed: the best price of the other side
    not_fillable,     ///< fill-or-kill; needed and available: sizes
    nothing_to_reduce,
    margin_insufficient,   ///< needed and available: initial margin and free collateral
    balance_insufficient,  ///< needed and available: amounts
    deposit_cap,           ///< needed and available: amounts
    positions_open,        ///< first close them
    too_many_positions,
    notional_too_large,  ///< needed and available: the most, and the order's
    market_gathers,      ///< before the opening there are only limit orders that rest
    market_state,        ///< its state is not the one in which this can be done
    no_auction,          ///< the market has none for taker orders
    own_auction,         ///< nobody trades with himself
    auction_price,       ///< needed: the price that is the taker's due at that moment
    batch_size,          ///< needed and available: the most actions, and how many there are
    would_trigger,       ///< needed and available: the trigger, and the price that has passed it
    market_changed,    ///< needed and available: the version in force, and the one that was changed
    version_conflict,  ///< needed and available: the next version, and the one that came
    referrer_refused,  ///< there is one already, or it is the owner himself
    builder_not_allowed,  ///< needed and available: the fee in ppm, and what is approved
    too_many_builders,    ///< needed: the most an owner may approve
    shares_insufficient,  ///< needed and available: shares of the insurance fund
    unstake_requested,    ///< first cancel it, or wait for it
    unstake_not_requested,
    cooling_down,              ///< needed and available: the time when it is over, and now
    fund_drained,              ///< the insurance fund has shares and no money
    treasury_insufficient,     ///< needed and available: amounts
    observation_known,         ///< it has been credited
    observation_too_old,       ///< needed and available: the lowest height, and the one that came
    liquidity_insufficient,    ///< needed and available: amounts; the venue has lent out the rest
    withdrawals_by_request,    ///< none is made at once
    withdrawal_unknown,        ///< or it has come to its end
    withdrawal_state_refused,  ///< available: its state
    withdrawal_limit,          ///< needed and available: value, and what is left of the day's
    too_many_withdrawals,      ///< needed: the most that may be open
    borrow_limit,              ///< needed and available: amounts
    too_many_backstops,        ///< needed: the most there may be
    governed,                  ///< only a proposal changes it
    bad_proposal,              ///< its title, its text, or not exactly one thing that it changes
    stake_insufficient,        ///< needed and available: amounts
    too_many_voters,           ///< needed: the most there are
    too_many_cooling,          ///< needed: the most withdrawals of one account that cool down
    power_insufficient,        ///< needed and available: to propose
    too_many_proposals,        ///< needed: the most that may be open
    proposal_unknown,
    no_voting_power,  ///< none when the proposal was made
    voting_over,      ///< needed and available: the time it ended, and now
    not_guardian,
    not_in_timelock,  ///< needed and available: the time it begins, and now
    already_vetoed,
    not_proposer,
    proposal_over,    ///< it has ended
    not_accepted,     ///< needed and available: the votes it needs, and has
    timelock_running  ///< needed and available: when it can be executed, and now
};

/// A refusal with its numbers, in the unit of the field that was refused.
struct Refusal {
    RefusalCode code = RefusalCode::none;
    std::int64_t needed = 0, available = 0;
    [[nodiscard]] explicit operator bool() const { return code != RefusalCode::none; }
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (code, needed, available))

// In parts, since a list of the preprocessor has at most 52 entries.
// clang-format off
BOOST_DESCRIBE_MAYBE_UNUSED BOOST_DESCRIBE_ENUM_BEGIN(RefusalCode)
BOOST_DESCRIBE_PP_FOR_EACH(BOOST_DESCRIBE_ENUM_ENTRY, RefusalCode,
    none, account_unknown, market_unknown, asset_unknown, order_unknown, market_not_open,
    market_reduce_only, no_price, oracle_restricts, bad_amount, price_not_tick, size_not_lot,
    price_out_of_range, price_out_of_band, size_too_small, size_too_large, notional_too_small,
    position_too_large, open_interest_too_large, order_inconsistent, expiry_passed,
    client_id_duplicate, too_many_orders, would_trade, not_fillable, nothing_to_reduce,
    margin_insufficient, balance_insufficient, deposit_cap,
    positions_open, too_many_positions, notional_too_large, market_gathers, market_state, no_auction, own_auction, auction_price, batch_size, would_trigger, market_changed)
BOOST_DESCRIBE_PP_FOR_EACH(BOOST_DESCRIBE_ENUM_ENTRY, RefusalCode,
    version_conflict, referrer_refused, builder_not_allowed, too_many_builders,
    shares_insufficient, unstake_requested, unstake_not_requested, cooling_down, fund_drained,
    treasury_insufficient, observation_known, observation_too_old, liquidity_insufficient,
    withdrawals_by_request, withdrawal_unknown, withdrawal_state_refused, withdrawal_limit,
    too_many_withdrawals, borrow_limit, too_many_backstops)
BOOST_DESCRIBE_PP_FOR_EACH(BOOST_DESCRIBE_ENUM_ENTRY, RefusalCode,
    governed, bad_proposal, stake_insufficient, too_many_voters, too_many_cooling,
    power_insufficient, too_many_proposals, proposal_unknown, no_voting_power, voting_over,
    not_guardian, not_in_timelock, already_vetoed, not_proposer, proposal_over, not_accepted,
    timelock_running)
BOOST_DESCRIBE_ENUM_END(RefusalCode)

}  // namespace astro::exchange
