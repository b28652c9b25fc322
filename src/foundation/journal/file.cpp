#include "foundation/journal/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "foundation/base/file_lock.hpp"

namespace astro::journal {

Unexpected io_failed(const char* what, const std::string& path) {
    return unavailable(
        "journal_io", std::string("cannot ") + what + ": " + std::generic_category().message(errno),
        path);
}

Unexpected File::failed(const char* what) const {
    return io_failed(what, path_);
}

Result<File> File::open(const std::string& path, int flags) {
    const int handle = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (handle < 0) return io_failed("open the file", path);
    return File(handle, path);
}

File::~File() {
    if (handle_ >= 0) ::close(handle_);
}

Result<void> File::write_at(ByteView bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const auto written =
            ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("write");
        // A short write: what hinders the rest says so when it is tried.
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> File::sync() const {
    if (::fdatasync(handle_) != 0) return failed("sync");
    return {};
}

Result<void> File::forget() const {
    ASTRO_CHECK(sync());
    ::posix_fadvise(handle_, 0, 0, POSIX_FADV_DONTNEED);  // where it cannot, it does not
    return {};
}

Result<std::uint64_t> File::size() const {
    struct stat status{};
    if (::fstat(handle_, &status) != 0) return failed("stat");
    return static_cast<std::uint64_t>(status.st_size);
}

Result<void> File::truncate(std::uint64_t size) const {
    if (::ftruncate(handle_, static_cast<off_t>(size)) != 0) return failed("truncate");
    return {};
}

Result<void> File::reserve(std::uint64_t size) const {
    while (::fallocate(handle_, 0, 0, static_cast<off_t>(size)) != 0) {
        if (errno == EOPNOTSUPP) return {};
        if (errno != EINTR) return failed("reserve space");
    }
    return {};
}

Result<void> File::read(std::uint64_t size, Bytes& out) const {
    ASTRO_TRY(const auto there, this->size());
    out.resize(std::min(size, there));
    for (std::size_t at = 0; at < out.size();) {
        const auto got = ::pread(handle_, out.data() + at, out.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read");
        if (got == 0) out.resize(at);
        at += static_cast<std::size_t>(got);
    }
    return {};
}

bool File::lock(bool shared) const {
    return lock_file(handle_, shared);
}

Result<void> sync_directory(const std::string& path) {
    ASTRO_TRY(const auto directory, File::open(path, O_RDONLY | O_DIRECTORY));
    return directory.sync();
}

}  // namespace astro::journal
