#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "capabilities/mev/synthetic/block_text.hpp"
#include "capabilities/mev/synthetic/cases.hpp"
#include "capabilities/mev/synthetic/truth.hpp"
#include "foundation/base/result.hpp"

/// Made-up blocks: sandwiches and liquidations of known truth written into real blocks as a node
/// would report them, so that what is measured on them went through the ordinary decoder. Every
/// such block says so in its member "synthetic". The same input and seed give the same bytes.
namespace astro::mev {

struct SyntheticBlock {
    Slot slot, parent;
    std::string blockhash;
    std::string synthetic;  ///< what made it
    std::string json;       ///< a getBlock result
};

struct InjectOptions {
    std::string kind = "sandwich";      ///< or "liquidation"
    std::vector<std::string> variants;  ///< empty = all of the kind
    std::uint32_t count = 10;           ///< real cases of each variant
    std::uint32_t lookalikes = 10;      ///< cases of each variant that only look like it
    std::uint64_t seed = 1;
    std::uint32_t cases_per_block = 8;
};

using BlockSink = std::function<Result<void>(const SyntheticBlock&)>;

/// Writes copies of `background` (a getBlock result) at successive slots with cases injected, from
/// its own slot on. The first copy keeps the signatures of the real transactions; in the others
/// they are changed. Refusals: "bad_variant", "not_a_block", and whatever `sink` refuses.
[[nodiscard]] Result<std::vector<Truth>> inject(std::string background,
                                                const InjectOptions& options,
                                                const BlockSink& sink);

/// One case, told by a scenario, in time.
class Injector {
  public:
    /// Queues a scenario that begins with the next block.
    void start(synthetic::Scenario scenario);
    /// Writes the transactions of the next block: those of `background` in order with what is due
    /// between them; finished cases go to `done` with their slots filled in.
    void write_block(std::string& out, const synthetic::BlockText& background, std::uint64_t salt,
                     Slot slot, synthetic::Random& random, std::vector<Truth>& done);
    [[nodiscard]] bool idle() const { return running_.empty(); }

  private:
    struct Running {
        synthetic::Scenario scenario;
        std::size_t next = 0;     ///< first transaction not yet written
        std::uint32_t block = 0;  ///< blocks since its first
    };
    std::vector<Running> running_;
};

/// An endless chain for demonstrations: real blocks again and again at successive slots, under
/// other signatures and leaders, now and then with a case in them. Memory does not grow.
class SyntheticChain {
  public:
    /// Continues behind block `last` with hash `last_hash`. Needs at least one background.
    SyntheticChain(std::vector<synthetic::BlockText> backgrounds, std::uint64_t seed, Slot last,
                   std::string last_hash);

    [[nodiscard]] SyntheticBlock next_block();
    /// Slot of the block given last.
    [[nodiscard]] Slot slot() const { return slot_; }
    /// Cases completed by the block given last.
    [[nodiscard]] const std::vector<Truth>& completed() const { return completed_; }

  private:
    void start_cases();

    std::vector<synthetic::BlockText> backgrounds_;
    std::uint64_t seed_, count_ = 0;
    synthetic::Random random_;
    Slot slot_;
    std::string hash_;
    std::int64_t time_ = 0;  ///< of the latest background: the chain's time goes on from there
    Injector injector_;
    std::vector<Truth> completed_;
};

}  // namespace astro::mev
