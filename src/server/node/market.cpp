#include "server/node/market.hpp"

#include <algorithm>
#include <map>

#include "capabilities/market/api.hpp"
#include "capabilities/market/defaults.hpp"
#include "chains/solana/programs.hpp"
#include "server/feeds/shared_data.hpp"

namespace astro::node {
namespace {

using market::AssetNames;
using market::PriceLabel;
using market::SourceAsset;

struct Plan {
    std::vector<AssetNames> assets;
    std::vector<market::SourceRule> rules;
    bool demo = false;
    std::string pyth_url, coingecko_url;
    std::map<std::string, std::string> stream_urls, rest_urls;  ///< of exchanges, by source
};

Unexpected bad_setting(const Error& error, std::string_view setting) {
    return refusal("bad_configuration", error.message, std::string(setting));
}

Result<Plan> read_plan(const Settings& settings) {
    Plan plan;
    for (const auto& text : settings.list("market.assets")) {
        auto names = market::parse_asset(text);
        if (!names) return bad_setting(names.error(), "market.assets");
        plan.assets.push_back(std::move(*names));
    }
    for (const auto& text : settings.list("market.sources")) {
        auto rule = market::parse_source_rule(text);
        if (!rule) return bad_setting(rule.error(), "market.sources");
        plan.rules.push_back(std::move(*rule));
    }
    if (plan.rules.size() > market::kSourcesMax)
        return refusal("bad_configuration", "at most 32 sources", "market.sources");
    plan.pyth_url = settings.text("market.pyth_url");
    plan.coingecko_url = settings.text("market.coingecko_url");
    for (const std::string name :
         {"binance_spot", "binance_usdm", "binance_coinm", "coinbase", "kraken", "kraken_futures"})
        plan.stream_urls[name] = settings.text("market." + name + "_url");
    for (const std::string name :
         {"binance_spot", "binance_usdm", "binance_coinm", "coinbase", "kraken"})
        plan.rest_urls[name] = settings.text("market." + name + "_rest_url");
    return plan;
}

/// Sources whose messages the demo makes of another one's.
bool is_retold(std::string_view source) {
    return source == "coinbase" || source == "kraken";
}

/// What the demo has of an exchange: BTC and ETH are recorded, SOL and XLM are not.
PriceLabel demo_label(std::string_view source, std::string_view asset) {
    const bool recorded = (asset == "BTC" || asset == "ETH") && !is_retold(source);
    return recorded ? PriceLabel::replay : PriceLabel::synthetic;
}

void point_at(Plan& plan, const feeds::PriceNode& node) {
    plan.demo = true;
    plan.pyth_url = plan.coingecko_url = node.url();
    plan.stream_urls = {{"binance_spot", node.websocket_url() + "/spot"},
                        {"binance_usdm", node.websocket_url() + "/usdm"},
                        {"binance_coinm", node.websocket_url() + "/coinm"},
                        {"coinbase", node.websocket_url() + "/coinbase"},
                        {"kraken", node.websocket_url() + "/kraken"}};
    plan.rest_urls = {{"binance_spot", node.url() + "/spot"},
                      {"coinbase", node.url() + "/coinbase"},
                      {"kraken", node.url() + "/kraken"}};
    std::erase_if(plan.assets, [](const AssetNames& names) {
        return names.asset != "SOL" && names.asset != "BTC" && names.asset != "ETH" &&
               names.asset != "XLM";
    });
    for (auto& names : plan.assets) {
        if (names.asset != "BTC") names.usdm = names.coinm = "";
        names.kraken_futures = "";  // nothing of those minutes is recorded
    }
    // Recorded blocks are of other days than recorded prices; Coinbase and Kraken say what
    // Binance's spot market said.
    for (auto& rule : plan.rules)
        if (rule.source == "pools" || is_retold(rule.source))
            rule.role = market::SourceRole::watched;
}

/// Of the Solana assets that the pools are asked for.
bool has_pools(const AssetNames& names) {
    return names.asset == "SOL";
}

std::vector<SourceAsset> assets_of(const Plan& plan, std::string_view source) {
    std::vector<SourceAsset> out;
    for (const auto& names : plan.assets)
        if (const auto& foreign = names.*market::names_at(source); !foreign.empty())
            out.push_back({names.asset, foreign,
                           plan.demo ? demo_label(source, names.asset) : PriceLabel::live});
    return out;
}

Result<std::unique_ptr<market::Source>> make_source(const Plan& plan, const Settings& settings,
                                                    const std::string& name, Clock& clock) {
    market::SourceOptions common;
    common.name = name;
    common.assets = assets_of(plan, name);
    common.seed = static_cast<std::uint64_t>(settings.integer("feed.seed"));
    if (name == "pyth") {
        market::HermesOptions options{common};
        options.url = plan.pyth_url;
        options.stream = settings.flag("market.pyth_stream") && !plan.demo;
        return market::make_hermes_source(std::move(options), clock);
    }
    if (name == "coingecko") {
        market::CoinGeckoOptions options{common};
        options.url = plan.coingecko_url;
        options.poll_interval = seconds(settings.integer("market.coingecko_seconds"));
        options.key = settings.text("market.coingecko_key");
        return market::make_coingecko_source(std::move(options), clock);
    }
    common.url = plan.stream_urls.at(name);
    return market::make_exchange_source(std::move(common), clock, market::format_of(name));
}

Result<std::vector<std::unique_ptr<market::Source>>> make_sources(const Plan& plan,
                                                                  const Settings& settings,
                                                                  Clock& clock) {
    std::vector<std::unique_ptr<market::Source>> out;
    for (const auto& rule : plan.rules) {
        if (rule.source == "pools" || assets_of(plan, rule.source).empty()) continue;
        auto source = make_source(plan, settings, rule.source, clock);
        if (!source)
            return refusal("bad_configuration",
                           "the address of " + rule.source + ": " + source.error().message,
                           "market");
        out.push_back(std::move(*source));
    }
    return out;
}

/// Of those sources that are followed.
Result<std::unique_ptr<market::Backfill>> make_backfill(const Plan& plan, const Settings& settings,
                                                        market::SeriesTape& series, Clock& clock) {
    std::vector<market::BackfillSource> sources;
    for (const auto& rule : plan.rules) {
        const auto at = plan.rest_urls.find(rule.source);
        if (at == plan.rest_urls.end() || assets_of(plan, rule.source).empty()) continue;
        const bool binance = rule.source.starts_with("binance_");
        sources.push_back({.name = rule.source,
                           .url = at->second,
                           .key = binance ? settings.text("market.binance_key") : std::string()});
    }
    auto made = market::Backfill::make(
        sources, series, clock,
        {.interval = milliseconds(settings.integer("market.backfill_interval_ms"))});
    if (!made) return bad_setting(made.error(), "market");
    return made;
}

market::ModuleOptions module_options(const Plan& plan, const Settings& settings) {
    market::ModuleOptions out;
    for (const auto& names : plan.assets) {
        market::AssetRules rules{.asset = names.asset,
                                 .sources_min = settings.integer("market.sources_min"),
                                 .divergence_bps = settings.integer("market.divergence_bps")};
        for (const auto& rule : plan.rules)
            if (rule.source == "pools" ? has_pools(names)
                                       : !(names.*market::names_at(rule.source)).empty())
                rules.sources.push_back(rule);
        if (has_pools(names))
            out.pools.push_back(
                {.asset = names.asset, .mint = solana::kWrappedSolMint, .decimals = 9});
        out.assets.push_back(std::move(rules));
    }
    out.interval = milliseconds(settings.integer("market.interval_ms"));
    return out;
}

}  // namespace

std::string market_feed(const Settings& settings) {
    const auto& feed = settings.text("market.feed");
    if (feed != "auto") return feed;
    return settings.text("feed.mode") == "live" ? "live" : "demo";
}

Result<void> MarketPart::build(const Settings& settings, Bus& bus, Clock& clock) {
    blocks_are_live_ = settings.text("feed.mode") == "live";
    ASTRO_TRY(Plan plan, read_plan(settings));
    const std::string feed = market_feed(settings);
    if (feed == "demo") {
        const std::string folder = feeds::find_shared("market");
        if (folder.empty())
            return refusal("no_capture", "share/market is not beside the program", "market.feed");
        const auto& hour = settings.text("market.demo_hour");
        auto tracks = feeds::demo_tracks(folder, clock, hour);
        if (!tracks)
            return hour.empty() ? Unexpected(tracks.error())
                                : bad_setting(tracks.error(), "market.demo_hour");
        ASTRO_TRY(node_, feeds::PriceNode::start(std::move(*tracks), clock));
        point_at(plan, *node_);
    }
    std::vector<std::unique_ptr<market::Source>> sources;
    if (feed == "off") {
        plan.assets.clear();
    } else {
        ASTRO_TRY(sources, make_sources(plan, settings, clock));
    }
    auto options = module_options(plan, settings);
    options.series = series_.get();
    options.figures = figures_.get();
    options.pool_series_max = static_cast<std::size_t>(settings.integer("market.pool_series_max"));
    if (feed != "off" && settings.flag("market.backfill")) {
        ASTRO_TRY(backfill_, make_backfill(plan, settings, *series_, clock));
        options.backfill = backfill_.get();
    }
    module_ = market::Module::make(std::move(options), std::move(sources), bus, clock);
    return {};
}

Result<void> MarketPart::open_series(const Settings& settings, store::Store& store,
                                     const exchange::MarketTape& venue, Bus& bus, Clock& clock,
                                     JobBook& jobs) {
    const market::CandleRetention keep{
        .seconds_hours = settings.integer("market.candle_seconds_hours"),
        .minutes_days = settings.integer("market.candle_minutes_days"),
        .trade_hours = settings.integer("market.trade_hours")};
    const market::SeriesJobs entries{
        .saving = &jobs.add("market.candles",
                            "Writes candles and trades of foreign exchanges to the store",
                            "each second, when one has changed"),
        .pruning = &jobs.add("market.candle_retention",
                             "Forgets candles and trades that are older than the settings keep",
                             "every 600 times that candles are written")};
    ASTRO_TRY(series_, market::SeriesTape::open(store, bus, clock, keep, entries));
    view_ = std::make_unique<market::SeriesView>(venue, *series_, store);
    JobEntry& figures = jobs.add("market.figures",
                                 "Keeps open interest, funding and positioning of each market, and "
                                 "forgets those that are older than the settings keep",
                                 "each minute");
    figures_ = std::make_unique<market::FigureSampler>(
        venue, store, settings.integer("market.figures_days"), &figures);
    clock_ = &clock;
    return {};
}

std::vector<gateway::Route> MarketPart::routes() {
    auto out = module_->routes();
    std::vector<gateway::Route> more;
    for (auto& part : {market::series_routes(*view_), market::analysis_routes(*view_),
                       market::figure_routes(*view_), market::export_routes(*view_),
                       market::udf_routes(*view_, *clock_)})
        more.insert(more.end(), part.begin(), part.end());
    for (auto& route : market::with_aliases(std::move(more))) out.push_back(std::move(route));
    return out;
}

std::vector<gateway::Channel> MarketPart::channels() const {
    auto out = module_->channels();
    for (auto& channel : market::series_channels()) out.push_back(std::move(channel));
    return out;
}

Result<std::unique_ptr<MarketPart>> MarketPart::make(const Settings& settings, store::Store& store,
                                                     const exchange::MarketTape& venue, Bus& bus,
                                                     Clock& clock, JobBook& jobs) {
    std::unique_ptr<MarketPart> part(new MarketPart);
    ASTRO_CHECK(part->open_series(settings, store, venue, bus, clock, jobs));
    ASTRO_CHECK(part->build(settings, bus, clock));
    return part;
}

PriceLabel MarketPart::block_label(bool synthetic) const {
    if (synthetic) return PriceLabel::synthetic;
    return blocks_are_live_ ? PriceLabel::live : PriceLabel::replay;
}

void MarketPart::stop() {
    if (module_) module_->stop();
    if (node_) node_->stop();
}

}  // namespace astro::node
