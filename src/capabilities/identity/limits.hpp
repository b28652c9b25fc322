#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capabilities/identity/engine/token_bucket.hpp"

namespace astro::identity {

/// A bucket that a request is charged to.
struct Charge {
    std::string name;  ///< "minute <user>"; the name of a bucket belongs to one rule
    BucketRule rule;
};

/// The token buckets of all callers. Thread-safe.
class Limits {
  public:
    virtual ~Limits() = default;
    /// Takes `weight` from each bucket in turn, until one refuses: an answer for each that was
    /// asked. What was taken before the refusal stays taken.
    virtual std::vector<BucketAnswer> take(const std::vector<Charge>& charges, std::int64_t weight,
                                           std::int64_t now_ms) = 0;
    /// Whether take() may wait for another process: not for an event loop.
    [[nodiscard]] virtual bool blocks() const = 0;
    /// What is wrong, for the operator; empty when all is well.
    [[nodiscard]] virtual std::string trouble() const = 0;
};

/// Of this process alone; at most `buckets_max` of them.
[[nodiscard]] std::unique_ptr<Limits> make_memory_limits(std::size_t buckets_max);

struct RedisServer {
    std::string url;         ///< "redis://host[:6379]" or "unix:///run/redis.sock"
    std::string password{};  ///< empty: none
    std::string prefix = "astrolabe:limit:";
};

/// Shared by all programs that use the same Redis, computed there by one script. While Redis does
/// not answer, limits hold for each process by itself; it is asked again every second. The program
/// ignores SIGPIPE: a Redis that went away must not end it.
/// "bad_redis_url".
[[nodiscard]] Result<std::unique_ptr<Limits>> make_redis_limits(const RedisServer& server,
                                                                std::size_t buckets_max);

}  // namespace astro::identity
