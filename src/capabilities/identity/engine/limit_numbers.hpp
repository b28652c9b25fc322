#pragma once

#include <cstdint>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

namespace astro::identity {

inline constexpr std::int64_t kLimitMin = 1, kLimitMax = 1'000'000;

/// What an address may do before anybody has signed in from it.
struct LimitNumbers {
    std::int64_t stranger_per_minute = 1'200;  ///< requests without credentials
    std::int64_t stranger_per_day = 200'000;
    std::int64_t sign_in_per_minute = 20;  ///< attempts to sign in
    std::int64_t wrong_per_minute = 60;    ///< credentials that were wrong
};
BOOST_DESCRIBE_STRUCT(LimitNumbers, (),
                      (stranger_per_minute, stranger_per_day, sign_in_per_minute, wrong_per_minute))

/// Each from kLimitMin to kLimitMax; "bad_limits" names the first that is not.
[[nodiscard]] Result<void> check_limits(const LimitNumbers& numbers);

}  // namespace astro::identity
