#include "server/node/node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <iterator>

#include "server/node/pipeline.hpp"
#include "server/node/status.hpp"

namespace astro::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ── addresses ───────────────────────────────────────────────────────────────────────────────────

TEST(ParseListen, TakesAddressAndPort) {
    const auto parsed = [](std::string_view text) {
        const auto listen = parse_listen(text);
        EXPECT_TRUE(listen) << text;
        return listen ? listen->address + " " + std::to_string(listen->port) : "";
    };
    EXPECT_EQ(parsed("127.0.0.1:8080"), "127.0.0.1 8080");
    EXPECT_EQ(parsed("0.0.0.0:0"), "0.0.0.0 0");
    EXPECT_EQ(parsed("[::1]:65535"), "::1 65535");
    EXPECT_EQ(parsed("[fe80::1%eth0]:1"), "fe80::1%eth0 1");
}

TEST(ParseListen, RefusesWithTheTextAndTheSetting) {
    for (const char* text : {"",
                             ":",
                             ":80",
                             "127.0.0.1",
                             "127.0.0.1:",
                             "127.0.0.1:65536",
                             "127.0.0.1:-1",
                             "127.0.0.1:+1",
                             "127.0.0.1: 80",
                             "127.0.0.1:80 ",
                             "127.0.0.1:http",
                             "localhost:80",
                             "999.1.1.1:80",
                             "1.2.3:80",
                             "127.0.0.1/8:80",
                             "::1:80",
                             "[::1]",
                             "[::1:80",
                             "::1]:80",
                             "[]:80",
                             "[127.0.0.1]:80",
                             "[[::1]]:80",
                             "a:b:80"}) {
        const auto listen = parse_listen(text);
        ASSERT_FALSE(listen) << text;
        EXPECT_EQ(listen.error().code, "bad_listen");
        EXPECT_EQ(listen.error().where, "server.listen");
        EXPECT_THAT(listen.error().message, HasSubstr("'" + std::string(text) + "'"));
    }
}

RC_GTEST_PROP(ParseListen, AnyTextIsTakenWholeOrRefused, (const std::string& text)) {
    const auto listen = parse_listen(text);
    if (!listen) return;
    const auto port = std::to_string(listen->port);
    RC_ASSERT(!listen->address.empty());
    RC_ASSERT(text.starts_with(listen->address) || text.starts_with("[" + listen->address + "]"));
}

// ── health ──────────────────────────────────────────────────────────────────────────────────────

feeds::FeedStatus feed(feeds::FeedLabel label, std::string state, std::string detail = {}) {
    feeds::FeedStatus out;
    out.label = label;
    out.state = std::move(state);
    out.detail = std::move(detail);
    return out;
}

TEST(Health, OkWhileBlocksComeOrTheFeedHasJustBegun) {
    using feeds::FeedLabel;
    for (const auto& status :
         {feed(FeedLabel::live, "running"), feed(FeedLabel::replay, "running"),
          feed(FeedLabel::synthetic, "running"), feed(FeedLabel::stale, "connecting"),
          feed(FeedLabel::stale, "running"), feed(FeedLabel::live, "reconnecting", "trouble"),
          feed(FeedLabel::replay, "finished", "every recorded block was played")}) {
        const Health health = health_of(status, {}, {});
        EXPECT_EQ(health.status, "ok") << status.state;
        EXPECT_THAT(health.reasons, IsEmpty());
    }
}

TEST(Health, DegradedWithEachReason) {
    using feeds::FeedLabel;
    for (const char* state : {"connecting", "running", "reconnecting", "stopped"}) {
        const Health health = health_of(feed(FeedLabel::stale, state, "no block for 20 s"), {}, {});
        EXPECT_EQ(health.status, "degraded") << state;
        EXPECT_THAT(health.reasons, ElementsAre("feed: no block for 20 s"));
    }
    mev::ModuleStatus store;
    store.trouble = "the disk is full";
    EXPECT_THAT(health_of(feed(FeedLabel::live, "running"), store, {}).reasons,
                ElementsAre("store: the disk is full"));
    VenueStatus venue;
    venue.service.trouble = "cannot sync";
    venue.rows.trouble = "no space";
    EXPECT_THAT(health_of(feed(FeedLabel::stale, "running", "silence"), store, venue).reasons,
                ElementsAre("feed: silence", "store: the disk is full", "exchange: cannot sync",
                            "exchange rows: no space"));
}

// ── pipeline ────────────────────────────────────────────────────────────────────────────────────

