/// Keys from words (SEP-5), signed messages (SEP-53) and links (SEP-7), with the SEPs' vectors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "chains/stellar/build/text.hpp"
#include "chains/stellar/keys/derive.hpp"
#include "chains/stellar/keys/message.hpp"
#include "chains/stellar/keys/uri.hpp"
#include "chains/stellar/strkey.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::stellar {
namespace {

using ::testing::HasSubstr;

boost::json::value document(const std::string& path) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/" + path, std::ios::binary);
    return boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}
std::string text(const boost::json::value& v, const char* name) {
    return std::string(v.at(name).as_string());
}
crypto::Ed25519Key key_of(const std::string& seed) {
    return crypto::Ed25519Key::from_seed(crypto::SecretKey(parse_strkey(seed)->payload));
}

TEST(DerivedKeys, AreThoseOfSep5) {
    const auto all = document("wallets/sep5.json");
    int keys = 0;
    for (const auto& v : all.at("vectors").as_array()) {
        const auto seed = crypto::seed_of(text(v, "mnemonic"), text(v, "passphrase"));
        ASSERT_TRUE(seed);
        EXPECT_EQ(to_hex(seed->view()), text(v, "bip39_seed"));
        std::uint32_t index = 0;
        for (const auto& k : v.at("keys").as_array()) {
            ASSERT_EQ(text(k, "path"), "m/44'/148'/" + std::to_string(index) + "'");
            const auto key = account_key(*seed, index++);
            EXPECT_EQ(to_strkey(StrKeyKind::ed25519_public_key, key.public_key().view()),
                      text(k, "public"));
            EXPECT_EQ(to_strkey(StrKeyKind::ed25519_secret_seed, key.seed().view()),
                      text(k, "secret"));
            ++keys;
        }
    }
    EXPECT_GE(keys, 30);
}

TEST(SignedMessages, AreThoseOfSep53) {
    const auto all = document("stellar/sep53.json");
    EXPECT_EQ(all.at("vectors").as_array().size(), 2U);
    for (const auto& v : all.at("vectors").as_array()) {
        const auto key = key_of(text(v, "seed"));
        const auto message = text(v, "message");
        const auto signature = sign_message(key, as_bytes(message));
        EXPECT_EQ(to_base64(signature.view()), text(v, "signature_base64"));
        EXPECT_TRUE(verify_message(key.public_key().view(), as_bytes(message), signature.view()));
        EXPECT_FALSE(
            verify_message(key.public_key().view(), as_bytes(message + "."), signature.view()));
        // It signs nothing else, above all no transaction.
        EXPECT_FALSE(crypto::verify_ed25519(key.public_key(), as_bytes(message), signature));
    }
}

TEST(Uri, Sep7sLinksAreReadAndTheirSignaturesJudged) {
    const auto all = document("stellar/sep7.json");
    EXPECT_GE(all.at("vectors").as_array().size(), 8U);
    for (const auto& v : all.at("vectors").as_array()) {
        const auto uri = text(v, "uri");
        const auto request = parse_uri(uri);
        ASSERT_TRUE(request) << uri << request.error().text();
        const bool is_signed = v.at("signing_key").is_string();
        EXPECT_EQ(request->signature.has_value(), is_signed);
        if (!is_signed) continue;
        const auto key = parse_public_key(text(v, "signing_key"), "").value();
        EXPECT_EQ(is_signed_by(uri, key), v.at("signature_valid").as_bool()) << uri;
    }
}

