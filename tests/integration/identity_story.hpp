#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/one_time_code.hpp"
#include "integration/program.hpp"

namespace astro::integration {

inline const std::string kApi = "/api/v1/identity";
inline const std::string kPassword = "turnip violin marshal eight";

inline std::string read_file(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A server with accounts, asked over HTTP.
struct IdentityStory : ::testing::Test {
    explicit IdentityStory(const std::vector<std::string>& settings = {})
        : server(arguments(settings)) {}
    std::vector<std::string> arguments(const std::vector<std::string>& settings) const {
        std::vector<std::string> out{
            "--feed", "replay", "--dir", ASTRO_SOURCE_DIR "/share/solana/blocks", "--data", data};
        std::vector<std::string> all{"identity.argon2_kib=64", "identity.sign_in_per_minute=1000"};
        all.insert(all.end(), settings.begin(), settings.end());
        for (const auto& setting : all) out.insert(out.end(), {"--set", setting});
        return out;
    }
    TemporaryDirectory files;
    std::string data = files.path("data");
    Server server;
    std::unique_ptr<net::HttpClient> client =
        net::HttpClient::make(net::parse_url(server.url()).value(), net::ClientOptions{}).value();

    net::Response ask(const std::string& method, const std::string& target,
                      const std::string& token = "", const std::string& body = "") {
        net::Request request;
        request.method = method;
        request.target = target;
        request.body = body;
        if (!body.empty()) request.headers.set("content-type", "application/json");
        if (!token.empty()) request.headers.set("authorization", "Bearer " + token);
        auto response = client->request(request);
        EXPECT_TRUE(response) << response.error().text();
        return response ? std::move(*response) : net::Response{};
    }
    json::value post(const std::string& target, const json::object& body,
                     const std::string& token = "", int status = 200) {
        const auto response = ask("POST", kApi + target, token, json::serialize(body));
        EXPECT_EQ(response.status, status) << target << ": " << response.text();
        return response.text().empty() ? json::value{} : parse(response.text());
    }
    std::string code(const std::string& target, const json::object& body) {
        return text_of(post_any(target, body), "code");
    }
    json::value post_any(const std::string& target, const json::object& body) {
        return parse(ask("POST", kApi + target, "", json::serialize(body)).text());
    }
    /// What stands behind "#" in the newest mail.
    std::string mailed_token() {
        std::string token;
        for (const auto& mail : std::filesystem::directory_iterator(data + "/outbox")) {
            const std::string text = read_file(mail.path());
            const auto at = text.find('#') + 1;
            token = text.substr(at, text.find_first_of("\r\n", at) - at);
        }
        return token;
    }
    json::object credentials() { return {{"email", "ada@example.org"}, {"password", kPassword}}; }
    void register_ada() {
        post("/register", credentials(), "", 202);
        post("/verify-email", {{"token", mailed_token()}});
    }
    json::value sign_in() { return post("/login", credentials()).at("tokens"); }
    static std::string totp(const std::string& secret) {
        return crypto::one_time_code(parse_base32(secret).value(),
                                     static_cast<std::uint64_t>(std::time(nullptr) / 30), 6);
    }
    /// The example of docs/security.md, run as it stands there.
    std::string run_documented_curl(const std::string& key) {
        const std::string page = read_file(ASTRO_SOURCE_DIR "/docs/security.md");
        const auto begin = page.find("```sh\n") + 6;
        const std::string script = page.substr(begin, page.find("```", begin) - begin);
        const auto done = run_command(
            {"bash", "-c",
             "cd " + files.path() + " && KEY=" + key + " URL=" + server.url() + "\n" + script});
        EXPECT_EQ(done.code, 0) << done.errors;
        return done.out;
    }
    Outcome verify() { return run_program({"identity", "audit", "verify", "--data", data}); }
};

}  // namespace astro::integration
