#include "capabilities/exchange/liabilities.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <set>

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace astro::exchange {
namespace {

using journal::Sequence;
using journal::test::TemporaryDirectory;
using journal::test::write_file;

crypto::SecretKey key_of(std::uint8_t byte) {
    crypto::SecretKey key;
    key.writable()[0] = byte;
    return key;
}

struct LiabilitiesTest : testing::Test {
    LiabilitiesTest() : stream(5) {
        for (int i = 0; i < 1'500; ++i) stream.step();
        Reader reader;
        for (auto& command : stream.commands) {
            events.clear();
            with_order(command, venue, reader);
            venue.apply(command, events);
            reader.read(events);
        }
    }
    static std::string script(std::string_view name) {
        return std::string(ASTRO_SOURCE_DIR) + "/" + std::string(name);
    }
    /// The exit code of a Python script; what it prints goes to the test's output.
    static int python(const std::string& arguments) {
        const int status = std::system(("python3 " + arguments).c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    void add_proofs(const Liabilities& all, std::size_t accounts) {
        for (std::uint32_t a = 0; a < accounts; ++a) {
            const auto proof = all.prove(AccountId{a});
            EXPECT_TRUE(proof);
            EXPECT_EQ(proof->root, to_hex(all.root().view()));
            proofs += to_json(*proof) + "\n";
        }
    }
    /// docs/verify_liabilities.py finds that all of them hold.
    void check_proofs() {
        ASSERT_FALSE(proofs.empty());
        const std::string path = directory.path() + "/proofs";
        write_file(path, as_bytes(proofs));
        EXPECT_EQ(python(script(kTamper) + " " + script(kVerifier) + " --hold " + path), 0);
    }
    static constexpr std::string_view kVerifier = "docs/verify_liabilities.py";
    static constexpr std::string_view kTamper =
        "src/capabilities/exchange/liabilities_tamper_test.py";
    std::string proofs;

    TemporaryDirectory directory;
    Stream stream;
    Venue venue;
    Events events;
};

TEST_F(LiabilitiesTest, TheProofOfEachAccountHolds) {
    const Liabilities all(venue, Sequence{9}, key_of(1));
    add_proofs(all, venue.accounts().size());
    EXPECT_EQ(all.prove(AccountId{3})->balances[0],
              std::to_string(venue.accounts()[3].usdc().value()));
    check_proofs();
    EXPECT_EQ(all.prove(AccountId{999}).error().code, "account_unknown");
}

TEST_F(LiabilitiesTest, NoValueOfAProofMayBeAnother) {
    const std::string path = directory.path() + "/proof.json";
    const Liabilities all(venue, Sequence{9}, key_of(1));
    write_file(path, as_bytes(to_json(*all.prove(AccountId{3}))));
    EXPECT_EQ(python(script(kTamper) + " " + script(kVerifier) + " " + path), 0);
}

TEST_F(LiabilitiesTest, SumsAreOfAllAccountsAndDebtsLowerNothing) {
    const Liabilities all(venue, Sequence{9}, key_of(1));
    UInt128 owed = 0, equity_owed = 0, equity_lacking = 0;
    for (std::uint32_t a = 0; a < venue.accounts().size(); ++a) {
        const Account& account = venue.accounts()[a];
        std::int64_t equity = account.usdc().value();
        for (const auto& p : account.positions)
            equity += unrealized_of(venue.markets()[p.market.value()], p, MarginKind::maintenance);
        owed += static_cast<UInt128>(std::max<std::int64_t>(account.usdc().value(), 0));
        (equity > 0 ? equity_owed : equity_lacking) += static_cast<UInt128>(std::abs(equity));
    }
    EXPECT_TRUE(all.total().owed[0] == owed);
    EXPECT_TRUE(all.total().equity_owed == equity_owed);
    EXPECT_TRUE(all.total().equity_lacking == equity_lacking);
    EXPECT_TRUE(owed > 0);
}

TEST(LiabilitiesOfAStream, WhatIsHeldBesideBalancesIsOwedToo) {
    bool held_seen = false, insurance_seen = false;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 1'500; ++i) stream.step();
        Venue venue;
        Reader reader;
        Events events;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            events.clear();
            with_order(stream.commands[i], venue, reader);
            venue.apply(stream.commands[i], events);
            reader.read(events);
            if (i % 50 != 0) continue;
            const Liabilities all(venue, Sequence{i + 1}, key_of(1));
            for (std::uint8_t asset = 0; asset < venue.assets().size(); ++asset) {
                std::int64_t held = venue.held(AssetId{asset}).pending.value();
                if (AssetId{asset} == venue.governance_asset())
                    held += venue.governance().held().value();
                EXPECT_TRUE(all.total().held[asset] == static_cast<UInt128>(held));
                held_seen |= all.total().held[asset] > 0;
            }
            EXPECT_TRUE(all.total().insurance <=
                        static_cast<UInt128>(venue.pools().insurance.value()));
            insurance_seen |= all.total().insurance > 0;
        }
    }
    EXPECT_TRUE(held_seen);
    EXPECT_TRUE(insurance_seen);
}

struct DebtTest : VenueTest {};

TEST_F(DebtTest, WhatOneOwesIsNotTakenOffWhatOthersAreOwed) {
    run(SetAsset{AssetSettings{.symbol = "SOL"}});
    run(SetAssetPrice{AssetId{1}, price("100")});
    const AccountId rich = person(10'000), holder = person(0);
    run(Deposit{holder, AssetId{1}, Amount{100'000'000'000}});
    run(limit(rich, Side::sell, "101", "10"));
    run(market(holder, Side::buy, "10"));
    run(limit(rich, Side::buy, "99", "10"));
    run(market(holder, Side::sell, "10"));
    ASSERT_EQ(balance(holder), Amount{-20'000'000});
    const Liabilities all(venue, Sequence{1}, key_of(1));
    EXPECT_TRUE(all.total().owed[0] == 10'020'000'000);
    EXPECT_TRUE(all.total().lacking[0] == 20'000'000);
    EXPECT_TRUE(all.total().equity_owed == 10'020'000'000);
    EXPECT_TRUE(all.total().equity_lacking == 20'000'000);
}

TEST_F(LiabilitiesTest, RootAndOrderChangeWithKeyAndSequenceButNotByThemselves) {
    const auto root = [&](std::uint64_t sequence, std::uint8_t key) {
        return Liabilities(venue, Sequence{sequence}, key_of(key)).root();
    };
    EXPECT_EQ(root(9, 1), root(9, 1));
    EXPECT_NE(root(9, 1), root(10, 1));
    EXPECT_NE(root(9, 1), root(9, 2));
    std::set<std::uint64_t> places;
    for (std::uint64_t sequence = 1; sequence <= 20; ++sequence)
        places.insert(Liabilities(venue, Sequence{sequence}, key_of(1)).prove(AccountId{0})->index);
    EXPECT_GT(places.size(), 4U);  // who stands beside whom says nothing
}

TEST_F(LiabilitiesTest, AnyNumberOfAccountsHasATree) {
    Venue growing;
    Events told;
    growing.apply({TimeMs{1}, SetAsset{AssetSettings{.symbol = "USDC",
                                                     .decimals = 6,
                                                     .initial_weight_bps = 10'000,
                                                     .maintenance_weight_bps = 10'000}}},
                  told);
    EXPECT_FALSE(Liabilities(growing, Sequence{1}, key_of(1)).root().is_zero());
    for (std::uint32_t a = 0; a < 9; ++a) {
        growing.apply({TimeMs{1}, OpenAccount{}}, told);
        growing.apply({TimeMs{1}, Deposit{AccountId{a}, kUsdc, dollars(a + 1)}}, told);
        const Liabilities all(growing, Sequence{1}, key_of(1));
        add_proofs(all, a + 1);
    }
    check_proofs();
}

TEST_F(LiabilitiesTest, TheKeyIsMadeOnceAndForNobodyElse) {
    EXPECT_FALSE(*find_liabilities_key(directory.path()));
    const auto made = liabilities_key(directory.path());
    ASSERT_TRUE(made) << made.error().text();
    const auto again = liabilities_key(directory.path());
    EXPECT_EQ(to_hex(made->view()), to_hex(again->view()));
    struct stat status{};
    ASSERT_EQ(::stat((directory.path() + "/liabilities.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    write_file(directory.path() + "/liabilities.key", as_bytes("short"));
    EXPECT_EQ(liabilities_key(directory.path()).error().code, "liabilities_key");
}

}  // namespace
}  // namespace astro::exchange
