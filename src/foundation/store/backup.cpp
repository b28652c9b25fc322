#include "foundation/store/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "foundation/crypto/sealed_stream.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "ASTROBK1";
constexpr std::size_t kKeyIdBytes = 8, kPieceMax = 64U << 10, kNameMax = 255;
constexpr std::size_t kSealedMax = kPieceMax + 1 + crypto::kStreamOverheadBytes;

Unexpected io_error(const std::string& what, const std::string& path) {
    return unavailable("backup_io", what + ": " + std::strerror(errno), path);
}

class File {
  public:
    static Result<File> open(const std::string& path, int flags) {
        const int handle = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
        if (handle < 0) return io_error("cannot open the file", path);
        return File(path, handle);
    }
    ~File() {
        if (handle_ >= 0) ::close(handle_);
    }
    File(File&& other) noexcept
        : path_(std::move(other.path_)), handle_(std::exchange(other.handle_, -1)) {}
    File& operator=(File&&) = delete;

    Result<void> write(ByteView bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::write(handle_, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return io_error("cannot write the file", path_);
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        }
        return {};
    }
    /// As many bytes as there are, `out.size()` at most.
    Result<std::size_t> read(std::span<std::uint8_t> out) {
        std::size_t have = 0;
        while (have < out.size()) {
            const ssize_t n = ::read(handle_, out.data() + have, out.size() - have);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return io_error("cannot read the file", path_);
            if (n == 0) break;
            have += static_cast<std::size_t>(n);
        }
        return have;
    }
    Result<void> sync() {
        if (::fsync(handle_) != 0) return io_error("cannot write the file", path_);
        return {};
    }

  private:
    File(std::string path, int handle) : path_(std::move(path)), handle_(handle) {}
    std::string path_;
    int handle_;
};

/// So that a name survives a power cut.
Result<void> sync_folder_of(const std::string& path) {
    const auto parent = fs::path(path).parent_path();
    ASTRO_TRY(auto folder, File::open(parent.empty() ? "." : parent.string(), O_RDONLY));
    return folder.sync();
}

Bytes key_id(const crypto::SecretKey& key) {
    Bytes text(kMagic.begin(), kMagic.end());
    text.insert(text.end(), key.view().begin(), key.view().end());
    const auto hash = crypto::sha256(text);
    return {hash.bytes.begin(), hash.bytes.begin() + kKeyIdBytes};
}

class Writer {
  public:
    static Result<Writer> begin(File& file, const crypto::SecretKey& key) {
        Writer writer(file, key);
        ASTRO_CHECK(file.write(as_bytes(kMagic)));
        ASTRO_CHECK(file.write(key_id(key)));
        ASTRO_CHECK(file.write(writer.sealer_.header()));
        return writer;
    }
    Result<void> piece(char kind, ByteView content, bool is_last = false) {
        Bytes plain{static_cast<std::uint8_t>(kind)};
        plain.insert(plain.end(), content.begin(), content.end());
        const Bytes sealed = sealer_.seal(plain, is_last);
        std::array<std::uint8_t, 4> length{};
        for (std::size_t i = 0; i < 4; ++i)
            length[i] = static_cast<std::uint8_t>(sealed.size() >> (8 * i));
        ASTRO_CHECK(file_->write(length));
        return file_->write(sealed);
    }

  private:
    Writer(File& file, const crypto::SecretKey& key) : file_(&file), sealer_(key) {}
    File* file_;
    crypto::StreamSealer sealer_;
};

Result<void> add_file(Writer& writer, const BackupSource& source) {
    ASTRO_TRY(auto file, File::open(source.path, O_RDONLY));
    ASTRO_CHECK(writer.piece('F', as_bytes(source.name)));
    Bytes buffer(kPieceMax);
    while (true) {
        ASTRO_TRY(const std::size_t n, file.read(buffer));
        if (n == 0) return {};
        ASTRO_CHECK(writer.piece('D', ByteView(buffer).first(n)));
    }
}

