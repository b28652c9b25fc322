// Instruction data: base58 of any length up to the limit, appended to what is there.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"

namespace astro::solana {
namespace {

TEST(Base58Data, UpToTheLimitAndNotBeyond) {
    for (std::size_t size = kBase58MaxBytes - 20; size <= kBase58MaxBytes; ++size)
        for (const int byte : {0x00, 0x01, 0xFF}) {
            const Bytes bytes(size, static_cast<std::uint8_t>(byte));
            Bytes out{1, 2, 3};
            ASSERT_TRUE(decode_base58_append(to_base58(bytes), out)) << size;
            ASSERT_EQ(Bytes(out.begin() + 3, out.end()), bytes);
        }
    // Every length of text on both sides of the limit: 4096 bytes are up to 5594 characters.
    for (std::size_t size = 5500; size <= 5700; ++size) {
        Bytes out{1, 2, 3};
        const bool good = decode_base58_append(std::string(size, 'z'), out);
        ASSERT_EQ(good, size < 5594) << size;
        ASSERT_TRUE(good || out == (Bytes{1, 2, 3}));
        ASSERT_FALSE(decode_base58_append(std::string(size, '1'), out));
    }
}

RC_GTEST_PROP(Base58DataProperties, AppendsWhatWasEncoded, (const Bytes& before, Bytes bytes)) {
    const auto zeros = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    std::fill_n(bytes.begin(), zeros, std::uint8_t{0});
    Bytes out = before;
    RC_ASSERT(decode_base58_append(to_base58(bytes), out));
    Bytes want = before;
    want.insert(want.end(), bytes.begin(), bytes.end());
    RC_ASSERT(out == want);
    std::string text = to_base58(bytes);
    if (text.empty()) return;
    text[text.size() / 2] = 'O';
    RC_ASSERT(!decode_base58_append(text, out));
    RC_ASSERT(out == want);
}

}  // namespace
}  // namespace astro::solana
