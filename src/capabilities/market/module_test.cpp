#include "capabilities/market/module.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "capabilities/market/api.hpp"
#include "capabilities/market/engine/market_test_support.hpp"
#include "chains/solana/programs.hpp"

namespace astro::market {
namespace {

using test::dollars;
using test::rule;

bool eventually(const std::function<bool()>& what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!what()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

/// Says what the test says.
class HandSource final : public Source {
  public:
    explicit HandSource(std::string name) : name_(std::move(name)) {}
    void start(SourceSink& sink) override { sink_ = &sink; }
    void stop() override {}
    SourceStatus status() const override {
        SourceStatus out;
        out.source = name_;
        return out;
    }
    void say(std::string asset, std::string_view price, TimestampNs time) {
        sink_->on_observation({.source = name_,
                               .asset = std::move(asset),
                               .price = dollars(price),
                               .published = time,
                               .received = time});
    }

  private:
    std::string name_;
    SourceSink* sink_ = nullptr;
};

struct ModuleTest : testing::Test {
    ModuleTest() {
        exchange::ServiceOptions venue_options;
        venue_options.directory = folder;
        venue_options.tick_ms = 0;
        venue = exchange::Service::open(venue_options, clock, {}).value();
        std::vector<std::unique_ptr<Source>> sources;
        for (const auto* name : {"a", "b"}) {
            auto source = std::make_unique<HandSource>(name);
            hands.push_back(source.get());
            sources.push_back(std::move(source));
        }
        ModuleOptions options;
        options.interval = milliseconds(1);
        options.heartbeat = milliseconds(50);
        options.assets = {{.asset = "SOL", .sources = {rule("a"), rule("b"), rule("pools")}},
                          {.asset = "BTC", .sources = {rule("a")}, .sources_min = 1}};
        options.pools = {{.asset = "SOL", .mint = solana::kWrappedSolMint, .decimals = 9}};
        market = Module::make(std::move(options), std::move(sources), *bus, clock);
    }
    ~ModuleTest() override {
        market->stop();
        venue->stop();
        std::filesystem::remove_all(folder);
    }
    exchange::Price index(std::size_t number) {
        exchange::Price out;
        venue->read([&](const exchange::Venue& v) { out = v.markets()[number].index; });
        return out;
    }
    exchange::OracleVerdict verdict(std::size_t number) {
        exchange::OracleVerdict out{};
        venue->read([&](const exchange::Venue& v) { out = v.markets()[number].oracle.verdict; });
        return out;
    }

    SystemClock clock;
    std::unique_ptr<Bus> bus = make_bus();
    const std::string folder = (std::filesystem::temp_directory_path() /
                                ("astrolabe_market_module_test_" + std::to_string(::getpid())))
                                   .string();
    std::unique_ptr<exchange::Service> venue;
    std::vector<HandSource*> hands;
    std::unique_ptr<Module> market;
};

TEST_F(ModuleTest, GivesTheVenueEachMarketsPriceByItsBaseAndEachCollateralsByItsSymbol) {
    market->start(venue.get());
    hands[0]->say("SOL", "150", clock.now());
    hands[1]->say("SOL", "150.2", clock.now());
    hands[0]->say("BTC", "60000", clock.now());
    ASSERT_TRUE(
        eventually([&] { return index(0) == dollars("150.1") && index(1) == dollars("60000"); }));
    EXPECT_EQ(index(2), exchange::Price{0});
    EXPECT_TRUE(eventually([&] {
        exchange::Price collateral;
        venue->read([&](const exchange::Venue& v) { collateral = v.assets()[1].price; });
        return collateral == dollars("150.1");
    }));
    EXPECT_EQ(verdict(0), exchange::OracleVerdict::valid);
    EXPECT_EQ(market->venue_status().refused, 0U);
}

TEST_F(ModuleTest, TellsTheVenueThatSourcesDoNotSuffice) {
    market->start(venue.get());
    hands[0]->say("SOL", "150", clock.now());
    ASSERT_TRUE(eventually([&] { return index(0) == dollars("150"); }));
    EXPECT_EQ(verdict(0), exchange::OracleVerdict::insufficient_sources);
    hands[1]->say("SOL", "150", clock.now());
    EXPECT_TRUE(eventually([&] { return verdict(0) == exchange::OracleVerdict::valid; }));
}

TEST_F(ModuleTest, TellsAgainThoughNothingChanges) {
    market->start(venue.get());
    hands[0]->say("BTC", "60000", clock.now());
    ASSERT_TRUE(eventually([&] { return index(1) == dollars("60000"); }));
    const auto before = market->venue_status().submitted;
    EXPECT_TRUE(eventually([&] { return market->venue_status().submitted > before + 2; }));
}

TEST_F(ModuleTest, SaysWhatTheVenueRefusedAndThatItHasStopped) {
    market->start(venue.get());
    hands[0]->say("BTC", "9999999", clock.now());
    ASSERT_TRUE(eventually([&] { return market->venue_status().refused > 0; }));
    EXPECT_EQ(market->venue_status().detail, "price_out_of_range");
    venue->stop();
    ASSERT_TRUE(eventually([&] { return market->venue_status().failed > 0; }));
    EXPECT_NE(market->venue_status().detail, "price_out_of_range");
}

TEST_F(ModuleTest, PublishesPricesAndCountsWhatWasSetAside) {
    market->start(nullptr);
    const auto now = clock.now();
    hands[0]->say("SOL", "150", now);
    hands[0]->say("SOL", "150", now);
    hands[0]->say("SOL", "149", TimestampNs{now.value() - 1});
    hands[0]->say("ETH", "149", now);
    hands[1]->say("SOL", "151", now);
    ASSERT_TRUE(eventually([&] {
        const auto newest = bus->newest(kPriceStream, 10);
        return std::any_of(newest.begin(), newest.end(), [](const EventPtr& event) {
            return event->has_tag("asset", "SOL") &&
                   event->payload.find(R"("sources":["a","b"])") != std::string::npos;
        });
    }));
    const auto health = market->sources();
    ASSERT_EQ(health.size(), 3U);
    EXPECT_EQ(health[0].duplicate + 10 * health[0].late + 100 * health[0].not_wanted, 111U);
    EXPECT_EQ(health[2].status.source, "pools");
}

TEST_F(ModuleTest, TakesPoolsFromBlocksUnderTheBlocksLabel) {
    market->start(nullptr);
    solana::Swap swap;
    swap.mint_in = solana::kUsdcMint;
    swap.amount_in = 150'000'000;
    swap.mint_out = solana::kWrappedSolMint;
    swap.amount_out = 1'000'000'000;
    swap.verified = true;
    solana::BlockActivity block;
    block.transactions.emplace_back().swaps.push_back(swap);
    block.time = from_unix_seconds(1'700'000'000);  // recorded: it counts as of now
    market->on_block(block, PriceLabel::replay);
    const auto price = market->prices()[0];
    EXPECT_EQ(price.index, dollars("150"));
    EXPECT_EQ(price.label, PriceLabel::replay);
    EXPECT_FALSE(price.sources_suffice);
}

}  // namespace
}  // namespace astro::market
