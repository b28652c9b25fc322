#include "server/gateway/gateway.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "server/gateway/compress.hpp"
#include "server/gateway/cors.hpp"
#include "server/gateway/etag.hpp"
#include "server/gateway/log.hpp"
#include "server/gateway/openapi.hpp"
#include "server/gateway/problem.hpp"
#include "server/gateway/router.hpp"
#include "server/gateway/static_files.hpp"

namespace astro::gateway {
namespace {

constexpr std::string_view kLivePath = "/ws/live";

bool is_own_api(std::string_view path) {
    return path.starts_with("/api/") || path == "/api" || path == "/metrics" || path == "*" ||
           path.starts_with("/auth/") || path == "/.well-known/jwks.json";
}

std::vector<std::shared_ptr<const Dialect>> dialects_of(const std::vector<Route>& routes) {
    std::vector<std::shared_ptr<const Dialect>> out;
    for (const auto& route : routes)
        if (route.dialect && std::ranges::find(out, route.dialect) == out.end())
            out.push_back(route.dialect);
    return out;
}

bool is_at_or_below(std::string_view path, std::string_view top) {
    return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
}

net::Response foreign_page(const net::Request& request) {
    return problem_for(
        forbidden("foreign_origin", "pages of other sites are not served here", "origin").error,
        request);
}

bool is_json(const net::Request& request) {
    const auto type = request.headers.find("content-type").value_or("");
    const auto end = type.find_first_of("; \t");
    return net::equals_ignoring_case(type.substr(0, end), "application/json");
}

/// A request that has been admitted, until it is answered.
struct Served {
    Served(net::Request request_, Admission admission_)
        : request(std::move(request_)), admission(std::move(admission_)) {}
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    net::Request request;
    Admission admission;
    Call call{request, admission.caller};
};
using ServedPtr = std::shared_ptr<const Served>;

/// What a route's `begin` reports to: says so when it never does.
class Once {
  public:
    explicit Once(Route::Done done) : done_(std::move(done)) {}
    ~Once() {
        if (done_) done_(unavailable("stopping", "the server is stopping"));
    }
    Once(const Once&) = delete;
    Once& operator=(const Once&) = delete;
    void report(Result<net::Response> result) { std::exchange(done_, nullptr)(std::move(result)); }

  private:
    Route::Done done_;
};

class GatewayServer final : public Gateway, private LiveHost {
  public:
    GatewayServer(GatewayOptions options, std::vector<Route> routes, StaticFiles files,
                  Clock& clock, Metrics& metrics)
        : options_(std::move(options)),
          cors_(options_.cors),
          router_(std::move(routes)),
          dialects_(dialects_of(router_.routes())),
          files_(std::move(files)),
          clock_(clock),
          metrics_(metrics) {}
    ~GatewayServer() override { stop(); }
    GatewayServer(const GatewayServer&) = delete;
    GatewayServer& operator=(const GatewayServer&) = delete;

    Result<void> start(Bus& bus, std::vector<Channel> channels) {
        hub_ = LiveHub::start(bus, clock_, std::move(channels), options_.live, *this);
        ASTRO_TRY(server_, net::Server::start(
                               options_.server,
                               [this](net::Request request, net::Reply reply) {
                                   handle(std::move(request), std::move(reply));
                               },
                               [this](const net::Request& request) { return upgrade(request); }));
        running_ = server_.get();
        metrics_.on_collect([this](Metrics& metrics) { collect(metrics); });
        return {};
    }

    std::uint16_t port() const override { return server_->port(); }
    Result<bool> refresh_tls(bool always) override { return server_->refresh_tls(always); }
    void stop() override {
        if (server_) server_->stop();
        if (hub_) hub_->stop();
    }

