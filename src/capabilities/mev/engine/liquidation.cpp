#include "capabilities/mev/engine/liquidation.hpp"

#include <algorithm>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/ledger.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

using solana::LendingProtocol;
using solana::LiquidationCall;
using solana::TransactionActivity;

/// Gain in lamports before fee and tip.
struct Gain {
    Int128 lamports = 0;
    Int128 in_repaid_token = 0;        ///< the part of it that is in the token that was repaid, raw
    Int128 elsewhere = 0;              ///< the other part, in lamports
    bool known = true;                 ///< false: a token that was spent has no price
    std::vector<Pubkey> unpriced_won;  ///< left out of the gain
};

bool moves_tokens(LendingProtocol protocol) {
    return protocol == LendingProtocol::save || protocol == LendingProtocol::kamino;
}

void count(Gain& gain, const PriceTable& prices, const Pubkey& mint, Int128 change,
           const Pubkey& repaid) {
    if (change == 0) return;
    if (mint.is_zero()) {  // booked in something that is no token (a perpetual's base)
        gain.known = false;
        return;
    }
    const auto value = prices.to_lamports(mint, RawDelta{saturate_to_int64(change)});
    if (value) {
        gain.lamports += value->value();
        if (mint == repaid)
            gain.in_repaid_token += change;
        else
            gain.elsewhere += value->value();
    } else if (change < 0) {
        gain.known = false;
    } else {
        gain.unpriced_won.push_back(mint);
    }
}

Gain gain_by_balances(const TransactionActivity& tx, std::span<const Pubkey> cluster,
                      const PriceTable& prices, const Pubkey& repaid) {
    Gain gain;
    count(gain, prices, wsol_mint(), cluster_sol_before_costs(tx, cluster).value(), repaid);
    std::vector<Pubkey> mints;
    for (const auto& d : tx.deltas)
        if (!d.mint.is_zero() && d.mint != wsol_mint()) mints.push_back(d.mint);
    std::ranges::sort(mints);
    const auto repeated = std::ranges::unique(mints);
    mints.erase(repeated.begin(), repeated.end());
    for (const auto& mint : mints)
        count(gain, prices, mint, cluster_delta(tx, cluster, mint), repaid);
    return gain;
}

Gain gain_by_books(std::span<const LiquidationCall> calls, const PriceTable& prices) {
    Gain gain;
    for (const auto& call : calls) {
        const auto& repaid = calls.front().repay_mint;
        count(gain, prices, call.seized_mint, call.seized, repaid);
        count(gain, prices, call.repay_mint, -static_cast<Int128>(call.repaid), repaid);
    }
    return gain;
}

/// The same gain in the token that was repaid; lamports when that one has no price.
void set_profit(Finding& f, const Gain& gain, const PriceTable& prices) {
    const auto rest =
        prices.from_lamports(f.start_mint, Lamports{saturate_to_int64(gain.elsewhere)});
    if (gain.known && rest) {
        f.profit_raw = RawDelta{saturate_to_int64(gain.in_repaid_token + rest->value())};
        return;
    }
    f.start_mint = wsol_mint();
    f.profit_raw = RawDelta{gain.known ? saturate_to_int64(gain.lamports) : 0};
}

Leg leg_of(const LiquidationCall& call, const TransactionActivity& tx, LegRole role) {
    Leg leg;
    leg.role = role;
    leg.slot = call.at.slot;
    leg.signature = tx.signature;
    leg.tx_index = call.at.tx_index;
    leg.ix_index = call.at.ix_index;
    leg.inner_index = call.at.inner_index;
    leg.protocol = std::string(enum_name(call.protocol));
    leg.pool = call.obligation;
    leg.trader = call.liquidator;
    if (role == LegRole::repay) {
        leg.mint_in = call.repay_mint;
        leg.amount_in = RawAmount{call.repaid};
    } else {
        leg.mint_out = call.seized_mint;
        leg.amount_out = RawAmount{call.seized};
    }
    leg.verified = moves_tokens(call.protocol);
    return leg;
}

/// Perpetuals are booked in units that name no token.
std::string booked(const Pubkey& mint, std::uint64_t raw, const Wording& say) {
    return mint.is_zero() ? std::to_string(raw) + " of the protocol's own units"
                          : say.amount(mint, raw);
}

void explain_call(Finding& f, const LiquidationCall& call, const Wording& say) {
    std::string text = std::string(enum_name(call.protocol)) + " " + call.instruction +
                       ": repaid " + booked(call.repay_mint, call.repaid, say) + " of position " +
                       short_key(call.obligation);
    if (call.seized > 0) text += " and seized " + booked(call.seized_mint, call.seized, say);
    if (call.bonus_bps)
        text += ", bonus " + decimal_text(static_cast<std::int64_t>(*call.bonus_bps), 2) + " %";
    f.reasons.push_back(std::move(text));
}

