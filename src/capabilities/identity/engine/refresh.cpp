#include "capabilities/identity/engine/refresh.hpp"

#include <algorithm>

namespace astro::identity {

RefreshVerdict judge_refresh(const RefreshFamily& family, const RefreshToken& token,
                             TimestampNs now) {
    if (family.revoked) return RefreshVerdict::refuse_revoked;
    // Before expiry: a stolen token that is used late still tells of the theft.
    if (token.used) return RefreshVerdict::revoke_family;
    if (now >= token.expires || now >= family.expires) return RefreshVerdict::refuse_expired;
    return RefreshVerdict::rotate;
}

TimestampNs next_expiry(const RefreshFamily& family, TimestampNs now, DurationNs idle) {
    return std::min(family.expires, now + idle);
}

}  // namespace astro::identity
