#include "capabilities/mev/engine/sandwich_report.hpp"

#include <algorithm>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string percent(std::uint64_t ppm) {
    return decimal_text(static_cast<std::int64_t>(ppm), 4) + " %";
}

std::uint64_t saturate(UInt128 v) {
    return v > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(v);
}

template <class T>
void append_new(std::vector<T>& list, const T& item) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

class Report {
  public:
    Report(const SandwichShape& shape, const SandwichAccount& account,
           const solana::BlockActivity& block, const PriceTable& prices,
           const SandwichConfig& config)
        : shape_(shape),
          account_(account),
          block_(block),
          prices_(prices),
          config_(config),
          say_(block.mints),
          first_(shape.fronts.front()->at()),
          last_(shape.backs.back()->at()) {}

    Finding write(std::vector<VictimLoss> losses) {
        head();
        legs();
        money();
        f_.losses = std::move(losses);
        say_what_happened();
        say_linkage();
        say_amounts();
        say_money();
        say_losses();
        say_distance();
        f_.confidence = std::clamp(score_, 0.05, 0.99);
        return std::move(f_);
    }

  private:
    void head() {
        const auto& front = shape_.fronts.front()->swap();
        f_.kind = FindingKind::sandwich;
        f_.id = "san-" + to_text(front.signature).substr(0, 32) + "-" +
                std::to_string(shape_.fronts.front()->swap_index);
        f_.slot = last_.slot;
        f_.time = block_.time;
        f_.leader = block_.leader;
        f_.synthetic = block_.synthetic;
        f_.pools = {front.pool};
        f_.start_mint = shape_.start_mint();
        const auto gainer = std::ranges::max_element(
            shape_.backs, {}, [](const SwapRecord* r) { return r->swap().amount_out; });
        f_.actor = (*gainer)->who.trader;
        if (shape_.cluster.size() > 1) f_.cluster = shape_.cluster;
    }

    void legs() {
        std::vector<std::pair<const SwapRecord*, LegRole>> all;
        for (const auto* r : shape_.fronts) all.emplace_back(r, LegRole::front);
        for (const auto* r : shape_.victims) all.emplace_back(r, LegRole::victim);
        for (const auto* r : shape_.backs) all.emplace_back(r, LegRole::back);
        std::ranges::sort(all, {}, [](const auto& leg) { return leg.first->at(); });
        for (const auto& [r, role] : all) {
            f_.legs.push_back(leg_of_swap(r->swap(), role));
            append_new(role == LegRole::victim ? f_.victims : f_.signatures, r->swap().signature);
        }
    }

    void money() {
        f_.profit_raw = RawDelta{account_.profit};
        f_.fee_lamports = account_.fees;
        f_.tip_lamports = account_.tips;
        f_.net_lamports = account_.net;
        if (account_.net) f_.net_usd_micros = prices_.to_micro_usd(*account_.net);
        f_.profitable = account_.net ? account_.net->value() > 0 : account_.profit > 0;
        f_.status = f_.profitable ? FindingStatus::realised : FindingStatus::attempted;
    }

    void say_what_happened() {
        const auto& front = shape_.fronts.front()->swap();
        f_.reasons.push_back(
            "bought " + say_.amount(shape_.mint_b, saturate(shape_.sums.front_out_b)) + " for " +
            say_.amount(shape_.mint_a, saturate(shape_.sums.front_in_a)) + " in " +
            counted(shape_.fronts.size(), "front-run", "front-runs") + ", then sold " +
            say_.amount(shape_.mint_b, saturate(shape_.sums.back_in_b)) + " for " +
            say_.amount(shape_.mint_a, saturate(shape_.sums.back_out_a)) + " in " +
            counted(shape_.backs.size(), "back-run", "back-runs") + ", at the same " +
            std::string(enum_name(front.protocol)) + " pool " + short_key(front.pool));
        UInt128 volume = 0;
        for (const auto* v : shape_.victims) volume += v->swap().amount_in;
        f_.reasons.push_back(counted(shape_.victims.size(), "victim", "victims") +
                             " bought the same way in between with " +
                             say_.amount(shape_.mint_a, saturate(volume)));
    }

    void say_linkage() {
        std::vector<Pubkey> traders;
        for (const auto* side : {&shape_.fronts, &shape_.backs})
            for (const auto* r : *side) append_new(traders, r->who.trader);
        if (traders.size() == 1) {
            score_ += 0.2;
            f_.reasons.push_back("fronts and backs are signed by the same wallet " +
                                 short_key(traders.front()));
            return;
        }
        f_.reasons.push_back("acts from " + counted(traders.size(), "wallet", "wallets") +
                             ", linked as follows");
        double weakest = 0.2;
        for (const auto& link : shape_.links) {
            f_.reasons.push_back(link_text(link));
            if (link.kind == LinkKind::wrapper) weakest = std::min(weakest, 0.1);
            if (link.kind == LinkKind::sol_via) weakest = std::min(weakest, 0.08);
        }
        score_ += weakest;
    }

