#pragma once

#include <memory>

#include "capabilities/market/module.hpp"
#include "capabilities/market/series_view.hpp"
#include "foundation/bus/bus.hpp"
#include "server/feeds/price_node.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// Prices as the settings want them: the capability, and the loopback server that plays to its
/// sources in the demo.
class MarketPart {
  public:
    /// All outlive it; the store is migrated. "bad_configuration", "no_capture", "no_candles".
    static Result<std::unique_ptr<MarketPart>> make(const Settings& settings, store::Store& store,
                                                    const exchange::MarketTape& venue, Bus& bus,
                                                    Clock& clock, JobBook& jobs);

    [[nodiscard]] market::Module& module() { return *module_; }
    [[nodiscard]] const market::SeriesView& series() const { return *view_; }
    [[nodiscard]] std::vector<gateway::Route> routes();
    [[nodiscard]] std::vector<gateway::Channel> channels() const;
    /// What a block's swaps are: of the live chain, or not.
    [[nodiscard]] market::PriceLabel block_label(bool synthetic) const;
    void stop();  ///< idempotent

  private:
    MarketPart() = default;
    Result<void> build(const Settings& settings, Bus& bus, Clock& clock);
    Result<void> open_series(const Settings& settings, store::Store& store,
                             const exchange::MarketTape& venue, Bus& bus, Clock& clock,
                             JobBook& jobs);

    bool blocks_are_live_ = false;
    std::unique_ptr<feeds::PriceNode> node_;      ///< of the demo; outlives the sources
    std::unique_ptr<market::SeriesTape> series_;  ///< outlives the module
    std::unique_ptr<market::SeriesView> view_;
    std::unique_ptr<market::FigureSampler> figures_;  ///< as the next, outlives the module
    std::unique_ptr<market::Backfill> backfill_;      ///< outlives the module
    std::unique_ptr<market::Module> module_;
    Clock* clock_ = nullptr;
};

/// The feed of prices in force: "demo", "live" or "off".
[[nodiscard]] std::string market_feed(const Settings& settings);

}  // namespace astro::node
