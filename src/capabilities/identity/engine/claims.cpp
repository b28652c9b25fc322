#include "capabilities/identity/engine/claims.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kSecondMax = 253'402'300'799;  // year 9999; sums below cannot overflow

bool is_time(std::int64_t s) {
    return s >= 0 && s <= kSecondMax;
}

}  // namespace

Result<void> check_claims(const AccessClaims& claims, const ClaimPolicy& policy, TimestampNs now) {
    if (claims.issuer != policy.issuer)
        return unauthenticated("token_issuer", "the token was made for another server", "iss");
    if (claims.audience != policy.audience)
        return unauthenticated("token_audience", "the token was made for another use", "aud");
    if (!is_time(claims.issued_s) || !is_time(claims.expires_s) ||
        !is_time(claims.authenticated_s) || claims.expires_s <= claims.issued_s ||
        claims.expires_s - claims.issued_s > policy.lifetime_max_s ||
        claims.authenticated_s > claims.issued_s)
        return unauthenticated("token_lifetime", "the token's times do not fit each other");
    const std::int64_t now_s = now.value() / 1'000'000'000;
    if (now_s >= claims.expires_s + policy.clock_skew_s)
        return unauthenticated("token_expired", "the token has expired; refresh it", "exp");
    if (now_s + policy.clock_skew_s < claims.issued_s)
        return unauthenticated("token_not_yet", "the token is from the future: check the clocks", "iat");
    return {};
}

}  // namespace astro::identity