void explain_gain(Finding& f, const Gain& gain, bool by_balances, const Wording& say) {
    if (!gain.known) {
        f.reasons.emplace_back(
            "what was repaid or seized has no price in SOL, so the gain is not known");
        return;
    }
    f.reasons.push_back(
        std::string(by_balances ? "balances: everything the liquidator's wallets hold more of is "
                                  "worth "
                                : "booked by the protocol, no token moved: seized less repaid is "
                                  "worth ") +
        sol_text(Lamports{saturate_to_int64(gain.lamports)}) + " before fee and tip");
    for (const auto& mint : gain.unpriced_won)
        f.reasons.push_back("also won " + say.token(mint) +
                            ", which has no price and is not counted");
    f.reasons.push_back(
        "fee " + lamports_text(f.fee_lamports) +
        (f.tip_lamports.value() > 0 ? ", tip " + lamports_text(f.tip_lamports) : ", no tip") +
        "; net " + sol_text(*f.net_lamports) +
        (f.net_usd_micros ? " (" + usd_text(*f.net_usd_micros) + ")" : ""));
}

class Builder {
  public:
    Builder(const solana::BlockActivity& block, const PriceTable& prices)
        : block_(block), prices_(prices), say_(block.mints) {}

    Finding build(const TransactionActivity& tx, std::span<const LiquidationCall> calls,
                  bool charge) const {
        Finding f = head(tx, calls);
        auto cluster = owner_cluster(tx, tx.swaps);
        const bool by_balances = moves_tokens(calls.front().protocol);
        const auto gain = by_balances ? gain_by_balances(tx, cluster, prices_, f.start_mint)
                                      : gain_by_books(calls, prices_);
        if (cluster.size() > 1) f.cluster = cluster;
        if (charge) {
            f.fee_lamports = Lamports{saturate_to_int64(tx.fee_lamports)};
            f.tip_lamports = Lamports{saturate_to_int64(tx.tip_lamports)};
        }
        set_profit(f, gain, prices_);
        if (gain.known) {
            f.net_lamports = Lamports{
                saturate_to_int64(gain.lamports - f.fee_lamports.value() - f.tip_lamports.value())};
            f.net_usd_micros = prices_.to_micro_usd(*f.net_lamports);
        }
        f.profitable = f.net_lamports && f.net_lamports->value() > 0;
        f.status = f.profitable ? FindingStatus::realised : FindingStatus::attempted;
        for (const auto& call : calls) explain_call(f, call, say_);
        if (by_balances && !tx.swaps.empty())
            f.reasons.push_back(std::to_string(tx.swaps.size()) +
                                " swaps in the same transaction; their cost is in the balances");
        explain_gain(f, gain, by_balances, say_);
        f.confidence = gain.known ? (by_balances ? 0.97 : 0.9) : 0.75;
        return f;
    }

  private:
    Finding head(const TransactionActivity& tx, std::span<const LiquidationCall> calls) const {
        const auto& first = calls.front();
        Finding f;
        f.kind = FindingKind::liquidation;
        f.id = "liq-" + to_text(tx.signature).substr(0, 32) + "-" +
               std::to_string(first.at.ix_index) + "." + std::to_string(first.at.inner_index + 1);
        f.slot = block_.slot;
        f.time = block_.time;
        f.signatures = {tx.signature};
        f.actor = std::ranges::find(tx.signers, first.liquidator) != tx.signers.end()
                      ? first.liquidator
                      : tx.fee_payer;
        f.start_mint = first.repay_mint;
        f.protocol = std::string(enum_name(first.protocol));
        for (const auto& call : calls) {
            f.legs.push_back(leg_of(call, tx, LegRole::repay));
            if (call.seized > 0) f.legs.push_back(leg_of(call, tx, LegRole::seize));
            if (!call.market.is_zero()) add_pool(f, call.market);
        }
        for (const auto& swap : tx.swaps) add_hop(f, swap);
        f.leader = block_.leader;
        f.synthetic = block_.synthetic;
        return f;
    }

    const solana::BlockActivity& block_;
    const PriceTable& prices_;
    Wording say_;
};

}  // namespace

std::vector<Finding> find_liquidations(const solana::BlockActivity& block,
                                       const PriceTable& prices) {
    std::vector<Finding> findings;
    const Builder builder(block, prices);
    for (const auto& tx : block.transactions) {
        if (tx.failed) continue;
        auto calls = tx.liquidations;
        std::erase_if(calls, [](const LiquidationCall& c) { return c.repaid == 0; });
        std::ranges::stable_sort(calls, {}, [](const LiquidationCall& c) {
            return std::pair(c.protocol, c.liquidator);
        });
        bool charge = true;
        for (std::size_t begin = 0; begin < calls.size();) {
            auto end = begin + 1;
            while (end < calls.size() && calls[end].protocol == calls[begin].protocol &&
                   calls[end].liquidator == calls[begin].liquidator)
                ++end;
            findings.push_back(
                builder.build(tx, std::span(calls).subspan(begin, end - begin), charge));
            charge = false;
            begin = end;
        }
    }
    return findings;
}

}  // namespace astro::mev
