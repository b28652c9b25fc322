#include "foundation/net/loop.hpp"

#include <ctime>
#include <vector>

namespace astro::net {

Loop::Loop() : keep_running_(boost::asio::make_work_guard(io)), grace_(io.get_executor()) {
    std::random_device seed;
    random_.seed(static_cast<std::uint64_t>(seed()) << 32 | seed());
}

void Loop::run() {
    thread_id_ = std::this_thread::get_id();
    io.run();
}

void Loop::post(std::function<void()> work) {
    boost::asio::post(io, std::move(work));
}

void Loop::schedule(std::shared_ptr<QueuedWriter> writer) {
    {
        const std::lock_guard lock(mutex_);
        writers_.push_back(std::move(writer));
        if (pumping_) return;
        pumping_ = true;
    }
    boost::asio::post(io, [this] { pump(); });
}

void Loop::pump() {
    for (std::size_t i = 0; i < kWritesPerTurn; ++i) {
        std::shared_ptr<QueuedWriter> writer;
        {
            const std::lock_guard lock(mutex_);
            if (writers_.empty()) {
                pumping_ = false;
                return;
            }
            writer = std::move(writers_.front());
            writers_.pop_front();
        }
        writer->write_queued();
    }
    // Behind what is ready now: sockets and timers are looked at in between.
    boost::asio::post(io, [this] { pump(); });
}

void Loop::remove(Session& session) {
    sessions_.erase(&session);
    if (!stopping_ || !sessions_.empty()) return;
    grace_.cancel();
    watch.close();
}

void Loop::begin_stop(Steady::duration grace) {
    stopping_ = true;
    keep_running_.reset();
    for_each_session(&Session::shut_down);
    if (sessions_.empty()) {
        watch.close();
        return;
    }
    grace_.expires_after(grace);
    grace_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) for_each_session(&Session::abort);
    });
}

void Loop::for_each_session(void (Session::*action)()) {
    // Over a copy: sessions leave the set as they end.
    const std::vector<Session*> all(sessions_.begin(), sessions_.end());
    for (Session* session : all)
        if (sessions_.contains(session)) (session->*action)();
}

std::string_view Loop::http_date() {
    const std::time_t now = std::time(nullptr);
    if (now != date_second_) {
        date_second_ = now;
        std::tm utc{};
        gmtime_r(&now, &utc);
        char text[40];
        // The names of days and months are English in the C locale, which this program keeps.
        date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
    }
    return date_;
}

std::string Loop::make_id() {
    constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    auto time = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
    std::string id(26, '0');
    for (std::size_t i = 10; i-- > 0; time >>= 5) id[i] = kDigits[time & 31];
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t bits = random_();
        for (std::size_t i = 0; i < 8; ++i, bits >>= 5) id[10 + half * 8 + i] = kDigits[bits & 31];
    }
    return id;
}

void Deadline::set(Steady::duration from_now) {
    due_ = Steady::now() + from_now;
    if (!armed_ || *armed_ > *due_) arm();
}

void Deadline::cancel() {
    due_.reset();
    timer_.cancel();
}

void Deadline::arm() {
    armed_ = due_;
    timer_.expires_at(*due_);
    timer_.async_wait([this, owner = owner_](const boost::system::error_code& error) {
        const auto alive = owner.lock();
        if (alive && !error) on_timer();
    });
}

void Deadline::on_timer() {
    armed_.reset();
    if (!due_) return;
    if (Steady::now() < *due_) {
        arm();
        return;
    }
    due_.reset();
    on_due_();
}

}  // namespace astro::net
