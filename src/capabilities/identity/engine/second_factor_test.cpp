#include "capabilities/identity/engine/second_factor.hpp"

#include <gtest/gtest.h>

#include <set>

#include "foundation/crypto/crypto_test_support.hpp"
#include "foundation/crypto/one_time_code.hpp"

namespace astro::identity {
namespace {

const ByteView kSecret = as_bytes("12345678901234567890");
const UserId kUser = parse_id<UserId>("00112233445566778899aabbccddeeff").value();

std::string code_of(std::int64_t step) {
    return crypto::one_time_code(kSecret, static_cast<std::uint64_t>(step), 6);
}

TEST(Totp, AcceptsTheStepBeforeNowAndTheOneAfter) {
    const TimestampNs now = from_unix_seconds(30 * 1000 + 7);
    for (std::int64_t step = 999; step <= 1001; ++step)
        EXPECT_EQ(check_totp(kSecret, code_of(step), now, {}).value(), step);
    EXPECT_EQ(check_totp(kSecret, code_of(998), now, {}).error().code, "totp_wrong");
    EXPECT_EQ(check_totp(kSecret, code_of(1002), now, {}).error().code, "totp_wrong");
}

// RFC 6238 appendix B: at 59 s the 8-digit value is 94287082, whose last six an app shows.
TEST(Totp, AgreesWithTheRfc) {
    EXPECT_EQ(check_totp(kSecret, "287082", from_unix_seconds(59), {}).value(), 1);
}

TEST(Totp, ACodeAndEarlierOnesServeOnce) {
    const TimestampNs now = from_unix_seconds(30 * 1000);
    const auto step = check_totp(kSecret, code_of(1000), now, {}).value();
    EXPECT_EQ(check_totp(kSecret, code_of(1000), now, step).error().code, "totp_replayed");
    EXPECT_EQ(check_totp(kSecret, code_of(999), now, step).error().code, "totp_replayed");
    EXPECT_EQ(check_totp(kSecret, code_of(1001), now, step).value(), 1001);
}

TEST(Totp, RefusesWhatIsNoCode) {
    for (const char* bad : {"", "12345", "1234567", "12345a", " 12345", "١٢٣٤٥٦"})
        EXPECT_EQ(check_totp(kSecret, bad, from_unix_seconds(0), {}).error().code,
                  "totp_malformed");
}

TEST(Totp, TheUriIsEscaped) {
    EXPECT_EQ(totp_uri("Astro labe", "a+b@c.org", kSecret),
              "otpauth://totp/Astro%20labe:a%2bb%40c.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=Astro%20labe&algorithm=SHA1&digits=6&period=30");
}

TEST(RecoveryCodes, AreDistinctAndReadBackHoweverTheyAreTyped) {
    crypto::SeededRandom random(5);
    const auto codes = make_recovery_codes(random);
    EXPECT_EQ(codes.size(), kRecoveryCodes);
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), kRecoveryCodes);
    const std::string& code = codes[0];
    EXPECT_EQ(code.size(), 19U);
    const auto hash = hash_recovery_code(kUser, code).value();
    std::string typed;
    for (const char c : code) typed += c == '-' ? ' ' : static_cast<char>(c >= 'a' ? c - 32 : c);
    EXPECT_EQ(hash_recovery_code(kUser, typed).value(), hash);
    UserId other = kUser;
    other.bytes[0] ^= 1;
    EXPECT_NE(hash_recovery_code(other, code).value(), hash);
    EXPECT_NE(hash_recovery_code(kUser, codes[1]).value(), hash);
}

TEST(RecoveryCodes, RefusesWhatIsNone) {
    for (const auto& bad :
         {std::string(), std::string("abcd-efgh-ijkl-mno"), std::string("abcd-efgh-ijkl-mnop-q"),
          std::string("abcd-efgh-ijkl-mno1"), std::string(100'000, 'a')})
        EXPECT_EQ(hash_recovery_code(kUser, bad).error().code, "recovery_code_malformed");
}

TEST(Ids, OneTextOneId) {
    EXPECT_EQ(to_text(kUser), "00112233445566778899aabbccddeeff");
    EXPECT_FALSE(parse_id<UserId>("00112233445566778899AABBCCDDEEFF"));
    EXPECT_FALSE(parse_id<UserId>("00112233445566778899aabbccddee"));
    EXPECT_FALSE(parse_id<UserId>("00112233445566778899aabbccddeefg"));
}

}  // namespace
}  // namespace astro::identity
