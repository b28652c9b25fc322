#include "chains/solana/key_cache.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::solana {
namespace {

/// Against plain decoding, over far more keys than there are places and with broken texts between.
RC_GTEST_PROP(KeyCacheProperties, AgreesWithPlainDecoding, (std::uint64_t state)) {
    KeyCache cache;
    for (int i = 0; i < 300; ++i) {
        Pubkey key;
        for (auto& byte : key.bytes) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::uint8_t>(state >> 60);  // many share a place, zeros in front
        }
        std::string text = to_text(key);
        if (i % 7 == 0) text[state % text.size()] = '0';
        if (i % 11 == 0) text.pop_back();
        Pubkey plain, cached;
        const bool good = decode_base58_fixed(text, plain.bytes);
        for (int again = 0; again < 2; ++again) {
            RC_ASSERT(cache.decode(text, cached) == good);
            RC_ASSERT(!good || cached == plain);
        }
    }
}

/// Two keys whose texts have the same ends, and so the same place, do not answer for each other.
TEST(KeyCache, AHitComparesTheWholeText) {
    KeyCache cache;
    std::string a = "So11111111111111111111111111111111111111112", b = a;
    b[20] = '2';
    Pubkey of_a, of_b, plain_b;
    ASSERT_TRUE(cache.decode(a, of_a));
    ASSERT_TRUE(cache.decode(b, of_b));
    ASSERT_TRUE(decode_base58_fixed(b, plain_b.bytes));
    EXPECT_EQ(of_b, plain_b);
    EXPECT_NE(of_a, of_b);
}

}  // namespace
}  // namespace astro::solana