/// What a reader makes of the pieces: called for each file, then for its content.
struct Sink {
    std::function<Result<void>(const std::string& name)> begin = [](const std::string&) {
        return Result<void>();
    };
    std::function<Result<void>(ByteView)> content = [](ByteView) { return Result<void>(); };
};

class Reader {
  public:
    Reader(File& file, const crypto::SecretKey& key, const Sink& sink)
        : file_(file), key_(key), sink_(sink) {}

    Result<std::vector<BackedUpFile>> run() {
        ASTRO_TRY(auto opener, begin());
        while (true) {
            ASTRO_TRY(const auto piece, next(opener));
            ASTRO_TRY(const bool ended, take(piece));
            if (!ended) continue;
            std::array<std::uint8_t, 1> more{};
            ASTRO_TRY(const std::size_t n, file_.read(more));
            if (n != 0) return damaged("there are bytes behind the end");
            return std::move(files_);
        }
    }

  private:
    Unexpected damaged(std::string_view how) const {
        const std::string file = files_.empty() ? "the beginning" : files_.back().name;
        return refusal("backup_damaged", "the backup is damaged: " + std::string(how),
                       file + ", byte " + std::to_string(offset_));
    }

    Result<crypto::StreamOpener> begin() {
        Bytes head(kMagic.size() + kKeyIdBytes + crypto::kStreamHeaderBytes);
        ASTRO_TRY(const std::size_t n, file_.read(head));
        const ByteView view(head);
        if (n < kMagic.size() || !std::equal(kMagic.begin(), kMagic.end(), head.begin()))
            return refusal("not_a_backup", "this file is not a backup of astrolabe");
        if (n < head.size()) return damaged("it is cut off");
        const Bytes id = key_id(key_);
        if (!std::equal(id.begin(), id.end(), head.begin() + kMagic.size()))
            return refusal("backup_key",
                           "the backup was made under another key than this one; a backup from "
                           "before a change of the key needs the key of that time");
        offset_ = head.size();
        return crypto::StreamOpener(key_, view.last(crypto::kStreamHeaderBytes));
    }

    Result<crypto::StreamOpener::Piece> next(crypto::StreamOpener& opener) {
        std::array<std::uint8_t, 4> length{};
        ASTRO_TRY(const std::size_t n, file_.read(length));
        std::size_t size = 0;
        for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{length[i]} << (8 * i);
        if (n < 4) return damaged("it is cut off");
        if (size > kSealedMax) return damaged("a piece is longer than any");
        Bytes sealed(size);
        ASTRO_TRY(const std::size_t have, file_.read(sealed));
        if (have < size) return damaged("it is cut off");
        auto piece = opener.open(sealed);
        if (!piece) return damaged("a piece was changed, moved or left out");
        offset_ += 4 + size;
        return piece;
    }

    /// Whether that was the end.
    Result<bool> take(const crypto::StreamOpener::Piece& piece) {
        if (piece.bytes.empty()) return damaged("a piece is empty");
        const ByteView content = ByteView(piece.bytes).subspan(1);
        const char kind = static_cast<char>(piece.bytes[0]);
        if (piece.is_last != (kind == 'E')) return damaged("the end is not where it should be");
        if (kind == 'F') {
            const std::string name(content.begin(), content.end());
            if (name.empty() || name.size() > kNameMax || name.front() == '.' ||
                name.find_first_of(std::string_view("/\0", 2)) != std::string::npos)
                return damaged("a file's name leads elsewhere");
            files_.push_back({name, 0});
            ASTRO_CHECK(sink_.begin(name));
        } else if (kind == 'D' && !files_.empty()) {
            files_.back().bytes += static_cast<std::int64_t>(content.size());
            ASTRO_CHECK(sink_.content(content));
        } else if (kind != 'E') {
            return damaged("a piece of no known kind");
        }
        return kind == 'E';
    }

    File& file_;
    const crypto::SecretKey& key_;
    const Sink& sink_;
    std::size_t offset_ = 0;
    std::vector<BackedUpFile> files_;
};

