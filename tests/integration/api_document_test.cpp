#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "foundation/base/percent.hpp"
#include "integration/program.hpp"

/// What the program says of its own API. That its answers are as it says: tests/api/conformance.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct ApiDocument : ::testing::Test {
    TemporaryDirectory files;
    Server server{{"--feed", "replay", "--dir", ASTRO_SOURCE_DIR "/share/solana/blocks", "--data",
                   files.path("data"), "--set", "feed.slot_ms=0"}};

    void each_operation(const std::function<void(const std::string&, const json::object&)>& look) {
        const auto document = server.get("/api/v1/openapi.json");
        for (const auto& [path, operations] : document.at("paths").as_object())
            for (const auto& [method, operation] : operations.as_object())
                look(std::string(method) + " " + std::string(path), operation.as_object());
    }
};

TEST_F(ApiDocument, EveryRouteSaysWhoMayWhatItTakesAndWhatItGives) {
    std::set<std::string> ids;
    each_operation([&](const std::string& name, const json::object& operation) {
        EXPECT_THAT(text_of(operation, "summary"), Not(IsEmpty())) << name;
        EXPECT_THAT(text_of(operation, "x-permission"), HasSubstr(".")) << name;
        EXPECT_TRUE(ids.insert(text_of(operation, "operationId")).second) << name;
        int good = 0;
        for (const auto& [status, answer] : operation.at("responses").as_object()) {
            if (!status.starts_with("2")) continue;
            ++good;
            const auto* content = answer.as_object().if_contains("content");
            EXPECT_TRUE(status == "204" || content != nullptr) << name << " " << status;
        }
        EXPECT_GT(good, 0) << name << " says no answer";
        const auto* parameters = operation.if_contains("parameters");
        if (parameters == nullptr) return;
        for (const auto& parameter : parameters->as_array()) {
            const auto what = name + " " + text_of(parameter, "name");
            EXPECT_THAT(text_of(parameter, "description"), Not(IsEmpty())) << what;
            EXPECT_TRUE(parameter.as_object().contains("example")) << what;
        }
    });
    EXPECT_GT(ids.size(), 10U);
}

TEST_F(ApiDocument, ExamplesOfParametersAreTaken) {
    server.wait_until_finished();
    each_operation([&](const std::string& name, const json::object& operation) {
        const auto* parameters = operation.if_contains("parameters");
        if (!name.starts_with("get ") || parameters == nullptr) return;
        auto path = name.substr(4);
        char separator = '?';
        for (const auto& parameter : parameters->as_array()) {
            const auto key = text_of(parameter, "name");
            const auto& example = parameter.at("example");
            auto value = example.is_string()  ? std::string(example.as_string())
                         : example.is_array() ? std::string(example.as_array()[0].as_string())
                                              : json::serialize(example);
            if (text_of(parameter, "in") == "path") {
                path.replace(path.find("{" + key + "}"), key.size() + 2, value);
            } else if (key != "cursor") {  // of one list only
                path += separator + key + "=" + percent_encode(value);
                separator = '&';
            }
        }
        EXPECT_NE(server.ask(path).status, 400) << path;
    });
}

TEST_F(ApiDocument, EveryChannelSaysWhatItCarries) {
    Live live(server);
    const auto channels = live.next_of("welcome").at("channels").as_array();
    const auto document = server.get("/api/v1/asyncapi.json");
    const auto& said = document.at("channels").at("live").at("x-subscriptions").as_object();
    EXPECT_EQ(said.size(), channels.size());
    for (const auto& channel : channels) {
        const std::string name(channel.as_string());
        ASSERT_TRUE(said.contains(name)) << name;
        EXPECT_THAT(text_of(said.at(name), "permission"), HasSubstr("."));
        const auto& data = document.at("components")
                               .at("messages")
                               .at(name)
                               .at("payload")
                               .at("properties")
                               .at("data");
        EXPECT_TRUE(data.as_object().contains("$ref")) << name;
    }
}

TEST_F(ApiDocument, IsNotSentTwice) {
    const auto first = server.ask("/api/v1/openapi.json");
    ASSERT_EQ(first.status, 200);
    const auto tag = first.headers.find("etag");
    ASSERT_TRUE(tag);
    const auto client = net::HttpClient::make(net::parse_url(server.url()).value()).value();
    net::Request again;
    again.target = "/api/v1/openapi.json";
    again.headers.set("if-none-match", std::string(*tag));
    const auto second = client->request(again).value();
    EXPECT_EQ(second.status, 304);
    EXPECT_EQ(second.text(), "");
}

}  // namespace
}  // namespace astro::integration
