#include "capabilities/market/api.hpp"

#include "foundation/base/json.hpp"

namespace astro::market {

struct PriceList {
    TimestampNs time;
    std::vector<AssetPrice> prices;
};
BOOST_DESCRIBE_STRUCT(PriceList, (), (time, prices))

struct SourceList {
    std::vector<SourceHealth> sources;
    VenueFeedStatus venue;
    std::vector<BackfillStatus> backfill;
};
BOOST_DESCRIBE_STRUCT(SourceList, (), (sources, venue, backfill))

struct PoolList {
    std::vector<PoolView> pools;
    PoolCounts counts;
};
BOOST_DESCRIBE_STRUCT(PoolList, (), (pools, counts))

namespace {

using gateway::Call;
using Answered = Result<net::Response>;

const std::string kPrefix = "/api/v1/market";

gateway::Parameter asset_parameter() {
    return {.name = "asset",
            .summary = "Only this asset, such as SOL",
            .length_max = 16,
            .example = "SOL"};
}

Answered get_prices(Module& module, const Clock& clock, const Call& call) {
    PriceList out{.time = clock.now(), .prices = module.prices()};
    const auto asset = call.text("asset");
    if (asset) {
        std::string known;
        for (const auto& price : out.prices) known += (known.empty() ? "" : ", ") + price.asset;
        std::erase_if(out.prices, [&](const AssetPrice& price) { return price.asset != *asset; });
        if (out.prices.empty())
            return not_found("asset_unknown", "no price is kept of it; known are: " + known,
                             "asset");
    }
    return net::json_response(to_json(out));
}

Answered get_pools(Module& module, const Call& call) {
    PoolList out{module.pools(), module.pool_counts()};
    if (const auto asset = call.text("asset"))
        std::erase_if(out.pools, [&](const PoolView& pool) {
            return pool.base != *asset && pool.quote != *asset && pool.base_address != *asset &&
                   pool.quote_address != *asset;
        });
    const auto most = static_cast<std::size_t>(call.integer("limit").value_or(100));
    if (out.pools.size() > most) out.pools.resize(most);
    return net::json_response(to_json(out));
}

}  // namespace

std::vector<gateway::Route> with_aliases(std::vector<gateway::Route> routes) {
    const std::size_t count = routes.size();
    for (std::size_t i = 0; i < count; ++i) {
        gateway::Route alias = routes[i];
        alias.path = "/api/market" + alias.path.substr(kPrefix.size());
        routes.push_back(std::move(alias));
    }
    return routes;
}

std::vector<gateway::Route> market_routes(Module& module, Clock& clock) {
    std::vector<gateway::Route> out;
    out.push_back({.path = kPrefix + "/prices",
                   .summary =
                       "The price of each asset, with every source: what it said, how old it "
                       "is, and why it counts or does not",
                   .parameters = {asset_parameter()},
                   .answers = {{.summary = "In the order of the settings",
                                .document = json_document<PriceList>()}},
                   .refusals = {404},
                   .blocking = false,
                   .handler = [&module, &clock](const Call& call) {
                       return get_prices(module, clock, call);
                   }});
    out.push_back(
        {.path = kPrefix + "/sources",
         .summary = "The sources of prices: whether they answer, and what of them was set "
                    "aside",
         .answers = {{.summary = "In the order of the settings",
                      .document = json_document<SourceList>()}},
         .blocking = false,
         .handler = [&module](const Call&) -> Answered {
             return net::json_response(
                 to_json(SourceList{module.sources(), module.venue_status(), module.backfill()}));
         }});
    gateway::Parameter token = asset_parameter();
    token.summary = "Only pools of this token: an asset such as SOL, or an address";
    token.length_max = 64;
    gateway::Parameter most{.name = "limit",
                            .type = gateway::ParameterType::integer,
                            .summary = "Pools, at most 2000; 100 when it is not said",
                            .minimum = 1,
                            .maximum = std::int64_t{PoolSeries::kPoolsMax},
                            .example = "50"};
    out.push_back({.path = kPrefix + "/pools",
                   .summary =
                       "Pools of the chain that is followed: price, liquidity and volume by their "
                       "swaps since the start, those with the most swaps first",
                   .parameters = {token, most},
                   .answers = {{.document = json_document<PoolList>()}},
                   .blocking = false,
                   .handler = [&module](const Call& call) { return get_pools(module, call); }});
    return out;
}

std::vector<gateway::Channel> market_channels() {
    return {{.stream = std::string(kPriceStream),
             .summary = "Prices of assets as they are given to the venue",
             .filters = {{.parameter = asset_parameter(),
                          .match = gateway::Match::any_of,
                          .tag = "asset"}},
             .data = json_document<PriceTick>()}};
}

}  // namespace astro::market
