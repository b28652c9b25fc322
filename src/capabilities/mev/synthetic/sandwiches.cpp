#include <algorithm>
#include <array>

#include "capabilities/mev/synthetic/cases.hpp"
#include "chains/solana/programs.hpp"
#include "foundation/base/assert.hpp"

namespace astro::mev::synthetic {
namespace {

constexpr std::array<std::string_view, 7> kVariants = {
    "classic", "multi_wallet", "split_legs", "multi_victim", "wide", "wrapper", "token_2022_fee"};
constexpr std::array<std::string_view, 11> kLookalikes = {
    "strangers",    "no_victim",     "victims_other_way",   "losing",
    "partial_exit", "public_router", "arbitrageur_between", "market_maker",
    "volume_bot",   "wrong_order",   "back_failed"};

/// Smallest gain, after fees and tips, of a case that is called profitable: 0.0001 SOL or 0.02
/// USDC.
std::int64_t least_gain(const Token& quote) {
    return quote.mint == solana::kWrappedSolMint ? 100'000 : 20'000;
}

/// Tells one case. Sizes are drawn until the case comes out as meant.
class Teller {
  public:
    Teller(World& world, std::string_view variant, std::string_view lookalike)
        : world_(world),
          random_(world.random()),
          variant_(variant),
          lookalike_(lookalike),
          plan_(world, open_pool()) {}

    /// None when the sizes drawn do not make the case.
    std::optional<Scenario> tell() {
        cast();
        before();
        act();
        after();
        if (!plan_.possible() || !came_out()) return std::nullopt;
        Truth truth;
        truth.kind = "sandwich";
        truth.variant = variant_;
        truth.lookalike = lookalike_;
        auto scenario = plan_.write(std::move(truth));
        scenario.bundled = random_.chance(50);
        return scenario;
    }

  private:
    Pool open_pool() {
        auto kind = kPoolKinds[random_.below(kPoolKinds.size())];
        Token base{random_.key(), solana::kTokenProgram,
                   static_cast<std::uint8_t>(random_.chance(70) ? 6 : 9), 0};
        if (variant_ == "token_2022_fee") {
            kind = kToken2022Kinds[random_.below(kToken2022Kinds.size())];
            base.program = solana::kToken2022Program;
            base.fee_ppm = static_cast<std::uint32_t>(random_.sized(10, 300)) * 100;
        }
        const bool dollars = kind != PoolKind::pumpfun && random_.chance(12);
        return Pool::open(world_, kind, dollars ? usd_coin() : wrapped_sol(), base);
    }

