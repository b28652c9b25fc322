#pragma once

#include <sys/types.h>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/engine_version.hpp"
#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/forked.hpp"
#include "foundation/base/binary.hpp"
#include "foundation/crypto/sha256.hpp"
#include "foundation/journal/journal.hpp"

/// Snapshots of the venue in files beside its journal:
///
///     00000000000001000000.snapshot   | SnapshotHeader | state | extra |
///
/// The number is the sequence of the last record that the state has seen. A file is written under
/// another name, synced and renamed: under its own name it is whole, or somebody has damaged it.
///
/// **Written without stopping the engine, by the child of a fork** (forked.hpp): the engine is held
/// for as long as the kernel copies page tables (measured in docs/benchmarks.md). Copying the state
/// by hand would hold it for the whole serialisation; persistent data structures would cost each
/// command.
namespace astro::exchange {

inline constexpr std::array<std::uint8_t, 8> kSnapshotMagic{'A', 'S', 'T', 'R', 'O', 'S', 'N', 'P'};
inline constexpr std::uint32_t kSnapshotVersion = 1;

struct SnapshotHeader {
    std::array<std::uint8_t, 8> magic = kSnapshotMagic;
    std::uint32_t version = kSnapshotVersion;
    std::uint32_t engine_version = kEngineVersion;
    journal::Sequence sequence{};  ///< of the last command that the state has seen
    TimeMs time{};
    std::uint64_t state_bytes = 0, extra_bytes = 0;
    crypto::Sha256 state_hash{}, extra_hash{};
    crypto::Sha256 header_hash{};  ///< of all before
};
BOOST_DESCRIBE_STRUCT(SnapshotHeader, (),
                      (magic, version, engine_version, sequence, time, state_bytes, extra_bytes,
                       state_hash, extra_hash, header_hash))
inline constexpr std::size_t kSnapshotHeaderSize = BinaryForm<SnapshotHeader>::kSizeMin;
static_assert(kSnapshotHeaderSize == 144);

struct SnapshotFile {
    journal::Sequence sequence{};
    std::string path{};
};
/// "DIRECTORY/00000000000000000042.snapshot"
[[nodiscard]] std::string snapshot_path(const std::string& directory, journal::Sequence sequence);
/// Oldest first. "snapshot_damaged" for a name that is none, "snapshot_io".
[[nodiscard]] Result<std::vector<SnapshotFile>> list_snapshots(const std::string& directory);
/// Removes all but the newest `keep`, and what was left unfinished. How many were removed.
[[nodiscard]] Result<std::size_t> prune_snapshots(const std::string& directory, std::size_t keep);

struct Snapshot {
    SnapshotHeader header{};
    std::unique_ptr<Venue> venue;
    Bytes extra;
};
/// Reads strictly. "snapshot_damaged": the hashes or the state are not right, where: the file;
/// "snapshot_version": of another form or engine; "snapshot_io".
[[nodiscard]] Result<Snapshot> load_snapshot(const std::string& path);
/// Without files: of bytes from anywhere.
[[nodiscard]] Result<Snapshot> parse_snapshot(ByteView bytes);

/// Of those that have seen nothing behind `not_after`; nothing when there is none. One of another
/// engine version is passed over (the journal leads there too); a damaged one is refused: its
/// owner decides to remove it.
[[nodiscard]] Result<std::optional<Snapshot>> load_newest_snapshot(const std::string& directory,
                                                                   journal::Sequence not_after);

/// SHA-256 of what Venue::save() writes: equal for equal states on every machine.
[[nodiscard]] crypto::Sha256 state_hash(const Venue& venue);

/// A snapshot that is being written by a child process. Not thread-safe.
class SnapshotJob {
  public:
    struct Source {
        const Venue& venue;
        journal::Sequence sequence;  ///< of the last command that was applied
        TimeMs time{};
        Bytes extra{};  ///< what the caller wants to find beside the state
    };
    /// Returns as soon as the child is there; what the venue does from then on is not seen by it.
    /// The child ends with the calling thread: call it from one that stays.
    [[nodiscard]] static Result<SnapshotJob> start(const std::string& directory, Source source);

    /// Whether finish() will not wait.
    [[nodiscard]] bool is_done() const { return child_.is_done(); }
    /// Waits for the child: the snapshot is durable, or "snapshot_failed" (kind unavailable). A job
    /// that is let go before leaves no more than a file that is pruned.
    [[nodiscard]] Result<SnapshotHeader> finish();

    enum class Step : std::uint32_t { done, write, sync, rename, sync_directory };

  private:
    struct Answer {
        Step failed = Step::done;
        int error = 0;
        SnapshotHeader header{};
    };
    SnapshotJob(Forked<Answer> child, std::string path)
        : child_(std::move(child)), path_(std::move(path)) {}

    Forked<Answer> child_;
    std::string path_;
};
BOOST_DESCRIBE_ENUM(SnapshotJob::Step, done, write, sync, rename, sync_directory)

/// Starts one and waits for it.
[[nodiscard]] Result<SnapshotHeader> save_snapshot(const std::string& directory,
                                                   SnapshotJob::Source source);

}  // namespace astro::exchange
