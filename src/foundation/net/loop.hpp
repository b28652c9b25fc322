#pragma once

#include <array>
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <unordered_set>

#include "foundation/net/socket_watch.hpp"

/// One event loop on one thread, and what its sessions share. Internal to the room: it shows Asio.
namespace astro::net {

// The concrete executor: any_io_executor costs a third of the requests a second.
using Executor = boost::asio::io_context::executor_type;
using Tcp = boost::asio::ip::tcp;
using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Steady = std::chrono::steady_clock;
using Timer = boost::asio::basic_waitable_timer<Steady, boost::asio::wait_traits<Steady>, Executor>;

/// A connection as its loop sees it. Loop thread only.
class Session {
  public:
    virtual ~Session() = default;
    virtual void shut_down() = 0;  ///< end soon, finishing what is under way
    virtual void abort() = 0;      ///< end now
};

/// Who has bytes queued for a socket.
class QueuedWriter {
  public:
    virtual ~QueuedWriter() = default;
    virtual void write_queued() = 0;
};

class Loop {
  public:
    Loop();
    void run();  ///< until stop() was called and no work is left
    [[nodiscard]] bool is_current() const { return std::this_thread::get_id() == thread_id_; }

    // From any thread.
    void post(std::function<void()> work);
    /// write_queued() soon, at most kWritesPerTurn of them before other events get their turn: the
    /// latency of requests during a broadcast hangs on this number.
    void schedule(std::shared_ptr<QueuedWriter> writer);

    // Loop thread only.
    [[nodiscard]] std::string_view http_date();
    /// 26 characters that sort by time (Crockford's base32 of 48 bits of milliseconds, 80 random).
    [[nodiscard]] std::string make_id();
    void add(Session& session) { sessions_.insert(&session); }
    void remove(Session& session);
    /// Ends each session; those that still finish something after `grace` are aborted. Then run()
    /// returns.
    void begin_stop(Steady::duration grace);
    [[nodiscard]] bool is_stopping() const { return stopping_; }

    static constexpr std::size_t kWritesPerTurn = 96;

    boost::asio::io_context io{1};
    SocketWatch watch{io};
    /// For reads of sockets that have nothing kept, so that an idle connection owns no buffer.
    std::array<char, 64 << 10> scratch;

  private:
    void pump();
    void for_each_session(void (Session::*action)());

    std::atomic<std::thread::id> thread_id_{};
    std::mutex mutex_;
    std::deque<std::shared_ptr<QueuedWriter>> writers_;
    bool pumping_ = false;
    std::unordered_set<Session*> sessions_;
    bool stopping_ = false;
    boost::asio::executor_work_guard<Executor> keep_running_;
    Timer grace_;
    std::mt19937_64 random_;
    std::string date_;
    std::time_t date_second_ = 0;
};

/// A deadline that is moved far more often than it is reached: moving it later costs nothing, the
/// timer looks again when it fires.
class Deadline {
  public:
    Deadline(const Executor& executor, std::function<void()> on_due)
        : timer_(executor), on_due_(std::move(on_due)) {}
    /// `owner` holds this object; nothing is called once it is gone.
    void set_owner(std::weak_ptr<void> owner) { owner_ = std::move(owner); }
    void set(Steady::duration from_now);
    void clear() { due_.reset(); }
    [[nodiscard]] bool is_set() const { return due_.has_value(); }
    void cancel();  ///< for good, so that the loop may end

  private:
    void arm();
    void on_timer();

    Timer timer_;
    std::function<void()> on_due_;
    std::weak_ptr<void> owner_;
    std::optional<Steady::time_point> due_, armed_;
};

}  // namespace astro::net
