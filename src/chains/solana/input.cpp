#include "chains/solana/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "chains/solana/json_splitter.hpp"

namespace astro::solana {
namespace {

constexpr std::size_t kPortionBytes = 1U << 20;
constexpr int kGzipOnly = 16 + MAX_WBITS;

/// An open file or standard input.
class Descriptor {
  public:
    explicit Descriptor(const std::string& path)
        : owned_(path != "-"), fd_(owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : 0) {
        if (fd_ < 0) error_ = errno;
    }
    ~Descriptor() {
        if (owned_ && fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    /// Bytes read, 0 at the end, negative on failure (then error()).
    [[nodiscard]] ssize_t read(std::string& into, std::size_t offset) {
        ssize_t got = -1;
        if (fd_ < 0) return got;
        do got = ::read(fd_, into.data() + offset, into.size() - offset);
        while (got < 0 && errno == EINTR);
        if (got < 0) error_ = errno;
        return got;
    }
    [[nodiscard]] std::string error() const { return std::strerror(error_); }

  private:
    bool owned_;
    int fd_;
    int error_ = 0;
};

/// gzip → bytes; several members behind each other are one stream, as gunzip has it.
class Gunzip {
  public:
    Gunzip() : good_(inflateInit2(&stream_, kGzipOnly) == Z_OK) {}
    ~Gunzip() { inflateEnd(&stream_); }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    void feed(std::string_view bytes) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
    }
    /// The next portion of what was fed, empty when more must be fed. False when it is no gzip.
    [[nodiscard]] bool take(std::string& buffer, std::string_view& out) {
        stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream_.avail_out = static_cast<uInt>(buffer.size());
        while (good_ && stream_.avail_out > 0 && (stream_.avail_in > 0 || pending_)) {
            if (ended_) good_ = inflateReset(&stream_) == Z_OK;
            const int result = good_ ? inflate(&stream_, Z_NO_FLUSH) : Z_DATA_ERROR;
            ended_ = result == Z_STREAM_END;
            good_ = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
            pending_ = stream_.avail_out == 0 && !ended_;
            if (result == Z_BUF_ERROR) break;
        }
        out = std::string_view(buffer).substr(0, buffer.size() - stream_.avail_out);
        return good_;
    }
    [[nodiscard]] bool ended() const { return ended_; }

  private:
    z_stream stream_{};
    bool good_;
    bool ended_ = false;
    bool pending_ = false;  ///< the last portion filled the buffer: there may be more inside
};

std::uint64_t size_of(const std::string& path, bool& known) {
    struct stat info{};
    const bool found = (path == "-" ? ::fstat(0, &info) : ::stat(path.c_str(), &info)) == 0;
    if (found && !S_ISREG(info.st_mode)) known = false;
    return found && S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
}

}  // namespace

struct InputReader::Impl {
    /// One source while it is read.
    struct Source {
        explicit Source(const std::string& path)
            : name(path == "-" ? "stdin" : path), file(path), splitter(kMaxDocumentBytes) {}
        std::string name;
        Descriptor file;
        JsonSplitter splitter;
        std::unique_ptr<Gunzip> gunzip;
        std::size_t items = 0;
        bool first = true, inflating = false, ended = false;
    };

    std::vector<std::string> paths;
    Progress progress;
    std::size_t next_path = 0;
    std::optional<Source> source;
    std::string portion, inflated;
    std::uint64_t done = 0, total = 0;

    std::optional<Result<InputItem>> next();
    Result<InputItem> item(const JsonSplitter::Piece& piece);
    Result<void> advance();
    Result<void> read_portion();
    Result<void> inflate_portion();
    void end_source() {
        source->ended = true;
        source->splitter.finish();
    }
};

/// Feeds the splitter with the next portion of the source.
Result<void> InputReader::Impl::advance() {
    if (source->inflating) return inflate_portion();
    return read_portion();
}

Result<void> InputReader::Impl::read_portion() {
    portion.resize(kPortionBytes);
    ssize_t got = source->file.read(portion, 0);
    if (source->first && got == 1) {  // gzip shows in the first two bytes
        const ssize_t more = source->file.read(portion, 1);
        got = more < 0 ? more : got + more;
    }
    if (got < 0) {
        end_source();
        return unavailable("cannot_read", "cannot be read: " + source->file.error(), source->name);
    }
    done += static_cast<std::uint64_t>(got);
    if (progress) progress(done, total);
    const std::string_view bytes =
        std::string_view(portion).substr(0, static_cast<std::size_t>(got));
    if (source->first && bytes.starts_with("\x1F\x8B")) source->gunzip = std::make_unique<Gunzip>();
    source->first = false;
    if (got == 0) {
        const bool cut = source->gunzip && !source->gunzip->ended();
        end_source();
        if (cut) return refusal("bad_gzip", "the compressed data end too early", source->name);
        return {};
    }
    if (!source->gunzip) {
        source->splitter.append(bytes);
        return {};
    }
    source->gunzip->feed(bytes);
    source->inflating = true;
    return {};
}

Result<void> InputReader::Impl::inflate_portion() {
    inflated.resize(kPortionBytes);
    std::string_view bytes;
    const bool good = source->gunzip->take(inflated, bytes);
    source->splitter.append(bytes);
    source->inflating = good && !bytes.empty();
    if (good) return {};
    end_source();
    return refusal("bad_gzip", "not valid gzip data", source->name);
}

Result<InputItem> InputReader::Impl::item(const JsonSplitter::Piece& piece) {
    InputItem out{piece.text, source->name, piece.line, source->items++};
    if (piece.fault_code.empty()) return out;
    return refusal(piece.fault_code, std::string(piece.fault), out.place());
}

std::optional<Result<InputItem>> InputReader::Impl::next() {
    while (true) {
        if (!source) {
            if (next_path == paths.size()) return {};
            source.emplace(paths[next_path++]);
        }
        if (const auto piece = source->splitter.next()) return item(*piece);
        if (source->ended) {
            source.reset();
        } else if (const auto fed = advance(); !fed) {
            return Result<InputItem>(Unexpected{fed.error()});
        }
    }
}

InputReader::InputReader(std::vector<std::string> sources, Progress progress)
    : impl_(std::make_unique<Impl>()) {
    impl_->paths = std::move(sources);
    impl_->progress = std::move(progress);
    bool known = true;
    for (const std::string& path : impl_->paths) impl_->total += size_of(path, known);
    if (!known) impl_->total = 0;
}
InputReader::~InputReader() = default;
InputReader::InputReader(InputReader&&) noexcept = default;
InputReader& InputReader::operator=(InputReader&&) noexcept = default;

std::optional<Result<InputItem>> InputReader::next() {
    return impl_->next();
}

}  // namespace astro::solana
