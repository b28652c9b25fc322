#include "capabilities/wallets/engine/sealing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "capabilities/wallets/engine/sealing_test_support.hpp"
#include "foundation/crypto/mnemonic.hpp"

namespace astro::wallets {
namespace {

bool equal(const SecretKey& a, const SecretKey& b) {
    return crypto::equal_constant_time(a.view(), b.view());
}

struct Sealing : testing::Test {
    Person person{11};

    Result<Opened> open(const Envelope& envelope, const std::string& password = kWalletPassword) {
        return open_wallet(envelope, Password{as_bytes(password)});
    }
    /// Opens by each of the four.
    std::vector<std::string> codes(const Envelope& envelope) {
        return {code_of(open(envelope)), code_of(open_wallet(envelope, DeviceKey{person.device})),
                code_of(open_wallet(envelope, PasskeyOutput{person.credential, person.prf_output})),
                code_of(open_wallet(envelope, RecoverySecret{person.recovery}))};
    }
};

TEST_F(Sealing, EveryFactorOpensTheSameSecret) {
    const Envelope envelope = person.seal(person.by_all());
    EXPECT_EQ(codes(envelope), std::vector<std::string>(4, "ok"));
    const auto opened = open_wallet(envelope, DeviceKey{person.device}).value();
    EXPECT_TRUE(equal(opened.secret(), person.secret));
    EXPECT_TRUE(equal(opened.data_key(), open(envelope)->data_key()));
    EXPECT_EQ(opened.signing_key().public_key(), person.subject.address);
    EXPECT_EQ(opened.wrap(), 1U);
}

TEST_F(Sealing, NothingElseOpensIt) {
    const Envelope envelope = person.seal(person.by_all());
    EXPECT_EQ(code_of(open(envelope, "copper lantern sails north ")), "wallet_factor_wrong");
    const Person other(12);
    EXPECT_EQ(code_of(open_wallet(envelope, DeviceKey{other.device})), "wallet_factor_missing");
    EXPECT_EQ(code_of(open_wallet(envelope, PasskeyOutput{person.credential, other.prf_output})),
              "wallet_factor_wrong");
    EXPECT_EQ(code_of(open_wallet(envelope, PasskeyOutput{other.credential, person.prf_output})),
              "wallet_factor_missing");
    EXPECT_EQ(code_of(open_wallet(envelope, RecoverySecret{other.recovery})),
              "wallet_factor_wrong");
}

TEST_F(Sealing, TheCompatibleProfileOpensByTheSamePassword) {
    const Envelope envelope = person.seal(
        {{"password", NewCompatiblePassword{as_bytes(kWalletPassword), kPbkdf2RoundsLeast}}});
    EXPECT_EQ(code_of(open(envelope)), "ok");
    EXPECT_EQ(code_of(open(envelope, "another")), "wallet_factor_wrong");
}

TEST_F(Sealing, ItIsBoundToItsContext) {
    const Envelope envelope = person.seal(person.by_all());
    const std::vector<std::function<void(Subject&)>> moves{
        [](Subject& subject) { ++subject.wallet.bytes[3]; },
        [](Subject& subject) { ++subject.owner.bytes[3]; },
        [](Subject& subject) { subject.chain = Chain::solana; },
        [](Subject& subject) { subject.secret = SecretKind::seed; }};
    for (const auto& move : moves) {
        Envelope moved = envelope;
        move(moved.subject);
        for (const auto& code : codes(signed_again(moved, person)))
            EXPECT_TRUE(code == "wallet_factor_wrong" || code == "wallet_factor_missing") << code;
    }
}

TEST_F(Sealing, AWrapOpensOnlyAsTheFactorItWasMadeFor) {
    Envelope envelope = person.seal(person.by_all());
    envelope.wraps[0].label = "another";
    EXPECT_EQ(codes(envelope)[0], "wallet_factor_wrong");
    envelope.wraps[1].id.bytes[0] ^= 1;
    EXPECT_EQ(codes(envelope)[1], "wallet_factor_wrong");
    std::get<ByPasskey>(envelope.wraps[2].factor).salt.bytes[0] ^= 1;
    EXPECT_EQ(codes(envelope)[2], "wallet_factor_wrong");
    envelope.wraps[3].key.bytes[47] ^= 1;
    EXPECT_EQ(codes(envelope)[3], "wallet_factor_wrong");
}

TEST_F(Sealing, TheContextThatIsAskedForIsTheOneThatIsThere) {
    const Envelope envelope = person.seal({person.by_device()});
    EXPECT_EQ(code_of(check_subject(envelope, person.subject.wallet, person.subject.owner)), "ok");
    EXPECT_EQ(code_of(check_subject(envelope, {}, person.subject.owner)),
              "wallet_envelope_elsewhere");
    EXPECT_EQ(code_of(check_subject(envelope, person.subject.wallet, {})),
              "wallet_envelope_elsewhere");
}

TEST_F(Sealing, AChangedPasswordWrapsAgainAndSealsNothingAnew) {
    const Envelope before = person.seal({person.by_password(), person.by_device()});
    const auto opened = open(before).value();
    const std::string next = "violet harbour counts slowly";
    const std::vector<FactorId> removed{before.wraps[opened.wrap()].id};
    const std::vector<LabelledFactor> added{person.by_password(next)};
    const Envelope after = rewrap_wallet(before, opened, removed, added, person.random).value();
    EXPECT_EQ(after.secret, before.secret);
    EXPECT_EQ(after.nonce, before.nonce);
    EXPECT_EQ(after.revision, before.revision + 1);
    EXPECT_EQ(after.wraps[0], before.wraps[1]);
    EXPECT_EQ(code_of(parse_envelope(to_bytes(after))), "ok");
    EXPECT_EQ(code_of(open(after)), "wallet_factor_wrong");
    EXPECT_EQ(code_of(open(after, next)), "ok");
    EXPECT_EQ(code_of(open_wallet(after, DeviceKey{person.device})), "ok");
}

TEST_F(Sealing, ThereIsAlwaysSomethingThatOpens) {
    const Envelope envelope = person.seal({person.by_device()});
    const auto opened = open_wallet(envelope, DeviceKey{person.device}).value();
    const std::vector<FactorId> all{envelope.wraps[0].id};
    EXPECT_EQ(code_of(rewrap_wallet(envelope, opened, all, {}, person.random)), "wallet_factors");
    const std::vector<LabelledFactor> many(kWrapsMax, person.by_device());
    EXPECT_EQ(code_of(rewrap_wallet(envelope, opened, {}, many, person.random)), "wallet_factors");
    EXPECT_EQ(code_of(seal_wallet(person.subject, person.secret, {}, person.random)),
              "wallet_factors");
}

TEST_F(Sealing, CostsAndLabelsBeyondTheLimitsAreNotTaken) {
    const auto sealed = [&](NewFactor factor, const std::string& label = "password") {
        const std::vector<LabelledFactor> factors{{label, std::move(factor)}};
        return code_of(seal_wallet(person.subject, person.secret, factors, person.random));
    };
    const ByteView text = as_bytes(kWalletPassword);
    EXPECT_EQ(sealed(NewPassword{text, {19'455, 2}}), "wallet_password_cost");
    EXPECT_EQ(sealed(NewPassword{text, {262'145, 2}}), "wallet_password_cost");
    EXPECT_EQ(sealed(NewPassword{text, {19'456, 1}}), "wallet_password_cost");
    EXPECT_EQ(sealed(NewCompatiblePassword{text, 599'999}), "wallet_password_cost");
    EXPECT_EQ(sealed(NewPasskey{{}, {}, person.prf_output}), "wallet_passkey");
    EXPECT_EQ(sealed(NewDevice{}), "wallet_device_key");
    EXPECT_EQ(sealed(NewDevice{person.device.public_key()}, "a\tb"), "wallet_label");
    EXPECT_EQ(sealed(NewDevice{person.device.public_key()}, std::string(65, 'a')), "wallet_label");
}

TEST_F(Sealing, AnOldCostIsToBeRaised) {
    const Envelope envelope = person.seal(person.by_all());
    EXPECT_FALSE(needs_upgrade(envelope.wraps[0], kCheapCost));
    EXPECT_TRUE(needs_upgrade(envelope.wraps[0], NewPassword{}.cost));
    for (std::size_t at = 1; at < 4; ++at)
        EXPECT_FALSE(needs_upgrade(envelope.wraps[at], NewPassword{}.cost));
}

TEST(CalibratedCost, IsHalfASecondWithinItsBounds) {
    const auto passes = [](std::int64_t measured_ms) {
        const auto cost = calibrated_cost(milliseconds(measured_ms));
        EXPECT_EQ(cost.memory_kib, NewPassword{}.cost.memory_kib);
        return cost.passes;
    };
    EXPECT_EQ(passes(300), 5U);
    EXPECT_EQ(passes(375), 4U);
    EXPECT_EQ(passes(499), 3U);
    EXPECT_EQ(passes(5'000), 3U);
    EXPECT_EQ(passes(150), 10U);
    EXPECT_EQ(passes(10), 16U);
    EXPECT_EQ(passes(0), 16U);
}

RC_GTEST_PROP(SealedWallets, OpenByEachFactorAndByNothingElse, (std::uint64_t seed)) {
    Person person(seed);
    Person other(seed + 1);
    person.meant(seed % 2 == 0 ? Chain::stellar : Chain::solana, SecretKind::seed);
    const Envelope envelope =
        person.seal({person.by_device(), person.by_passkey(), person.by_recovery()});
    RC_ASSERT(open_wallet(envelope, DeviceKey{person.device}).has_value());
    RC_ASSERT(
        open_wallet(envelope, PasskeyOutput{person.credential, person.prf_output}).has_value());
    RC_ASSERT(open_wallet(envelope, RecoverySecret{person.recovery}).has_value());
    RC_ASSERT(!open_wallet(envelope, DeviceKey{other.device}));
    RC_ASSERT(!open_wallet(envelope, PasskeyOutput{person.credential, other.prf_output}));
    RC_ASSERT(!open_wallet(envelope, RecoverySecret{other.recovery}));
}

TEST(SigningKey, OfWordsIsTheFirstAccountOfSep5) {
    int checked = 0;
    const auto file = crypto::load_vectors("wallets/sep5.json");
    for (const auto& test : file.at("vectors").as_array()) {
        const auto entropy = crypto::parse_words(crypto::text_of(test.at("mnemonic")));
        if (!test.at("passphrase").as_string().empty() || entropy.value().size() != 32) continue;
        const auto key =
            signing_key(Chain::stellar, SecretKind::words, SecretKey{ByteView(entropy.value())});
        const auto& first = test.at("keys").as_array().at(0);
        const Bytes text = parse_base32(crypto::text_of(first.at("public"))).value();
        EXPECT_TRUE(std::ranges::equal(key.public_key().view(), ByteView(text).subspan(1, 32)));
        ++checked;
    }
    EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace astro::wallets