    static std::string link_text(const Link& link) {
        const auto pair = short_key(link.a) + " and " + short_key(link.b);
        switch (link.kind) {
            case LinkKind::signer:
                return pair + " sign or own together (" + short_key(link.via) + ")";
            case LinkKind::account:
                return pair + " use the same token account " + short_key(link.via);
            case LinkKind::token:
                return "tokens moved between " + pair;
            case LinkKind::token_via:
                return "tokens moved between " + pair + " through " + short_key(link.via);
            case LinkKind::sol:
                return "SOL moved between " + pair;
            case LinkKind::sol_via:
                return pair + " are funded or emptied by the same wallet " + short_key(link.via);
            case LinkKind::wrapper:
                return pair + " call the same program " + short_key(link.via) +
                       " that few others call";
        }
        return pair;
    }

    void say_amounts() {
        const auto& m = shape_.match;
        std::string text = m.gain_in_b ? "bought back what was sold first, within "
                                       : "sold what was bought, within ";
        text += percent(m.difference_ppm);
        if (m.by_balances) text += " by the wallets' balances (the token withholds fees)";
        f_.reasons.push_back(std::move(text));
        if (m.difference_ppm <= 1'000)
            score_ += 0.12;
        else if (m.difference_ppm <= config_.amount_strict_ppm)
            score_ += 0.08;
        if (account_.stock_used > 0)
            f_.reasons.push_back("turned over " + say_.amount(f_.start_mint, account_.stock_used) +
                                 " worth from stock, which is charged against the gain");
    }

    void say_money() {
        auto text = "gained " + say_.amount(f_.start_mint, account_.profit) + "; fees " +
                    sol_text(account_.fees) + ", tips " + sol_text(account_.tips);
        if (account_.net) {
            text += account_.net->value() > 0 ? "; left " : "; nothing left: ";
            text += sol_text(*account_.net);
            if (f_.net_usd_micros) text += " (" + usd_text(*f_.net_usd_micros) + ")";
        } else {
            text += "; the token has no known price";
        }
        f_.reasons.push_back(std::move(text));
        if (account_.tips.value() > 0) score_ += 0.03;
        if (!account_.by_balances) return;
        if (*account_.by_balances == account_.by_legs) {
            score_ += 0.05;
            f_.reasons.emplace_back("the wallets' balances changed by exactly that");
        } else if (account_.profit != account_.by_legs) {
            f_.reasons.push_back("by balances; the swaps alone say " +
                                 say_.amount(f_.start_mint, account_.by_legs) +
                                 ", the rest went to platform fees");
        }
    }

    void say_losses() {
        bool exact = false;
        std::uint64_t exact_lost = 0, bound_lost = 0;
        for (const auto& loss : f_.losses) {
            if (!loss.loss_raw) continue;
            auto& sum = loss.method == LossMethod::exact ? exact_lost : bound_lost;
            if (__builtin_add_overflow(sum, loss.loss_raw->value(), &sum)) sum = UINT64_MAX;
            exact = exact || loss.method == LossMethod::exact;
        }
        if (exact) {
            score_ += exact_lost > 0 ? 0.1 : -0.2;
            f_.reasons.push_back("replaying the pool without him, victims would have got " +
                                 say_.amount(shape_.mint_b, exact_lost) + " more (exact)");
        }
        if (bound_lost > 0) {
            score_ += exact ? 0 : 0.05;
            f_.reasons.push_back("victims lost at most " + say_.amount(shape_.mint_b, bound_lost) +
                                 ", by the price before the front-run");
        }
        if (std::ranges::all_of(f_.legs, &Leg::verified)) {
            score_ += 0.05;
            f_.reasons.emplace_back("every leg equals the change of the pool's vaults");
        }
    }

    void say_distance() {
        const auto apart = last_.slot.value() - first_.slot.value();
        const bool one_leader = last_.slot.value() / 4 == first_.slot.value() / 4;
        if (apart == 0) {
            score_ += 0.1;
            const auto between = last_.tx_index - first_.tx_index;
            f_.reasons.push_back("all in one block, " +
                                 counted(between, "transaction", "transactions") +
                                 " from first to last");
        } else {
            score_ += one_leader ? 0.06 : 0;
            score_ -= 0.01 * static_cast<double>(apart);
            f_.reasons.push_back("spans " + counted(apart + 1, "slot", "slots") +
                                 (one_leader ? " of one leader" : " of more than one leader"));
        }
        const auto bystanders = shape_.others_between - shape_.victims.size();
        if (bystanders > 0) {
            score_ -= std::min(0.15, 0.01 * static_cast<double>(bystanders));
            f_.reasons.push_back(counted(bystanders, "other swap", "other swaps") +
                                 " at the pool in between " +
                                 (bystanders == 1 ? "is neither his nor a victim's"
                                                  : "are neither his nor victims'"));
        }
    }

    const SandwichShape& shape_;
    const SandwichAccount& account_;
    const solana::BlockActivity& block_;
    const PriceTable& prices_;
    const SandwichConfig& config_;
    Wording say_;
    solana::Position first_, last_;
    Finding f_;
    double score_ = 0.4;
};

}  // namespace

std::optional<Finding> report_sandwich(const SandwichShape& shape,
                                       const std::vector<SwapRecord>& pool,
                                       const solana::BlockActivity& block, const PriceTable& prices,
                                       const SandwichConfig& config) {
    const auto account = settle_sandwich(shape, prices);
    if (account.profit - account.stock_used <= 0) return std::nullopt;
    return Report(shape, account, block, prices, config).write(victim_losses(shape, pool, prices));
}

}  // namespace astro::mev