  private:
    void handle(net::Request request, net::Reply reply);
    /// Answers at once or, when the route has a `begin`, later.
    void serve(const Route& route, ServedPtr served, const std::optional<Error>& bad_parameter,
               Answered answered);
    static net::Response complete(const Route& route, const Served& served, net::Response response);
    void finish(const net::Request& request, std::string_view route, TimestampNs begun,
                net::Response response, const net::Reply& reply);
    void record(const net::Request& request, std::string_view route, TimestampNs begun, int status,
                std::size_t bytes);
    void offload(std::function<void()> work) override {
        net::Server* server = running_.load();
        // The first client may be faster than Server::start() returns.
        for (; server == nullptr; server = running_.load()) std::this_thread::yield();
        server->offload(std::move(work));
    }
    Destination find(const net::Request& request) const override { return router_.find(request); }
    Admission admit(const Caller& caller, const net::Request& request,
                    const Route& route) override {
        return options_.access->admit_caller(caller, request, route);
    }
    void perform(const Destination& destination, net::Request request, Admission admission,
                 Answered answered) override;
    net::Upgrade upgrade(const net::Request& request);
    [[nodiscard]] const Dialect* dialect_of(std::string_view path) const;
    [[nodiscard]] bool is_api(std::string_view path) const {
        return is_own_api(path) || dialect_of(path) != nullptr;
    }
    [[nodiscard]] const Endpoint* endpoint_of(std::string_view path) const;
    [[nodiscard]] net::Response nowhere(const net::Request& request, net::Response refusal) const;
    void collect(Metrics& metrics);

