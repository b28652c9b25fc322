#include "foundation/crypto/sealed_stream.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/random.hpp"

namespace astro::crypto {
namespace {

std::vector<Bytes> seal(StreamSealer& sealer, const std::vector<Bytes>& pieces) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        out.push_back(sealer.seal(pieces[i], i + 1 == pieces.size()));
    return out;
}

RC_GTEST_PROP(SealedStream, OpensAsItWasSealed, (const std::vector<Bytes>& pieces)) {
    const SecretKey key = SystemRandom().secret_key();
    StreamSealer sealer(key);
    const auto sealed = seal(sealer, pieces);
    StreamOpener opener(key, sealer.header());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto piece = opener.open(sealed[i]);
        RC_ASSERT(piece);
        RC_ASSERT(piece->bytes == pieces[i]);
        RC_ASSERT(piece->is_last == (i + 1 == pieces.size()));
    }
    RC_ASSERT(!opener.open(Bytes(40)));
}

TEST(SealedStream, NoticesWhateverIsDoneToIt) {
    const SecretKey key = SystemRandom().secret_key();
    StreamSealer sealer(key);
    const auto sealed = seal(sealer, {{1, 2}, {3, 4}, {5}});
    const auto opens = [&](const std::vector<Bytes>& pieces, const SecretKey& with) {
        StreamOpener opener(with, sealer.header());
        for (const auto& piece : pieces)
            if (!opener.open(piece)) return false;
        return true;
    };
    EXPECT_TRUE(opens(sealed, key));
    EXPECT_FALSE(opens(sealed, SystemRandom().secret_key()));
    EXPECT_FALSE(opens({sealed[1], sealed[0]}, key)) << "moved";
    EXPECT_FALSE(opens({sealed[0], sealed[2]}, key)) << "left out";
    EXPECT_FALSE(opens({sealed[0], sealed[0]}, key)) << "repeated";
    EXPECT_FALSE(opens({Bytes(3)}, key)) << "too short to be one";
    for (std::size_t i = 0; i < sealed[0].size(); ++i) {
        auto changed = sealed;
        changed[0][i] ^= 1;
        EXPECT_FALSE(opens(changed, key)) << i;
    }
}

}  // namespace
}  // namespace astro::crypto
