#include "server/node/node.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <thread>
#include <utility>

#include "capabilities/exchange/market_data.hpp"
#include "capabilities/exchange/tables.hpp"
#include "capabilities/governance/api.hpp"
#include "capabilities/identity/rows.hpp"
#include "capabilities/mev/module.hpp"
#include "foundation/base/json.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/store/store.hpp"
#include "server/dialects/binance/module.hpp"
#include "server/feeds/feed.hpp"
#include "server/gateway/cors.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/log.hpp"
#include "server/node/counted_jobs.hpp"
#include "server/node/data_directory.hpp"
#include "server/node/fix.hpp"
#include "server/node/identity.hpp"
#include "server/node/market.hpp"
#include "server/node/pipeline.hpp"
#include "server/node/simulated_traders.hpp"
#include "server/node/status.hpp"
#include "server/node/system.hpp"
#include "server/node/venue.hpp"
#include "server/node/wallets.hpp"

namespace astro::node {
namespace {

constexpr std::string_view kFeedStream = "feed.status";
constexpr DurationNs kFeedStatusEvery = seconds(1);

Result<void> check_url(const std::string& url, std::string_view setting) {
    const auto parsed = net::parse_url(url);
    if (parsed) return {};
    return refusal(parsed.error().code, "'" + url + "' is no address: " + parsed.error().message,
                   std::string(setting));
}

Result<std::unique_ptr<feeds::Feed>> make_feed(const Settings& settings, Clock& clock) {
    const std::string& mode = settings.text("feed.mode");
    if (mode != "live") {
        if (mode == "replay" && settings.text("feed.directory").empty())
            return refusal("no_blocks", "replay needs a folder of block files: --dir DIR",
                           "feed.directory");
        return feeds::make_replay_feed(
            {.directory = settings.text("feed.directory"),
             .demo = mode == "demo",
             .slot_ms = static_cast<int>(settings.integer("feed.slot_ms")),
             .loop = settings.flag("feed.loop"),
             .seed = static_cast<std::uint64_t>(settings.integer("feed.seed"))},
            clock);
    }
    if (settings.list("feed.rpc").empty())
        return refusal("no_node", "live needs the JSON-RPC address of a node: --rpc https://…",
                       "feed.rpc");
    for (const auto& url : settings.list("feed.rpc")) ASTRO_CHECK(check_url(url, "feed.rpc"));
    if (const auto& url = settings.text("feed.websocket"); !url.empty())
        ASTRO_CHECK(check_url(url, "feed.websocket"));
    feeds::LiveOptions options;
    options.rpc_urls = settings.list("feed.rpc");
    options.websocket_url = settings.text("feed.websocket");
    options.expected_genesis_hash = settings.text("feed.genesis");
    options.commitment = settings.text("feed.commitment");
    options.backfill_slots_max =
        static_cast<std::uint64_t>(settings.integer("feed.backfill_slots_max"));
    options.seed = static_cast<std::uint64_t>(settings.integer("feed.seed"));
    return feeds::make_live_feed(std::move(options), clock);
}

/// The built terminal: as configured, else beside the program or in the checkout it was built in.
std::string terminal_directory(const Settings& settings) {
    if (!settings.text("server.terminal").empty()) return settings.text("server.terminal");
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    for (auto folder = program.parent_path(); !error && folder.has_relative_path();
         folder = folder.parent_path())
        if (const auto found = folder / "web" / "dist";
            std::filesystem::exists(found / "index.html", error))
            return found.string();
    return "web/dist";
}

mev::ModuleOptions module_options(const Settings& settings, JobBook& jobs) {
    mev::ModuleOptions options;
    options.pruning = &jobs.add("mev.retention",
                                "Forgets findings, swaps and slots that are older than the "
                                "settings keep, or too many",
                                "every 64 commits of blocks");
    options.retention.hours = settings.integer("data.retention_hours");
    options.detector.opportunities = settings.flag("mev.price_gaps");
    options.detector.sandwich.slots_apart_max =
        static_cast<std::uint64_t>(settings.integer("mev.sandwich_slots_max"));
    return options;
}

exchange::TapeOptions tape_options(const Settings& settings) {
    exchange::TapeOptions options;
    options.simulated = settings.text("exchange.venue") == "paper";
    options.book_every = milliseconds(settings.integer("exchange.book_ms"));
    options.price_every = options.candle_every =
        milliseconds(settings.integer("exchange.ticker_ms"));
    return options;
}

void set_limits(net::ServerLimits& limits, const Settings& settings) {
    const auto size = [&](std::string_view name) {
        return static_cast<std::size_t>(settings.integer(name));
    };
    const auto time = [&](std::string_view name) {
        return static_cast<int>(settings.integer(name));
    };
    limits.header_bytes = size("server.header_bytes_max");
    limits.body_bytes = size("server.body_bytes_max");
    limits.connections = size("server.connections_max");
    limits.header_seconds = time("server.header_seconds");
    limits.body_seconds = time("server.body_seconds");
    limits.idle_seconds = time("server.idle_seconds");
    limits.websocket_message_bytes = size("server.websocket_message_bytes_max");
    limits.websocket_queue_messages = size("server.websocket_queue_messages");
    limits.websocket_queue_bytes = size("server.websocket_queue_bytes");
    limits.websocket_ping_seconds = time("server.websocket_ping_seconds");
}

Result<gateway::GatewayOptions> gateway_options(const Settings& settings) {
    ASTRO_TRY(const ListenAddress listen, parse_listen(settings.text("server.listen")));
    gateway::GatewayOptions options;
    options.server.address = listen.address;
    options.server.port = listen.port;
    options.server.workers = static_cast<unsigned>(settings.integer("server.workers"));
    options.server.offload_threads =
        static_cast<unsigned>(settings.integer("server.offload_threads"));
    options.server.tls_certificate_file = settings.text("server.tls_certificate");
    options.server.tls_key_file = settings.text("server.tls_key");
    options.server.tls12 = settings.flag("http.tls12");
    options.cors = settings.list("http.cors");
    for (const auto& origin : options.cors)
        if (const auto checked = gateway::check_origin(origin); !checked)
            return refusal("bad_configuration", checked.error().message, "http.cors");
    set_limits(options.server.limits, settings);
    options.live.version = ASTRO_VERSION;
    options.terminal_directory = terminal_directory(settings);
    return options;
}

bool is_ip_address(std::string_view text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const std::string without_scope(text.substr(0, text.find('%')));
    return text.find('\0') == std::string_view::npos &&
           ::inet_pton(family, without_scope.c_str(), bytes.data()) == 1;
}

class Program final : public Node {
  public:
    explicit Program(Clock& clock) : clock_(clock), started_(clock.now()) {}
    ~Program() override { stop(); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    Result<void> start_parts(const Settings& settings);
    std::string address() const override { return address_; }
    std::string admin_link() const override { return admin_link_; }
    void reload() override { refresh_tls(true); }
    void stop() override;

  private:
    Result<void> open_store(const Settings& settings);
    Result<void> open_gateway(const Settings& settings);
    Result<void> open_identity(const Settings& settings);
    Result<void> open_venue(const Settings& settings);
    Result<void> start_fix();
    Result<void> start_traders(const Settings& settings);
    void collect(gateway::Metrics& metrics) const;
    void publish_feed_status();
    void run_jobs();
    void refresh_tls(bool always);

    // In the order of construction; destroyed the other way round.
    Clock& clock_;
    const TimestampNs started_;
    JobBook jobs_{clock_};
    std::unique_ptr<DataDirectory> data_;
    gateway::Metrics metrics_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Bus> bus_;
    std::unique_ptr<mev::Module> mev_;
    std::unique_ptr<exchange::MarketData> market_data_;
    std::unique_ptr<MarketPart> market_;
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<feeds::Feed> feed_;
    std::unique_ptr<IdentityPart> identity_;
    std::unique_ptr<WalletsPart> wallets_;
    std::unique_ptr<exchange::Listener> proposals_;
    std::unique_ptr<binance::Module> binance_;
    std::unique_ptr<fix::Module> fix_;  ///< none: it is off
    std::unique_ptr<VenuePart> venue_;
    std::unique_ptr<gateway::Gateway> gateway_;
    std::unique_ptr<SimulatedTraders> traders_;
    std::atomic<const SimulatedTraders*> shown_traders_ = nullptr;  ///< once they are there
    std::unique_ptr<CountedJobs> counted_jobs_;
    std::jthread status_thread_;
    std::string address_, admin_link_;
    bool stopped_ = false;
};

Result<void> Program::open_store(const Settings& settings) {
    ASTRO_TRY(DataDirectory data, DataDirectory::open(settings.text("data.directory")));
    data_ = std::make_unique<DataDirectory>(std::move(data));
    store::SqliteOptions options{.path = data_->file("astrolabe.db")};
    if (settings.text("data.synchronous") == "full")
        options.durability = store::Durability::power_loss;
    ASTRO_TRY(store_, store::open_sqlite(std::move(options)));
    auto migrations = mev::migrations();
    for (auto& migration : identity::migrations()) migrations.push_back(std::move(migration));
    for (auto& migration : exchange::migrations()) migrations.push_back(std::move(migration));
    for (auto& migration : market::migrations()) migrations.push_back(std::move(migration));
    for (auto& migration : wallets::migrations()) migrations.push_back(std::move(migration));
    ASTRO_CHECK(store_->migrate(migrations));
    bus_ = make_bus();
    // Few are published, so that counting on from the millisecond of the start gives out no seq of
    // an earlier run.
    const auto first_seq = static_cast<std::uint64_t>(started_.value() / milliseconds(1).value());
    bus_->declare(std::string(kFeedStream), 16, first_seq);
    bus_->declare(std::string(governance::kProposalStream), 256, first_seq);
    ASTRO_TRY(mev_, mev::Module::make(module_options(settings, jobs_), *bus_, *store_, clock_));
    return {};
}

/// Pages stand at localhost where the program listens there, since passkeys know no bare address.
std::string page_address(const Settings& settings, const ListenAddress& listen) {
    const bool local = listen.address == "127.0.0.1" || listen.address == "::1";
    const bool tls = !settings.text("server.tls_certificate").empty();
    const bool bracketed = listen.address.find(':') != std::string::npos;
    const std::string host = local       ? "localhost"
                             : bracketed ? "[" + listen.address + "]"
                                         : listen.address;
    // Which port "any" becomes is known only later; such a server is for tests and for proxies.
    const std::string port = listen.port == 0 ? "" : ":" + std::to_string(listen.port);
    return (tls ? "https://" : "http://") + host + port;
}

Result<void> Program::open_identity(const Settings& settings) {
    ASTRO_TRY(const ListenAddress listen, parse_listen(settings.text("server.listen")));
    ASTRO_TRY(identity_,
              IdentityPart::make(settings, data_->file(""), page_address(settings, listen), *store_,
                                 clock_, nullptr, &jobs_));
    ASTRO_CHECK(identity_->master_key().finish(identity_->service(), clock_.now()));
    ASTRO_TRY(admin_link_, identity_->admin_link());
    wallets_ = std::make_unique<WalletsPart>(*store_, clock_, identity_->service());
    return {};
}

Result<void> Program::open_venue(const Settings& settings) {
    const auto audit = [this](const exchange::VenueChange& change) {
        return identity_->service().act({.action = change.action,
                                         .actor = change.actor,
                                         .subject = change.subject,
                                         .detail = change.detail,
                                         .personal_of = {},
                                         .caller = {}},
                                        [](store::Writer&) { return Result<void>(); });
    };
    proposals_ = governance::make_publisher(*bus_);
    binance_ = std::make_unique<binance::Module>(clock_);
    ASTRO_TRY(fix_, open_fix(settings, data_->file("fix.db"), clock_));
    std::vector<exchange::Listener*> listeners{&market_data_->listener(), proposals_.get(),
                                               &binance_->listener()};
    if (fix_) listeners.push_back(&fix_->listener());
    ASTRO_TRY(venue_, VenuePart::make(settings, data_->file(""), *store_, *bus_, clock_, jobs_,
                                      audit, std::move(listeners),
                                      fix_ ? fix_->wanted_from() : exchange::kHeardAll));
    market_data_->begin(venue_->service());
    binance_->attach({venue_->desk(), market_data_->tape(), market_->series(), clock_}, *bus_);
    return {};
}

Result<void> Program::start_fix() {
    if (!fix_) return {};
    ASTRO_CHECK(fix_->attach({venue_->desk(), market_data_->tape(), *bus_, clock_,
                              identity_->access(), logon_check(*identity_)}));
    gateway::log(gateway::LogLevel::info, "fix.listening", {{"port", std::int64_t{fix_->port()}}});
    return {};
}

/// What must not stop the program is told in its log.
void Program::run_jobs() {
    if (const auto done = identity_->run_jobs(); !done)
        gateway::log(gateway::LogLevel::error, "identity.jobs_failed",
                     {{"why", done.error().text()}});
}

Result<void> Program::open_gateway(const Settings& settings) {
    gateway::declare_gateway_metrics(metrics_);
    declare_pipeline_metrics(metrics_);
    declare_venue_metrics(metrics_);
    binance::Module::declare(metrics_);
    metrics_.declare_gauge("astrolabe_feed_slot",
                           "Newest slot delivered, and newest announced by the source.");
    metrics_.declare_gauge("astrolabe_feed_slots_lost", "Slots of gaps that were not filled.");
    metrics_.declare_gauge("astrolabe_store_commit_ms",
                           "Duration of the last commit, milliseconds.");
    metrics_.declare_gauge("astrolabe_store_queued_blocks",
                           "Blocks whose rows wait to be committed.");
    metrics_.declare_counter("astrolabe_endpoint_calls_total",
                             "Calls of a node's RPC, by outcome.");
    metrics_.on_collect([this](gateway::Metrics& metrics) { collect(metrics); });

    auto routes = mev_->routes();
    for (auto& route : status_routes(*feed_, *mev_, *venue_, *bus_, clock_, started_))
        routes.push_back(std::move(route));
    for (auto& route : system_routes({.folder = data_->file(""),
                                      .venue = venue_directory(settings, data_->file("")),
                                      .started = started_,
                                      .roles = roles_of(settings)},
                                     clock_, jobs_))
        routes.push_back(std::move(route));
    for (auto& route : identity_->routes()) routes.push_back(std::move(route));
    for (auto& route : wallets_->routes()) routes.push_back(std::move(route));
    for (auto& route : venue_->routes()) routes.push_back(std::move(route));
    for (auto& route : market_->routes()) routes.push_back(std::move(route));
    for (auto& route : governance::governance_routes(venue_->desk()))
        routes.push_back(std::move(route));
    routes.push_back(simulated_route([this] {
        const auto* traders = shown_traders_.load();
        return traders == nullptr ? std::vector<SimulatedTrader>{} : traders->status();
    }));
    for (auto& route : market_data_->routes(venue_->service())) routes.push_back(std::move(route));
    for (auto& route : binance_->routes()) routes.push_back(std::move(route));
    auto channels = mev_->channels();
    for (auto& channel : market_->channels()) channels.push_back(std::move(channel));
    for (auto& channel : venue_->channels()) channels.push_back(std::move(channel));
    for (auto& channel : market_data_->channels()) channels.push_back(std::move(channel));
    channels.push_back(governance::proposal_channel());
    channels.push_back({.stream = std::string(kFeedStream),
                        .summary = "The feed part of /api/v1/status, on change",
                        .data = json_document<feeds::FeedStatus>()});
    ASTRO_TRY(gateway::GatewayOptions options, gateway_options(settings));
    options.access = identity_->access();
    options.endpoints.push_back(binance_->endpoint());
    const std::string scheme = options.server.tls_certificate_file.empty() ? "http://" : "https://";
    const std::string host = options.server.address;
    ASTRO_TRY(gateway_, gateway::Gateway::start(std::move(options), std::move(routes),
                                                std::move(channels), *bus_, clock_, metrics_));
    const bool bracketed = host.find(':') != std::string::npos;
    address_ =
        scheme + (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(gateway_->port());
    return {};
}

/// Where this server's own programs reach it: they know no certificate of ours.
Result<std::string> own_url(const Settings& settings, std::uint16_t port) {
    if (!settings.text("server.tls_certificate").empty())
        return unavailable("traders_need_plain_http",
                           "simulated traders are not started on a server with TLS");
    ASTRO_TRY(const ListenAddress listen, parse_listen(settings.text("server.listen")));
    const bool any = listen.address == "0.0.0.0" || listen.address == "::";
    std::string host = any ? "127.0.0.1" : listen.address;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(port);
}

/// The demo is none without a living venue, but a server without one is a server.
Result<void> Program::start_traders(const Settings& settings) {
    const std::string& wanted = settings.text("exchange.simulated_traders");
    const bool paper = settings.text("exchange.venue") == "paper";
    const bool demo = settings.text("feed.mode") == "demo" && market_feed(settings) == "demo";
    if (wanted == "off" || (wanted == "auto" && !(paper && demo))) return {};
    if (!paper)
        return refusal("bad_configuration", "simulated traders trade play money only",
                       "exchange.simulated_traders");
    SimulatedTradersOptions options;
    ASTRO_TRY(options.url, own_url(settings, gateway_->port()));
    std::error_code error;
    options.program = std::filesystem::read_symlink("/proc/self/exe", error).string();
    options.folder = data_->file("simulated");
    options.seed = static_cast<std::uint64_t>(settings.integer("feed.seed"));
    const auto priced = settings.list("market.assets");
    const auto markets = venue_->markets().all();
    for (const auto& market : *markets)
        if (std::ranges::count(priced, market.base_asset) > 0)
            options.markets.push_back(market.symbol);
    ASTRO_TRY(traders_, SimulatedTraders::start(std::move(options), identity_->service(), clock_));
    shown_traders_ = traders_.get();
    return {};
}

Result<void> Program::start_parts(const Settings& settings) {
    ASTRO_CHECK(open_store(settings));
    ASTRO_TRY(feed_, make_feed(settings, clock_));
    ASTRO_TRY(market_data_,
              exchange::MarketData::open(*bus_, *store_, clock_, tape_options(settings)));
    ASTRO_TRY(market_,
              MarketPart::make(settings, *store_, market_data_->tape(), *bus_, clock_, jobs_));
    pipeline_ = std::make_unique<Pipeline>(
        *mev_, *market_, metrics_, settings.text("feed.mode") == "live" ? "live" : "replay");
    ASTRO_CHECK(open_identity(settings));
    ASTRO_CHECK(open_venue(settings));
    ASTRO_CHECK(open_gateway(settings));
    ASTRO_CHECK(start_fix());
    market_->module().start(&venue_->service());
    ASTRO_CHECK(feed_->start(*pipeline_, *pipeline_));
    if (const auto started = start_traders(settings); !started) {
        if (started.error().kind == ErrorKind::refusal) return started;
        gateway::log(gateway::LogLevel::warn, "simulated.not_started",
                     {{"why", started.error().text()}});
    }
    venue_->log_recovery();
    counted_jobs_ = std::make_unique<CountedJobs>(jobs_, *feed_, *bus_, market_data_->tape());
    status_thread_ = std::jthread([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            publish_feed_status();
            run_jobs();
            venue_->note_jobs();
            counted_jobs_->note();
            refresh_tls(false);
            clock_.sleep(kFeedStatusEvery);
        }
    });
    return {};
}

/// Certificates are renewed while the program runs: by whoever writes the files, perhaps in two
/// steps, so what does not fit is said and tried again when the files change again.
void Program::refresh_tls(bool always) {
    const auto refreshed = gateway_->refresh_tls(always);
    if (!refreshed)
        gateway::log(gateway::LogLevel::error, "tls.refused", {{"why", refreshed.error().text()}});
    else if (*refreshed)
        gateway::log(gateway::LogLevel::info, "tls.renewed", {});
}

/// Publishes only what differs from the last one.
void Program::publish_feed_status() {
    static constexpr std::string_view kType = "feed.status";
    const std::string now = to_json(feed_->status());
    const auto last = bus_->newest(kFeedStream, 1);
    if (!last.empty() && last.back()->payload == now) return;
    bus_->publish(kFeedStream, clock_.now(), std::string(kType), now, {});
}

void Program::collect(gateway::Metrics& metrics) const {
    venue_->collect(metrics);
    binance_->collect(metrics);
    const feeds::FeedStatus feed = feed_->status();
    const mev::ModuleStatus store = mev_->status();
    metrics.set("astrolabe_feed_slot", {{"which", "delivered"}},
                static_cast<double>(feed.slot.value()));
    metrics.set("astrolabe_feed_slot", {{"which", "announced"}},
                static_cast<double>(feed.tip_slot.value()));
    metrics.set("astrolabe_feed_slots_lost", {}, static_cast<double>(feed.slots_lost));
    metrics.set("astrolabe_store_commit_ms", {}, store.last_commit_ms);
    metrics.set("astrolabe_store_queued_blocks", {}, static_cast<double>(store.queued_blocks));
    for (const auto& endpoint : feed.endpoints) {
        const auto set = [&](std::string_view outcome, std::uint64_t n) {
            metrics.set("astrolabe_endpoint_calls_total",
                        {{"endpoint", endpoint.url}, {"outcome", outcome}}, static_cast<double>(n));
        };
        set("failed", endpoint.failures);
        set("rate_limited", endpoint.rate_limited);
        set("answered", endpoint.calls - std::min(endpoint.calls, endpoint.failures));
    }
}

void Program::stop() {
    if (std::exchange(stopped_, true)) return;
    clock_.interrupt();
    if (status_thread_.joinable()) {
        status_thread_.request_stop();
        status_thread_.join();
    }
    if (traders_) traders_->stop();
    if (feed_) feed_->stop();
    if (market_) market_->stop();
    if (gateway_) gateway_->stop();
    if (venue_) venue_->stop();
    if (fix_) fix_->stop();
    if (binance_) binance_->stop();
    if (market_data_) market_data_->stop();
    if (mev_) mev_->stop();
}

}  // namespace

Result<std::unique_ptr<Node>> Node::start(const Settings& settings, Clock& clock) {
    auto program = std::make_unique<Program>(clock);
    ASTRO_CHECK(program->start_parts(settings));
    return std::unique_ptr<Node>(std::move(program));
}

Result<ListenAddress> parse_listen(std::string_view text) {
    const auto refused = [&] {
        return refusal(
            "bad_listen",
            "needs an IP address and a port such as 127.0.0.1:8080 or [::1]:8080, not '" +
                std::string(text) + "'",
            "server.listen");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return refused();
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return refused();
    std::string_view address = text.substr(0, colon);
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    if (bracketed) address = address.substr(1, address.size() - 2);
    // Without brackets an IPv6 address and its port could not be told apart.
    if (!is_ip_address(address, bracketed ? AF_INET6 : AF_INET)) return refused();
    return ListenAddress{std::string(address), port};
}

}  // namespace astro::node
