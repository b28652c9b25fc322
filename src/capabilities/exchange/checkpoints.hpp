#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/forked.hpp"
#include "foundation/crypto/secret.hpp"
#include "foundation/crypto/sha256.hpp"
#include "foundation/journal/file.hpp"
#include "foundation/journal/journal.hpp"

/// What the state was at points of the journal: the file "checkpoints" beside it. A text, since its
/// lines are what a venue publishes; one line a checkpoint, of fixed width, so that a torn end is
/// seen:
///
///     astrolabe checkpoints 1
///     00000000000000100000 0001700000000000 <state hash> <liabilities root> <CRC-32C of the line>
namespace astro::exchange {

struct Checkpoint {
    journal::Sequence sequence{};  ///< of the last command that the state has seen
    TimeMs time{};
    crypto::Sha256 state_hash{};
    crypto::Sha256 liabilities_root{};  ///< see liabilities.hpp
    bool operator==(const Checkpoint&) const = default;
};

/// Of a venue that has seen the command of that number; `key` as in liabilities.hpp. Looks at all
/// of the state: a running venue leaves it to a CheckpointJob.
[[nodiscard]] Checkpoint make_checkpoint(const Venue& venue, journal::Sequence sequence,
                                         const crypto::SecretKey& key);

/// The same by a child process, of the state as it is when it starts. See forked.hpp.
class CheckpointJob {
  public:
    [[nodiscard]] static Result<CheckpointJob> start(const Venue& venue, journal::Sequence sequence,
                                                     const crypto::SecretKey& key);
    [[nodiscard]] bool is_done() const { return child_.is_done(); }
    /// Waits. "checkpoint_failed" (kind unavailable) when its process was ended.
    [[nodiscard]] Result<Checkpoint> finish();

  private:
    explicit CheckpointJob(Forked<Checkpoint> child) : child_(std::move(child)) {}
    Forked<Checkpoint> child_;
};

struct CheckpointText {
    std::vector<Checkpoint> checkpoints;
    std::size_t used = 0;  ///< bytes that are whole lines
    std::size_t torn = 0;  ///< bytes behind them that are the beginning of a line
};
/// Strictly; only the last line may be torn. "checkpoints_damaged", where: "line N".
[[nodiscard]] Result<CheckpointText> parse_checkpoints(std::string_view text);

/// Those of a directory, without a torn end; none when there is no file.
[[nodiscard]] Result<std::vector<Checkpoint>> read_checkpoints(const std::string& directory);

/// For the one who appends.
class CheckpointFile {
  public:
    /// Cuts a torn end off.
    [[nodiscard]] static Result<CheckpointFile> open(const std::string& directory);

    /// Returns when it is durable. One that is there already, as replaying after a crash brings
    /// them, is compared: "state_differs" when the same commands have led to another state.
    [[nodiscard]] Result<void> append(const Checkpoint& checkpoint);
    [[nodiscard]] const std::vector<Checkpoint>& all() const { return known_; }

  private:
    CheckpointFile(journal::File file, std::uint64_t end, std::vector<Checkpoint> known)
        : file_(std::move(file)), end_(end), known_(std::move(known)) {}

    journal::File file_;
    std::uint64_t end_;
    std::vector<Checkpoint> known_;
};

}  // namespace astro::exchange
