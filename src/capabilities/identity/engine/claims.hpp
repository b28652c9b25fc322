#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

namespace astro::identity {

/// What an access token says (RFC 9068's names in the token's text). Times are whole seconds.
struct AccessClaims {
    std::string issuer;
    std::string audience;
    std::string subject;   ///< user id
    std::string session;   ///< session id; revoking the session ends its tokens
    std::string token_id;  ///< random, for the audit
    std::vector<std::string>
        methods;  ///< how the user proved who he is: pwd, otp, webauthn, wallet
    std::int64_t issued_s = 0;
    std::int64_t expires_s = 0;
    std::int64_t authenticated_s = 0;  ///< last full proof; sensitive calls ask for a fresh one

    bool operator==(const AccessClaims&) const = default;
};

/// What a verifier expects.
struct ClaimPolicy {
    std::string issuer;
    std::string audience;
    std::int64_t clock_skew_s = 30;      ///< how far apart two clocks may be
    std::int64_t lifetime_max_s = 3600;  ///< a token that claims more was not made by us
};

/// Codes: "token_expired", "token_not_yet", "token_lifetime", "token_issuer", "token_audience".
[[nodiscard]] Result<void> check_claims(const AccessClaims& claims, const ClaimPolicy& policy,
                                        TimestampNs now);

}  // namespace astro::identity
