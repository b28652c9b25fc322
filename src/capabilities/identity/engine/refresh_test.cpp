#include "capabilities/identity/engine/refresh.hpp"

#include <gtest/gtest.h>

namespace astro::identity {
namespace {

TimestampNs at(std::int64_t s) {
    return from_unix_seconds(s);
}

TEST(Refresh, ATokenServesOnce) {
    const RefreshFamily family{at(1000), {}};
    EXPECT_EQ(judge_refresh(family, {at(500), {}}, at(100)), RefreshVerdict::rotate);
    EXPECT_EQ(judge_refresh(family, {at(500), at(100)}, at(101)), RefreshVerdict::revoke_family);
    EXPECT_EQ(judge_refresh(family, {at(500), at(100)}, at(5000)), RefreshVerdict::revoke_family)
        << "late use of a copied token still tells of the theft";
}

TEST(Refresh, ExpiryIsTheFirstInstantRefused) {
    const RefreshFamily family{at(1000), {}};
    EXPECT_EQ(judge_refresh(family, {at(500), {}}, TimestampNs{at(500).value() - 1}),
              RefreshVerdict::rotate);
    EXPECT_EQ(judge_refresh(family, {at(500), {}}, at(500)), RefreshVerdict::refuse_expired);
    EXPECT_EQ(judge_refresh(family, {at(2000), {}}, at(1000)), RefreshVerdict::refuse_expired);
}

TEST(Refresh, ARevokedFamilyRefusesAll) {
    const RefreshFamily family{at(1000), at(50)};
    EXPECT_EQ(judge_refresh(family, {at(500), {}}, at(100)), RefreshVerdict::refuse_revoked);
    EXPECT_EQ(judge_refresh(family, {at(500), at(60)}, at(100)), RefreshVerdict::refuse_revoked);
}

TEST(Refresh, NoTokenOutlivesItsFamily) {
    const RefreshFamily family{at(1000), {}};
    EXPECT_EQ(next_expiry(family, at(100), seconds(300)), at(400));
    EXPECT_EQ(next_expiry(family, at(900), seconds(300)), at(1000));
}

}  // namespace
}  // namespace astro::identity