Result<std::vector<BackedUpFile>> read_backup(const std::string& path, const crypto::SecretKey& key,
                                              const Sink& sink) {
    ASTRO_TRY(auto file, File::open(path, O_RDONLY));
    return Reader(file, key, sink).run();
}

struct SqliteEnd {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Sqlite = std::unique_ptr<sqlite3, SqliteEnd>;

}  // namespace

Result<void> copy_sqlite(const std::string& source, const std::string& target) {
    if (fs::exists(target)) return conflict("file_exists", "there is such a file already", target);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(source.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    const Sqlite db(opened);
    const auto failed = [&] {
        const std::string why = db ? sqlite3_errmsg(db.get()) : "no memory";
        std::error_code error;
        fs::remove(target, error);
        return unavailable("backup_io", "the database cannot be copied: " + why, source);
    };
    if (code != SQLITE_OK) return failed();
    sqlite3_busy_timeout(db.get(), 10'000);
    // One read transaction: a consistent copy beside running writers, without free pages.
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db.get(), "VACUUM INTO ?", -1, &statement, nullptr) != SQLITE_OK)
        return failed();
    sqlite3_bind_text(statement, 1, target.c_str(), -1, SQLITE_TRANSIENT);
    const int done = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (done != SQLITE_DONE || ::chmod(target.c_str(), 0600) != 0) return failed();
    return {};
}

Result<std::vector<BackedUpFile>> write_backup(const std::string& target,
                                               const std::vector<BackupSource>& sources,
                                               const crypto::SecretKey& key) {
    if (fs::exists(target)) return conflict("file_exists", "there is such a file already", target);
    const std::string unfinished = target + ".unfinished";
    const auto write = [&]() -> Result<std::vector<BackedUpFile>> {
        {
            ASTRO_TRY(auto file, File::open(unfinished, O_WRONLY | O_CREAT | O_TRUNC));
            ASTRO_TRY(auto writer, Writer::begin(file, key));
            for (const auto& source : sources) ASTRO_CHECK(add_file(writer, source));
            ASTRO_CHECK(writer.piece('E', {}, true));
            ASTRO_CHECK(file.sync());
        }
        ASTRO_TRY(auto files, read_backup(unfinished, key, {}));
        if (::rename(unfinished.c_str(), target.c_str()) != 0)
            return io_error("cannot name the file", target);
        ASTRO_CHECK(sync_folder_of(target));
        return files;
    };
    auto files = write();
    std::error_code error;
    if (!files) fs::remove(unfinished, error);
    return files;
}

Result<std::vector<BackedUpFile>> check_backup(const std::string& path,
                                               const crypto::SecretKey& key) {
    return read_backup(path, key, {});
}

Result<std::vector<BackedUpFile>> restore_backup(const std::string& path,
                                                 const crypto::SecretKey& key,
                                                 const std::string& folder) {
    ASTRO_CHECK(check_backup(path, key));  // whole and ours, before anything is written
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder)) return io_error("cannot make the folder", folder);
    if (!fs::is_empty(folder, error))
        return conflict("folder_not_empty", "a backup is restored into an empty folder", folder);
    ::chmod(folder.c_str(), 0700);
    std::optional<File> file;
    const auto finish = [&]() -> Result<void> {
        if (file) ASTRO_CHECK(file->sync());
        file.reset();
        return {};
    };
    Sink sink;
    sink.begin = [&](const std::string& name) -> Result<void> {
        ASTRO_CHECK(finish());
        ASTRO_TRY(auto next, File::open(folder + "/" + name, O_WRONLY | O_CREAT | O_EXCL));
        file.emplace(std::move(next));
        return {};
    };
    sink.content = [&](ByteView bytes) { return file->write(bytes); };
    ASTRO_TRY(auto files, read_backup(path, key, sink));
    ASTRO_CHECK(finish());
    ASTRO_CHECK(sync_folder_of(folder + "/x"));
    return files;
}

}  // namespace astro::store