class Pipelines : public ::testing::Test {
  protected:
    Pipelines() {
        auto opened = store::open_sqlite({.path = ":memory:"});
        EXPECT_TRUE(opened);
        store = std::move(*opened);
        auto migrations = mev::migrations();
        for (auto& migration : market::migrations()) migrations.push_back(std::move(migration));
        EXPECT_TRUE(store->migrate(migrations));
        auto made = mev::Module::make({}, *bus, *store, clock);
        EXPECT_TRUE(made);
        module = std::move(*made);
        declare_pipeline_metrics(metrics);
        Settings settings;
        EXPECT_TRUE(settings.apply_text("market.feed", "off", "test"));
        market = MarketPart::make(settings, *store, venue, *bus, clock, jobs).value();
        pipeline = std::make_unique<Pipeline>(*module, *market, metrics, "live");
    }
    ~Pipelines() override { module->stop(); }

    static std::string block_text() {
        std::ifstream in(ASTRO_SOURCE_DIR "/share/solana/blocks/block_285000037.json");
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void give(std::string json) {
        pipeline->on_block({.slot = Slot{285000037}, .json = std::move(json), .received = {}});
    }

    VirtualClock clock;
    JobBook jobs{clock};
    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<store::Store> store;
    std::unique_ptr<mev::Module> module;
    exchange::MarketTape venue{*bus, {}};
    std::unique_ptr<MarketPart> market;
    gateway::Metrics metrics;
    std::unique_ptr<Pipeline> pipeline;
};

TEST_F(Pipelines, ABlockIsPublishedOnceAndCountedOnce) {
    give(block_text());
    const auto swaps = bus->last_seq("mev.swap"), findings = bus->last_seq("mev.opportunity");
    EXPECT_GT(swaps, 0U);
    EXPECT_GT(findings, 0U);
    EXPECT_EQ(bus->last_seq("mev.slot"), 1U);
    EXPECT_THAT(bus->newest("mev.slot", 1).back()->payload, HasSubstr(R"("label":"live")"));
    give(block_text());
    EXPECT_EQ(bus->last_seq("mev.swap"), swaps);
    EXPECT_EQ(bus->last_seq("mev.opportunity"), findings);
    EXPECT_EQ(bus->last_seq("mev.slot"), 1U);
    EXPECT_THAT(metrics.text(), HasSubstr("astrolabe_blocks_total{label=\"live\"} 1\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("astrolabe_block_seconds_count 1\n"));
}

TEST_F(Pipelines, WhatIsNoBlockIsCountedAndTheNextIsTaken) {
    const auto whole = block_text();
    for (const auto& broken : {std::string(), std::string("{"), std::string("null"),
                               std::string(100'000, '['), whole.substr(0, whole.size() / 2)})
        give(broken);
    EXPECT_EQ(bus->last_seq("mev.slot"), 0U);
    EXPECT_THAT(metrics.text(), HasSubstr("astrolabe_blocks_unreadable_total{reason="));
    give(whole);
    EXPECT_EQ(bus->last_seq("mev.slot"), 1U);
}

TEST_F(Pipelines, AnOrphanIsTakenBackAndMayComeAgain) {
    give(block_text());
    ASSERT_TRUE(module->flush());
    const auto rows = [&](const char* table) {
        return store::to_int(
            store->query("SELECT COUNT(*) FROM " + std::string(table)).value()[0][0]);
    };
    const auto swaps = rows("mev_swaps");
    EXPECT_GT(swaps, 0);
    pipeline->on_orphaned(Slot{285000037});
    ASSERT_TRUE(module->flush());
    EXPECT_EQ(rows("mev_swaps"), 0);
    EXPECT_EQ(rows("mev_opportunities"), 0);
    give(block_text());
    ASSERT_TRUE(module->flush());
    EXPECT_EQ(rows("mev_swaps"), swaps);
    pipeline->on_skipped(Slot{285000038});
    EXPECT_THAT(metrics.text(), HasSubstr("astrolabe_slots_orphaned_total 1\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("astrolabe_slots_skipped_total 1\n"));
}

TEST_F(Pipelines, TheCursorIsStoredWithItsBlock) {
    EXPECT_EQ(pipeline->load("live").value(), "");
    give(block_text());
    ASSERT_TRUE(pipeline->save("live", "285000037"));
    ASSERT_TRUE(module->flush());
    EXPECT_EQ(pipeline->load("live").value(), "285000037");
    EXPECT_EQ(pipeline->load("replay").value(), "");
}

}  // namespace
}  // namespace astro::node
