// Real transactions, results, metas and ledger headers of the main network, and values of the SDKs'
// suites: the same bytes, the same XDR-JSON as the official SDK writes, the same hashes.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "chains/stellar/strkey.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/crypto/crypto_test_support.hpp"
#include "foundation/crypto/ed25519.hpp"

namespace astro::stellar::xdr {
namespace {

using crypto::text_of;

constexpr std::string_view kPublic = "Public Global Stellar Network ; September 2015";
constexpr std::string_view kTest = "Test SDF Network ; September 2015";

Bytes bytes_of(const boost::json::value& text) {
    return parse_base64(text_of(text)).value();
}

/// Bytes → value → bytes, and where the JSON is known, bytes → JSON → bytes.
void expect_round_trip(const std::string& type_name, const boost::json::value& text,
                       const boost::json::value* json = nullptr) {
    const auto& type = **find_type(type_name);
    const auto bytes = bytes_of(text);
    const auto back = rewritten_xdr(type, bytes);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(to_hex(*back), to_hex(bytes));
    const auto written = json_of_xdr(type, bytes);
    ASSERT_TRUE(written) << written.error().text();
    if (json != nullptr) {
        EXPECT_EQ(*written, boost::json::serialize(*json));
    }
    const auto read = xdr_of_json(type, *written);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(to_hex(*read), to_hex(bytes));
}

template <class F>
std::size_t for_each_vector(const char* file, F&& check) {
    const auto document = crypto::load_vectors(std::string("stellar/") + file);
    const auto& vectors = document.at("vectors").as_array();
    for (const auto& v : vectors) {
        SCOPED_TRACE(text_of(v.at("id")));
        check(v.as_object());
    }
    return vectors.size();
}

Hash hash_in(const boost::json::value& envelope, std::string_view passphrase) {
    const auto value = from_xdr<TransactionEnvelope>(bytes_of(envelope));
    return transaction_hash(value.value(), network_id(passphrase));
}

TEST(XdrVectors, TransactionsOfTheMainNetwork) {
    const auto count = for_each_vector("tx_mainnet.json", [](const auto& v) {
        expect_round_trip("TransactionEnvelope", v.at("envelope_xdr"), &v.at("envelope_json"));
        expect_round_trip("TransactionResult", v.at("result_xdr"), &v.at("result_json"));
        if (v.contains("result_meta_xdr"))
            expect_round_trip("TransactionMeta", v.at("result_meta_xdr"));
        if (v.contains("fee_meta_xdr"))
            expect_round_trip("LedgerEntryChanges", v.at("fee_meta_xdr"));
        EXPECT_EQ(to_hex(hash_in(v.at("envelope_xdr"), kPublic).view()), text_of(v.at("hash")));
    });
    EXPECT_EQ(count, 75U);
}

TEST(XdrVectors, SignaturesOfTheMainNetworkAreMadeOverTheHash) {
    int verified = 0;
    for_each_vector("tx_mainnet.json", [&](const auto& v) {
        for (const auto& s : v.at("signatures").as_array()) {
            if (s.at("verified_by").is_null()) continue;
            const auto key = parse_account(text_of(s.at("verified_by"))).value();
            EXPECT_TRUE(crypto::verify_ed25519(key.view(), crypto::hex_of(s.at("hash")),
                                               crypto::hex_of(s.at("signature"))));
            ++verified;
        }
    });
    EXPECT_GT(verified, 50);
}

TEST(XdrVectors, LedgerHeadersHashToTheirNextOnesParent) {
    const auto count = for_each_vector("ledger_headers_mainnet.json", [](const auto& v) {
        const auto type = text_of(v.at("type"));
        expect_round_trip(type, v.at("xdr"), &v.at("json"));
        if (type == "LedgerHeader") return;
        const auto entry = from_xdr<LedgerHeaderHistoryEntry>(bytes_of(v.at("xdr"))).value();
        EXPECT_EQ(to_hex(ledger_hash(entry.header).view()), to_hex(entry.hash.view()));
        EXPECT_EQ(to_hex(entry.hash.view()), text_of(v.at("header_sha256")));
    });
    EXPECT_EQ(count, 75U);
}

TEST(XdrVectors, EnvelopesOfTheSdks) {
    const auto count = for_each_vector("tx_envelopes_suites.json", [](const auto& v) {
        expect_round_trip("TransactionEnvelope", v.at("xdr"), &v.at("json"));
        EXPECT_EQ(to_hex(hash_in(v.at("xdr"), kPublic).view()), text_of(v.at("hash_public")));
        EXPECT_EQ(to_hex(hash_in(v.at("xdr"), kTest).view()), text_of(v.at("hash_testnet")));
    });
    EXPECT_EQ(count, 157U);
}

TEST(XdrVectors, OtherValuesOfTheSdks) {
    EXPECT_GT(for_each_vector("xdr_suites.json",
                              [](const auto& v) {
                                  expect_round_trip(text_of(v.at("type")), v.at("xdr"),
                                                    &v.at("json"));
                              }),
              300U);
    EXPECT_EQ(for_each_vector(
                  "scval.json",
                  [](const auto& v) { expect_round_trip("SCVal", v.at("xdr"), &v.at("json")); }),
              37U);
}

TEST(XdrVectors, WhatAccountsSignForContracts) {
    const auto count = for_each_vector("soroban_auth.json", [](const auto& v) {
        expect_round_trip("SorobanAuthorizationEntry", v.at("unsigned_entry_xdr"));
        expect_round_trip("SorobanAuthorizationEntry", v.at("signed_entry_xdr"),
                          &v.at("signed_entry_json"));
        expect_round_trip("HashIDPreimage", v.at("preimage_xdr"));
        const auto entry =
            from_xdr<SorobanAuthorizationEntry>(bytes_of(v.at("signed_entry_xdr"))).value();
        const auto preimage =
            authorization_preimage(entry, network_id(text_of(v.at("network_passphrase"))));
        ASSERT_TRUE(preimage);
        EXPECT_EQ(to_hex(to_xdr(*preimage)), to_hex(bytes_of(v.at("preimage_xdr"))));
        EXPECT_EQ(to_hex(hash_of(*preimage).view()), text_of(v.at("payload_sha256")));
    });
    EXPECT_EQ(count, 12U);
}

Asset asset_of(std::string_view text) {
    if (text == "native") return {};
    const auto colon = text.find(':');
    const auto code = as_bytes(text.substr(0, colon));
    const PublicKey issuer{{parse_account(text.substr(colon + 1)).value().bytes}};
    const auto fill = [&](auto asset) {
        std::ranges::copy(code, asset.asset_code.bytes.begin());
        asset.issuer = issuer;
        return asset;
    };
    if (code.size() <= 4) return {AssetType::credit_alphanum4, fill(AlphaNum4{})};
    return {AssetType::credit_alphanum12, fill(AlphaNum12{})};
}

template <class Key>
std::string contract_text(const Key& key) {
    return to_strkey(StrKeyKind::contract, key.view());
}

TEST(XdrVectors, DerivedIdentifiers) {
    std::map<std::string, int> kinds;
    for_each_vector("derived_ids.json", [&](const auto& v) {
        const auto kind = text_of(v.at("kind"));
        ++kinds[kind];
        if (kind == "sac_contract_id") {
            const auto network = network_id(text_of(v.at("network_passphrase")));
            EXPECT_EQ(contract_text(asset_contract(asset_of(text_of(v.at("asset"))), network)),
                      text_of(v.at("contract_id")));
        } else if (kind == "contract_id_from_address") {
            const auto preimage = from_xdr<HashIDPreimage>(bytes_of(v.at("preimage_xdr"))).value();
            EXPECT_EQ(contract_text(hash_of(preimage)), text_of(v.at("contract_id")));
        } else if (kind == "claimable_balance_id") {
            const PublicKey source{{parse_account(text_of(v.at("source"))).value().bytes}};
            const auto id = claimable_balance_id(
                source, std::stoll(text_of(v.at("sequence"))),
                static_cast<std::uint32_t>(v.at("operation_index").as_int64()));
            EXPECT_EQ(to_hex(to_xdr(id)), text_of(v.at("balance_id_hex")));
        }
    });
    EXPECT_GT(kinds["sac_contract_id"], 5);
    EXPECT_GT(kinds["contract_id_from_address"], 5);
    EXPECT_GT(kinds["claimable_balance_id"], 1);
}

}  // namespace
}  // namespace astro::stellar::xdr
