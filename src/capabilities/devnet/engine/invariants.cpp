#include "capabilities/devnet/engine/invariants.hpp"

#include <map>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/exchange.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::devnet {
namespace {

using xdr::LedgerEntryType;

/// What an account should say of itself.
struct Counted {
    std::uint32_t subentries = 0, sponsoring = 0, sponsored = 0;
};
/// What a pool should.
struct CountedPool {
    std::int64_t shares = 0, holders = 0;
};

class Audit {
  public:
    Audit(const State& state, const xdr::LedgerHeader& header) : state_(state), header_(header) {}

    std::optional<std::string> run() {
        for (const Key& key : state_.keys()) count(*state_.find(key));
        if (lumens_ + header_.fee_pool != header_.total_coins)
            return "there are " + std::to_string(lumens_ + header_.fee_pool) + " stroops, not " +
                   std::to_string(header_.total_coins);
        for (const Key& key : state_.keys())
            if (auto wrong = judge(*state_.find(key))) return wrong;
        return std::nullopt;
    }

  private:
    void count(const xdr::LedgerEntry& entry) {
        if (const auto sponsor = sponsor_of(entry))
            accounts_[sponsor->ed25519].sponsoring += reserves_of(entry);
        switch (entry.data.type) {
            case LedgerEntryType::account:
                return count_account(entry);
            case LedgerEntryType::trustline:
                return count_line(entry);
            case LedgerEntryType::offer:
                return count_offer(entry);
            case LedgerEntryType::data:
                return own(std::get<xdr::DataEntry>(entry.data.value).account_id, entry);
            case LedgerEntryType::claimable_balance:
                if (is_native(balance_in(entry).asset)) lumens_ += balance_in(entry).amount;
                return;
            default:
                if (is_native(pool_in(entry).params.asset_a)) lumens_ += pool_in(entry).reserve_a;
        }
    }

    void own(const xdr::PublicKey& owner, const xdr::LedgerEntry& entry) {
        auto& counted = accounts_[owner.ed25519];
        counted.subentries += reserves_of(entry);
        if (sponsor_of(entry)) counted.sponsored += reserves_of(entry);
    }

    void count_account(const xdr::LedgerEntry& entry) {
        const auto& account = account_in(entry);
        lumens_ += account.balance;
        auto& counted = accounts_[account.account_id.ed25519];
        counted.subentries += static_cast<std::uint32_t>(account.signers.size());
        if (sponsor_of(entry)) counted.sponsored += 2;
        const auto* counts = sponsorships(account);
        if (!counts) return;
        for (const auto& sponsor : counts->signer_sponsoring_i_ds) {
            if (!sponsor) continue;
            ++accounts_[account.account_id.ed25519].sponsored;
            ++accounts_[sponsor->ed25519].sponsoring;
        }
    }

    void count_line(const xdr::LedgerEntry& entry) {
        const auto& line = line_in(entry);
        own(line.account_id, entry);
        const auto* id = std::get_if<xdr::PoolID>(&line.asset.value);
        if (!id) return;
        pools_[*id].shares += line.balance;
        ++pools_[*id].holders;
        const auto& pool = pool_in(*state_.find(pool_key(*id)));
        for (const auto& asset : {pool.params.asset_a, pool.params.asset_b})
            ++pool_uses_[line_key(line.account_id, asset)];
    }

    void count_offer(const xdr::LedgerEntry& entry) {
        const auto& offer = offer_in(entry);
        own(offer.seller_id, entry);
        const auto promised = liabilities_of(offer.price, offer.amount);
        promises_[holding_key(offer.seller_id, offer.buying)].buying += promised.buying;
        promises_[holding_key(offer.seller_id, offer.selling)].selling += promised.selling;
    }

    static Key holding_key(const xdr::PublicKey& account, const xdr::Asset& asset) {
        return is_native(asset) ? account_key(account) : line_key(account, asset);
    }

