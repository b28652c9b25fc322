#include "capabilities/exchange/checkpoints.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "capabilities/exchange/liabilities.hpp"
#include "capabilities/exchange/snapshot.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/journal/crc32c.hpp"

namespace astro::exchange {
namespace {

constexpr std::string_view kFirstLine = "astrolabe checkpoints 1\n";
constexpr std::size_t kSequenceDigits = 20, kTimeDigits = 16, kHashDigits = 64, kCrcDigits = 8;
constexpr std::size_t kLineSize =
    kSequenceDigits + 1 + kTimeDigits + 1 + 2 * (kHashDigits + 1) + kCrcDigits + 1;
/// A year of one a second.
constexpr std::uint64_t kBytesMax = std::uint64_t{8} << 30;

std::string padded(std::uint64_t value, std::size_t digits) {
    const std::string text = std::to_string(value);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

std::string line_of(const Checkpoint& checkpoint) {
    std::string line = padded(checkpoint.sequence.value(), kSequenceDigits) + " " +
                       padded(static_cast<std::uint64_t>(checkpoint.time.value()), kTimeDigits) +
                       " " + to_hex(checkpoint.state_hash.view()) + " " +
                       to_hex(checkpoint.liabilities_root.view()) + " ";
    const std::uint32_t crc = journal::crc32c(as_bytes(line));
    Bytes big_endian;
    for (const int shift : {24, 16, 8, 0})
        big_endian.push_back(static_cast<std::uint8_t>(crc >> shift));
    return line + to_hex(big_endian) + "\n";
}

template <class T>
bool take_number(std::string_view& line, std::size_t digits, T& out) {
    const auto text = line.substr(0, digits);
    line.remove_prefix(digits + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, out);
    return error == std::errc() && end == text.data() + digits;
}

bool take_hash(std::string_view& line, crypto::Sha256& out) {
    const auto bytes = parse_hex(line.substr(0, kHashDigits));
    line.remove_prefix(kHashDigits + 1);
    if (!bytes) return false;
    std::ranges::copy(*bytes, out.bytes.begin());
    return true;
}

/// Whether the line is exactly the one that is written of the checkpoint in it.
bool parse_line(std::string_view line, Checkpoint& out) {
    std::uint64_t sequence = 0;
    std::int64_t time = 0;
    std::string_view rest = line;
    if (!take_number(rest, kSequenceDigits, sequence) || !take_number(rest, kTimeDigits, time) ||
        time < 0 || !take_hash(rest, out.state_hash) || !take_hash(rest, out.liabilities_root))
        return false;
    out.sequence = journal::Sequence{sequence};
    out.time = TimeMs{time};
    return line_of(out) == line;
}

Unexpected damaged(std::string message, std::size_t line) {
    return refusal("checkpoints_damaged", std::move(message), "line " + std::to_string(line));
}

std::string path_in(const std::string& directory) {
    return directory + "/checkpoints";
}

Result<CheckpointText> read_text(const journal::File& file) {
    ASTRO_TRY(const auto size, file.size());
    if (size > kBytesMax)
        return refusal("checkpoints_damaged", "it is larger than any such file", file.path());
    Bytes bytes;
    ASTRO_CHECK(file.read(size, bytes));
    auto text = parse_checkpoints({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!text) {
        Error error = text.error();
        error.where = file.path() + ", " + error.where;
        return Unexpected{std::move(error)};
    }
    return text;
}

}  // namespace

Checkpoint make_checkpoint(const Venue& venue, journal::Sequence sequence,
                           const crypto::SecretKey& key) {
    return {sequence, venue.now(), state_hash(venue), Liabilities(venue, sequence, key).root()};
}

Result<CheckpointJob> CheckpointJob::start(const Venue& venue, journal::Sequence sequence,
                                           const crypto::SecretKey& key) {
    // So that what this thread needs to hash is there before the fork: the child may not lock.
    (void)crypto::hmac_sha256(key.view(), {});
    (void)crypto::sha256({});
    ASTRO_TRY(auto child,
              Forked<Checkpoint>::start({}, [&] { return make_checkpoint(venue, sequence, key); }));
    return CheckpointJob(std::move(child));
}

Result<Checkpoint> CheckpointJob::finish() {
    if (const auto made = child_.finish()) return *made;
    return unavailable("checkpoint_failed", "the process that makes a checkpoint was ended");
}

Result<CheckpointText> parse_checkpoints(std::string_view text) {
    CheckpointText out;
    if (!text.starts_with(kFirstLine)) {
        if (!kFirstLine.starts_with(text))
            return damaged("it does not begin as such a file does", 1);
        out.torn = text.size();
        return out;
    }
    out.used = kFirstLine.size();
    for (std::size_t line = 2; out.used < text.size(); ++line) {
        const auto rest = text.substr(out.used);
        Checkpoint checkpoint;
        const bool whole = rest.size() >= kLineSize;
        if (!whole || !parse_line(rest.substr(0, kLineSize), checkpoint)) {
            if (rest.size() > kLineSize) return damaged("it is not what was written", line);
            out.torn = rest.size();
            return out;
        }
        if (!out.checkpoints.empty() && (checkpoint.sequence <= out.checkpoints.back().sequence ||
                                         checkpoint.time < out.checkpoints.back().time))
            return damaged("it is not behind the one before it", line);
        out.checkpoints.push_back(checkpoint);
        out.used += kLineSize;
    }
    return out;
}

Result<std::vector<Checkpoint>> read_checkpoints(const std::string& directory) {
    if (::access(path_in(directory).c_str(), F_OK) != 0) return std::vector<Checkpoint>();
    ASTRO_TRY(const auto file, journal::File::open(path_in(directory), O_RDONLY));
    ASTRO_TRY(auto text, read_text(file));
    return std::move(text.checkpoints);
}

Result<CheckpointFile> CheckpointFile::open(const std::string& directory) {
    ASTRO_TRY(auto file, journal::File::open(path_in(directory), O_RDWR | O_CREAT));
    ASTRO_TRY(auto text, read_text(file));
    if (text.used == 0) {
        ASTRO_CHECK(file.truncate(0));
        ASTRO_CHECK(file.write_at(as_bytes(kFirstLine), 0));
        ASTRO_CHECK(file.sync());
        ASTRO_CHECK(journal::sync_directory(directory));
        text.used = kFirstLine.size();
    } else if (text.torn > 0) {
        ASTRO_CHECK(file.truncate(text.used));
    }
    return CheckpointFile(std::move(file), text.used, std::move(text.checkpoints));
}

Result<void> CheckpointFile::append(const Checkpoint& checkpoint) {
    const auto at =
        std::ranges::lower_bound(known_, checkpoint.sequence, {}, &Checkpoint::sequence);
    if (at != known_.end()) {
        // Or one between two that are there: stored under another interval now.
        if (*at == checkpoint || at->sequence != checkpoint.sequence) return {};
        return conflict("state_differs",
                        "the state behind the command is not the one that was stored",
                        "sequence " + std::to_string(checkpoint.sequence.value()));
    }
    const std::string line = line_of(checkpoint);
    ASTRO_CHECK(file_.write_at(as_bytes(line), end_));
    ASTRO_CHECK(file_.sync());
    end_ += line.size();
    known_.push_back(checkpoint);
    return {};
}

}  // namespace astro::exchange
