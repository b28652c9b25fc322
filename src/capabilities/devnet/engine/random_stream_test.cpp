#include <gtest/gtest.h>

#include <map>
#include <random>

#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/invariants.hpp"
#include "capabilities/devnet/engine/ledger.hpp"
#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"

/// Random transactions of all kinds by a few accounts, whose ledger must agree with itself after
/// each.
namespace astro::devnet {
namespace {

using Type = xdr::OperationType;

constexpr std::string_view kPassphrase = "Random Network ; November 2026";
constexpr int kPeople = 7, kAssets = 3;

crypto::Ed25519Key key_of(int who) {
    crypto::SecretKey seed;
    seed.writable()[0] = static_cast<std::uint8_t>(who + 1);
    return crypto::Ed25519Key::from_seed(seed);
}
xdr::PublicKey person(int who) {
    return {{key_of(who).public_key().bytes}};
}
/// The first is lumens; the others are issued by the first people.
xdr::Asset asset(int which) {
    if (which == 0) return {};
    xdr::AlphaNum4 code;
    code.asset_code.bytes = {'A', static_cast<std::uint8_t>('A' + which), 'A', 0};
    code.issuer = person(which - 1);
    return {xdr::AssetType::credit_alphanum4, code};
}

class Stream {
  public:
    explicit Stream(std::uint64_t seed) : random_(seed), ledger_(kPassphrase, {}) {
        const auto root = root_key(kPassphrase);
        xdr::TransactionV1Envelope first;
        first.tx.source_account = stellar::to_muxed(xdr::PublicKey{{root.public_key().bytes}});
        first.tx.fee = 1000;
        first.tx.seq_num = 1;
        for (int who = 0; who < kPeople; ++who)
            first.tx.operations.push_back(
                {std::nullopt,
                 {Type::create_account, xdr::CreateAccountOp{person(who), 200'0000000}}});
        submit(std::move(first), {root});
    }

    void step() {
        const int who = pick(kPeople);
        const auto* entry = ledger_.state().find(account_key(person(who)));
        if (!entry) return revive(who);
        xdr::TransactionV1Envelope envelope;
        envelope.tx.source_account = stellar::to_muxed(person(who));
        envelope.tx.seq_num = account_in(*entry).seq_num + 1;
        std::vector<crypto::Ed25519Key> keys{key_of(who)};
        const int other = (who + 1 + pick(kPeople - 1)) % kPeople;
        if (pick(4) == 0) {
            keys.push_back(key_of(other));
            add(envelope, who,
                {Type::begin_sponsoring_future_reserves,
                 xdr::BeginSponsoringFutureReservesOp{person(other)}});
            add(envelope, other, operation(other));
            add(envelope, other, {Type::end_sponsoring_future_reserves, std::monostate{}});
        } else {
            for (int count = 1 + pick(3); count > 0; --count) add(envelope, who, operation(who));
        }
        envelope.tx.fee = 100 * static_cast<std::uint32_t>(envelope.tx.operations.size());
        submit(std::move(envelope), keys);
    }

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const std::map<Type, int>& successes() const { return successes_; }

  private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    std::int64_t amount() { return std::int64_t{1 + pick(1000)} * (pick(2) ? 1 : 1'000'00); }
    xdr::Price price() { return {1 + pick(9), 1 + pick(9)}; }
    xdr::Asset any_asset() { return asset(pick(kAssets + 1)); }

    static void add(xdr::TransactionV1Envelope& to, int who, xdr::OperationBody body) {
        to.tx.operations.push_back({stellar::to_muxed(person(who)), std::move(body)});
    }

    /// Whoever was merged is made again.
    void revive(int who) {
        const auto root = root_key(kPassphrase);
        const xdr::PublicKey id{{root.public_key().bytes}};
        xdr::TransactionV1Envelope envelope;
        envelope.tx.source_account = stellar::to_muxed(id);
        envelope.tx.fee = 100;
        envelope.tx.seq_num = account_in(*ledger_.state().find(account_key(id))).seq_num + 1;
        envelope.tx.operations.push_back(
            {std::nullopt, {Type::create_account, xdr::CreateAccountOp{person(who), 200'0000000}}});
        submit(std::move(envelope), {root});
    }

    xdr::OperationBody operation(int who) {
        switch (pick(20)) {
            case 0:
            case 1:
                return trust();
            case 2:
            case 3:
                return {Type::payment, xdr::PaymentOp{stellar::to_muxed(person(pick(kPeople))),
                                                      any_asset(), amount() * 10}};
            case 4:
            case 5:
                return {Type::manage_sell_offer,
                        xdr::ManageSellOfferOp{any_asset(), any_asset(), pick(5) ? amount() : 0,
                                               price(), pick(3) ? 0 : old_offer(who)}};
            case 6:
                return {Type::manage_buy_offer,
                        xdr::ManageBuyOfferOp{any_asset(), any_asset(), amount(), price(),
                                              pick(3) ? 0 : old_offer(who)}};
            case 7:
                return {Type::create_passive_sell_offer,
                        xdr::CreatePassiveSellOfferOp{any_asset(), any_asset(), amount(), price()}};
            case 8:
                return {Type::path_payment_strict_send,
                        xdr::PathPaymentStrictSendOp{any_asset(), amount(),
                                                     stellar::to_muxed(person(pick(kPeople))),
                                                     any_asset(), 1, path()}};
            case 9:
                return {Type::path_payment_strict_receive,
                        xdr::PathPaymentStrictReceiveOp{any_asset(), amount() * 1000,
                                                        stellar::to_muxed(person(pick(kPeople))),
                                                        any_asset(), amount(), path()}};
            case 10:
                return authorize();
            case 11:
                return options();
            case 12:
                return {Type::manage_data,
                        xdr::ManageDataOp{std::string(1, static_cast<char>('a' + pick(3))),
                                          pick(3) ? std::optional(Bytes{1}) : std::nullopt}};
            case 13:
            case 14:
                return pool_operation(who);
            case 15: {
                xdr::Claimant claimant;
                claimant.v0.destination = person(pick(kPeople));
                return {Type::create_claimable_balance,
                        xdr::CreateClaimableBalanceOp{any_asset(), amount(), {claimant}}};
            }
            case 16:
                return with_balance();
            case 17:
                return revoke();
            case 18:
                return {Type::clawback,
                        xdr::ClawbackOp{who < kAssets ? asset(who + 1) : any_asset(),
                                        stellar::to_muxed(person(pick(kPeople))), amount()}};
            default:
                if (pick(8)) return {Type::bump_sequence, xdr::BumpSequenceOp{pick(100)}};
                return {Type::account_merge, stellar::to_muxed(person(pick(kPeople)))};
        }
    }

    std::vector<xdr::Asset> path() {
        return pick(2) ? std::vector{any_asset()} : std::vector<xdr::Asset>{};
    }

    xdr::LiquidityPoolParameters pool() {
        const int first = pick(kAssets);
        auto a = asset(first), b = asset(first + 1 + pick(kAssets - first));
        if (is_before(b, a)) std::swap(a, b);
        return {{a, b, 30}};
    }

    xdr::OperationBody trust() {
        xdr::ChangeTrustOp op;
        op.limit = pick(8) ? 1'000'0000000 : 0;
        if (pick(3) == 0) {
            op.line = {xdr::AssetType::pool_share, pool()};
        } else {
            const auto of = asset(1 + pick(kAssets));
            op.line = {of.type, std::get<xdr::AlphaNum4>(of.value)};
        }
        return {Type::change_trust, std::move(op)};
    }

    xdr::OperationBody authorize() {
        const auto of = asset(1 + pick(kAssets));
        const auto whom = person(pick(kPeople));
        if (pick(2))
            return {Type::allow_trust,
                    xdr::AllowTrustOp{whom,
                                      {of.type, std::get<xdr::AlphaNum4>(of.value).asset_code},
                                      static_cast<std::uint32_t>(pick(3))}};
        const bool clears = pick(2);
        return {Type::set_trust_line_flags,
                xdr::SetTrustLineFlagsOp{whom, of, clears ? 3U : 2U, clears ? 0U : 1U}};
    }

    xdr::OperationBody options() {
        xdr::SetOptionsOp op;
        if (pick(2))
            op.signer = xdr::Signer{
                {xdr::SignerKeyType::hash_x, xdr::Uint256{{static_cast<std::uint8_t>(pick(4))}}},
                static_cast<std::uint32_t>(pick(3) ? 1 : 0)};
        else
            op.set_flags = static_cast<std::uint32_t>(pick(8)) & ~4U;
        if (op.set_flags && pick(2)) op.set_flags = *op.set_flags | 2U | 8U;
        return {Type::set_options, std::move(op)};
    }

    /// Of one that the account has shares of, if any.
    xdr::PoolID any_pool(int who) {
        std::vector<xdr::PoolID> mine{xdr::pool_id(pool())};
        for (const auto& key :
             ledger_.state().keys_of(person(who), xdr::LedgerEntryType::trustline))
            if (const auto* id =
                    std::get_if<xdr::PoolID>(&line_in(*ledger_.state().find(key)).asset.value))
                mine.push_back(*id);
        return mine[mine.size() == 1
                        ? 0
                        : 1 + static_cast<std::size_t>(pick(static_cast<int>(mine.size()) - 1))];
    }

    xdr::OperationBody pool_operation(int who) {
        const auto id = any_pool(who);
        if (pick(3))
            return {Type::liquidity_pool_deposit,
                    xdr::LiquidityPoolDepositOp{
                        id, amount() * 100, amount() * 100, {1, 1'000'000}, {1'000'000, 1}}};
        return {Type::liquidity_pool_withdraw, xdr::LiquidityPoolWithdrawOp{id, amount(), 0, 0}};
    }

    const xdr::LedgerEntry* any_of(xdr::LedgerEntryType type) {
        std::vector<const xdr::LedgerEntry*> all;
        for (const auto& key : ledger_.state().keys())
            if (const auto* entry = ledger_.state().find(key); entry->data.type == type)
                all.push_back(entry);
        return all.empty() ? nullptr
                           : all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
    }

    std::int64_t old_offer(int who) {
        const auto keys = ledger_.state().keys_of(person(who), xdr::LedgerEntryType::offer);
        if (keys.empty()) return 1;
        return offer_in(*ledger_.state().find(
                            keys[static_cast<std::size_t>(pick(static_cast<int>(keys.size())))]))
            .offer_id;
    }

    xdr::OperationBody with_balance() {
        const auto* entry = any_of(xdr::LedgerEntryType::claimable_balance);
        const auto id = entry ? balance_in(*entry).balance_id : xdr::ClaimableBalanceID{};
        if (pick(3)) return {Type::claim_claimable_balance, xdr::ClaimClaimableBalanceOp{id}};
        return {Type::clawback_claimable_balance, xdr::ClawbackClaimableBalanceOp{id}};
    }

    xdr::OperationBody revoke() {
        const auto type = static_cast<xdr::LedgerEntryType>(pick(5));
        const auto* entry = any_of(type);
        xdr::LedgerKey key;
        key.value = xdr::LedgerKeyAccount{person(pick(kPeople))};
        if (entry) key = xdr::from_xdr<xdr::LedgerKey>(as_bytes(key_of_entry(*entry))).value();
        return {Type::revoke_sponsorship,
                xdr::RevokeSponsorshipOp{xdr::RevokeSponsorshipType::ledger_entry, key}};
    }
    static Key key_of_entry(const xdr::LedgerEntry& entry) { return devnet::key_of(entry); }

    void submit(xdr::TransactionV1Envelope inner, const std::vector<crypto::Ed25519Key>& keys) {
        xdr::TransactionEnvelope envelope{xdr::EnvelopeType::tx, std::move(inner)};
        const auto hash = xdr::transaction_hash(envelope, ledger_.network());
        for (const auto& key : keys) ASSERT_TRUE(stellar::sign(envelope, hash, key));
        const auto time = ledger_.header().scp_value.close_time + 5;
        auto transaction = submitted(std::move(envelope), ledger_.network());
        const auto checked = ledger_.check(transaction, time);
        if (checked.result.code != xdr::TransactionResultCode::tx_success) return;
        const auto closed = ledger_.close({std::move(transaction)}, time);
        for (const auto& done : closed.transactions)
            if (done.succeeded())
                for (const auto& op : done.submitted.inner().tx.operations)
                    ++successes_[op.body.type];
    }

    std::mt19937_64 random_;
    Ledger ledger_;
    std::map<Type, int> successes_;
};

TEST(DevnetStream, agrees_with_itself_after_each_transaction) {
    std::map<Type, int> successes;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 1500; ++i) {
            stream.step();
            const auto broken =
                find_broken_invariant(stream.ledger().state(), stream.ledger().header());
            ASSERT_FALSE(broken) << *broken << ", seed " << seed << ", step " << i;
        }
        for (const auto& [type, count] : stream.successes()) successes[type] += count;
    }
    for (int type = 0; type <= static_cast<int>(Type::liquidity_pool_withdraw); ++type) {
        if (static_cast<Type>(type) == Type::inflation) continue;
        EXPECT_GT(successes[static_cast<Type>(type)], 0) << "operation " << type;
    }
}

TEST(DevnetStream, is_the_same_each_time) {
    const auto end = [](std::uint64_t seed) {
        Stream stream(seed);
        for (int i = 0; i < 300; ++i) stream.step();
        return stream.ledger().hash();
    };
    EXPECT_EQ(end(1), end(1));
    EXPECT_NE(end(1), end(2));
}

/// What is left after taking a step back is what was before it.
TEST(DevnetStream, leaves_nothing_of_what_fails) {
    Stream stream(3);
    for (int i = 0; i < 500; ++i) stream.step();
    const auto header = stream.ledger().header();
    std::vector<xdr::LedgerEntry> entries;
    for (const auto& key : stream.ledger().state().keys())
        entries.push_back(*stream.ledger().state().find(key));
    const Ledger again(kPassphrase, header, entries);
    EXPECT_EQ(again.hash(), stream.ledger().hash());
    EXPECT_EQ(again.state().keys(), stream.ledger().state().keys());
    EXPECT_FALSE(find_broken_invariant(again.state(), again.header()));
}

}  // namespace
}  // namespace astro::devnet
