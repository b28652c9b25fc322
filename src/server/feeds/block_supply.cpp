#include "server/feeds/block_supply.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "chains/solana/block_header.hpp"
#include "chains/solana/block_json.hpp"
#include "server/feeds/renumber.hpp"

namespace astro::feeds {
namespace {

/// Seconds of chain time per block of a copy, in tenths: 0.4 s.
constexpr std::int64_t kTenthsPerBlock = 4;

Result<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) return unavailable("unreadable_file", "the file cannot be opened", path);
    const auto size = static_cast<std::size_t>(in.tellg());
    if (size > solana::kMaxBlockBytes)
        return refusal("too_large", "the file is larger than a block may be", path);
    std::string text(size, '\0');
    in.seekg(0);
    if (!in.read(text.data(), static_cast<std::streamsize>(size)))
        return unavailable("unreadable_file", "the file cannot be read", path);
    return text;
}

class FileSupply final : public BlockSupply {
  public:
    FileSupply(std::vector<RecordedBlock> files, std::optional<Slot> after)
        : files_(std::move(files)) {
        if (!after) return;
        while (at_ < files_.size() && files_[at_].slot <= *after) ++at_;
    }
    Result<std::optional<RecordedBlock>> next() override {
        if (at_ == files_.size()) return std::optional<RecordedBlock>();
        ASTRO_TRY(RecordedBlock block, load_block_file(files_[at_++].path));
        return std::optional<RecordedBlock>(std::move(block));
    }

  private:
    std::vector<RecordedBlock> files_;
    std::size_t at_ = 0;
};

class LoopSupply final : public BlockSupply {
  public:
    LoopSupply(std::vector<RecordedBlock> files, Slot last, std::string last_hash,
               std::uint64_t seed)
        : files_(std::move(files)), last_(last), last_hash_(std::move(last_hash)), seed_(seed) {}

    Result<std::optional<RecordedBlock>> next() override {
        const std::string& path = files_[count_ % files_.size()].path;
        ASTRO_TRY(const RecordedBlock original, load_block_file(path));
        NewPlace place{Slot{last_.value() + 1}, last_, {}, last_hash_, 0, 0};
        place.blockhash = made_hash(seed_, place.slot.value());
        place.salt = seed_ * 0x10001 + place.slot.value();
        ++count_;
        place.later_seconds = static_cast<std::int64_t>(count_) * kTenthsPerBlock / 10;
        ASTRO_TRY(std::string copy, renumbered_copy(*original.json, original.slot, place));
        last_ = place.slot;
        last_hash_ = place.blockhash;
        return std::optional(
            RecordedBlock{place.slot,
                          place.parent,
                          place.blockhash,
                          "renumbered copy of block " + std::to_string(original.slot.value()),
                          std::make_shared<const std::string>(std::move(copy)),
                          {},
                          false});
    }

  private:
    std::vector<RecordedBlock> files_;
    Slot last_;
    std::string last_hash_;
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

class ChainedSupply final : public BlockSupply {
  public:
    ChainedSupply(std::unique_ptr<BlockSupply> first, Slot last, std::string last_hash,
                  SupplyMaker then)
        : now_(std::move(first)),
          last_(last),
          last_hash_(std::move(last_hash)),
          then_(std::move(then)) {}

    Result<std::optional<RecordedBlock>> next() override {
        ASTRO_TRY(auto block, now_->next());
        if (!block && then_) {
            const SupplyMaker make = std::move(then_);
            then_ = nullptr;
            ASTRO_TRY(now_, make(last_, last_hash_));
            ASTRO_TRY(block, now_->next());
        }
        if (block) {
            last_ = block->slot;
            last_hash_ = block->blockhash;
        }
        return block;
    }

  private:
    std::unique_ptr<BlockSupply> now_;
    Slot last_;
    std::string last_hash_;
    SupplyMaker then_;
};

}  // namespace

Result<RecordedBlock> load_block_file(const std::string& path) {
    ASTRO_TRY(std::string text, read_file(path));
    solana::BlockHeaderReader reader;
    ASTRO_TRY(const solana::BlockHeader header, reader.read(text));
    RecordedBlock block{header.slot_or_next(),
                        header.parent_slot,
                        header.blockhash,
                        header.synthetic,
                        nullptr,
                        path,
                        false};
    if (header.block.size() != text.size()) text = std::string(header.block);
    block.json = std::make_shared<const std::string>(std::move(text));
    return block;
}

Result<RecordedFiles> scan_block_directory(const std::string& directory) {
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    if (error)
        return refusal("bad_directory",
                       "the directory of blocks cannot be read: " + error.message(), directory);
    RecordedFiles out;
    std::map<Slot, std::pair<std::size_t, RecordedBlock>> by_slot;
    std::vector<std::string> paths;
    for (const auto& entry : entries)
        if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
        Result<RecordedBlock> block = load_block_file(path);
        if (!block) {
            out.problems.push_back(path + ": " + block.error().text());
            continue;
        }
        const std::size_t size = block->json->size();
        block->json = nullptr;
        auto& known = by_slot[block->slot];
        if (size > known.first) known = {size, std::move(block).value()};
    }
    for (auto& [slot, known] : by_slot) out.blocks.push_back(std::move(known.second));
    if (out.blocks.empty())
        return refusal("no_blocks",
                       "there is no block file (*.json) in the directory" +
                           (out.problems.empty() ? "" : "; " + out.problems.front()),
                       directory);
    return out;
}

std::unique_ptr<BlockSupply> make_file_supply(std::vector<RecordedBlock> files,
                                              std::optional<Slot> after) {
    return std::make_unique<FileSupply>(std::move(files), after);
}

std::unique_ptr<BlockSupply> make_loop_supply(std::vector<RecordedBlock> files, Slot last,
                                              std::string last_hash, std::uint64_t seed) {
    return std::make_unique<LoopSupply>(std::move(files), last, std::move(last_hash), seed);
}

std::unique_ptr<BlockSupply> make_chained_supply(std::unique_ptr<BlockSupply> first, Slot last,
                                                 std::string last_hash, SupplyMaker then) {
    return std::make_unique<ChainedSupply>(std::move(first), last, std::move(last_hash),
                                           std::move(then));
}

}  // namespace astro::feeds
