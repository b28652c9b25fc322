#include "server/gateway/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace astro::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountersGaugesAndHistogramsAsText) {
    Metrics metrics;
    metrics.declare_counter("things_total", "Things.");
    metrics.declare_gauge("level", "Level.");
    metrics.declare_histogram("seconds", "Time.", {0.1, 1});
    metrics.add("things_total", {{"kind", "a"}});
    metrics.add("things_total", {{"kind", "a"}}, 2);
    metrics.add("things_total", {{"kind", "b"}});
    metrics.set("level", {}, 5);
    metrics.set("level", {}, -1.5);
    metrics.observe("seconds", {}, 0.5);
    metrics.observe("seconds", {}, 5);
    const auto text = metrics.text();
    EXPECT_THAT(text, HasSubstr("# HELP things_total Things.\n# TYPE things_total counter\n"));
    EXPECT_THAT(text, HasSubstr("things_total{kind=\"a\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("things_total{kind=\"b\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE level gauge\nlevel -1.5\n"));
    EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"0.1\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"+Inf\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("seconds_count 2\n"));
}

TEST(Metrics, ACounterKeptElsewhereOnlyGrows) {
    Metrics metrics;
    metrics.declare_counter("n_total", "N.");
    metrics.set("n_total", {}, 7);
    metrics.set("n_total", {}, 3);
    EXPECT_THAT(metrics.text(), HasSubstr("n_total 7\n"));
    metrics.set("n_total", {}, 9);
    EXPECT_THAT(metrics.text(), HasSubstr("n_total 9\n"));
}

TEST(Metrics, LabelsAreEscaped) {
    Metrics metrics;
    metrics.declare_counter("n_total", "N.");
    metrics.add("n_total", {{"url", "a\"b\\c\nd"}});
    EXPECT_THAT(metrics.text(), HasSubstr(R"(n_total{url="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, CollectorsRunBeforeEachReading) {
    Metrics metrics;
    metrics.declare_gauge("readings", "Readings.");
    int readings = 0;
    metrics.on_collect([&](Metrics& m) { m.set("readings", {}, ++readings); });
    EXPECT_THAT(metrics.text(), HasSubstr("readings 1\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("readings 2\n"));
}

TEST(Metrics, ManyThreadsLoseNothing) {
    Metrics metrics;
    metrics.declare_counter("n_total", "N.");
    metrics.declare_histogram("s", "S.", {1});
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1'000; ++i) {
                metrics.add("n_total", {{"k", i % 2 == 0 ? "even" : "odd"}});
                metrics.observe("s", {}, 0.5);
                if (i % 100 == 0) (void)metrics.text();
            }
        });
    threads.clear();
    EXPECT_THAT(metrics.text(), HasSubstr("n_total{k=\"even\"} 2000\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("s_count 4000\n"));
}

TEST(MetricsDeathTest, AFamilyThatWasNotDeclaredIsABug) {
    Metrics metrics;
    EXPECT_DEATH(metrics.add("nobody_knows"), "assertion failed");
    EXPECT_DEATH(metrics.observe("nobody_knows", {}, 1), "assertion failed");
}

}  // namespace
}  // namespace astro::gateway
