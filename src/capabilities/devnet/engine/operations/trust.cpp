#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/pools.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::devnet {
namespace {

using Code = xdr::ChangeTrustResultCode;

xdr::OperationResult changed(Code code) {
    return tried_with<xdr::ChangeTrustResult>(xdr::OperationType::change_trust, code);
}

/// The pool that shares are of; nullptr of an asset.
const xdr::LiquidityPoolConstantProductParameters* pool_parameters(const xdr::ChangeTrustOp& op) {
    const auto* pool = std::get_if<xdr::LiquidityPoolParameters>(&op.line.value);
    return pool ? &pool->constant_product : nullptr;
}

xdr::TrustLineAsset line_asset(const xdr::ChangeTrustOp& op) {
    xdr::TrustLineAsset out{.type = op.line.type};
    if (const auto* pool = std::get_if<xdr::LiquidityPoolParameters>(&op.line.value))
        out.value = stellar::xdr::pool_id(*pool);
    else
        std::visit([&](const auto& of) { out.value = of; }, asset_of(op.line).value);
    return out;
}

xdr::OperationResult delete_line(Application& app, const xdr::ChangeTrustOp& op, const Key& key,
                                 xdr::LedgerEntry& entry) {
    const auto* pool = pool_parameters(op);
    if (!pool && pool_use_count(line_in(entry)) != 0) return changed(Code::cannot_delete);
    give_back_reserve(app, entry, app.source);
    app.state.remove(key);
    if (pool) leave_pool(app, app.source, *pool);
    return changed(Code::success);
}

xdr::OperationResult change_line(Application& app, const xdr::ChangeTrustOp& op, const Key& key,
                                 xdr::LedgerEntry& entry) {
    auto& line = line_in(entry);
    if (op.limit < line.balance + liabilities(line).buying) return changed(Code::invalid_limit);
    if (op.limit == 0) return delete_line(app, op, key, entry);
    if (!pool_parameters(op) && !app.find_account(*stellar::issuer_of(asset_of(op.line))))
        return changed(Code::no_issuer);
    line.limit = op.limit;
    return changed(Code::success);
}

/// A trustline of the pool's asset counts the shares that need it.
std::optional<Code> use_line(Application& app, const xdr::Asset& asset) {
    if (is_native(asset) || is_issuer(app.source, asset)) return std::nullopt;
    auto* entry = app.state.change(line_key(app.source, asset));
    if (!entry) return Code::trust_line_missing;
    if (!may_keep_offers(line_in(*entry))) return Code::not_auth_maintain_liabilities;
    ++need_pool_use_count(line_in(*entry));
    return std::nullopt;
}

std::optional<Code> join_pool(Application& app,
                              const xdr::LiquidityPoolConstantProductParameters& pool) {
    for (const auto& asset : {pool.asset_a, pool.asset_b})
        if (const auto code = use_line(app, asset)) return code;
    const auto id = pool_of(pool.asset_a, pool.asset_b);
    if (auto* entry = app.state.change(pool_key(id))) {
        ++pool_in(*entry).pool_shares_trust_line_count;
        return std::nullopt;
    }
    xdr::LiquidityPoolEntry entry;
    entry.liquidity_pool_id = id;
    entry.body.constant_product.params = pool;
    entry.body.constant_product.pool_shares_trust_line_count = 1;
    app.state.create(to_entry(std::move(entry)));
    return std::nullopt;
}

/// What the issuer's flags give a new trustline.
std::uint32_t first_flags(const xdr::AccountEntry& issuer) {
    std::uint32_t out = 0;
    if (!(issuer.flags & bits(xdr::AccountFlags::required_flag)))
        out |= bits(xdr::TrustLineFlags::authorized_flag);
    if (issuer.flags & bits(xdr::AccountFlags::clawback_enabled_flag))
        out |= bits(xdr::TrustLineFlags::trustline_clawback_enabled_flag);
    return out;
}

xdr::OperationResult create_line(Application& app, const xdr::ChangeTrustOp& op) {
    if (op.limit == 0) return changed(Code::invalid_limit);
    xdr::TrustLineEntry line;
    line.account_id = app.source;
    line.asset = line_asset(op);
    line.limit = op.limit;
    if (const auto* pool = pool_parameters(op)) {
        if (const auto code = join_pool(app, *pool)) return changed(*code);
    } else {
        const auto* issuer = app.find_account(*stellar::issuer_of(asset_of(op.line)));
        if (!issuer) return changed(Code::no_issuer);
        line.flags = first_flags(*issuer);
    }
    auto entry = to_entry(std::move(line));
    const auto outcome = take_on_reserve(app, entry, app.source);
    if (outcome != ReserveOutcome::ok) return reserve_refused(outcome, changed(Code::low_reserve));
    app.state.create(std::move(entry));
    return changed(Code::success);
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::ChangeTrustOp& op) {
    const Key key = line_key(app.source, line_asset(op));
    auto* entry = app.state.change(key);
    return entry ? change_line(app, op, key, *entry) : create_line(app, op);
}

}  // namespace astro::devnet
