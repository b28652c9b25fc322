#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/mev/synthetic/pools.hpp"
#include "capabilities/mev/synthetic/truth.hpp"

/// A case told in transactions: first planned against a copy of the pool, so that it can be thrown
/// away when it does not come out as meant, then written.
namespace astro::mev::synthetic {

struct ScenarioTransaction {
    std::uint32_t slot = 0;  ///< counted from the scenario's first
    std::string json;
};

struct Scenario {
    Truth truth;
    std::vector<ScenarioTransaction> transactions;  ///< in order of execution
    bool bundled = false;  ///< those of one slot stand next to each other in the block
};

enum class Role { front, victim, back, other };

/// How one trade is sent.
struct Sending {
    std::optional<Pubkey> wrapper, cosigner, receiver;
    std::uint64_t priority_lamports = 0, tip_lamports = 0;
    bool failed = false;
};

/// Plans at one pool. Every call appends a transaction in order; slots never go back.
class Plan {
  public:
    Plan(World& world, Pool pool) : world_(world), pool_(std::move(pool)) {}

    [[nodiscard]] Pool& pool() { return pool_; }
    [[nodiscard]] bool possible() const { return possible_; }
    [[nodiscard]] std::uint64_t held(const Pubkey& wallet) const;

    void slot(std::uint32_t slot) { slot_ = slot; }
    void buy(Role role, const Pubkey& wallet, std::uint64_t quote, Sending sending = {});
    void sell(Role role, const Pubkey& wallet, std::uint64_t base, Sending sending = {});
    /// Pays as much quote as it takes to get about `base`.
    void buy_back(Role role, const Pubkey& wallet, std::uint64_t base, Sending sending = {});
    void send_tokens(const Pubkey& from, const Pubkey& to, std::uint64_t amount);
    void send_sol(const Pubkey& from, const Pubkey& to, std::uint64_t lamports);
    /// Buys here and sells at `other` in one transaction, or the reverse: an arbitrageur.
    void arbitrage(const Pubkey& wallet, Pool& other, std::uint64_t quote);

    /// Quote gained by fronts and backs, before fees and tips.
    [[nodiscard]] std::int64_t profit() const { return profit_; }
    /// Fees and tips of fronts and backs.
    [[nodiscard]] std::uint64_t costs() const;

    /// Writes all transactions; the plan is spent.
    [[nodiscard]] Scenario write(Truth truth);

  private:
    enum class Kind { trade, tokens, sol, arbitrage };
    struct Action {
        Kind kind = Kind::trade;
        Role role = Role::other;
        std::uint32_t slot = 0;
        Pubkey wallet, peer;
        std::uint64_t amount = 0;
        Sending sending;
        Manner manner;
        Fill fill, second;
        std::optional<Pool> other_pool;
    };

    Action& add(Kind kind, Role role, const Pubkey& wallet);
    void trade(Role role, const Pubkey& wallet, bool buys, std::uint64_t sent, Sending sending);
    WrittenTransaction write_action(const Action& action);
    void supply(const Pubkey& wallet, const Token& token, std::uint64_t amount);

    World& world_;
    Pool pool_;
    std::vector<Action> actions_;
    std::map<Pubkey, std::uint64_t> held_;
    std::uint32_t slot_ = 0;
    std::int64_t profit_ = 0;
    bool possible_ = true;
};

[[nodiscard]] Manner random_manner(Random& random);

}  // namespace astro::mev::synthetic
