#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

namespace astro::feeds {

/// A block as a replay node serves it.
struct RecordedBlock {
    Slot slot, parent;
    std::string blockhash;
    std::string synthetic;                    ///< what made it; empty for a real block
    std::shared_ptr<const std::string> json;  ///< the block object
    std::string path;     ///< where to read it again once memory let go of it; may be empty
    bool orphan = false;  ///< loses: the node drops it as soon as the next block is there
};

/// Blocks in slot order. Used by one thread.
class BlockSupply {
  public:
    virtual ~BlockSupply() = default;
    /// The next block; nothing at the end.
    virtual Result<std::optional<RecordedBlock>> next() = 0;
};

/// Reads a block file of any accepted shape; the slot is the one it names, or parent + 1.
[[nodiscard]] Result<RecordedBlock> load_block_file(const std::string& path);

/// The block files of a directory, one a slot (of two for the same slot the one with more in it).
struct RecordedFiles {
    std::vector<RecordedBlock> blocks;  ///< in slot order, without their bytes
    std::vector<std::string> problems;  ///< "file: why" of those that are no blocks
};
/// Refusal "no_blocks" when there is none, "bad_directory" when it cannot be read.
[[nodiscard]] Result<RecordedFiles> scan_block_directory(const std::string& directory);

/// Plays them in order, those after `after` only.
[[nodiscard]] std::unique_ptr<BlockSupply> make_file_supply(std::vector<RecordedBlock> files,
                                                            std::optional<Slot> after);

/// Without end, renumbered copies of the files, continuing behind a block; `seed` decides hashes
/// and signatures.
[[nodiscard]] std::unique_ptr<BlockSupply> make_loop_supply(std::vector<RecordedBlock> files,
                                                            Slot last, std::string last_hash,
                                                            std::uint64_t seed);

/// One supply after another; each but the first is made when it is needed, behind the last block.
using SupplyMaker =
    std::function<Result<std::unique_ptr<BlockSupply>>(Slot last, std::string hash)>;
[[nodiscard]] std::unique_ptr<BlockSupply> make_chained_supply(std::unique_ptr<BlockSupply> first,
                                                               Slot last, std::string last_hash,
                                                               SupplyMaker then);

}  // namespace astro::feeds
