#pragma once

#include <memory>
#include <string>
#include <vector>

#include "capabilities/exchange/market_book.hpp"
#include "capabilities/exchange/rows.hpp"
#include "capabilities/exchange/service.hpp"
#include "capabilities/exchange/trading.hpp"
#include "foundation/base/clock.hpp"
#include "server/gateway/metrics.hpp"
#include "server/gateway/route.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// What /api/v1/status says of the venue.
struct VenueStatus {
    exchange::ServiceStatus service;
    exchange::RowsStatus rows;
};
BOOST_DESCRIBE_STRUCT(VenueStatus, (), (service, rows))

/// The exchange capability as the program runs it: its journal, its rows, its markets.
class VenuePart {
  public:
    /// Recovers. `store`, migrated, `bus`, `clock` and the listeners, which hear of what is applied
    /// after the rows, outlive it, and so does the book of jobs; `folder` is the data directory.
    /// `audit` keeps who changes a market. `heard_from`: what the listeners have to hear again.
    [[nodiscard]] static Result<std::unique_ptr<VenuePart>> make(
        const Settings& settings, const std::string& folder, store::Store& store, Bus& bus,
        Clock& clock, JobBook& jobs, exchange::Audit audit,
        std::vector<exchange::Listener*> listeners,
        journal::Sequence heard_from = exchange::kHeardAll);
    virtual ~VenuePart() = default;
    [[nodiscard]] virtual exchange::Service& service() = 0;
    [[nodiscard]] virtual exchange::Desk& desk() = 0;
    [[nodiscard]] virtual exchange::MarketBook& markets() = 0;
    [[nodiscard]] virtual exchange::Rows& rows() = 0;
    [[nodiscard]] virtual std::vector<gateway::Route> routes() = 0;
    [[nodiscard]] virtual std::vector<gateway::Channel> channels() = 0;
    [[nodiscard]] virtual VenueStatus status() const = 0;
    virtual void collect(gateway::Metrics& metrics) const = 0;
    /// Writes into the book of jobs what has happened since the last call. Called often.
    virtual void note_jobs() = 0;
    /// Once the program runs: a start that is refused says why in one line, and nothing else.
    virtual void log_recovery() const = 0;
    /// After the gateway has stopped and before it is destroyed: applies and keeps what was taken,
    /// answers it, then writes the rows. Idempotent.
    virtual void stop() = 0;
};

void declare_venue_metrics(gateway::Metrics& metrics);

/// Where the venue's journal and snapshots are: exchange.directory, or "venue" in the data folder.
[[nodiscard]] std::string venue_directory(const Settings& settings, const std::string& folder);

}  // namespace astro::node
