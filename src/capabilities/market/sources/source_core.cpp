#include "capabilities/market/sources/source_core.hpp"

#include <chrono>

#include "foundation/net/backoff.hpp"

namespace astro::market {
namespace {

constexpr DurationNs kBackoffFirst = milliseconds(200), kBackoffMax = seconds(30);
/// What asks us to slow down is left alone for longer.
constexpr DurationNs kRateLimitedPause = seconds(60);

}  // namespace

void SourceCore::start(SourceSink& sink, Session session) {
    sink_ = &sink;
    thread_ = std::thread([this, session = std::move(session)] { run(session); });
}

void SourceCore::run(const Session& session) {
    net::Backoff backoff(kBackoffFirst, kBackoffMax, seed_);
    while (!stopped()) {
        const Result<void> ended = session();
        bool limited = false;
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) return;
            if (heard_) backoff.reset();
            heard_ = false;
            status_.state = "reconnecting";
            ++status_.reconnects;
            if (!ended) {
                status_.detail = ended.error().text();
                limited = ended.error().kind == ErrorKind::limited;
                status_.rate_limited += limited ? 1 : 0;
            }
        }
        if (!pause(limited ? kRateLimitedPause : backoff.next())) return;
    }
}

void SourceCore::stop(const Interrupt& interrupt) {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        status_.state = "stopped";
    }
    wake_.notify_all();
    interrupt();
    if (thread_.joinable()) thread_.join();
}

bool SourceCore::stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

bool SourceCore::pause(DurationNs d) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::nanoseconds(d.value()), [this] { return stopped_; });
    return !stopped_;
}

void SourceCore::heard(TimestampNs now) {
    const std::lock_guard lock(mutex_);
    ++status_.messages;
    status_.last_message = now;
    if (heard_ || stopped_) return;
    heard_ = true;
    status_.state = "running";
    status_.detail.clear();
}

void SourceCore::count_unreadable(std::size_t count) {
    const std::lock_guard lock(mutex_);
    status_.unreadable += count;
}

void SourceCore::count_crossed() {
    const std::lock_guard lock(mutex_);
    ++status_.crossed;
}

void SourceCore::trouble(std::string sentence) {
    const std::lock_guard lock(mutex_);
    status_.detail = std::move(sentence);
}

void SourceCore::deliver(Observation seen) {
    {
        const std::lock_guard lock(mutex_);
        ++status_.observations;
    }
    sink_->on_observation(std::move(seen));
}

SourceStatus SourceCore::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace astro::market
