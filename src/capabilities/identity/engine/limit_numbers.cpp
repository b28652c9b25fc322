#include "capabilities/identity/engine/limit_numbers.hpp"

#include <string>

namespace astro::identity {
namespace {

Result<void> check_one(std::string_view field, std::int64_t value) {
    if (value >= kLimitMin && value <= kLimitMax) return {};
    return refusal("bad_limits",
                   std::string(field) + " is from " + std::to_string(kLimitMin) + " to " +
                       std::to_string(kLimitMax) + ", not " + std::to_string(value),
                   std::string(field));
}

}  // namespace

Result<void> check_limits(const LimitNumbers& numbers) {
    ASTRO_CHECK(check_one("stranger_per_minute", numbers.stranger_per_minute));
    ASTRO_CHECK(check_one("stranger_per_day", numbers.stranger_per_day));
    ASTRO_CHECK(check_one("sign_in_per_minute", numbers.sign_in_per_minute));
    return check_one("wrong_per_minute", numbers.wrong_per_minute);
}

}  // namespace astro::identity
