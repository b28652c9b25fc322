#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <chrono>

#include "capabilities/identity/limits.hpp"
#include "foundation/net/message.hpp"

namespace astro::identity {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// engine/token_bucket.cpp in Lua, whose numbers are doubles: exact, as all values are whole and
/// below 2^53. A bucket that is full again is forgotten: full is how a bucket begins.
constexpr std::string_view kScript = R"lua(
local now, weight, out = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local function divide_up(a, b) return math.floor((a + b - 1) / b) end
local function whole(x) return string.format('%.0f', x) end
for i, key in ipairs(KEYS) do
    local capacity, refill = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local period = tonumber(ARGV[3 * i + 2])
    local full = capacity * period
    local stored = redis.call('HMGET', key, 'level', 'updated')
    local level = tonumber(stored[1]) or full
    local updated = tonumber(stored[2]) or now
    local useful = divide_up(math.max(full - level, 0), refill)
    local elapsed = 0
    if now > updated then elapsed = math.min(now - updated, useful) end
    level = math.min(full, level + elapsed * refill)
    updated = math.max(now, updated)
    local price = math.min(math.max(weight, 1), capacity) * period
    local allowed, retry = level >= price, 0
    if allowed then level = level - price else retry = divide_up(price - level, refill) end
    local reset = divide_up(full - level, refill)
    redis.call('HSET', key, 'level', whole(level), 'updated', whole(updated))
    redis.call('PEXPIRE', key, whole(reset + 1000))
    out[i] = {allowed and 1 or 0, math.floor(level / period), reset, retry}
    if not allowed then break end
end
return out
)lua";

struct Free {
    void operator()(redisContext* c) const { redisFree(c); }
    void operator()(redisReply* r) const { freeReplyObject(r); }
};
using Context = std::unique_ptr<redisContext, Free>;
using Reply = std::unique_ptr<redisReply, Free>;

struct Address {
    std::string host, path;
    int port = 6379;
};

Result<Address> parse_address(const std::string& url) {
    const auto bad = [] {
        return refusal("bad_redis_url", "a Redis is redis://host:6379 or unix:///path", "redis");
    };
    Address out;
    if (url.starts_with("unix:///")) {
        out.path = url.substr(7);
        return out;
    }
    if (!url.starts_with("redis://")) return bad();
    // The rest of the grammar is HTTP's; a port that is left out is not.
    const auto parsed = net::parse_url("http" + url.substr(5));
    if (!parsed || parsed->target != "/" || !parsed->credentials.empty()) return bad();
    out.host = parsed->host;
    if (parsed->authority() != parsed->host || url.ends_with(":80"))
        out.port = std::stoi(parsed->port);
    return out;
}

class RedisLimits final : public Limits {
  public:
    RedisLimits(Address address, RedisServer server, std::size_t buckets_max)
        : address_(std::move(address)),
          server_(std::move(server)),
          alone_(make_memory_limits(buckets_max)) {}

    std::vector<BucketAnswer> take(const std::vector<Charge>& charges, std::int64_t weight,
                                   std::int64_t now_ms) override {
        {
            const std::lock_guard lock(mutex_);
            if (connect()) {
                auto answers = ask(charges, weight, now_ms);
                if (!answers.empty() || charges.empty()) return answers;
            }
        }
        return alone_->take(charges, weight, now_ms);
    }
    bool blocks() const override { return true; }
    std::string trouble() const override {
        const std::lock_guard lock(mutex_);
        return trouble_;
    }

  private:
    bool connect();
    std::vector<BucketAnswer> ask(const std::vector<Charge>& charges, std::int64_t weight,
                                  std::int64_t now_ms);
    Reply command(const std::vector<std::string>& words);
    bool fail(std::string why) {
        context_.reset();
        trouble_ = "limits are not shared: Redis " + std::move(why);
        ask_again_ = SteadyClock::now() + std::chrono::seconds(1);
        return false;
    }

    const Address address_;
    const RedisServer server_;
    const std::unique_ptr<Limits> alone_;
    mutable std::mutex mutex_;
    Context context_;
    std::string script_id_;  ///< as Redis knows it, once loaded
    std::string trouble_;
    SteadyClock::time_point ask_again_{};
};

bool RedisLimits::connect() {
    if (context_) return true;
    if (SteadyClock::now() < ask_again_) return false;
    const timeval patience{0, 500'000};
    context_.reset(address_.path.empty()
                       ? redisConnectWithTimeout(address_.host.c_str(), address_.port, patience)
                       : redisConnectUnixWithTimeout(address_.path.c_str(), patience));
    if (!context_) return fail("cannot be asked: no memory");
    if (context_->err != 0) return fail(std::string("is not there: ") + context_->errstr);
    redisSetTimeout(context_.get(), patience);
    if (!server_.password.empty()) {
        const auto reply = command({"AUTH", server_.password});
        if (!reply || reply->type == REDIS_REPLY_ERROR) return fail("refuses the password");
    }
    const auto loaded = command({"SCRIPT", "LOAD", std::string(kScript)});
    if (!loaded || loaded->type != REDIS_REPLY_STRING)
        return fail(loaded && loaded->str != nullptr ? loaded->str : "does not answer");
    script_id_ = loaded->str;
    trouble_.clear();
    return true;
}

Reply RedisLimits::command(const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const auto& word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    return Reply(static_cast<redisReply*>(redisCommandArgv(
        context_.get(), static_cast<int>(words.size()), texts.data(), sizes.data())));
}

std::vector<BucketAnswer> RedisLimits::ask(const std::vector<Charge>& charges, std::int64_t weight,
                                           std::int64_t now_ms) {
    std::vector<std::string> words{"EVALSHA", script_id_, std::to_string(charges.size())};
    for (const auto& charge : charges) words.push_back(server_.prefix + charge.name);
    words.push_back(std::to_string(now_ms));
    words.push_back(std::to_string(weight));
    for (const auto& charge : charges)
        for (const std::int64_t n :
             {charge.rule.capacity, charge.rule.refill, charge.rule.period_ms})
            words.push_back(std::to_string(n));
    const auto reply = command(words);
    std::vector<BucketAnswer> out;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements > charges.size()) {
        // Also when it has forgotten the script (a restart): it is loaded with the next connection.
        fail(reply && reply->str != nullptr ? std::string("says ") + reply->str
                                            : "does not answer");
        return out;
    }
    for (std::size_t i = 0; i < reply->elements; ++i) {
        const redisReply& one = *reply->element[i];
        if (one.type != REDIS_REPLY_ARRAY || one.elements != 4) {
            fail("gives another answer than its script");
            return {};
        }
        const auto number = [&](std::size_t k) {
            return static_cast<std::int64_t>(one.element[k]->integer);
        };
        out.push_back({number(0) == 1, charges[i].rule.capacity, number(1), number(2), number(3)});
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<Limits>> make_redis_limits(const RedisServer& server,
                                                  std::size_t buckets_max) {
    ASTRO_TRY(auto address, parse_address(server.url));
    return std::unique_ptr<Limits>(
        std::make_unique<RedisLimits>(std::move(address), server, buckets_max));
}

}  // namespace astro::identity
