#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Token buckets in whole numbers. A bucket holds `capacity` tokens and gains `refill` tokens each
/// `period_ms`, evenly; a request takes as many as it weighs, or none and is refused.
///
/// The level is kept in units of 1/period_ms token, so nothing is rounded: after t ms the level has
/// grown by exactly t * refill. All values stay below 2^53, so that a script in Redis, whose only
/// numbers are doubles, computes the same.
namespace astro::identity {

struct BucketRule {
    std::int64_t capacity = 60;       ///< 1 to 1000000
    std::int64_t refill = 60;         ///< 1 to 1000000
    std::int64_t period_ms = 60'000;  ///< 1 to 86400000
};
/// "bad_bucket_rule"
[[nodiscard]] Result<void> check_rule(const BucketRule& rule);

struct Bucket {
    std::int64_t level = 0;  ///< 1/period_ms tokens, 0 to capacity * period_ms
    std::int64_t updated_ms = 0;
};

struct BucketAnswer {
    bool allowed = false;
    std::int64_t limit = 0;           ///< the capacity
    std::int64_t remaining = 0;       ///< whole tokens left
    std::int64_t reset_ms = 0;        ///< until it is full again
    std::int64_t retry_after_ms = 0;  ///< when refused: until it holds the weight
};

[[nodiscard]] Bucket full_bucket(const BucketRule& rule, std::int64_t now_ms);
/// Takes `weight` tokens (1 to capacity; more is asked as capacity) or nothing. Time that goes back
/// counts as standing still.
[[nodiscard]] BucketAnswer take(Bucket& bucket, const BucketRule& rule, std::int64_t weight,
                                std::int64_t now_ms);

/// "RateLimit-Limit", "-Remaining", "-Reset" and, when refused, "Retry-After"; seconds round up.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> rate_limit_headers(
    const BucketAnswer& answer);

/// Buckets by name ("key …", "ip …"), at most `buckets_max`. Beyond that the one that has not been
/// asked for longest goes: of all it is the likeliest to be full again, and says least. One thread
/// at a time.
class BucketTable {
  public:
    explicit BucketTable(std::size_t buckets_max) : buckets_max_(buckets_max) {}
    BucketAnswer take(const std::string& name, const BucketRule& rule, std::int64_t weight,
                      std::int64_t now_ms);
    [[nodiscard]] std::size_t size() const { return by_name_.size(); }

  private:
    struct Entry {
        std::string name;
        Bucket bucket;
    };
    std::size_t buckets_max_;
    std::list<Entry> by_use_;  ///< the last asked first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_name_;
};

}  // namespace astro::identity
