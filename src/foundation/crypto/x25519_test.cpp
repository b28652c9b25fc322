#include "foundation/crypto/x25519.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

// RFC 7748, 5.2: each secret is multiplied with the point that the one before was.
TEST(X25519, AgreesWithTheRfcOverAThousandSteps) {
    Bytes secret(32, 0), point(32, 0);
    secret[0] = point[0] = 9;
    for (int step = 1; step <= 1000; ++step) {
        X25519Public other;
        std::copy(point.begin(), point.end(), other.bytes.begin());
        const auto shared = X25519Key::from_secret(SecretKey{ByteView(secret)}).agree(other);
        ASSERT_TRUE(shared);
        point = secret;
        secret.assign(shared->view().begin(), shared->view().end());
        if (step > 1) continue;
        EXPECT_EQ(to_hex(secret),
                  "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    EXPECT_EQ(to_hex(secret), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

RC_GTEST_PROP(X25519, BothSidesComputeTheSame, (std::uint64_t seed)) {
    SeededRandom random(seed);
    const X25519Key one = X25519Key::generate(random), two = X25519Key::generate(random);
    const auto left = one.agree(two.public_key()), right = two.agree(one.public_key());
    RC_ASSERT(left && right && equal_constant_time(left->view(), right->view()));
}

TEST(X25519, APointOfSmallOrderGivesNoSecret) {
    SeededRandom random(3);
    const X25519Key key = X25519Key::generate(random);
    EXPECT_FALSE(key.agree({}));
    X25519Public one;
    one.bytes[0] = 1;
    EXPECT_FALSE(key.agree(one));
}

}  // namespace
}  // namespace astro::crypto
