#include "capabilities/identity/api_keys.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/service_test_support.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

struct ApiKeysTest : ServiceTest {
    ApiKeysTest() { EXPECT_TRUE(roles.assign("system", user, {"trader"})); }
    UserId user = make_user("ada@example.org");
    ApiKeys keys{*core, roles};
    crypto::Ed25519Key client = crypto::Ed25519Key::generate(random);
    ApiKeySpec spec{
        "bot", ApiKeyKind::ed25519, to_base64url(client.public_key().view()), {"read", "trade"}, {},
        {}};

    SignedRequest request(const ApiKeyId& key) {
        SignedRequest r;
        r.key = key;
        r.timestamp_ms = clock.now().value() / 1'000'000;
        r.nonce = to_hex(random.bytes(12));
        r.method = "POST";
        r.target = "/api/v1/exchange/orders";
        r.body_hash = crypto::sha256(as_bytes("{}"));
        return r;
    }
    std::string sign(const SignedRequest& r) {
        return to_base64url(client.sign(as_bytes(canonical_text(r))).view());
    }
};

TEST_F(ApiKeysTest, SignedRequestsAreTheirOwnersWithinTheScopes) {
    const auto made = keys.create(user, spec, kCaller).value();
    EXPECT_EQ(made.secret, "") << "the server never knows the private key";
    const auto r = request(made.key.id);
    const auto who = keys.authenticate_signed(r, sign(r), 5'000, kCaller.ip).value();
    EXPECT_EQ(who.user, user);
    EXPECT_TRUE(who.may({"exchange", Action::trade}));
    EXPECT_FALSE(who.may({"wallets", Action::wallet})) << "granted by the role, not by the scope";
    EXPECT_EQ(code(keys.authenticate_signed(r, sign(r), 5'000, kCaller.ip)), "nonce_replayed");
    EXPECT_EQ(keys.list(user)->at(0).last_used, clock.now());
}

TEST_F(ApiKeysTest, HmacSecretsAreSealedAndWork) {
    spec.kind = ApiKeyKind::hmac;
    const auto made = keys.create(user, spec, kCaller).value();
    const Bytes secret = parse_base64url(made.secret).value();
    const auto r = request(made.key.id);
    const auto tag = crypto::hmac_sha256(secret, as_bytes(canonical_text(r)));
    EXPECT_EQ(code(keys.authenticate_signed(r, to_base64url(tag.view()), 5'000, "")), "ok");
    EXPECT_EQ(dump().find(made.secret), std::string::npos);
    EXPECT_EQ(dump().find(to_base64(secret)), std::string::npos);
    ASSERT_TRUE(core->rotate_master_key(random.secret_key()));
    const auto next = request(made.key.id);
    const auto next_tag = crypto::hmac_sha256(secret, as_bytes(canonical_text(next)));
    EXPECT_EQ(code(keys.authenticate_signed(next, to_base64url(next_tag.view()), 5'000, "")), "ok");
    EXPECT_EQ(code(keys.authenticate_bearer(to_text(made.key.id) + "." + made.secret, "")),
              "key_unknown")
        << "a key is used in its own way only";
}

TEST_F(ApiKeysTest, BearerSecretsAreKeptAsHashes) {
    spec.kind = ApiKeyKind::bearer;
    const auto made = keys.create(user, spec, kCaller).value();
    EXPECT_EQ(code(keys.authenticate_bearer(made.secret, "")), "ok");
    EXPECT_EQ(dump().find(made.secret.substr(33)), std::string::npos);
    std::string wrong = made.secret;
    wrong.back() = wrong.back() == 'A' ? 'E' : 'A';
    for (const auto& bad : {wrong, std::string(), std::string("."), made.secret + "A",
                            made.secret.substr(33), std::string(200, 'a')})
        EXPECT_EQ(code(keys.authenticate_bearer(bad, "")), "key_unknown") << bad;
    const auto r = request(made.key.id);
    EXPECT_EQ(code(keys.authenticate_signed(r, sign(r), 5'000, "")), "key_unknown");
}

TEST_F(ApiKeysTest, AddressesExpiryAndRevocationAreHeld) {
    spec.ip_allow = {"192.0.2.0/24", "2001:db8::/32"};
    spec.expires = clock.now() + seconds(60);
    const auto made = keys.create(user, spec, kCaller).value();
    const auto from = [&](const char* ip) {
        const auto r = request(made.key.id);
        return code(keys.authenticate_signed(r, sign(r), 5'000, ip));
    };
    EXPECT_EQ(from("192.0.2.200"), "ok");
    EXPECT_EQ(from("::ffff:192.0.2.200"), "ok");
    EXPECT_EQ(from("2001:db8:1::1"), "ok");
    EXPECT_EQ(from("192.0.3.1"), "ip_refused");
    EXPECT_EQ(from("2001:db9::1"), "ip_refused");
    EXPECT_EQ(from(""), "ip_refused");
    clock.advance(seconds(60));
    EXPECT_EQ(from("192.0.2.200"), "key_expired");
    EXPECT_EQ(code(keys.revoke(make_id<UserId>(random), made.key.id, kCaller)), "key_unknown");
    EXPECT_EQ(code(keys.revoke(user, made.key.id, kCaller)), "ok");
    EXPECT_EQ(from("192.0.2.200"), "key_unknown");
}

struct RememberedKeyTest : ApiKeysTest {
    RememberedKeyTest() {
        spec.kind = ApiKeyKind::hmac;
        spec.ip_allow = {"192.0.2.0/24"};
        spec.expires = clock.now() + seconds(3600);
        made = keys.create(user, spec, kCaller).value();
        EXPECT_EQ(code(use()), "ok");
    }
    SignedRequest signable() { return request(made.key.id); }
    std::string hmac(const SignedRequest& r) {
        return to_base64url(
            crypto::hmac_sha256(parse_base64url(made.secret).value(), as_bytes(canonical_text(r)))
                .view());
    }
    Result<Principal> use() {
        const auto r = signable();
        return keys.authenticate_signed(r, hmac(r), 5'000, "192.0.2.7");
    }
    bool is_known(std::string_view ip = "192.0.2.7") {
        return keys.known(made.key.id, ip) != nullptr;
    }
    CreatedApiKey made;
};

TEST_F(RememberedKeyTest, NeedsNoStoreAndTakesNoReplay) {
    ASSERT_TRUE(is_known());
    EXPECT_EQ(keys.known(made.key.id, "192.0.2.7")->user, user);
    const auto r = signable();
    EXPECT_FALSE(keys.is_signed_by_known(r, hmac(signable()), 5'000));
    EXPECT_TRUE(keys.is_signed_by_known(r, hmac(r), 5'000));
    EXPECT_FALSE(keys.is_signed_by_known(r, hmac(r), 5'000));
    EXPECT_EQ(code(keys.authenticate_signed(r, hmac(r), 5'000, "192.0.2.7")), "nonce_replayed");
}

TEST_F(RememberedKeyTest, IsHeldToItsAddressesItsExpiryAndTheRecordOfItsUse) {
    EXPECT_FALSE(is_known("192.0.3.7"));
    clock.advance(seconds(61));
    EXPECT_FALSE(is_known()) << "its use is to be recorded again";
    EXPECT_EQ(code(use()), "ok");
    EXPECT_TRUE(is_known());
    EXPECT_EQ(keys.list(user)->at(0).last_used, clock.now());
    clock.advance(seconds(3600));
    EXPECT_FALSE(is_known());
    EXPECT_EQ(code(use()), "key_expired");
}

TEST_F(RememberedKeyTest, IsForgottenWhenItOrItsOwnersRightsChange) {
    ASSERT_TRUE(roles.assign("admin", user, {"viewer"}));
    EXPECT_FALSE(is_known());
    EXPECT_FALSE(use()->may({"exchange", Action::trade}));
    ASSERT_TRUE(is_known());
    ASSERT_TRUE(keys.revoke(user, made.key.id, kCaller));
    EXPECT_FALSE(is_known());
    const auto r = signable();
    EXPECT_FALSE(keys.is_signed_by_known(r, hmac(r), 5'000));
    EXPECT_EQ(code(use()), "key_unknown");
}

TEST_F(ApiKeysTest, AnEd25519KeyIsNotVerifiedOnAnEventLoop) {
    const auto made = keys.create(user, spec, kCaller).value();
    auto r = request(made.key.id);
    ASSERT_TRUE(keys.authenticate_signed(r, sign(r), 5'000, ""));
    EXPECT_EQ(keys.known(made.key.id, ""), nullptr);
    r = request(made.key.id);
    EXPECT_FALSE(keys.is_signed_by_known(r, sign(r), 5'000));
}

TEST(NetworkOf, OfIpv6ItIsTheFirstHalf) {
    EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("2001:db8:1:2:3::4"), network_of("2001:db8:1:2::9"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    EXPECT_EQ(network_of(""), "");
}

TEST_F(ApiKeysTest, ADisabledOwnersKeysDoNotWork) {
    const auto made = keys.create(user, spec, kCaller).value();
    ASSERT_TRUE(accounts.set_status("admin", user, UserStatus::disabled));
    const auto r = request(made.key.id);
    EXPECT_EQ(code(keys.authenticate_signed(r, sign(r), 5'000, "")), "user_inactive");
}

TEST_F(ApiKeysTest, BadSpecsAreRefused) {
    const auto with = [&](auto edit) {
        ApiKeySpec bad = spec;
        edit(bad);
        return code(keys.create(user, bad, kCaller));
    };
    EXPECT_EQ(with([](auto& s) { s.name = ""; }), "bad_key_name");
    EXPECT_EQ(with([](auto& s) { s.name = "\xFF"; }), "bad_key_name");
    EXPECT_EQ(with([](auto& s) { s.scopes = {}; }), "bad_scope");
    EXPECT_EQ(with([](auto& s) { s.scopes = {"everything"}; }), "bad_scope");
    EXPECT_EQ(with([](auto& s) { s.public_key = "AAAA"; }), "bad_public_key");
    for (const char* range : {"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::/129", "localhost"})
        EXPECT_EQ(with([&](auto& s) { s.ip_allow = {range}; }), "bad_ip_range") << range;
    EXPECT_EQ(with([&](auto& s) { s.expires = clock.now(); }), "bad_expiry");
    core->settings.api_keys_max = 0;
    EXPECT_EQ(with([](auto&) {}), "too_many_keys");
    EXPECT_EQ(count("identity_api_keys"), 0);
    EXPECT_EQ(last_audit(), "api_key.created too_many_keys");
}

}  // namespace
}  // namespace astro::identity
