#include "capabilities/market/module.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "capabilities/market/api.hpp"
#include "capabilities/market/venue_feed.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {
namespace {

constexpr std::string_view kPools = "pools";

/// When an asset's price was given out last, and what it was.
struct Told {
    TimestampNs time{};
    Price index{}, confidence{};
    bool sources_suffice = false;
    bool any = false;
};

bool is_due(const Told& told, const AssetPrice& price, DurationNs heartbeat) {
    const bool changed = told.index != price.index || told.confidence != price.confidence ||
                         told.sources_suffice != price.sources_suffice;
    return !told.any || changed || price.time - told.time >= heartbeat;
}

PriceTick tick_of(const AssetPrice& price) {
    PriceTick out{.asset = price.asset,
                  .index = price.index,
                  .confidence = price.confidence,
                  .reference = price.reference,
                  .average = price.average,
                  .published = price.published,
                  .time = price.time,
                  .sources_suffice = price.sources_suffice,
                  .label = price.label,
                  .sources = {}};
    for (const auto& view : price.sources)
        if (view.verdict == SourceVerdict::used) out.sources.push_back(view.source);
    return out;
}

class MarketModule final : public Module, public SourceSink {
  public:
    MarketModule(ModuleOptions options, std::vector<std::unique_ptr<Source>> sources, Bus& bus,
                 Clock& clock)
        : options_(std::move(options)),
          sources_(std::move(sources)),
          bus_(bus),
          clock_(clock),
          board_(options_.assets),
          told_(options_.assets.size()) {
        for (const auto& asset : options_.pools) pools_.emplace_back(asset);
        if (options_.series != nullptr)
            pool_series_ = std::make_unique<PoolSeries>(*options_.series, options_.pool_series_max);
        // Prices are few and never stored: counting on from the millisecond of the start gives out
        // no seq of an earlier run.
        bus_.declare(std::string(kPriceStream), options_.retained,
                     static_cast<std::uint64_t>(clock_.now().value() / milliseconds(1).value()));
    }
    ~MarketModule() override { stop(); }
    MarketModule(const MarketModule&) = delete;
    MarketModule& operator=(const MarketModule&) = delete;

    void start(exchange::Service* venue) override;
    void stop() override;
    void on_block(const solana::BlockActivity& block, PriceLabel label) override;
    void on_orphaned(Slot slot) override {
        if (pool_series_) pool_series_->on_orphaned(slot);
    }
    void on_observation(Observation seen) override;
    void on_trade(const SourceTrade& seen) override {
        if (options_.series != nullptr) options_.series->on_trade(seen);
    }
    void on_quote(const SourceQuote& seen) override {
        if (options_.series != nullptr) options_.series->on_quote(seen);
    }

    std::vector<AssetPrice> prices() override;
    std::vector<SourceHealth> sources() const override;
    VenueFeedStatus venue_status() const override {
        return venue_ ? venue_->status() : VenueFeedStatus{};
    }
    std::vector<BackfillStatus> backfill() const override {
        return options_.backfill != nullptr ? options_.backfill->status()
                                            : std::vector<BackfillStatus>{};
    }
    std::vector<PoolView> pools() const override {
        return pool_series_ ? pool_series_->pools() : std::vector<PoolView>{};
    }
    PoolCounts pool_counts() const override {
        return pool_series_ ? pool_series_->counts() : PoolCounts{};
    }
    std::vector<gateway::Route> routes() override { return market_routes(*this, clock_); }
    std::vector<gateway::Channel> channels() const override { return market_channels(); }

  private:
    void run();
    void tell_due(TimestampNs now);
    void tend_series(TimestampNs now, bool save);

    const ModuleOptions options_;
    const std::vector<std::unique_ptr<Source>> sources_;
    Bus& bus_;
    Clock& clock_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    PriceBoard board_;
    std::map<std::string, std::array<std::uint64_t, kSetAsideKinds>> set_aside_;
    SourceStatus pools_status_{
        .source = std::string(kPools), .kind = SourceKind::pools, .state = "connecting"};
    std::vector<PoolPrices> pools_;
    std::unique_ptr<PoolSeries> pool_series_;

