#include "capabilities/identity/engine/token_bucket.hpp"

#include <algorithm>

namespace astro::identity {
namespace {

constexpr std::int64_t kTokensMax = 1'000'000, kPeriodMaxMs = 86'400'000;
static_assert(kTokensMax * kPeriodMaxMs < (std::int64_t{1} << 53));

std::int64_t divide_up(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

std::int64_t full_level(const BucketRule& rule) {
    return rule.capacity * rule.period_ms;
}

void refill(Bucket& bucket, const BucketRule& rule, std::int64_t now_ms) {
    const std::int64_t missing = full_level(rule) - bucket.level;
    // Time enough to fill it; beyond that the product could overflow.
    const std::int64_t useful = divide_up(std::max<std::int64_t>(missing, 0), rule.refill);
    const std::int64_t elapsed =
        now_ms <= bucket.updated_ms ? 0 : std::min(now_ms - bucket.updated_ms, useful);
    bucket.level = std::min(full_level(rule), bucket.level + elapsed * rule.refill);
    bucket.updated_ms = std::max(now_ms, bucket.updated_ms);
}

}  // namespace

Result<void> check_rule(const BucketRule& rule) {
    const auto inside = [](std::int64_t v, std::int64_t max) { return v >= 1 && v <= max; };
    if (!inside(rule.capacity, kTokensMax) || !inside(rule.refill, kTokensMax) ||
        !inside(rule.period_ms, kPeriodMaxMs))
        return refusal("bad_bucket_rule",
                       "a limit has a capacity and a refill of 1 to 1000000 and a period of 1 to "
                       "86400000 ms");
    return {};
}

Bucket full_bucket(const BucketRule& rule, std::int64_t now_ms) {
    return {full_level(rule), now_ms};
}

BucketAnswer take(Bucket& bucket, const BucketRule& rule, std::int64_t weight,
                  std::int64_t now_ms) {
    refill(bucket, rule, now_ms);
    const std::int64_t price = std::clamp<std::int64_t>(weight, 1, rule.capacity) * rule.period_ms;
    BucketAnswer answer;
    answer.limit = rule.capacity;
    answer.allowed = bucket.level >= price;
    if (answer.allowed)
        bucket.level -= price;
    else
        answer.retry_after_ms = divide_up(price - bucket.level, rule.refill);
    answer.remaining = bucket.level / rule.period_ms;
    answer.reset_ms = divide_up(full_level(rule) - bucket.level, rule.refill);
    return answer;
}

std::vector<std::pair<std::string, std::string>> rate_limit_headers(const BucketAnswer& answer) {
    std::vector<std::pair<std::string, std::string>> out;
    out.reserve(4);
    out.emplace_back("RateLimit-Limit", std::to_string(answer.limit));
    out.emplace_back("RateLimit-Remaining", std::to_string(answer.remaining));
    out.emplace_back("RateLimit-Reset", std::to_string(divide_up(answer.reset_ms, 1000)));
    if (!answer.allowed)
        out.emplace_back("Retry-After", std::to_string(divide_up(answer.retry_after_ms, 1000)));
    return out;
}

BucketAnswer BucketTable::take(const std::string& name, const BucketRule& rule, std::int64_t weight,
                               std::int64_t now_ms) {
    const auto known = by_name_.find(name);
    if (known != by_name_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
    } else {
        if (by_name_.size() >= buckets_max_ && !by_use_.empty()) {
            by_name_.erase(by_use_.back().name);
            by_use_.pop_back();
        }
        by_use_.push_front({name, full_bucket(rule, now_ms)});
        by_name_.emplace(by_use_.front().name, by_use_.begin());
    }
    return identity::take(by_use_.front().bucket, rule, weight, now_ms);
}

}  // namespace astro::identity
