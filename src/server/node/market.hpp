#pragma once

#include <memory>

#include "capabilities/market/module.hpp"
#include "foundation/bus/bus.hpp"
#include "server/feeds/price_node.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// Prices as the settings want them: the capability, and the loopback server that plays to its
/// sources in the demo.
class MarketPart {
  public:
    /// Both outlive it. "bad_configuration", "no_capture", "no_candles".
    static Result<std::unique_ptr<MarketPart>> make(const Settings& settings, Bus& bus,
                                                    Clock& clock);

    [[nodiscard]] market::Module& module() { return *module_; }
    /// What a block's swaps are: of the live chain, or not.
    [[nodiscard]] market::PriceLabel block_label(bool synthetic) const;
    void stop();  ///< idempotent

  private:
    MarketPart() = default;
    Result<void> build(const Settings& settings, Bus& bus, Clock& clock);

    bool blocks_are_live_ = false;
    std::unique_ptr<feeds::PriceNode> node_;  ///< of the demo; outlives the sources
    std::unique_ptr<market::Module> module_;
};

/// The feed of prices in force: "demo", "live" or "off".
[[nodiscard]] std::string market_feed(const Settings& settings);

}  // namespace astro::node
