#pragma once

#include <string_view>
#include <vector>

#include "capabilities/market/module.hpp"
#include "capabilities/market/series_view.hpp"

/// The routes and the channel of this capability.
namespace astro::market {

inline constexpr std::string_view kPriceStream = "market.price";

/// Of all series; the view outlives them.
[[nodiscard]] std::vector<gateway::Route> series_routes(const SeriesView& view);
[[nodiscard]] std::vector<gateway::Route> analysis_routes(const SeriesView& view);
[[nodiscard]] std::vector<gateway::Route> figure_routes(const SeriesView& view);
[[nodiscard]] std::vector<gateway::Route> export_routes(const SeriesView& view);
[[nodiscard]] std::vector<gateway::Route> udf_routes(const SeriesView& view, const Clock& clock);
[[nodiscard]] std::vector<gateway::Channel> series_channels();
/// Each once more below /api/market.
[[nodiscard]] std::vector<gateway::Route> with_aliases(std::vector<gateway::Route> routes);

/// Both outlive the routes.
[[nodiscard]] std::vector<gateway::Route> market_routes(Module& module, Clock& clock);
[[nodiscard]] std::vector<gateway::Channel> market_channels();

}  // namespace astro::market