    /// Wallets, sizes and the number of legs.
    void cast() {
        first_ = world_.new_wallet();
        second_ = first_;
        const auto depth = plan_.pool().depth();
        size_ = random_.between(depth / 250, depth / 12);
        span_ = variant_ == "wide" ? static_cast<std::uint32_t>(random_.between(1, 10))
                                   : (random_.chance(70) ? 0U : 1U);
        victims_ = variant_ == "multi_victim" ? random_.between(2, 6) : random_.between(1, 2);
        if (random_.chance(30)) attack_.tip_lamports = random_.sized(1'000, 3'000'000);
        attack_.priority_lamports = random_.chance(40) ? 0 : random_.sized(100, 400'000);
        if (variant_ == "wrapper" || random_.chance(15)) attack_.wrapper = random_.key();
        if (variant_ == "wrapper") second_ = world_.new_wallet();
        if (variant_ == "multi_wallet") second_ = world_.new_wallet();
        if (variant_ == "multi_wallet") link_ = static_cast<Link>(random_.between(1, kLinks - 1));
        if (variant_ == "split_legs") {
            fronts_ = random_.between(2, 4);
            backs_ = random_.between(2, 4);
            if (random_.chance(50)) {
                second_ = world_.new_wallet();
                link_ = Link::tokens;
            }
        }
        if (variant_ == "token_2022_fee" && random_.chance(40)) {
            second_ = world_.new_wallet();
            link_ = Link::tokens;
        }
    }

    Sending others_way() {
        Sending s;
        s.priority_lamports = random_.chance(50) ? 0 : random_.sized(100, 900'000);
        if (random_.chance(20)) s.wrapper = random_.key();
        return s;
    }

    Sending routed() {
        Sending s;
        s.wrapper = router_;
        return s;
    }
    static Sending failing() {
        Sending s;
        s.failed = true;
        return s;
    }

    /// Somebody's trade that has nothing to do with it: far too small to be a victim, or a sale.
    void bystander() {
        if (random_.chance(50))
            plan_.buy(Role::other, world_.new_wallet(), size_ / 300, others_way());
        else
            sale(Role::other, plan_.pool().depth() / random_.between(500, 3'000));
    }

    /// A sale worth about `quote`.
    void sale(Role role, std::uint64_t quote, Sending sending = {}) {
        auto trial = plan_.pool();
        const auto as_bought = trial.trade(true, quote);
        if (!as_bought) return plan_.buy(role, world_.new_wallet(), 0, {});
        plan_.sell(role, world_.new_wallet(), as_bought->got, std::move(sending));
    }

    void victim(Role role = Role::victim) {
        const auto depth = plan_.pool().depth();
        auto size = random_.between(depth / 60, depth / 8);
        if (lookalike_ == "losing") size = size_ / random_.between(30, 80);
        plan_.buy(role, world_.new_wallet(), size, others_way());
    }

    void before() {
        for (auto n = random_.below(3); n > 0; --n) bystander();
        if (lookalike_ == "no_victim" || lookalike_ == "wrong_order") victim(Role::other);
        boss_ = random_.key();
        if (link_ == Link::cosigner) attack_.cosigner = boss_;
        if (link_ == Link::funded) {
            world_.grant(boss_, 50'000'000'000);
            plan_.send_sol(boss_, first_, random_.between(20'000'000, 9'000'000'000));
            plan_.send_sol(boss_, second_, random_.between(20'000'000, 900'000'000));
        }
    }

    void act() {
        if (lookalike_ == "market_maker") return make_market();
        if (lookalike_ == "volume_bot") return make_volume();
        if (lookalike_ == "public_router") router_ = random_.key();
        if (lookalike_ == "strangers" || lookalike_ == "public_router") {
            second_ = world_.new_wallet();
            attack_.wrapper.reset();
            attack_.cosigner.reset();
            link_ = Link::none;
        }
        const bool reversed = variant_ == "classic" && lookalike_.empty() && random_.chance(20);
        if (reversed) return attack_reversed();
        if (lookalike_ == "wrong_order") return attack_in_wrong_order();
        front();
        middle();
        back();
    }

    void front() {
        for (std::uint64_t i = 0; i < fronts_; ++i) {
            auto sending = attack_;
            if (link_ == Link::receiver) sending.receiver = second_;
            if (router_) sending.wrapper = router_;
            plan_.buy(Role::front, first_, size_ / fronts_, sending);
            if (i + 1 < fronts_ && random_.chance(30)) bystander();
        }
        bought_ = plan_.held(link_ == Link::receiver ? second_ : first_);
    }

    void middle() {
        const bool pass_on_late = random_.chance(50);
        if (!pass_on_late) pass_on();
        if (lookalike_ == "arbitrageur_between") {
            arbitrageur();
        } else if (lookalike_ == "victims_other_way") {
            for (std::uint64_t i = 0; i < victims_; ++i)
                sale(Role::other, plan_.pool().depth() / random_.between(20, 200), others_way());
        } else if (lookalike_ != "no_victim") {
            for (std::uint64_t i = 0; i < victims_; ++i) {
                slot_between(i);
                auto role = lookalike_.empty() ? Role::victim : Role::other;
                if (router_)
                    plan_.buy(role, world_.new_wallet(), plan_.pool().depth() / 20, routed());
                else
                    victim(role);
                if (random_.chance(20)) bystander();
                if (random_.chance(10))
                    plan_.buy(Role::other, world_.new_wallet(), plan_.pool().depth() / 30,
                              failing());
            }
        }
        plan_.slot(span_);
        if (pass_on_late) pass_on();
    }

    void slot_between(std::uint64_t i) {
        if (span_ == 0) return;
        const auto low = i == 0 ? 0 : now_;
        now_ = static_cast<std::uint32_t>(random_.between(low, span_));
        plan_.slot(now_);
    }

    /// Tokens go from the wallet that bought to the wallet that sells.
    void pass_on() {
        if (link_ == Link::tokens) plan_.send_tokens(first_, second_, bought_);
        if (link_ == Link::through) {
            const auto between = world_.new_wallet();
            plan_.send_tokens(first_, between, bought_);
            plan_.send_tokens(between, second_, plan_.held(between));
        }
    }

    void back() {
        const bool passed = link_ == Link::tokens || link_ == Link::through;
        auto amount = passed || link_ == Link::receiver ? plan_.held(second_) : bought_;
        if (lookalike_ == "partial_exit") amount = amount / 100 * random_.between(50, 85);
        auto left = amount;
        for (std::uint64_t i = 0; i < backs_; ++i) {
            const auto part = i + 1 == backs_ ? left : amount / backs_;
            left -= part;
            auto sending = attack_;
            if (router_) sending.wrapper = router_;
            sending.failed = lookalike_ == "back_failed";
            plan_.sell(Role::back, second_, part, sending);
            if (i + 1 < backs_ && random_.chance(20)) bystander();
        }
        if (link_ == Link::paid_directly)
            plan_.send_sol(second_, first_, random_.between(10'000'000, 900'000'000));
    }

    void attack_reversed() {
        auto trial = plan_.pool();
        const auto worth = trial.trade(true, size_);
        if (!worth) return plan_.buy(Role::other, first_, 0);
        plan_.sell(Role::front, first_, worth->got, attack_);
        for (std::uint64_t i = 0; i < victims_; ++i) {
            slot_between(i);
            sale(Role::victim, plan_.pool().depth() / random_.between(8, 40), others_way());
        }
        plan_.slot(span_);
        plan_.buy_back(Role::back, first_, worth->got, attack_);
    }

    void attack_in_wrong_order() {
        auto trial = plan_.pool();
        const auto worth = trial.trade(true, size_);
        if (!worth) return plan_.buy(Role::other, first_, 0);
        plan_.sell(Role::front, first_, worth->got, attack_);
        for (std::uint64_t i = 0; i < victims_; ++i) victim(Role::other);
        plan_.buy_back(Role::back, first_, worth->got, attack_);
    }

    /// Between front and back stands only somebody's closed cycle over this pool and another.
    void arbitrageur() {
        auto elsewhere = Pool::open_dearer(world_, PoolKind::raydium_cpmm, plan_.pool(), 250'000);
        plan_.arbitrage(world_.new_wallet(), elsewhere, plan_.pool().depth() / 40);
    }

    /// Two-sided quotes of one wallet, customers on both sides; sizes differ from turn to turn.
    void make_market() {
        for (int turn = 0; turn < 3; ++turn) {
            const auto size = size_ / random_.between(1, 4);
            plan_.buy(Role::other, first_, size, attack_);
            const auto bought = plan_.held(first_);
            plan_.buy(Role::other, world_.new_wallet(), size / random_.between(20, 40));
            sale(Role::other, size / random_.between(2, 5));
            plan_.sell(Role::other, first_, bought / 100 * random_.between(40, 90), attack_);
        }
    }

    /// One operator's wallets trade with themselves: one template, similar sizes, both ways.
    void make_volume() {
        std::vector<Pubkey> wallets;
        for (int i = 0; i < 12; ++i) wallets.push_back(world_.new_wallet());
        Sending sending;
        sending.priority_lamports = 100'169;
        const auto size = plan_.pool().depth() / 4'000 + 2'000'000;
        for (int round = 0; round < 2; ++round) {
            random_.shuffle(wallets);
            for (const auto& w : wallets)
                plan_.buy(Role::other, w, size / 2 + random_.below(size), sending);
            random_.shuffle(wallets);
            for (const auto& w : wallets) {
                if (random_.chance(20)) continue;
                plan_.sell(Role::other, w, plan_.held(w), sending);
            }
        }
    }

    void after() {
        if (router_)
            for (int i = 0; i < 16; ++i)
                plan_.buy(Role::other, world_.new_wallet(), plan_.pool().depth() / 500, routed());
        if (lookalike_ == "no_victim") victim(Role::other);
        for (auto n = random_.below(3); n > 0; --n) bystander();
    }

    bool came_out() {
        const auto gain = plan_.profit() - (plan_.pool().quote().mint == solana::kWrappedSolMint
                                                ? static_cast<std::int64_t>(plan_.costs())
                                                : 0);
        if (lookalike_.empty()) return gain > least_gain(plan_.pool().quote());
        if (lookalike_ == "losing" || lookalike_ == "wrong_order") return gain < 0;
        // These would be sandwiches, were they one trader's.
        if (lookalike_ == "strangers" || lookalike_ == "public_router") return gain > 0;
        return true;
    }

    enum class Link { none, tokens, through, receiver, cosigner, funded, paid_directly };
    static constexpr std::uint64_t kLinks = 7;

    World& world_;
    Random& random_;
    std::string variant_, lookalike_;
    Plan plan_;
    Pubkey first_, second_, boss_;
    Sending attack_;
    Link link_ = Link::none;
    std::optional<Pubkey> router_;
    std::uint64_t size_ = 0, bought_ = 0, fronts_ = 1, backs_ = 1, victims_ = 1;
    std::uint32_t span_ = 0, now_ = 0;
};

}  // namespace

std::span<const std::string_view> sandwich_variants() {
    return kVariants;
}
std::span<const std::string_view> sandwich_lookalikes() {
    return kLookalikes;
}

Scenario make_sandwich(World& world, std::string_view variant, std::string_view lookalike) {
    for (int attempt = 0; attempt < 2'000; ++attempt)
        if (auto scenario = Teller(world, variant, lookalike).tell()) return std::move(*scenario);
    ASTRO_ASSERT(false);  // the sizes drawn make every case of the catalogue within a few attempts
    return {};
}

}  // namespace astro::mev::synthetic
