#include "capabilities/devnet/engine/operations/pools.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Deposit = xdr::LiquidityPoolDepositResultCode;
using Withdraw = xdr::LiquidityPoolWithdrawResultCode;
using Pool = xdr::LiquidityPoolEntryBodyConstantProduct;

xdr::OperationResult deposited(Deposit code) {
    return tried_with<xdr::LiquidityPoolDepositResult>(Type::liquidity_pool_deposit, code);
}
xdr::OperationResult withdrawn(Withdraw code) {
    return tried_with<xdr::LiquidityPoolWithdrawResult>(Type::liquidity_pool_withdraw, code);
}

Key shares_key(const xdr::PublicKey& account, const xdr::PoolID& pool) {
    return line_key(account, xdr::TrustLineAsset{xdr::AssetType::pool_share, pool});
}

struct Amounts {
    std::int64_t a = 0, b = 0, shares = 0;
};

/// The first deposit says the price itself; its shares are the root of the product.
Amounts first_amounts(const xdr::LiquidityPoolDepositOp& op) {
    return {op.max_amount_a, op.max_amount_b, root_of_product(op.max_amount_a, op.max_amount_b)};
}

/// As many shares as both maxima pay for; each amount is rounded up.
Amounts next_amounts(const Pool& pool, const xdr::LiquidityPoolDepositOp& op) {
    const auto by_a =
        multiply_divide(pool.total_pool_shares, op.max_amount_a, pool.reserve_a, Rounding::down);
    const auto by_b =
        multiply_divide(pool.total_pool_shares, op.max_amount_b, pool.reserve_b, Rounding::down);
    // One of the two fits: no pool has more shares than its larger reserve.
    ASTRO_ASSERT(by_a || by_b);
    const auto shares = std::min(by_a.value_or(kAmountMax), by_b.value_or(kAmountMax));
    const auto a = multiply_divide(shares, pool.reserve_a, pool.total_pool_shares, Rounding::up);
    const auto b = multiply_divide(shares, pool.reserve_b, pool.total_pool_shares, Rounding::up);
    ASTRO_ASSERT(a && b);
    return {*a, *b, shares};
}

bool is_bad_price(const Amounts& amounts, const xdr::LiquidityPoolDepositOp& op) {
    return amounts.a == 0 || amounts.b == 0 ||
           multiply(amounts.a, op.min_price.d) < multiply(amounts.b, op.min_price.n) ||
           multiply(amounts.a, op.max_price.d) > multiply(amounts.b, op.max_price.n);
}

std::optional<Deposit> find_wrong(const Pool& pool, const Amounts& amounts,
                                  const xdr::LiquidityPoolDepositOp& op, const Holding& a,
                                  const Holding& b, std::int64_t shares_room) {
    if (a.available() < amounts.a || b.available() < amounts.b) return Deposit::underfunded;
    if (is_bad_price(amounts, op)) return Deposit::bad_price;
    if (shares_room < amounts.shares) return Deposit::line_full;
    if (kAmountMax - amounts.a < pool.reserve_a || kAmountMax - amounts.b < pool.reserve_b ||
        kAmountMax - amounts.shares < pool.total_pool_shares)
        return Deposit::pool_full;
    return std::nullopt;
}

/// One side of a withdrawal.
std::optional<Withdraw> pay_out(Application& app, const xdr::Asset& asset, std::int64_t least,
                                std::int64_t amount) {
    if (amount < least) return Withdraw::under_minimum;
    auto holding = Holding::of(app, app.source, asset);
    ASTRO_ASSERT(holding.exists());
    return holding.add(amount) ? std::nullopt : std::optional(Withdraw::line_full);
}

}  // namespace

void leave_pool(Application& app, const xdr::PublicKey& account,
                const xdr::LiquidityPoolConstantProductParameters& pool) {
    for (const auto& asset : {pool.asset_a, pool.asset_b}) {
        if (is_native(asset) || is_issuer(account, asset)) continue;
        auto* line = app.state.change(line_key(account, asset));
        ASTRO_ASSERT(line && pool_use_count(line_in(*line)) > 0);
        --need_pool_use_count(line_in(*line));
    }
    const Key key = pool_key(pool_of(pool.asset_a, pool.asset_b));
    auto& entry = *app.state.change(key);
    auto& count = pool_in(entry).pool_shares_trust_line_count;
    ASTRO_ASSERT(count > 0);
    if (--count == 0) app.state.remove(key);
}

std::int64_t share_of(std::int64_t shares, std::int64_t all_shares, std::int64_t reserve) {
    const auto amount = multiply_divide(shares, reserve, all_shares, Rounding::down);
    ASTRO_ASSERT(amount.has_value());
    return *amount;
}

xdr::OperationResult apply(Application& app, const xdr::LiquidityPoolDepositOp& op) {
    auto* shares = app.state.change(shares_key(app.source, op.liquidity_pool_id));
    if (!shares) return deposited(Deposit::no_trust);
    auto& pool = pool_in(*app.state.change(pool_key(op.liquidity_pool_id)));
    auto a = Holding::of(app, app.source, pool.params.asset_a);
    auto b = Holding::of(app, app.source, pool.params.asset_b);
    if (!a.is_authorized() || !b.is_authorized()) return deposited(Deposit::not_authorized);
    auto& line = line_in(*shares);
    const bool is_first = pool.total_pool_shares == 0;
    const auto amounts = is_first ? first_amounts(op) : next_amounts(pool, op);
    if (const auto code = find_wrong(pool, amounts, op, a, b, line.limit - line.balance))
        return deposited(*code);
    const bool is_moved = a.add(-amounts.a) && b.add(-amounts.b) &&
                          add_within(pool.reserve_a, amounts.a) &&
                          add_within(pool.reserve_b, amounts.b) &&
                          add_within(pool.total_pool_shares, amounts.shares) &&
                          add_within(line.balance, amounts.shares, line.limit);
    ASTRO_ASSERT(is_moved);
    return deposited(Deposit::success);
}

xdr::OperationResult apply(Application& app, const xdr::LiquidityPoolWithdrawOp& op) {
    auto* shares = app.state.change(shares_key(app.source, op.liquidity_pool_id));
    if (!shares) return withdrawn(Withdraw::no_trust);
    auto& line = line_in(*shares);
    if (line.balance < op.amount) return withdrawn(Withdraw::underfunded);
    auto& pool = pool_in(*app.state.change(pool_key(op.liquidity_pool_id)));
    const auto a = share_of(op.amount, pool.total_pool_shares, pool.reserve_a);
    if (const auto code = pay_out(app, pool.params.asset_a, op.min_amount_a, a))
        return withdrawn(*code);
    const auto b = share_of(op.amount, pool.total_pool_shares, pool.reserve_b);
    if (const auto code = pay_out(app, pool.params.asset_b, op.min_amount_b, b))
        return withdrawn(*code);
    line.balance -= op.amount;
    pool.total_pool_shares -= op.amount;
    pool.reserve_a -= a;
    pool.reserve_b -= b;
    return withdrawn(Withdraw::success);
}

}  // namespace astro::devnet
