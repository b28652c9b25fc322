#include "capabilities/exchange/snapshot.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "foundation/journal/file.hpp"

namespace astro::exchange {
namespace {

constexpr std::string_view kSuffix = ".snapshot", kUnfinished = ".snapshot.new";
constexpr std::size_t kDigits = 20;
/// No snapshot is larger: a larger file is none of ours.
constexpr std::uint64_t kBytesMax = std::uint64_t{8} << 30;

Unexpected io_failed(const char* what, const std::string& path) {
    return unavailable(
        "snapshot_io",
        std::string("cannot ") + what + ": " + std::generic_category().message(errno), path);
}

Unexpected damaged(std::string message) {
    return refusal("snapshot_damaged", std::move(message));
}

std::optional<journal::Sequence> sequence_of(std::string_view name) {
    name.remove_suffix(kSuffix.size());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
    if (name.size() != kDigits || error != std::errc() || end != name.data() + name.size())
        return std::nullopt;
    return journal::Sequence{value};
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

/// Names in the directory that end so, with its path before them.
Result<std::vector<std::string>> names_with(const std::string& directory, std::string_view suffix) {
    const std::unique_ptr<DIR, CloseDirectory> open(::opendir(directory.c_str()));
    if (open == nullptr) return io_failed("open the directory", directory);
    std::vector<std::string> out;
    while (const dirent* entry = ::readdir(open.get()))
        if (std::string_view(entry->d_name).ends_with(suffix))
            out.push_back(directory + "/" + entry->d_name);
    std::ranges::sort(out);
    return out;
}

Result<SnapshotHeader> parse_header(ByteView bytes) {
    if (bytes.size() < kSnapshotHeaderSize) return damaged("it is shorter than its header");
    const auto head = bytes.first(kSnapshotHeaderSize);
    SnapshotHeader header;
    BinaryReader reader(head);
    if (!reader.read(header) || header.magic != kSnapshotMagic)
        return damaged("it does not begin as a snapshot does");
    if (header.version != kSnapshotVersion)
        return refusal("snapshot_version", "its format is " + std::to_string(header.version) +
                                               ", not " + std::to_string(kSnapshotVersion));
    if (crypto::sha256(head.first(kSnapshotHeaderSize - crypto::Sha256::kSize)) !=
        header.header_hash)
        return damaged("its header is not what was written");
    if (header.engine_version != kEngineVersion)
        return refusal("snapshot_version", "it is of engine version " +
                                               std::to_string(header.engine_version) + ", not " +
                                               std::to_string(kEngineVersion));
    return header;
}

Unexpected at_file(Error error, const std::string& path) {
    error.where = error.where.empty() ? path : path + ", " + error.where;
    return {std::move(error)};
}

}  // namespace

std::string snapshot_path(const std::string& directory, journal::Sequence sequence) {
    const std::string digits = std::to_string(sequence.value());
    return directory + "/" + std::string(kDigits - digits.size(), '0') + digits +
           std::string(kSuffix);
}

Result<std::vector<SnapshotFile>> list_snapshots(const std::string& directory) {
    ASTRO_TRY(const auto paths, names_with(directory, kSuffix));
    std::vector<SnapshotFile> out;
    for (const auto& path : paths) {
        const auto sequence = sequence_of(std::string_view(path).substr(directory.size() + 1));
        if (!sequence)
            return refusal("snapshot_damaged", "a snapshot is named by 20 digits, not so", path);
        out.push_back({*sequence, path});
    }
    return out;
}

Result<std::size_t> prune_snapshots(const std::string& directory, std::size_t keep) {
    ASTRO_TRY(auto gone, names_with(directory, kUnfinished));
    ASTRO_TRY(const auto whole, list_snapshots(directory));
    for (std::size_t i = 0; i + keep < whole.size(); ++i) gone.push_back(whole[i].path);
    for (const auto& path : gone)
        if (::unlink(path.c_str()) != 0) return io_failed("remove the file", path);
    return gone.size();
}

Result<Snapshot> parse_snapshot(ByteView bytes) {
    ASTRO_TRY(const auto header, parse_header(bytes));
    const std::uint64_t left = bytes.size() - kSnapshotHeaderSize;
    if (header.state_bytes > left || header.extra_bytes != left - header.state_bytes)
        return damaged("it is not as long as its header says");
    const auto state = bytes.subspan(kSnapshotHeaderSize, header.state_bytes);
    const auto extra = bytes.subspan(kSnapshotHeaderSize + header.state_bytes);
    if (crypto::sha256(state) != header.state_hash) return damaged("its state has another hash");
    if (crypto::sha256(extra) != header.extra_hash)
        return damaged("what stands beside its state has another hash");
    auto venue = Venue::load(state);
    if (!venue) {
        Error error = venue.error();
        error.code = "snapshot_damaged";
        return Unexpected{std::move(error)};
    }
    if ((*venue)->now() != header.time) return damaged("its state is of another time");
    return Snapshot{header, std::move(venue).value(), Bytes(extra.begin(), extra.end())};
}

Result<Snapshot> load_snapshot(const std::string& path) {
    ASTRO_TRY(const auto file, journal::File::open(path, O_RDONLY));
    ASTRO_TRY(const auto size, file.size());
    if (size > kBytesMax) return at_file(damaged("it is larger than any snapshot").error, path);
    Bytes bytes;
    ASTRO_CHECK(file.read(size, bytes));
    auto snapshot = parse_snapshot(bytes);
    if (!snapshot) return at_file(snapshot.error(), path);
    const auto named = sequence_of(std::string_view(path).substr(path.rfind('/') + 1));
    if (!named || *named != snapshot->header.sequence)
        return refusal("snapshot_damaged",
                       "it is of sequence " + std::to_string(snapshot->header.sequence.value()) +
                           ", its name of another",
                       path);
    return snapshot;
}

Result<std::optional<Snapshot>> load_newest_snapshot(const std::string& directory,
                                                     journal::Sequence not_after) {
    ASTRO_TRY(const auto files, list_snapshots(directory));
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
        if (file->sequence > not_after) continue;
        auto snapshot = load_snapshot(file->path);
        if (!snapshot && snapshot.error().code == "snapshot_version") continue;
        if (!snapshot) return Unexpected{snapshot.error()};
        return std::optional(std::move(snapshot).value());
    }
    return std::optional<Snapshot>();
}

crypto::Sha256 state_hash(const Venue& venue) {
    crypto::Sha256Stream hash;
    venue.save([&hash](ByteView piece) { hash.add(piece); });
    return hash.finish();
}

}  // namespace astro::exchange
