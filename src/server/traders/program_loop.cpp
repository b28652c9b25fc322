#include "server/traders/program_loop.hpp"

#include "foundation/base/json.hpp"
#include "foundation/net/backoff.hpp"

namespace astro::traders {
namespace {

constexpr DurationNs kBackoffFirst = milliseconds(250), kBackoffMax = seconds(15);
constexpr DurationNs kNap = milliseconds(100);

/// In short naps, so that a stop is seen.
void wait(Clock& clock, DurationNs time, const StopFlag& stop) {
    const TimestampNs until = clock.monotonic() + time;
    while (!stop.raised() && clock.monotonic() < until) clock.sleep(kNap);
}

}  // namespace

Result<void> keep_connected(
    const ConnectionOptions& options, Clock& clock, const StopFlag& stop, const Say& say,
    const std::function<Result<void>(VenueLink& link, bool& whole)>& session) {
    ASTRO_TRY(const net::Url url, net::parse_url(options.url));
    ASTRO_TRY(const ApiKey key, load_api_key(options.key_id, options.key_file));
    net::Backoff backoff(kBackoffFirst, kBackoffMax,
                         static_cast<std::uint64_t>(clock.now().value()));
    bool ever_whole = false;
    while (!stop.raised()) {
        bool whole = false;
        Result<void> ended;
        if (auto link = VenueLink::connect(url, key, clock); link) {
            ended = session(**link, whole);
            (*link)->close();
        } else {
            ended = Unexpected{std::move(link).error()};
        }
        if (ended) continue;
        ever_whole = ever_whole || whole;
        if (whole) backoff.reset();
        if (ended.error().kind == ErrorKind::refusal && !ever_whole) return ended;
        say("the connection ended: " + ended.error().text());
        wait(clock, backoff.next(), stop);
    }
    return {};
}

void Restraint::refused(TimestampNs now, std::optional<DurationNs> retry_after) {
    until_ = now + std::max(wait_, retry_after.value_or(wait_));
    wait_ = std::min(kMost, wait_ + wait_);
}

std::string market_filter(const std::vector<std::string>& markets) {
    return R"({"market":)" + to_json(markets) + "}";
}

}  // namespace astro::traders
