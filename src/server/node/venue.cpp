#include "server/node/venue.hpp"

#include <algorithm>

#include "capabilities/exchange/api.hpp"
#include "server/gateway/log.hpp"

namespace astro::node {
namespace {

exchange::RowsRetention retention_of(const Settings& settings) {
    return {.history_days = settings.integer("exchange.history_days"),
            .untraded_hours = settings.integer("exchange.untraded_hours"),
            .trades_days = settings.integer("exchange.trades_days"),
            .seconds_hours = settings.integer("exchange.candle_seconds_hours"),
            .minutes_days = settings.integer("exchange.candle_minutes_days"),
            .equity_days = settings.integer("exchange.equity_days"),
            .equity_minutes = settings.integer("exchange.equity_minutes")};
}

class Part final : public VenuePart {
  public:
    Part(store::Store& store, const Clock& clock, const exchange::Audit& audit,
         std::int64_t halt_persons, std::unique_ptr<exchange::Rows> rows,
         std::unique_ptr<exchange::Trading> trading, JobEntry& snapshots)
        : rows_(std::move(rows)),
          markets_(audit),
          halt_persons_(halt_persons),
          requests_(store, markets_, clock, audit, halt_persons),
          trading_(std::move(trading)),
          snapshots_(snapshots) {}
    ~Part() override { stop(); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    Result<void> open(const exchange::ServiceOptions& options, const Clock& clock,
                      std::vector<exchange::Listener*> listeners);

    exchange::Service& service() override { return *service_; }
    exchange::Desk& desk() override { return trading_->desk(); }
    exchange::MarketBook& markets() override { return markets_; }
    exchange::Rows& rows() override { return *rows_; }
    std::vector<gateway::Route> routes() override {
        auto out = exchange::exchange_routes(markets_, halt_persons_);
        for (auto& route : exchange::state_request_routes(requests_))
            out.push_back(std::move(route));
        for (auto& route : trading_->routes()) out.push_back(std::move(route));
        return out;
    }
    std::vector<gateway::Channel> channels() override { return trading_->channels(); }
    VenueStatus status() const override { return {service_->status(), rows_->status()}; }
    void collect(gateway::Metrics& metrics) const override;
    void note_jobs() override;
    void log_recovery() const override;
    void stop() override {
        rows_->begin_stop();
        if (service_) service_->stop();
        trading_->stop();
        rows_->stop();
    }

  private:
    std::unique_ptr<exchange::Rows> rows_;
    exchange::MarketBook markets_;
    const std::int64_t halt_persons_;
    exchange::StateRequests requests_;
    std::unique_ptr<exchange::Trading> trading_;
    std::unique_ptr<exchange::Service> service_;
    JobEntry& snapshots_;
    journal::Sequence noted_snapshot_{};
    std::string noted_trouble_;
};

Result<void> Part::open(const exchange::ServiceOptions& options, const Clock& clock,
                        std::vector<exchange::Listener*> listeners) {
    listeners.insert(listeners.begin(), {rows_.get(), &markets_});
    for (exchange::Listener* listener : trading_->listeners()) listeners.push_back(listener);
    ASTRO_TRY(service_, exchange::Service::open(options, clock, std::move(listeners)));
    noted_snapshot_ = service_->status().snapshot;  // of an earlier run
    markets_.attach(*service_);
    trading_->attach(*service_);
    return {};
}

/// The service makes snapshots beside its work and tells only which is the newest.
void Part::note_jobs() {
    const auto status = service_->status();
    if (status.snapshot > noted_snapshot_) snapshots_.note({});
    if (!status.snapshot_trouble.empty() && status.snapshot_trouble != noted_trouble_)
        snapshots_.note(unavailable("snapshot", status.snapshot_trouble));
    noted_snapshot_ = status.snapshot;
    noted_trouble_ = status.snapshot_trouble;
}

void Part::log_recovery() const {
    const auto status = service_->status();
    gateway::log(gateway::LogLevel::info, "exchange.recovered",
                 {{"sequence", static_cast<std::int64_t>(status.sequence.value())},
                  {"commands", static_cast<std::int64_t>(status.recovered_commands)}});
    // Nothing of it had been acknowledged, but somebody may have waited.
    if (status.cut_bytes > 0)
        gateway::log(gateway::LogLevel::warn, "exchange.journal_cut",
                     {{"bytes", static_cast<std::int64_t>(status.cut_bytes)}});
    if (!status.snapshot_trouble.empty())
        gateway::log(gateway::LogLevel::warn, "exchange.snapshot",
                     {{"why", std::string_view(status.snapshot_trouble)}});
}

void Part::collect(gateway::Metrics& metrics) const {
    const VenueStatus now = status();
    const auto set = [&](std::string_view name, auto value) {
        metrics.set(name, {}, static_cast<double>(value));
    };
    set("astrolabe_exchange_sequence", now.service.sequence.value());
    set("astrolabe_exchange_commands_total", now.service.commands);
    set("astrolabe_exchange_refused_total", now.service.refused);
    set("astrolabe_exchange_groups_total", now.service.groups);
    set("astrolabe_exchange_group_size", now.service.group_size);
    set("astrolabe_exchange_sync_us_total", now.service.sync_us_total);
    set("astrolabe_exchange_apply_us_total", now.service.apply_us_total);
    set("astrolabe_exchange_waiting", now.service.waiting);
    set("astrolabe_exchange_stopped", now.service.trouble.empty() ? 0 : 1);
    set("astrolabe_exchange_rows_waiting", now.rows.waiting);
    set("astrolabe_exchange_rows_written_total", now.rows.rows);
    set("astrolabe_exchange_rows_commit_ms", now.rows.last_commit_ms);
}

}  // namespace

void declare_venue_metrics(gateway::Metrics& metrics) {
    metrics.declare_gauge("astrolabe_exchange_sequence",
                          "Journal sequence of the command that was applied last.");
    metrics.declare_counter("astrolabe_exchange_commands_total", "Commands applied by this run.");
    metrics.declare_counter("astrolabe_exchange_refused_total",
                            "Of them, those that the venue refused.");
    metrics.declare_counter("astrolabe_exchange_groups_total",
                            "Groups of commands that became durable together.");
    metrics.declare_gauge("astrolabe_exchange_group_size", "Commands of the last group.");
    metrics.declare_counter("astrolabe_exchange_sync_us_total",
                            "Time in which groups were written and synced, microseconds.");
    metrics.declare_counter("astrolabe_exchange_apply_us_total",
                            "Time in which groups were applied, microseconds.");
    metrics.declare_gauge("astrolabe_exchange_waiting",
                          "Commands that wait to become durable, or to be applied.");
    metrics.declare_gauge("astrolabe_exchange_stopped",
                          "1 when the journal cannot be written and nothing more is taken.");
    metrics.declare_gauge("astrolabe_exchange_rows_waiting",
                          "Commands whose rows are not in the store yet.");
    metrics.declare_counter("astrolabe_exchange_rows_written_total",
                            "Rows written to the store by this run.");
    metrics.declare_gauge("astrolabe_exchange_rows_commit_ms",
                          "Duration of the last commit of rows, milliseconds.");
}

std::string venue_directory(const Settings& settings, const std::string& folder) {
    const std::string& configured = settings.text("exchange.directory");
    if (!configured.empty()) return configured;
    return folder + (folder.ends_with('/') ? "venue" : "/venue");
}

Result<std::unique_ptr<VenuePart>> VenuePart::make(const Settings& settings,
                                                   const std::string& folder, store::Store& store,
                                                   Bus& bus, Clock& clock, JobBook& jobs,
                                                   exchange::Audit audit,
                                                   std::vector<exchange::Listener*> listeners,
                                                   journal::Sequence heard_from) {
    JobEntry& pruning = jobs.add("exchange.history_retention",
                                 "Forgets history, trades, candles and equity samples that are "
                                 "older than the settings keep",
                                 "every 32 commits of rows");
    ASTRO_TRY(auto rows, exchange::Rows::open(store, clock, retention_of(settings), &pruning));
    exchange::ServiceOptions options;
    options.directory = venue_directory(settings, folder);
    options.venue = settings.text("exchange.venue");
    ASTRO_TRY(options.markets, exchange::first_markets(store));
    const auto size = [&](std::string_view name) {
        return static_cast<std::uint64_t>(settings.integer(name));
    };
    options.segment_bytes = size("exchange.segment_mb") << 20;
    options.snapshot_every = size("exchange.snapshot_every");
    options.waiting_max = size("exchange.waiting_max");
    options.tick_ms = settings.integer("exchange.tick_ms");
    ASTRO_TRY(auto margin_alerts,
              exchange::parse_margin_thresholds(settings.text("exchange.margin_alerts")));
    ASTRO_TRY(auto trading, exchange::Trading::open(store, bus, clock,
                                                    {.is_paper = options.venue == "paper",
                                                     .audit = audit,
                                                     .margin_alerts = std::move(margin_alerts)}));
    options.heard_from = std::min({rows->wanted_from(), trading->wanted_from(), heard_from});
    JobEntry& snapshots =
        jobs.add("exchange.snapshot", "Keeps the venue's state, so that recovery begins there",
                 options.snapshot_every == 0
                     ? std::string("when the program stops")
                     : "every " + std::to_string(options.snapshot_every) + " commands");
    auto part =
        std::make_unique<Part>(store, clock, audit, settings.integer("exchange.halt_persons"),
                               std::move(rows), std::move(trading), snapshots);
    ASTRO_CHECK(part->open(options, clock, std::move(listeners)));
    return std::unique_ptr<VenuePart>(std::move(part));
}

}  // namespace astro::node
