/// Requests a second of the gateway beside a bare epoll server in the same run: absolute rates
/// swing with the machine, their ratio does not. One JSON object a line.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "capabilities/identity/access.hpp"
#include "capabilities/identity/rows.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/net/server.hpp"
#include "foundation/store/store.hpp"
#include "server/gateway/gateway.hpp"

namespace {

using namespace astro;
using Clock_ = std::chrono::steady_clock;

constexpr int kConnections = 64;
constexpr int kRounds = 4;  // the best counts
constexpr auto kRound = std::chrono::milliseconds(1500);
constexpr std::string_view kBody =
    R"({"status":"ok","version":"0.1.0","reasons":[],"slot":385000000})";

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

void watch(int poll, int socket) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
}

/// What the kernel allows: reads whatever comes, writes the same answer.
class Control {
  public:
    Control() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 1024);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Control() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    void run() {
        const std::string answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
            "content-length: " +
            std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody);
        const int poll = ::epoll_create1(0);
        watch(poll, listener_);
        epoll_event events[128];
        char buffer[4096];
        while (!stopping_) {
            const int count = ::epoll_wait(poll, events, 128, 50);
            for (int i = 0; i < count; ++i) {
                const int fd = events[i].data.fd;
                if (fd == listener_) {
                    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
                    const int on = 1;
                    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    watch(poll, accepted);
                } else if (::recv(fd, buffer, sizeof buffer, 0) <= 0) {
                    ::close(fd);
                } else {
                    (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
                }
            }
        }
        ::close(poll);
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

struct Measured {
    double rate = 0;  ///< answers a second
    double p99_ms = 0;
    bool good = true;  ///< every answer was a 200
};

/// One request in flight on each connection for the length of a round.
Measured drive(std::uint16_t port, const std::string& request) {
    const int poll = ::epoll_create1(0);
    std::vector<int> sockets;
    std::vector<Clock_::time_point> sent(65'536);
    const auto address = loopback(port);
    const auto ask = [&](int fd) {
        sent[static_cast<std::size_t>(fd)] = Clock_::now();
        (void)::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    };
    for (int i = 0; i < kConnections; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            return {.good = false};
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(poll, fd);
        sockets.push_back(fd);
        ask(fd);
    }
    Measured out;
    std::vector<double> latencies;
    epoll_event events[128];
    char buffer[16'384];
    const auto begin = Clock_::now();
    while (Clock_::now() - begin < kRound) {
        const int count = ::epoll_wait(poll, events, 128, 100);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            const auto size = ::recv(fd, buffer, sizeof buffer, 0);
            // Answers are short: each comes whole.
            out.good = out.good && size > 12 && std::memcmp(buffer + 9, "200", 3) == 0;
            if (size <= 0) break;
            latencies.push_back(std::chrono::duration<double, std::milli>(
                                    Clock_::now() - sent[static_cast<std::size_t>(fd)])
                                    .count());
            ask(fd);
        }
        if (!out.good) break;
    }
    const std::chrono::duration<double> taken = Clock_::now() - begin;
    for (const int fd : sockets) ::close(fd);
    ::close(poll);
    if (latencies.empty()) return {.good = false};
    out.rate = static_cast<double>(latencies.size()) / taken.count();
    std::ranges::sort(latencies);
    out.p99_ms = latencies[latencies.size() * 99 / 100];
    return out;
}

Measured best_of(const Measured& a, const Measured& b) {
    auto out = a.rate > b.rate ? a : b;
    out.good = a.good && b.good;
    return out;
}

int print(std::string_view name, const Measured& measured, double ratio, double limit,
          std::string_view beside) {
    const bool met = measured.good && ratio >= limit;
    std::printf(R"({"bench":"gateway","name":"%.*s","requests_per_second":%.0f,"p99_ms":%.2f,)"
                R"("ratio":%.2f,"beside":"%.*s","limit":%.2f,"met":%s})"
                "\n",
                static_cast<int>(name.size()), name.data(), measured.rate, measured.p99_ms, ratio,
                static_cast<int>(beside.size()), beside.data(), limit, met ? "true" : "false");
    return met ? 0 : 1;
}

/// Keeps the link of the one mail.
class LastMail final : public identity::Mailer {
  public:
    Result<void> send(const identity::Mail& mail) override {
        text = mail.text;
        return {};
    }
    std::string text;
};

/// The real door over a store in memory, and an access token of a user. Budgets are counted as
/// ever, but in buckets that this load does not empty.
class Accounts {
  public:
    explicit Accounts(Clock& clock) : clock_(clock) {
        ASTRO_ASSERT(store_->migrate(identity::migrations()).has_value());
        identity::ServiceSettings settings;
        settings.passkeys.rp_id = settings.solana.domain = "localhost";
        service_ = identity::Service::open({*store_, clock_, random_, mailer_, hasher_}, settings,
                                           crypto::MasterKeys(random_.secret_key()))
                       .value();
        access =
            identity::ServiceAccess::make(*service_, clock_, {}, std::make_unique<Deep>()).value();
    }
    /// Of a viewer who has just signed in.
    std::string token() {
        const identity::Caller caller{"127.0.0.1", "bench"};
        const std::string password = "turnip violin marshal eight";
        auto& accounts = service_->accounts;
        ASTRO_ASSERT(accounts.register_user("bench@example.org", password, caller).has_value());
        const auto start = mailer_.text.find('#') + 1;
        const auto end = mailer_.text.find_first_of(" \n", start);
        ASTRO_ASSERT(
            accounts.verify_email(mailer_.text.substr(start, end - start), caller).has_value());
        return accounts.login("bench@example.org", password, caller).value().tokens->access_token;
    }

    std::shared_ptr<identity::ServiceAccess> access;

  private:
    class Deep final : public identity::Limits {
      public:
        std::vector<identity::BucketAnswer> take(const std::vector<identity::Charge>& charges,
                                                 std::int64_t weight,
                                                 std::int64_t now_ms) override {
            auto deep = charges;
            for (auto& charge : deep) charge.rule = {1'000'000, 1'000'000, 1'000};
            return inner_->take(deep, weight, now_ms);
        }
        bool blocks() const override { return false; }
        std::string trouble() const override { return {}; }

      private:
        std::unique_ptr<identity::Limits> inner_ = identity::make_memory_limits(1'000);
    };

    Clock& clock_;
    std::unique_ptr<store::Store> store_ =
        store::open_sqlite({.path = ":memory:", .readers = 1}).value();
    crypto::SystemRandom random_;
    LastMail mailer_;
    identity::Argon2Hasher hasher_{{64, 1}, random_};
    std::unique_ptr<identity::Service> service_;
};

std::unique_ptr<gateway::Gateway> start_gateway(Bus& bus, Clock& clock, gateway::Metrics& metrics,
                                                std::shared_ptr<gateway::Access> access = {}) {
    gateway::declare_gateway_metrics(metrics);
    gateway::GatewayOptions options;
    options.log_requests = false;
    const std::string permission = access ? "mev.read" : std::string(gateway::kPublicPermission);
    options.access = std::move(access);
    const auto body = std::make_shared<const std::string>(kBody);
    gateway::Route hot{.path = "/api/v1/hot",
                       .summary = "A hot resource",
                       .permission = permission,
                       .blocking = false,
                       .handler = [body](const gateway::Call&) -> Result<net::Response> {
                           auto response = net::json_response({});
                           response.shared_body = body;
                           return response;
                       }};
    return gateway::Gateway::start(std::move(options), {std::move(hot)}, {}, bus, clock, metrics)
        .value();
}

}  // namespace

int main() {
    const Control control;
    SystemClock clock;
    gateway::Metrics metrics;
    const auto bus = make_bus();
    const auto served = start_gateway(*bus, clock, metrics);
    gateway::Metrics own_metrics;
    Accounts accounts(clock);
    const auto guarded = start_gateway(*bus, clock, own_metrics, accounts.access);
    const std::string head = "GET /api/v1/hot HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    const std::string request = head + "Accept: application/json\r\n\r\n";
    const std::string signed_in = head + "Authorization: Bearer " + accounts.token() + "\r\n\r\n";
    Measured bare, gateway, authenticated;
    for (int round = 0; round < kRounds; ++round) {  // in turns: all meet the same weather
        bare = best_of(bare, drive(control.port(), request));
        gateway = best_of(gateway, drive(served->port(), request));
        authenticated = best_of(authenticated, drive(guarded->port(), signed_in));
    }
    served->stop();
    guarded->stop();
    int missed = print("control, bare epoll", bare, 1, 1, "itself");
    missed += print("static answer, counted in the metrics", gateway, gateway.rate / bare.rate, 0.6,
                    "control");
    missed += print("authenticated GET, limits and metrics counted", authenticated,
                    authenticated.rate / gateway.rate, 0.6, "static answer");
    return missed == 0 ? 0 : 1;
}
