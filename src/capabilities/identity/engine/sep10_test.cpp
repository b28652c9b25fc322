#include "capabilities/identity/engine/sep10.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "capabilities/identity/engine/sep10_test_support.hpp"
#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::identity::sep10 {
namespace {

using crypto::text_of;

Server server_of(const boost::json::object& v) {
    return {stellar::parse_account(text_of(v.at("server_account"))).value(),
            text_of(v.at("network_passphrase")), text_of(v.at("home_domain")),
            text_of(v.at("web_auth_domain"))};
}

std::optional<AccountSigners> signers_of(const boost::json::object& v) {
    if (v.at("client_account_signers").is_null()) return {};
    AccountSigners out;
    out.threshold = static_cast<std::uint32_t>(v.at("threshold").as_int64());
    for (const auto& signer : v.at("client_account_signers").as_array())
        out.signers.push_back({stellar::parse_account(text_of(signer.at("key"))).value(),
                               static_cast<std::uint32_t>(signer.at("weight").as_int64())});
    return out;
}

TEST(Sep10, VectorsAreAcceptedOrRefusedForTheirReason) {
    const std::map<std::string, std::string> reasons = {
        {"bad: non-zero sequence", "sep10_sequence"},
        {"bad: source is not server", "sep10_source"},
        {"bad: no server signature", "sep10_server_signature"},
        {"bad: no client signature", "sep10_client_signature"},
        {"bad: expired", "sep10_time"},
        {"bad: infinite max time", "sep10_time"},
        {"bad: wrong home domain", "sep10_home_domain"},
        {"bad: web_auth_domain from client source", "sep10_operation"},
        {"bad: first op not manage_data", "sep10_operation"},
        {"bad: payment appended", "sep10_operation"},
        {"bad: extra manage_data from client", "sep10_operation"},
        {"bad: signed for another network", "sep10_server_signature"},
        {"bad: client_domain present but unsigned", "sep10_client_domain_signature"},
        {"bad: threshold not met", "sep10_threshold"},
        {"bad: only server signs although server is a client signer", "sep10_client_signature"},
        {"bad: text memo", "sep10_memo"},
    };
    std::size_t accepted = 0;
    const auto file = crypto::load_vectors("identity/sep10.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string id = text_of(v.at("id"));
        const auto verified =
            verify_challenge(server_of(v), text_of(v.at("transaction")), signers_of(v),
                             from_unix_seconds(v.at("now").as_int64()));
        if (v.at("accept").as_bool()) {
            ASSERT_TRUE(verified) << id << ": " << verified.error().text();
            EXPECT_EQ(to_text(verified->client), text_of(v.at("client_account")));
            EXPECT_EQ(verified->nonce.size(), 48U);
            ++accepted;
        } else {
            ASSERT_FALSE(verified) << id;
            EXPECT_EQ(verified.error().code, reasons.at(id)) << id;
        }
    }
    EXPECT_EQ(accepted + reasons.size(), 20U);
}

struct Sep10Round : testing::Test {
    crypto::SeededRandom random{11};
    crypto::Ed25519Key server_key = crypto::Ed25519Key::generate(random);
    crypto::Ed25519Key client_key = crypto::Ed25519Key::generate(random);
    crypto::Ed25519Key other_key = crypto::Ed25519Key::generate(random);
    TimestampNs now = from_unix_seconds(1'760'000'000);
    Server server{account_of(server_key), std::string(stellar::kTestNetwork), "example.com",
                  "auth.example.com"};

    static stellar::AccountId account_of(const crypto::Ed25519Key& key) {
        stellar::AccountId account;
        account.bytes = key.public_key().bytes;
        return account;
    }
    std::string challenge(const ChallengeRequest& request) {
        return make_challenge(server, server_key, request, now, random).value();
    }
    [[nodiscard]] std::string sign(const std::string& text,
                                   std::initializer_list<const crypto::Ed25519Key*> keys) const {
        return signed_by(text, server.network_passphrase, keys);
    }
    std::string judge(const std::string& text, const std::optional<AccountSigners>& signers = {}) {
        const auto verified = verify_challenge(server, text, signers, now);
        return verified ? "ok" : std::string(verified.error().code);
    }
};

TEST_F(Sep10Round, AChallengeOfOursSignedByTheClientIsAccepted) {
    const auto text = challenge({{account_of(client_key), {}}, 77, {}});
    EXPECT_EQ(judge(text), "sep10_client_signature");
    const auto signed_text = sign(text, {&client_key});
    EXPECT_EQ(judge(signed_text), "ok");
    EXPECT_EQ(verify_challenge(server, signed_text, {}, now)->memo, 77U);
    EXPECT_EQ(read_challenge(server, text, now)->client.account, account_of(client_key));
    now = now + seconds(900);
    EXPECT_EQ(judge(signed_text), "ok");
    now = now + seconds(1);
    EXPECT_EQ(judge(signed_text), "sep10_time");
    now = from_unix_seconds(1'759'999'999);
    EXPECT_EQ(judge(signed_text), "sep10_time");
}

TEST_F(Sep10Round, TwoChallengesDiffer) {
    const ChallengeRequest request{{account_of(client_key), {}}, {}, {}};
    EXPECT_NE(challenge(request), challenge(request));
}

TEST_F(Sep10Round, MuxedAccountsAreTheUsersAndHaveNoMemo) {
    const auto text = sign(challenge({{account_of(client_key), 5}, {}, {}}), {&client_key});
    EXPECT_EQ(verify_challenge(server, text, {}, now)->client.id, 5U);
    EXPECT_EQ(make_challenge(server, server_key, {{account_of(client_key), 5}, 6, {}}, now, random)
                  .error()
                  .code,
              "sep10_memo_and_muxed");
}

TEST_F(Sep10Round, WeightsAreAddedUpOncePerKey) {
    const auto text = challenge({{account_of(client_key), {}}, {}, {}});
    const AccountSigners two{2, {{account_of(client_key), 1}, {account_of(other_key), 1}}};
    EXPECT_EQ(judge(sign(text, {&client_key, &other_key}), two), "ok");
    EXPECT_EQ(judge(sign(text, {&client_key}), two), "sep10_threshold");
    EXPECT_EQ(judge(sign(text, {&client_key, &client_key}), two), "sep10_threshold");
    const AccountSigners listed_twice{2,
                                      {{account_of(client_key), 1}, {account_of(client_key), 1}}};
    EXPECT_EQ(judge(sign(text, {&client_key}), listed_twice), "sep10_threshold");
    const AccountSigners weightless{0, {{account_of(client_key), 0}}};
    EXPECT_EQ(judge(sign(text, {&client_key}), weightless), "sep10_threshold")
        << "a signer of weight 0 is none";
}

TEST_F(Sep10Round, SignaturesOfNobodyAreRefused) {
    const auto text = challenge({{account_of(client_key), {}}, {}, {}});
    EXPECT_EQ(judge(sign(text, {&client_key, &other_key})), "sep10_unknown_signature");
    EXPECT_EQ(judge(sign(challenge({{account_of(server_key), {}}, {}, {}}), {&server_key})),
              "sep10_client_signature");
}

TEST_F(Sep10Round, TheClientDomainSignsToo) {
    const ChallengeRequest request{{account_of(client_key), {}},
                                   {},
                                   ClientDomain{"wallet.example.net", account_of(other_key)}};
    const auto text = challenge(request);
    EXPECT_EQ(judge(sign(text, {&client_key})), "sep10_client_domain_signature");
    const auto both = sign(text, {&client_key, &other_key});
    EXPECT_EQ(judge(both), "ok");
    EXPECT_EQ(verify_challenge(server, both, {}, now)->client_domain, "wallet.example.net");
}

TEST_F(Sep10Round, AnotherServersChallengeIsNotOurs) {
    const auto text = sign(challenge({{account_of(client_key), {}}, {}, {}}), {&client_key});
    server.web_auth_domain = "auth.example.org";
    EXPECT_EQ(judge(text), "sep10_operation");
    server.web_auth_domain = "auth.example.com";
    server.network_passphrase = stellar::kPublicNetwork;
    EXPECT_EQ(judge(text), "sep10_server_signature");
    server.home_domain = std::string(60, 'a');
    EXPECT_EQ(make_challenge(server, server_key, {}, now, random).error().code, "sep10_domain");
}

TEST_F(Sep10Round, WhatIsNoTransactionOfVersionOneIsRefused) {
    namespace xdr = stellar::xdr;
    const auto inner = xdr::from_base64<xdr::TransactionEnvelope>(
                           challenge({{account_of(client_key), {}}, {}, {}}))
                           .value();
    const auto bump = stellar::build_fee_bump(inner, {}, 1000).value();
    EXPECT_EQ(judge(xdr::to_base64(bump)), "sep10_envelope");
    EXPECT_EQ(judge(std::string(70'000, 'A')), "sep10_envelope");
    EXPECT_EQ(judge("AAAA"), "xdr_malformed");
    EXPECT_EQ(judge("****"), "bad_encoding");
}

RC_GTEST_FIXTURE_PROP(Sep10Round, NoFlippedBitIsAccepted, ()) {
    const auto text = sign(challenge({{account_of(client_key), {}}, {}, {}}), {&client_key});
    Bytes xdr = parse_base64(text).value();
    const auto bit = *rc::gen::inRange<std::size_t>(0, xdr.size() * 8);
    xdr[bit / 8] = static_cast<std::uint8_t>(xdr[bit / 8] ^ (1U << bit % 8));
    RC_ASSERT(judge(to_base64(xdr)) != "ok");
}

}  // namespace
}  // namespace astro::identity::sep10