    std::optional<std::string> judge(const xdr::LedgerEntry& entry) {
        switch (entry.data.type) {
            case LedgerEntryType::account:
                return judge_account(account_in(entry));
            case LedgerEntryType::trustline:
                return judge_line(line_in(entry));
            case LedgerEntryType::offer:
                return judge_offer(offer_in(entry));
            case LedgerEntryType::claimable_balance:
                if (balance_in(entry).amount > 0 && sponsor_of(entry)) return std::nullopt;
                return "a claimable balance is empty or has no sponsor";
            case LedgerEntryType::liquidity_pool:
                return judge_pool(std::get<xdr::LiquidityPoolEntry>(entry.data.value));
            default:
                return std::nullopt;
        }
    }

    std::optional<std::string> judge_account(const xdr::AccountEntry& account) {
        const auto who = stellar::to_text(account.account_id);
        const auto& counted = accounts_[account.account_id.ed25519];
        const auto* counts = sponsorships(account);
        if (account.num_sub_entries != counted.subentries)
            return who + " has " + std::to_string(counted.subentries) + " entries and says " +
                   std::to_string(account.num_sub_entries);
        if ((counts ? counts->num_sponsoring : 0) != counted.sponsoring ||
            (counts ? counts->num_sponsored : 0) != counted.sponsored)
            return who + " counts its sponsorships wrongly";
        if (counts && counts->signer_sponsoring_i_ds.size() != account.signers.size())
            return who + " has another number of signers than of their sponsors";
        if (liabilities(account) != promises_[account_key(account.account_id)])
            return who + " promises other lumens than its offers do";
        if (account.balance < liabilities(account).selling || account.balance < 0)
            return who + " has fewer lumens than it promises";
        return std::nullopt;
    }

    std::optional<std::string> judge_line(const xdr::TrustLineEntry& line) {
        const auto who = stellar::to_text(line.account_id);
        const Key key = line_key(line.account_id, line.asset);
        const auto promised = liabilities(line);
        if (promised != promises_[key]) return who + " promises another amount than its offers do";
        if (line.balance < promised.selling || line.balance > line.limit - promised.buying)
            return who + " has a trustline beyond its limits";
        if (pool_use_count(line) != pool_uses_[key])
            return who + " counts the pools that use a trustline wrongly";
        if (!may_keep_offers(line) && (promised != xdr::Liabilities{} || pool_uses_[key] != 0))
            return who + " trades what it is not authorized to";
        return std::nullopt;
    }

    /// Nothing in the book would have been taken by it.
    std::optional<std::string> judge_offer(const xdr::OfferEntry& offer) {
        if (offer.amount <= 0) return "an offer is of nothing";
        const auto* opposite = state_.book(offer.buying, offer.selling);
        if (!opposite) return std::nullopt;
        const auto& best = opposite->begin()->price;
        if (is_less(best, {offer.price.d, offer.price.n})) return "the book is crossed";
        return std::nullopt;
    }

    std::optional<std::string> judge_pool(const xdr::LiquidityPoolEntry& entry) {
        const auto& pool = entry.body.constant_product;
        const auto& counted = pools_[entry.liquidity_pool_id];
        if (pool.total_pool_shares != counted.shares ||
            pool.pool_shares_trust_line_count != counted.holders)
            return "a pool counts its shares wrongly";
        if ((pool.total_pool_shares == 0) != (pool.reserve_a == 0 && pool.reserve_b == 0))
            return "a pool has reserves without shares, or shares without reserves";
        return std::nullopt;
    }

    const State& state_;
    const xdr::LedgerHeader& header_;
    std::int64_t lumens_ = 0;
    std::map<xdr::Uint256, Counted> accounts_;
    std::map<Key, xdr::Liabilities> promises_;
    std::map<Key, std::int32_t> pool_uses_;
    std::map<xdr::PoolID, CountedPool> pools_;
};

}  // namespace

std::optional<std::string> find_broken_invariant(const State& state,
                                                 const xdr::LedgerHeader& header) {
    return Audit(state, header).run();
}

}  // namespace astro::devnet
