#include "server/node/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace astro::node {
namespace {

TEST(Settings, LaterSourcesOverrideEarlierOnes) {
    Settings settings;
    EXPECT_EQ(settings.text("server.listen"), "127.0.0.1:8080");
    ASSERT_TRUE(settings.apply_toml(
        "[server]\nlisten = '0.0.0.0:1'\nworkers = 2\n[feed]\nrpc = ['a', 'b']\n", "t"));
    const char* environment[] = {"HOME=/", "ASTROLABE_SERVER_LISTEN=0.0.0.0:2",
                                 "ASTROLABE_FEED_RPC=c,d", nullptr};
    ASSERT_TRUE(settings.apply_environment(environment));
    EXPECT_EQ(settings.text("server.listen"), "0.0.0.0:2");
    EXPECT_EQ(settings.list("feed.rpc"), (std::vector<std::string>{"c", "d"}));
    ASSERT_TRUE(settings.apply_text("server.listen", "0.0.0.0:3", "--listen"));
    EXPECT_EQ(settings.text("server.listen"), "0.0.0.0:3");
    EXPECT_EQ(settings.integer("server.workers"), 2);
    EXPECT_FALSE(settings.flag("feed.loop"));
}

TEST(Settings, RefusesWithPlaceAndWhatWouldBeRight) {
    const auto error = [](std::string_view toml) {
        Settings settings;
        const auto result = settings.apply_toml(toml, "a.toml");
        EXPECT_FALSE(result) << toml;
        return result ? std::string() : result.error().text();
    };
    EXPECT_EQ(error("[server]\nlisen = 'x'\n"),
              "there is no setting 'server.lisen'; the nearest is 'server.listen' (a.toml:2:9)");
    EXPECT_EQ(error("[server]\nworkers = 'two'\n"),
              "'server.workers' needs an integer, not a text (a.toml:2:11)");
    EXPECT_EQ(error("[server]\nworkers = 65\n"),
              "'server.workers' must lie in 1 … 64, not 65 (a.toml:2:11)");
    EXPECT_EQ(error("feed.mode = 'dmeo'\n"),
              "'feed.mode' is one of demo, replay, live, not 'dmeo' (a.toml:1:13)");
    EXPECT_EQ(error("feed.rpc = [1]\n"), "'feed.rpc' needs a list of texts (a.toml:1:12)");
    EXPECT_NE(error("[server\n").find("a.toml:1:8"), std::string::npos);
    EXPECT_NE(error("a = 1\na = 2\n").find("a.toml:2"), std::string::npos);
    EXPECT_NE(error("[server]\n\xC3\xBC = 1\n").find("a.toml:2"), std::string::npos);
    EXPECT_EQ(error("a = '\xFF'\n"), "not UTF-8 text (a.toml)");
    EXPECT_NE(error("server = 5\n").find("there is no setting 'server'"), std::string::npos);
}

TEST(Settings, TakesAnyCharacterInTextsAndComments) {
    Settings settings;
    ASSERT_TRUE(settings.apply_toml("# \xC3\xBC\n[data]\ndirectory = '~/\xC3\xBC'\n", "t"));
    EXPECT_EQ(settings.text("data.directory"), "~/\xC3\xBC");
}

TEST(Settings, RefusesAnEnvironmentVariableThatNamesNothing) {
    Settings settings;
    const char* environment[] = {"ASTROLABE_SERVER_LISEN=x", nullptr};
    EXPECT_EQ(settings.apply_environment(environment).error().where, "ASTROLABE_SERVER_LISEN");
}

TEST(Settings, SaysWhenTheFileIsNotThere) {
    Settings settings;
    EXPECT_EQ(settings.apply_file("/nonexistent/a.toml").error().code, "no_configuration");
}

TEST(Settings, DefaultsLieWithinTheirBounds) {
    for (const auto& declaration : setting_declarations()) {
        if (const auto* number = std::get_if<std::int64_t>(&declaration.default_value)) {
            EXPECT_LE(declaration.minimum, *number) << declaration.name;
            EXPECT_GE(declaration.maximum, *number) << declaration.name;
        }
        EXPECT_TRUE(declaration.help.ends_with('.')) << declaration.name;
    }
}

TEST(Settings, TheDocumentationIsTheDeclarations) {
    std::ifstream in(ASTRO_SOURCE_DIR "/docs/configuration.md");
    const std::string written{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(written, configuration_markdown())
        << "write it anew: astrolabe config --markdown > docs/configuration.md";
}

}  // namespace
}  // namespace astro::node