    std::vector<Told> told_;  ///< the thread's own
    TimestampNs series_saved_{};
    exchange::Service* service_ = nullptr;
    std::unique_ptr<VenueFeed> venue_;
    std::thread thread_;
};

void MarketModule::start(exchange::Service* venue) {
    service_ = venue;
    if (venue != nullptr) venue_ = std::make_unique<VenueFeed>(*venue, clock_);
    for (const auto& pools : options_.pools) pools_status_.assets.push_back(pools.asset);
    for (const auto& source : sources_) source->start(*this);
    if (options_.backfill != nullptr) options_.backfill->start();
    thread_ = std::thread([this] { run(); });
}

void MarketModule::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        pools_status_.state = "stopped";
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    if (options_.backfill != nullptr) options_.backfill->stop();
    for (const auto& source : sources_) source->stop();
    tend_series(clock_.now(), true);
}

void MarketModule::run() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        lock.unlock();
        tell_due(clock_.now());
        tend_series(clock_.now(), false);
        // A minute that cannot be written is left out.
        if (options_.figures != nullptr && service_ != nullptr)
            (void)options_.figures->tend(*service_, clock_.now());
        lock.lock();
        wake_.wait_for(lock, std::chrono::nanoseconds(options_.interval.value()),
                       [this] { return stopped_; });
    }
}

/// Tells changed candles, and writes them once a second.
void MarketModule::tend_series(TimestampNs now, bool save) {
    if (options_.series == nullptr) return;
    options_.series->tell();
    if (!save && now - series_saved_ < seconds(1)) return;
    series_saved_ = now;
    // What could not be written is kept, and tried again.
    (void)options_.series->save();
}

void MarketModule::tell_due(TimestampNs now) {
    for (std::size_t i = 0; i < told_.size(); ++i) {
        AssetPrice price;
        {
            const std::lock_guard lock(mutex_);
            price = board_.judge(i, now);
        }
        if (!is_due(told_[i], price, options_.heartbeat)) continue;
        told_[i] = {now, price.index, price.confidence, price.sources_suffice, true};
        bus_.publish(kPriceStream, now, std::string(kPriceStream), to_json(tick_of(price)),
                     {{"asset", price.asset}});
        if (venue_) venue_->give(price);
    }
}

void MarketModule::on_observation(Observation seen) {
    const std::lock_guard lock(mutex_);
    if (const auto aside = board_.observe(seen))
        ++set_aside_[seen.source][static_cast<std::size_t>(*aside)];
}

void MarketModule::on_block(const solana::BlockActivity& block, PriceLabel label) {
    const TimestampNs now = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        ++pools_status_.messages;
        pools_status_.last_message = now;
        pools_status_.label = label;
        pools_status_.state = "running";
    }
    // A recorded block's own time is long past: it counts as of when it is played.
    const bool live = label == PriceLabel::live && block.time.has_value();
    if (pool_series_)
        pool_series_->on_block(block, TimeMs{(live ? *block.time : now).value() / 1'000'000},
                               label);
    for (auto& pools : pools_) {
        const auto quote = pools.on_block(block);
        if (!quote) continue;
        {
            const std::lock_guard lock(mutex_);
            ++pools_status_.observations;
        }
        on_observation({.source = std::string(kPools),
                        .asset = pools.asset().asset,
                        .price = quote->price,
                        .confidence = quote->confidence,
                        .published = live ? *block.time : now,
                        .received = now,
                        .label = label});
    }
}

std::vector<AssetPrice> MarketModule::prices() {
    const TimestampNs now = clock_.now();
    std::vector<AssetPrice> out;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < options_.assets.size(); ++i) out.push_back(board_.judge(i, now));
    return out;
}

std::vector<SourceHealth> MarketModule::sources() const {
    std::vector<SourceHealth> out;
    for (const auto& source : sources_) out.push_back({.status = source->status()});
    const std::lock_guard lock(mutex_);
    if (!options_.pools.empty()) out.push_back({.status = pools_status_});
    for (auto& health : out) {
        const auto at = set_aside_.find(health.status.source);
        if (at == set_aside_.end()) continue;
        const auto of = [&](SetAside kind) { return at->second[static_cast<std::size_t>(kind)]; };
        health.not_wanted = of(SetAside::not_wanted);
        health.not_positive = of(SetAside::not_positive);
        health.late = of(SetAside::late);
        health.duplicate = of(SetAside::duplicate);
        health.from_future = of(SetAside::from_future);
    }
    return out;
}

}  // namespace

std::unique_ptr<Module> Module::make(ModuleOptions options,
                                     std::vector<std::unique_ptr<Source>> sources, Bus& bus,
                                     Clock& clock) {
    return std::make_unique<MarketModule>(std::move(options), std::move(sources), bus, clock);
}

}  // namespace astro::market
