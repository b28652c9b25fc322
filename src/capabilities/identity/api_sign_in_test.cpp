#include <gtest/gtest.h>

#include "capabilities/identity/api_test_support.hpp"
#include "capabilities/identity/engine/sep10_test_support.hpp"
#include "capabilities/identity/engine/webauthn_test_support.hpp"

/// The routes of passkeys and of Stellar wallets: what a browser or a wallet sends is what the
/// service gets, and its refusals come back.
namespace astro::identity {
namespace {

namespace bj = boost::json;

std::string encoded(std::string_view bytes) {
    return to_base64url(as_bytes(bytes));
}
Bytes challenge_of(const bj::object& options) {
    return parse_base64url(std::string(options.at("challenge").as_string())).value();
}

struct PasskeyRoutes : ApiTest {
    PasskeyRoutes() {
        device.rp_id = "astro.example";
        device.origin = "https://astro.example";
    }
    bj::object registration() {
        const auto options = post("/passkeys/options", {}, browser);
        EXPECT_EQ(options.at("rp_id").as_string(), "astro.example");
        const std::string json = device.client_data("webauthn.create", challenge_of(options));
        return {{"name", "laptop"},
                {"client_data_json", encoded(json)},
                {"attestation_object", to_base64url(device.attestation_object(json))}};
    }
    bj::object assertion() {
        const auto options = post("/login/passkey-options", {});
        EXPECT_TRUE(options.at("known_credentials").as_array().empty()) << "tells of no user";
        ++device.sign_count;
        const std::string json = device.client_data("webauthn.get", challenge_of(options));
        const auto made = device.assert_with(json);
        return {{"credential_id", to_base64url(device.id)},
                {"client_data_json", encoded(json)},
                {"authenticator_data", to_base64url(made.authenticator_data)},
                {"signature", to_base64url(made.signature)},
                {"user_handle", to_base64url(ByteView(ada.bytes))}};
    }
    UserId ada = make_user("ada@example.org");
    gateway::Caller browser = caller_of(ada);
    webauthn::TestAuthenticator device;
};

TEST_F(PasskeyRoutes, OneIsMadeUsedAndRemoved) {
    const auto made = call("POST", kPrefix + "/passkeys", with_body(registration()), browser);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->status, 201);
    const std::string id(bj::parse(made->text()).at("id").as_string());
    EXPECT_EQ(id, to_base64url(device.id));
    EXPECT_EQ(code_of("/passkeys", registration(), browser), "passkey_known");

    const auto answer = assertion();
    EXPECT_EQ(user_of(post("/login/passkey", answer)), ada);
    EXPECT_EQ(code_of("/login/passkey", answer), "token_invalid") << "a challenge serves once";

    net::Request removal;
    removal.path_params.emplace_back("passkey", id);
    const auto foreign = caller_of(make_user("bob@example.org"));
    EXPECT_EQ(code(call("DELETE", kPrefix + "/passkeys/{passkey}", removal, foreign)),
              "passkey_unknown");
    const auto list = [&] {
        const auto answered = call("GET", kPrefix + "/passkeys", {}, browser).value();
        return bj::parse(answered.text()).at("items").as_array().size();
    };
    EXPECT_EQ(list(), 1U);
    const auto removed = call("DELETE", kPrefix + "/passkeys/{passkey}", removal, browser);
    ASSERT_TRUE(removed) << removed.error().text();
    EXPECT_EQ(removed->status, 204);
    EXPECT_EQ(list(), 0U);
    EXPECT_EQ(code_of("/login/passkey", assertion()), "passkey_unknown");
}

TEST_F(PasskeyRoutes, ABrowserGetsCookiesWhenItAsks) {
    post("/passkeys", registration(), browser);
    auto request = with_body(assertion());
    request.query = {{"cookies", "true"}};
    const auto answer = call("POST", kPrefix + "/login/passkey", request).value();
    EXPECT_NE(cookies_of(answer).find(kCsrfCookie), std::string::npos);
    EXPECT_TRUE(bj::parse(answer.text()).at("tokens").is_null());
}

TEST_F(PasskeyRoutes, WhatIsBentIsRefusedAndNamed) {
    auto made = registration();
    made["attestation_object"] = "not base64url!";
    const auto bad = call("POST", kPrefix + "/passkeys", with_body(made), browser);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, ErrorKind::refusal);
    EXPECT_NE(bad.error().text().find("attestation_object"), std::string::npos)
        << bad.error().text();

    device.origin = "https://evil.example";
    EXPECT_EQ(code_of("/passkeys", registration(), browser), "webauthn_origin");
    device.origin = "https://astro.example";
    post("/passkeys", registration(), browser);
    auto tampered = assertion();
    tampered["signature"] = to_base64url(Bytes(64, 1));
    EXPECT_EQ(code_of("/login/passkey", tampered), "webauthn_signature");
    auto other = assertion();
    other["user_handle"] = to_base64url(Bytes(16, 9));
    EXPECT_EQ(code_of("/login/passkey", other), "webauthn_user_handle");
    EXPECT_EQ(last_audit(), "login webauthn_user_handle");
    device.sign_count = 0;
    EXPECT_EQ(code_of("/login/passkey", assertion()), "webauthn_counter") << "a copy";
}

