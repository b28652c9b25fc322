#include "capabilities/wallets/engine/envelope.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "capabilities/wallets/engine/sealing_test_support.hpp"

namespace astro::wallets {
namespace {

struct EnvelopeForm : testing::Test {
    Person person{5};
    Envelope envelope = person.seal(person.by_all());
    Bytes bytes = to_bytes(envelope);

    /// Where parsing the envelope, changed like this and signed again, finds fault.
    std::string fault_of(const std::function<void(Envelope&)>& change) {
        Envelope changed = envelope;
        change(changed);
        const auto parsed = parse_envelope(to_bytes(signed_again(changed, person)));
        return parsed ? "none" : parsed.error().text();
    }
};

TEST_F(EnvelopeForm, IsReadBackAsItWas) {
    EXPECT_EQ(parse_envelope(bytes).value(), envelope);
    EXPECT_LT(bytes.size(), 700U);
}

TEST_F(EnvelopeForm, EveryFlippedBitIsRefused) {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes bad = bytes;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << bit % 8));
        const auto parsed = parse_envelope(bad);
        ASSERT_FALSE(parsed) << "bit " << bit;
        EXPECT_TRUE(parsed.error().code == "wallet_envelope_malformed" ||
                    parsed.error().code == "wallet_envelope_forged");
    }
}

TEST_F(EnvelopeForm, EveryCutIsRefusedAndSoIsWhatFollows) {
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(code_of(parse_envelope(ByteView(bytes).first(size))), "wallet_envelope_malformed")
            << size;
    bytes.push_back(0);
    EXPECT_EQ(parse_envelope(bytes).error().text(),
              "the sealed wallet has bytes behind its end (byte " +
                  std::to_string(bytes.size() - 1) + ")");
}

TEST_F(EnvelopeForm, AWrapThatIsTakenAwayOrComesFromElsewhereIsNoticed) {
    Envelope fewer = envelope;
    fewer.wraps.pop_back();
    EXPECT_EQ(code_of(parse_envelope(to_bytes(fewer))), "wallet_envelope_forged");
    Person other(6);
    Envelope more = envelope;
    more.wraps.push_back(other.seal({other.by_password()}).wraps[0]);
    EXPECT_EQ(code_of(parse_envelope(to_bytes(more))), "wallet_envelope_forged");
    Envelope older = envelope;
    older.revision = 7;
    EXPECT_EQ(code_of(parse_envelope(to_bytes(older))), "wallet_envelope_forged");
}

TEST_F(EnvelopeForm, LimitsHoldEvenForWhoCanSign) {
    EXPECT_EQ(fault_of([](Envelope&) {}), "none");
    const auto cost = [&](std::uint32_t kib, std::uint32_t passes) {
        return fault_of([&](Envelope& changed) {
            std::get<ByArgon2id>(changed.wraps[0].factor).cost = {kib, passes};
        });
    };
    EXPECT_EQ(cost(19'456, 2), "none");
    EXPECT_EQ(cost(262'144, 16), "none");
    EXPECT_NE(cost(19'455, 2).find("19456 to 262144 KiB"), std::string::npos);
    EXPECT_NE(cost(262'145, 2).find("19456 to 262144 KiB"), std::string::npos);
    EXPECT_NE(cost(19'456, 1).find("2 to 16 passes"), std::string::npos);
    EXPECT_NE(cost(19'456, 17).find("2 to 16 passes"), std::string::npos);
    const auto rounds = [&](std::uint32_t count) {
        return fault_of([&](Envelope& changed) { changed.wraps[0].factor = ByPbkdf2{count, {}}; });
    };
    EXPECT_EQ(rounds(600'000), "none");
    EXPECT_NE(rounds(599'999).find("600000 to"), std::string::npos);
    EXPECT_NE(rounds(10'000'001).find("600000 to"), std::string::npos);
    EXPECT_NE(fault_of([](Envelope& changed) { changed.revision = 0; }).find("revision 0"),
              std::string::npos);
    EXPECT_NE(fault_of([](Envelope& changed) { changed.wraps.clear(); }).find("1 to 16 factors"),
              std::string::npos);
    EXPECT_NE(fault_of([](Envelope& changed) {
                  changed.wraps[1].id = changed.wraps[0].id;
              }).find("same id"),
              std::string::npos);
    EXPECT_NE(fault_of([](Envelope& changed) {
                  changed.wraps[0].label = "two\nlines";
              }).find("control characters"),
              std::string::npos);
    EXPECT_NE(fault_of([](Envelope& changed) {
                  std::get<ByPasskey>(changed.wraps[2].factor).credential.clear();
              }).find("1 to 1023 bytes"),
              std::string::npos);
}

TEST_F(EnvelopeForm, TheLargestFits) {
    Envelope largest = envelope;
    largest.wraps.clear();
    for (std::uint8_t i = 0; i < kWrapsMax; ++i) {
        Wrap wrap = envelope.wraps[2];
        wrap.id.bytes[0] = i;
        wrap.label = std::string(kLabelBytesMax, 'x');
        std::get<ByPasskey>(wrap.factor).credential.assign(kCredentialBytesMax, 1);
        largest.wraps.push_back(wrap);
    }
    const Bytes form = to_bytes(signed_again(largest, person));
    EXPECT_TRUE(parse_envelope(form));
    EXPECT_LE(form.size(), kEnvelopeBytesMax);
}

RC_GTEST_PROP(EnvelopeForms, WhatIsReadIsWrittenTheSame, (std::uint64_t seed, bool solana)) {
    Person person(seed);
    person.meant(solana ? Chain::solana : Chain::stellar, SecretKind::seed);
    const Bytes form = to_bytes(person.seal({person.by_device(), person.by_recovery()}));
    RC_ASSERT(to_bytes(parse_envelope(form).value()) == form);
}

}  // namespace
}  // namespace astro::wallets
