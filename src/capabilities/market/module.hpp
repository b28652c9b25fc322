#pragma once

#include <memory>
#include <string>
#include <vector>

#include "capabilities/exchange/service.hpp"
#include "capabilities/market/backfill.hpp"
#include "capabilities/market/engine/pool_prices.hpp"
#include "capabilities/market/engine/price_board.hpp"
#include "capabilities/market/figures.hpp"
#include "capabilities/market/pool_series.hpp"
#include "capabilities/market/series_tape.hpp"
#include "capabilities/market/sources/source.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/bus/bus.hpp"
#include "server/gateway/route.hpp"

/// The capability's face toward the server: sources go in, prices come out, to the venue, to
/// clients, to whoever follows the stream.
namespace astro::market {

struct ModuleOptions {
    std::vector<AssetRules> assets{};
    std::vector<PoolAsset> pools{};           ///< what the source "pools" looks for in blocks
    DurationNs interval = milliseconds(200);  ///< between prices of an asset, at least
    DurationNs heartbeat = seconds(1);        ///< and at most, though nothing has changed
    std::size_t retained = 500;               ///< prices of the channel, for snapshot and resume
    SeriesTape* series = nullptr;             ///< takes the sources' trades; outlives the module
    std::size_t pool_series_max = 50;         ///< pools that have a series of their own
    FigureSampler* figures = nullptr;         ///< of the venue's markets; outlives the module
    Backfill* backfill = nullptr;             ///< runs with the module, and outlives it
};

/// A price as it goes over the stream: the whole explanation is at /api/v1/market/prices.
struct PriceTick {
    std::string asset{};
    Price index{}, confidence{}, reference{};
    std::optional<Price> average{};
    TimestampNs published{}, time{};
    bool sources_suffice = false;
    PriceLabel label = PriceLabel::live;
    std::vector<std::string> sources{};  ///< that the index is made of
};
BOOST_DESCRIBE_STRUCT(PriceTick, (),
                      (asset, index, confidence, reference, average, published, time,
                       sources_suffice, label, sources))

/// A source, with what of it was set aside.
struct SourceHealth {
    SourceStatus status{};
    std::uint64_t not_wanted = 0, not_positive = 0, late = 0, duplicate = 0, from_future = 0;
};
BOOST_DESCRIBE_STRUCT(SourceHealth, (),
                      (status, not_wanted, not_positive, late, duplicate, from_future))

struct VenueFeedStatus {
    std::uint64_t submitted = 0;  ///< prices that were given to the venue
    std::uint64_t refused = 0;    ///< of them, by the venue
    std::uint64_t failed = 0;     ///< could not be made durable, or the venue was busy
    std::string detail{};         ///< of the last that was refused or failed
};
BOOST_DESCRIBE_STRUCT(VenueFeedStatus, (), (submitted, refused, failed, detail))

/// Thread-safe, but for start() and stop().
class Module {
  public:
    /// Declares the stream on the bus.
    static std::unique_ptr<Module> make(ModuleOptions options,
                                        std::vector<std::unique_ptr<Source>> sources, Bus& bus,
                                        Clock& clock);
    virtual ~Module() = default;

    /// `venue` outlives the module's running; null: prices are shown only.
    virtual void start(exchange::Service* venue) = 0;
    virtual void stop() = 0;  ///< idempotent

    /// Swaps of a chain's block, for the source "pools". `label`: what the block is.
    virtual void on_block(const solana::BlockActivity& block, PriceLabel label) = 0;
    /// The chain has dropped a block that was given.
    virtual void on_orphaned(Slot slot) = 0;

    [[nodiscard]] virtual std::vector<AssetPrice> prices() = 0;
    [[nodiscard]] virtual std::vector<SourceHealth> sources() const = 0;
    [[nodiscard]] virtual VenueFeedStatus venue_status() const = 0;
    [[nodiscard]] virtual std::vector<BackfillStatus> backfill() const = 0;
    [[nodiscard]] virtual std::vector<PoolView> pools() const = 0;
    [[nodiscard]] virtual PoolCounts pool_counts() const = 0;
    [[nodiscard]] virtual std::vector<gateway::Route> routes() = 0;
    [[nodiscard]] virtual std::vector<gateway::Channel> channels() const = 0;
};

}  // namespace astro::market
