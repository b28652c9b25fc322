#pragma once

#include <optional>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Rotating refresh tokens (RFC 9700 §4.14). A sign-in starts a family; each use of its token ends
/// that token and makes the next. A token that comes twice was copied: which of the two is the
/// thief cannot be known, so the family ends and both sign in again.
namespace astro::identity {

struct RefreshFamily {
    TimestampNs expires;  ///< the session ends here, however often it is refreshed
    std::optional<TimestampNs> revoked;
};

struct RefreshToken {
    TimestampNs expires;  ///< unused this long, it ends
    std::optional<TimestampNs> used;
};

enum class RefreshVerdict {
    rotate,         ///< mark the token used, give out the next
    revoke_family,  ///< refuse, end the family, audit it
    refuse_expired,
    refuse_revoked,
};

[[nodiscard]] RefreshVerdict judge_refresh(const RefreshFamily& family, const RefreshToken& token,
                                           TimestampNs now);

/// The next token's life: never beyond the family's.
[[nodiscard]] TimestampNs next_expiry(const RefreshFamily& family, TimestampNs now,
                                      DurationNs idle);

}  // namespace astro::identity