    GatewayOptions options_;
    Cors cors_;
    Router router_;
    const std::vector<std::shared_ptr<const Dialect>> dialects_;
    StaticFiles files_;
    std::shared_ptr<LiveHub> hub_;
    Clock& clock_;
    Metrics& metrics_;
    std::unique_ptr<net::Server> server_;
    std::atomic<net::Server*> running_{nullptr};  // set when requests already arrive
};

const Dialect* GatewayServer::dialect_of(std::string_view path) const {
    for (const auto& dialect : dialects_)
        if (path.starts_with(dialect->prefix)) return dialect.get();
    return nullptr;
}

const Endpoint* GatewayServer::endpoint_of(std::string_view path) const {
    for (const auto& endpoint : options_.endpoints)
        for (const auto& top : endpoint.paths)
            if (is_at_or_below(path, top)) return &endpoint;
    return nullptr;
}

/// There is no route: `refusal` says so in our way.
net::Response GatewayServer::nowhere(const net::Request& request, net::Response refusal) const {
    const Dialect* dialect = dialect_of(request.path);
    if (dialect == nullptr || refusal.status < 400) return refusal;
    auto response = dialect->refuse(
        not_found(refusal.status == 405 ? "method_not_allowed" : "no_such_route",
                  "Path " + request.path + ", Method " + request.method + " is invalid")
            .error,
        request);
    response.status = refusal.status;
    if (const auto allow = refusal.headers.find("allow"))
        response.headers.set("allow", std::string(*allow));
    return response;
}

void GatewayServer::handle(net::Request request, net::Reply reply) {
    const auto begun = clock_.monotonic();
    if (request.path == kLivePath || endpoint_of(request.path) != nullptr) {
        auto response = net::problem_response(426, "upgrade_required", "this path is a WebSocket",
                                              request.path, request.request_id);
        response.headers.set("upgrade", "websocket");
        return finish(request, "websocket", begun, std::move(response), reply);
    }
    if (!is_api(request.path))
        return finish(request, "terminal", begun, files_.answer(request), reply);
    if (cors_.is_foreign_change(request))
        return finish(request, "refused", begun, foreign_page(request), reply);
    if (cors_.is_preflight(request))
        return finish(request, "preflight", begun, Cors::preflight_answer(request), reply);
    auto destination = router_.find(request);
    if (destination.route == nullptr)
        return finish(request, "refused", begun, nowhere(request, std::move(destination.refusal)),
                      reply);
    request.path_params = std::move(destination.path_params);
    const Route& route = *destination.route;
    auto admission = options_.access->admit_at_once(request, route);
    const bool decided = admission.has_value();
    const bool refused = decided && admission->refusal;
    auto answer = [this, &route, begun, admission = std::move(admission),
                   bad_parameter = std::move(destination.bad_parameter),
                   request = std::move(request), reply = std::move(reply)]() mutable {
        if (!admission) admission = options_.access->admit(request, route);
        auto served = std::make_shared<Served>(std::move(request), std::move(*admission));
        serve(route, served, bad_parameter,
              [this, &route, begun, served, reply](net::Response response) {
                  compress_response(served->request, response);
                  finish(served->request, route.path, begun, std::move(response), reply);
              });
    };
    auto* server = running_.load();
    if (server != nullptr && (!decided || (route.blocking && !refused)))
        server->offload(std::move(answer));
    else
        answer();
}

void GatewayServer::perform(const Destination& destination, net::Request request,
                            Admission admission, Answered answered) {
    const auto begun = clock_.monotonic();
    const Route& route = *destination.route;
    auto served = std::make_shared<Served>(std::move(request), std::move(admission));
    serve(route, served, destination.bad_parameter,
          [this, &route, begun, served, answered = std::move(answered)](net::Response response) {
              record(served->request, route.path, begun, response.status, response.text().size());
              answered(std::move(response));
          });
}

void GatewayServer::serve(const Route& route, ServedPtr served,
                          const std::optional<Error>& bad_parameter, Answered answered) {
    const net::Request& request = served->request;
    const Admission& admission = served->admission;
    const auto reply = [&](net::Response response) {
        answered(complete(route, *served, std::move(response)));
    };
    if (admission.refusal) return reply(refusal_of(route, *admission.refusal, request));
    if (bad_parameter) return reply(refusal_of(route, *bad_parameter, request));
    if (route.body && !is_json(request))
        return reply(net::problem_response(415, "unsupported_media_type",
                                           "the body is sent as application/json", "content-type",
                                           request.request_id));
    if (!route.begin) return reply(call_route(route, request, admission.caller));
    const auto once = std::make_shared<Once>(
        [&route, served, answered = std::move(answered)](const Result<net::Response>& response) {
            answered(complete(
                route, *served,
                response ? *response : refusal_of(route, response.error(), served->request)));
        });
    route.begin({served, &served->call},
                [once](Result<net::Response> response) { once->report(std::move(response)); });
}

net::Response GatewayServer::complete(const Route& route, const Served& served,
                                      net::Response response) {
    const Admission& admission = served.admission;
    if (route.history && !admission.refusal && admission.caller.history_from)
        response.headers.set("x-history-since", to_text(*admission.caller.history_from));
    if (route.tagged) tag_response(served.request, response);
    for (const auto& [name, value] : admission.headers) response.headers.set(name, value);
    return response;
}

void GatewayServer::finish(const net::Request& request, std::string_view route, TimestampNs begun,
                           net::Response response, const net::Reply& reply) {
    const bool api = is_api(request.path);
    response.fixed_head =
        security_headers(request.secure, api ? AnswerFor::program : AnswerFor::page);
    if (api && !response.headers.find("cache-control"))
        response.headers.add("cache-control", "no-store");
    if (api) cors_.mark(request, response);
    response.headers.set("x-request-id", request.request_id);
    const int status = response.status;
    const auto bytes = response.text().size();
    reply(std::move(response));
    record(request, route, begun, status, bytes);
}

void GatewayServer::record(const net::Request& request, std::string_view route, TimestampNs begun,
                           int status, std::size_t bytes) {
    const auto taken = clock_.monotonic() - begun;
    const auto code = std::to_string(status);
    metrics_.add("astrolabe_http_requests_total", {{"route", route}, {"status", code}});
    metrics_.observe("astrolabe_http_request_seconds", {{"route", route}},
                     static_cast<double>(taken.value()) * 1e-9);
    if (!options_.log_requests) return;
    log(status >= 500 ? LogLevel::warn : LogLevel::info, "http.request",
        {{"method", request.method},
         {"path", request.path},
         {"route", route},
         {"status", std::int64_t{status}},
         {"bytes", static_cast<std::int64_t>(bytes)},
         {"microseconds", taken.value() / 1000},
         {"remote", request.remote_address},
         {"request_id", request.request_id}});
}

net::Upgrade GatewayServer::upgrade(const net::Request& request) {
    const Endpoint* endpoint = request.path == kLivePath ? nullptr : endpoint_of(request.path);
    if (request.path != kLivePath && endpoint == nullptr) return nullptr;
    // Browsers let any page open a WebSocket anywhere.
    if (!cors_.admits(request)) return foreign_page(request);
    auto connection = options_.access->connect(request);
    if (connection.admission.refusal) {
        auto response = problem_for(*connection.admission.refusal, request);
        for (const auto& [name, value] : connection.admission.headers)
            response.headers.set(name, value);
        return response;
    }
    if (endpoint != nullptr)
        return endpoint->accept(request, {options_.access, std::move(connection)});
    return hub_->accept(options_.access, std::move(connection));
}

void GatewayServer::collect(Metrics& metrics) {
    const auto live = hub_->stats();
    const auto server = server_->stats();
    const auto number = [](std::uint64_t n) { return static_cast<double>(n); };
    metrics.set("astrolabe_websocket_clients", {}, number(live.clients));
    metrics.set("astrolabe_websocket_subscriptions", {}, number(live.subscriptions));
    metrics.set("astrolabe_websocket_events_total", {}, number(live.events_sent));
    metrics.set("astrolabe_websocket_gaps_total", {}, number(live.gaps_sent));
    metrics.set("astrolabe_websocket_refused_total", {}, number(live.messages_refused));
    metrics.set("astrolabe_connections", {}, number(server.connections_open));
    metrics.set("astrolabe_connections_refused_total", {}, number(server.connections_refused));
    metrics.set("astrolabe_sent_bytes_total", {}, number(server.bytes_sent));
}

/// What collectors ask (the store's status, the feed's) may take locks: not on the event loop.
Route metrics_route(Metrics& metrics) {
    return {.path = "/metrics",
            .summary = "Counters, gauges and histograms in Prometheus' text format",
            .answers = {{.content_type = "text/plain"}},
            .handler = [&metrics](const Call&) -> Result<net::Response> {
                net::Response response;
                response.headers.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
                response.body = metrics.text();
                return response;
            }};
}

}  // namespace

void declare_gateway_metrics(Metrics& m) {
    m.declare_counter("astrolabe_http_requests_total", "Requests answered, by route and status.");
    m.declare_histogram("astrolabe_http_request_seconds", "Time to answer a request.",
                        {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5});
    m.declare_gauge("astrolabe_websocket_clients", "Open WebSockets.");
    m.declare_gauge("astrolabe_websocket_subscriptions", "Subscriptions of all WebSockets.");
    m.declare_counter("astrolabe_websocket_events_total", "Events sent to WebSockets.");
    m.declare_counter("astrolabe_websocket_gaps_total", "Gaps told to WebSockets.");
    m.declare_counter("astrolabe_websocket_refused_total", "Messages of WebSockets refused.");
    m.declare_gauge("astrolabe_connections", "Open connections.");
    m.declare_counter("astrolabe_connections_refused_total", "Connections over the limit.");
    m.declare_counter("astrolabe_sent_bytes_total", "Bytes sent.");
}

Result<std::unique_ptr<Gateway>> Gateway::start(GatewayOptions options, std::vector<Route> routes,
                                                std::vector<Channel> channels, Bus& bus,
                                                Clock& clock, Metrics& metrics) {
    ASTRO_TRY(auto files, StaticFiles::load(options.terminal_directory));
    if (!options.access) options.access = make_open_access();
    routes.push_back(metrics_route(metrics));
    const auto& version = options.live.version;
    routes.push_back(document_route("/api/v1/asyncapi.json", "The channels of /ws/live, AsyncAPI 3",
                                    asyncapi_document(channels, version)));
    routes.push_back(document_route("/api/v1/openapi.json", "This API, OpenAPI 3.1", {}));
    routes.back() = document_route(routes.back().path, routes.back().summary,
                                   openapi_document(routes, version));
    for (const auto& route : routes) ASTRO_ASSERT(!route.at_close || route.begin);
    auto gateway = std::make_unique<GatewayServer>(std::move(options), std::move(routes),
                                                   std::move(files), clock, metrics);
    ASTRO_CHECK(gateway->start(bus, std::move(channels)));
    return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace astro::gateway
