#include "foundation/net/server.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "foundation/net/listener.hpp"
#include "foundation/net/worker_pool.hpp"

namespace astro::net {
namespace {

constexpr std::size_t kReservedDescriptors = 64;  ///< for files, databases, our own clients
constexpr std::size_t kConnectionsMin = 64;
constexpr auto kStopGrace = std::chrono::seconds(2);

struct ConnectionAllowance {
    std::size_t connections = 0;
    std::string notice;
};

/// How many connections the process's limit of open files leaves; raises the soft limit when that
/// helps.
Result<ConnectionAllowance> allow_connections(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return ConnectionAllowance{wanted, ""};
    const rlim_t needed = wanted + kReservedDescriptors;
    if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = std::min(limit.rlim_max, needed);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= needed) return ConnectionAllowance{wanted, ""};
    const std::size_t left =
        limit.rlim_cur > kReservedDescriptors ? limit.rlim_cur - kReservedDescriptors : 0;
    if (left < std::min(wanted, kConnectionsMin))
        return refusal("too_few_files",
                       "the limit of open files (" + std::to_string(limit.rlim_cur) +
                           ") is too low to serve; raise it with ulimit -n",
                       "RLIMIT_NOFILE");
    return ConnectionAllowance{left, "the limit of open files (" + std::to_string(limit.rlim_cur) +
                                         ") allows " + std::to_string(left) + " connections of " +
                                         std::to_string(wanted) + " configured"};
}

Result<void> check_options(const ServerOptions& options) {
    if (options.workers < 1 || options.workers > 256)
        return refusal("bad_option", "workers must be from 1 to 256", "workers");
    if (options.tls_certificate_file.empty() != options.tls_key_file.empty())
        return refusal("bad_option", "TLS needs both a certificate and a key", "tls_key_file");
    const ServerLimits& limits = options.limits;
    if (limits.header_seconds < 1 || limits.body_seconds < 1 || limits.idle_seconds < 1)
        return refusal("bad_option", "the time limits must be at least a second", "limits");
    if (limits.connections < 1 || limits.header_bytes < 256 || limits.header_bytes > 1U << 24)
        return refusal("bad_option", "connections and header_bytes are out of range", "limits");
    return {};
}

/// Tells whether a file was written or replaced.
using FileStamp = std::array<std::int64_t, 4>;

FileStamp stamp_of(const std::string& path) {
    struct stat s{};
    if (::stat(path.c_str(), &s) != 0) return {};
    return {static_cast<std::int64_t>(s.st_ino), s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
}

class ServerImpl final : public Server {
  public:
    explicit ServerImpl(std::shared_ptr<ServerCore> core)
        : core_(std::move(core)), pool_(core_->options.offload_threads) {}
    ~ServerImpl() override { stop(); }

    Result<void> start() {
        ASTRO_CHECK(refresh_tls(true));
        boost::system::error_code error;
        const auto address = boost::asio::ip::make_address(core_->options.address, error);
        if (error)
            return refusal("bad_option", "not an IP address: " + core_->options.address, "address");
        ASTRO_TRY(ConnectionAllowance allowed,
                  allow_connections(core_->options.limits.connections));
        core_->connections_max = allowed.connections;
        notice_ = std::move(allowed.notice);
        Tcp::endpoint endpoint(address, core_->options.port);
        if (core_->options.workers > 1) ASTRO_CHECK(check_free(endpoint));
        for (unsigned i = 0; i < core_->options.workers; ++i) {
            auto loop = std::make_shared<Loop>();
            auto listener = std::make_shared<Listener>(core_, loop);
            ASTRO_CHECK(listener->listen(endpoint, core_->options.workers > 1));
            endpoint.port(listener->port());
            workers_.push_back({std::move(loop), std::move(listener), {}});
        }
        port_ = endpoint.port();
        for (Worker& worker : workers_) {
            worker.listener->accept();
            worker.thread = std::thread([loop = worker.loop] { loop->run(); });
        }
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return port_; }
    [[nodiscard]] const std::string& notice() const override { return notice_; }

    [[nodiscard]] ServerStats stats() const override {
        const Counters& c = core_->counters;
        ServerStats out;
        out.connections_open = c.connections_open;
        out.connections_total = c.connections_total;
        out.connections_refused = c.connections_refused;
        out.requests_total = c.requests_total;
        out.websockets_open = c.websockets_open;
        out.websocket_messages_sent = c.websocket_messages_sent;
        out.bytes_sent = c.bytes_sent;
        return out;
    }

    Result<bool> refresh_tls(bool always) override {
        if (!core_->secure) return false;
        const ServerOptions& options = core_->options;
        const std::scoped_lock lock(tls_mutex_);
        // Before they are read: what is written meanwhile is seen the next time.
        const std::array stamps{stamp_of(options.tls_certificate_file),
                                stamp_of(options.tls_key_file)};
        if (!always && stamps == tls_stamps_) return false;
        tls_stamps_ = stamps;
        ASTRO_TRY(auto context, TlsContext::make_server(options.tls_certificate_file,
                                                        options.tls_key_file, options.tls12));
        core_->tls.set(std::move(context));
        return true;
    }

    void offload(std::function<void()> work) override { pool_.run(std::move(work)); }

    void stop() override {
        const std::lock_guard lock(stop_mutex_);
        for (Worker& worker : workers_) {
            if (!worker.thread.joinable()) continue;  // start() failed before it ran
            worker.loop->post([loop = worker.loop.get(), listener = worker.listener] {
                listener->close();
                loop->begin_stop(kStopGrace);
            });
        }
        for (Worker& worker : workers_)
            if (worker.thread.joinable()) worker.thread.join();
        workers_.clear();
        pool_.stop();
    }

  private:
    struct Worker {
        std::shared_ptr<Loop> loop;
        std::shared_ptr<Listener> listener;
        std::thread thread;
    };

    /// With SO_REUSEPORT a second server would share the port in silence; a plain bind tells.
    Result<void> check_free(const Tcp::endpoint& endpoint) {
        const auto loop = std::make_shared<Loop>();
        return std::make_shared<Listener>(core_, loop)->listen(endpoint, false);
    }

    std::shared_ptr<ServerCore> core_;
    std::uint16_t port_ = 0;
    std::string notice_;
    std::mutex tls_mutex_;
    std::array<FileStamp, 2> tls_stamps_{};
    std::mutex stop_mutex_;
    std::vector<Worker> workers_;
    WorkerPool pool_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, HttpHandler http,
                                              WebSocketFactory websocket) {
    ASTRO_CHECK(check_options(options));
    auto core = std::make_shared<ServerCore>();
    core->secure = !options.tls_certificate_file.empty();
    core->options = std::move(options);
    core->http = std::move(http);
    core->websocket = std::move(websocket);
    auto server = std::make_unique<ServerImpl>(std::move(core));
    ASTRO_CHECK(server->start());
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace astro::net