struct StellarRoutes : ApiTest {
    std::string address() const {
        stellar::AccountId account;
        account.bytes = wallet.public_key().bytes;
        return stellar::to_text(account);
    }
    std::string signed_by_wallet(const bj::object& challenge) const {
        return sep10::signed_by(std::string_view(challenge.at("transaction").as_string()),
                                stellar::kTestNetwork, {&wallet});
    }
    bj::object signed_challenge() {
        const auto challenge = post("/login/stellar-challenge", {{"account", address()}});
        EXPECT_EQ(challenge.at("network_passphrase").as_string(), stellar::kTestNetwork);
        return {{"transaction", signed_by_wallet(challenge)}};
    }
    crypto::Ed25519Key wallet = crypto::Ed25519Key::generate(random);
};

TEST_F(StellarRoutes, AWalletSignsInByItsChallenge) {
    const auto answer = signed_challenge();
    const UserId user = user_of(post("/login/stellar", answer));
    EXPECT_EQ(code_of("/login/stellar", answer), "token_invalid") << "replayed";
    EXPECT_EQ(user_of(post("/login/stellar", signed_challenge())), user) << "the same account";
    const auto ada = caller_of(make_user("ada@example.org"));
    EXPECT_EQ(code_of("/wallets/stellar", signed_challenge(), ada), "link_taken");
}

TEST_F(StellarRoutes, ALinkedWalletSignsInToItsAccount) {
    const UserId ada = make_user("ada@example.org");
    const auto linked =
        call("POST", kPrefix + "/wallets/stellar", with_body(signed_challenge()), caller_of(ada));
    ASSERT_TRUE(linked) << linked.error().text();
    EXPECT_EQ(linked->status, 204);
    EXPECT_EQ(user_of(post("/login/stellar", signed_challenge())), ada);
}

struct WalletLinks : StellarRoutes {
    std::vector<std::string> linked(const gateway::Caller& caller) {
        const auto answered = call("GET", kPrefix + "/wallets", {}, caller).value();
        const auto body = bj::parse(answered.text());
        std::vector<std::string> out;
        for (const auto& item : body.at("items").as_array())
            out.emplace_back(std::string(item.at("kind").as_string()) + " " +
                             std::string(item.at("name").as_string()));
        return out;
    }
    std::string unlink(const std::string& kind, const std::string& name,
                       const gateway::Caller& caller) {
        net::Request request;
        request.path_params = {{"kind", kind}, {"name", name}};
        return code(call("DELETE", kPrefix + "/wallets/{kind}/{name}", request, caller));
    }
};

TEST_F(WalletLinks, AreListedAndUnlinkedByWhomTheyBelongTo) {
    const auto ada = caller_of(make_user("ada@example.org"));
    const auto bob = caller_of(make_user("bob@example.org"));
    ASSERT_TRUE(call("POST", kPrefix + "/wallets/stellar", with_body(signed_challenge()), ada));
    EXPECT_EQ(linked(ada), std::vector{"stellar " + address()});
    EXPECT_TRUE(linked(bob).empty());
    EXPECT_EQ(unlink("stellar", address(), bob), "link_unknown");
    EXPECT_EQ(unlink("solana", address(), ada), "link_unknown");
    EXPECT_EQ(unlink("stellar", address(), ada), "ok") << "she has a password";
    EXPECT_EQ(last_audit(), "wallet.unlinked ok");
    EXPECT_TRUE(linked(ada).empty());
    const UserId other = user_of(post("/login/stellar", signed_challenge()));
    EXPECT_NE(to_text(other), ada.user) << "the wallet opens an account of its own again";
}

TEST_F(WalletLinks, TheLastThatSignsInStays) {
    const UserId user = user_of(post("/login/stellar", signed_challenge()));
    const std::string first = address();
    const auto self = caller_of(user);
    EXPECT_EQ(unlink("stellar", first, self), "last_sign_in");
    EXPECT_EQ(linked(self), std::vector{"stellar " + first}) << "nothing was taken away";
    wallet = crypto::Ed25519Key::generate(random);
    ASSERT_TRUE(call("POST", kPrefix + "/wallets/stellar", with_body(signed_challenge()), self));
    EXPECT_EQ(unlink("stellar", first, self), "ok");
    EXPECT_EQ(unlink("stellar", address(), self), "last_sign_in");
    EXPECT_EQ(user_of(post("/login/stellar", signed_challenge())), user);
}

TEST_F(StellarRoutes, WhatIsNoChallengeOfOursIsRefused) {
    const auto begun = post("/login/stellar-challenge", {{"account", address()}});
    EXPECT_EQ(code_of("/login/stellar", {{"transaction", begun.at("transaction")}}),
              "sep10_client_signature")
        << "nobody signed";
    wallet = crypto::Ed25519Key::generate(random);
    EXPECT_NE(code_of("/login/stellar", {{"transaction", signed_by_wallet(begun)}}), "ok")
        << "another wallet signed";
    EXPECT_NE(code_of("/login/stellar", {{"transaction", "AAAA"}}), "ok");
    const auto wrong = [&](const bj::object& body) {
        return call("POST", kPrefix + "/login/stellar-challenge", with_body(body)).error();
    };
    EXPECT_EQ(wrong({{"account", "GABC"}}).kind, ErrorKind::refusal);
    EXPECT_EQ(wrong({{"account", address()}, {"memo", "-1"}}).where, "memo");
    EXPECT_EQ(wrong({{"account", address()}, {"memo", "18446744073709551616"}}).where, "memo");
    EXPECT_EQ(code_of("/login/stellar-challenge",
                      {{"account", address()}, {"memo", "18446744073709551615"}}),
              "ok");
}

}  // namespace
}  // namespace astro::identity
