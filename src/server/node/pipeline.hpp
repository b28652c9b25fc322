#pragma once

#include <string>

#include "capabilities/mev/module.hpp"
#include "chains/solana/block_json.hpp"
#include "server/feeds/feed.hpp"
#include "server/gateway/metrics.hpp"
#include "server/node/market.hpp"

namespace astro::node {

/// Families that the pipeline fills.
void declare_pipeline_metrics(gateway::Metrics& metrics);

/// A block's way through the process, on the feed's delivery thread: bytes → block → activity →
/// findings. Also the cursor's home: a cursor becomes durable with the rows of its block.
class Pipeline final : public feeds::BlockSink, public feeds::CursorStore {
  public:
    /// All outlive it. `real_label` is what blocks that are not synthetic are: "live" or "replay".
    Pipeline(mev::Module& mev, MarketPart& market, gateway::Metrics& metrics,
             std::string real_label)
        : mev_(mev), market_(market), metrics_(metrics), real_label_(std::move(real_label)) {}

    void on_block(feeds::BlockObservation observation) override;
    void on_skipped(Slot slot) override;
    void on_orphaned(Slot slot) override;

    Result<std::string> load(std::string_view feed) override { return mev_.load_cursor(feed); }
    Result<void> save(std::string_view feed, std::string_view cursor) override {
        mev_.save_cursor(feed, cursor);
        return {};
    }

  private:
    void count(const solana::Block& block, const solana::BlockActivity& activity,
               const mev::BlockReport& report);

    mev::Module& mev_;
    MarketPart& market_;
    gateway::Metrics& metrics_;
    const std::string real_label_;
    solana::BlockParser parser_;
};

}  // namespace astro::node
