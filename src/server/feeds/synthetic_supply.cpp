#include "server/feeds/synthetic_supply.hpp"

#include "capabilities/mev/synthetic.hpp"

namespace astro::feeds {
namespace {

/// With fewer transactions there is no crowd for a case to stand in.
constexpr std::size_t kBackgroundTransactionsMin = 100;

class SyntheticSupply final : public BlockSupply {
  public:
    explicit SyntheticSupply(mev::SyntheticChain chain) : chain_(std::move(chain)) {}

    Result<std::optional<RecordedBlock>> next() override {
        mev::SyntheticBlock made = chain_.next_block();
        return std::optional(
            RecordedBlock{made.slot,
                          made.parent,
                          std::move(made.blockhash),
                          std::move(made.synthetic),
                          std::make_shared<const std::string>(std::move(made.json)),
                          {},
                          false});
    }

  private:
    mev::SyntheticChain chain_;
};

}  // namespace

Result<std::unique_ptr<BlockSupply>> make_synthetic_supply(const std::vector<RecordedBlock>& files,
                                                           Slot last, std::string last_hash,
                                                           std::uint64_t seed) {
    std::vector<mev::synthetic::BlockText> backgrounds;
    for (const RecordedBlock& file : files) {
        ASTRO_TRY(const RecordedBlock block, load_block_file(file.path));
        if (block.json->find(R"("accountKeys")") == std::string::npos) continue;
        auto background = mev::synthetic::BlockText::cut(*block.json);
        if (background && background->size() >= kBackgroundTransactionsMin)
            backgrounds.push_back(std::move(background).value());
    }
    if (backgrounds.empty())
        return refusal("no_background", "no recorded block is large enough to put cases into");
    // The place goes into the seed: after a restart the chain goes on with other signatures.
    std::unique_ptr<BlockSupply> supply = std::make_unique<SyntheticSupply>(
        mev::SyntheticChain(std::move(backgrounds), seed ^ (last.value() * 0x9E3779B97F4A7C15ULL),
                            last, std::move(last_hash)));
    return supply;
}

}  // namespace astro::feeds