TEST(Uri, ARequestToPaySaysAllOfIt) {
    const std::string account = "GCALNQQBXAPZ2WIRSDDBMSTAKCUH5SG6U76YBFLQLIXJTF7FE5AX7AOO";
    const auto request = parse_uri("web+stellar:pay?destination=" + account +
                                   "&amount=120.1234567&asset_code=USD&asset_issuer=" + account +
                                   "&memo=skdj%20f&memo_type=MEMO_TEXT&msg=pay%20me&callback="
                                   "url%3Ahttps%3A%2F%2Fexample.com%2Fpay");
    ASSERT_TRUE(request) << request.error().text();
    const auto& pay = std::get<PayRequest>(request->what);
    EXPECT_EQ(to_text(pay.destination), account);
    EXPECT_EQ(pay.amount, Stroops(1'201'234'567));
    EXPECT_EQ(to_text(pay.asset), "USD:" + account);
    EXPECT_EQ(std::get<std::string>(pay.memo.value), "skdj f");
    EXPECT_EQ(request->message, "pay me");
    EXPECT_EQ(request->callback, "https://example.com/pay");
    // Written and read again it is the same.
    const auto again = parse_uri(to_uri(*request));
    ASSERT_TRUE(again);
    EXPECT_EQ(to_uri(*again), to_uri(*request));
}

TEST(Uri, ALinkOfOnesOwnIsSignedAndAnyChangeShows) {
    UriRequest request;
    PayRequest pay;
    const auto key = crypto::Ed25519Key::from_seed(crypto::SecretKey(Bytes(32, 7)));
    const xdr::PublicKey account{xdr::Uint256{key.public_key().bytes}};
    pay.destination = to_muxed(account);
    pay.amount = Stroops(15'000'000);
    request.what = pay;
    request.origin_domain = "example.com";
    auto uri = sign_uri(to_uri(request), key);
    EXPECT_TRUE(is_signed_by(uri, account));
    EXPECT_TRUE(parse_uri(uri)->signature);
    const auto amount = uri.find("1.5");
    uri[amount] = '2';
    EXPECT_FALSE(is_signed_by(uri, account));
    uri[amount] = '1';
    EXPECT_FALSE(is_signed_by(uri + "&msg=more", account));
    EXPECT_FALSE(is_signed_by(to_uri(request), account));
}

TEST(Uri, WhatIsNoLinkIsRefusedWithTheParameter) {
    const std::string pay =
        "web+stellar:pay?destination=GCALNQQBXAPZ2WIRSDDBMSTAKCUH5SG6U76YBFLQLIXJTF7FE5AX7AOO";
    const std::pair<std::string, const char*> cases[] = {
        {"", ""},
        {"https://example.com/", ""},
        {"web+stellar:pay", ""},
        {"web+stellar:steal?destination=x", ""},
        {"web+stellar:pay?amount=5", "destination"},
        {"web+stellar:pay?destination=GABC", "destination"},
        {pay + "&amount=1.12345678", "amount"},
        {pay + "&amount=-1", "amount"},
        {pay + "&amount=1&amount=2", "amount"},
        {pay + "&asset_code=USD", "asset_issuer"},
        {pay + "&memo=x", "memo_type"},
        {pay + "&memo=x&memo_type=MEMO_ID", "memo"},
        {pay + "&memo=x&memo_type=TEXT", "memo_type"},
        {pay + "&memo=" + std::string(29, 'x') + "&memo_type=MEMO_TEXT", "memo"},
        {pay + "&msg=" + std::string(301, 'x'), "msg"},
        {pay + "&msg=%GG", "msg"},
        {pay + "&callback=https%3A%2F%2Fexample.com", "callback"},
        {pay + "&callback=url%3Ahttp%3A%2F%2Fexample.com", "callback"},
        {pay + "&origin_domain=nowhere", "origin_domain"},
        {pay + "&signature=AAAA", "origin_domain"},
        {pay + "&origin_domain=a.b&signature=AAAA", "signature"},
        {pay + "&colour=red", "colour"},
        {pay + "&", ""},
        {"web+stellar:tx?xdr=AAAA", ""},
        {pay + "&msg=" + std::string(17'000, 'x'), ""},
    };
    for (const auto& [uri, where] : cases) {
        const auto refused = parse_uri(uri);
        ASSERT_FALSE(refused) << uri;
        if (*where != '\0') {
            EXPECT_EQ(refused.error().where, where) << refused.error().text();
        }
    }
}

}  // namespace
}  // namespace astro::stellar
