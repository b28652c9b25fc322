#pragma once

#include <string>
#include <utility>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

namespace astro::journal {

/// An open file. Refusals: "journal_io", kind unavailable, where: the path.
class File {
  public:
    File() = default;
    /// `flags` as of open(2).
    [[nodiscard]] static Result<File> open(const std::string& path, int flags);
    File(File&& other) noexcept
        : handle_(std::exchange(other.handle_, -1)), path_(std::move(other.path_)) {}
    File& operator=(File&& other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(path_, other.path_);
        return *this;
    }
    ~File();

    [[nodiscard]] Result<void> write_at(ByteView bytes, std::uint64_t offset) const;
    /// Returns when what was written is on the disk, and the length with it.
    [[nodiscard]] Result<void> sync() const;
    /// Syncs, then drops what the kernel remembers of the file, so that reading shows the disk:
    /// after a failed sync the memory shows also what never reached it.
    [[nodiscard]] Result<void> forget() const;
    [[nodiscard]] Result<std::uint64_t> size() const;
    [[nodiscard]] Result<void> truncate(std::uint64_t size) const;
    /// Reserves space and makes the file `size` long, of zeros; on file systems that cannot
    /// reserve, it does nothing.
    [[nodiscard]] Result<void> reserve(std::uint64_t size) const;
    /// The first `size` bytes into `out`; fewer when the file is shorter.
    [[nodiscard]] Result<void> read(std::uint64_t size, Bytes& out) const;
    /// One holder, or many that share; false when another has it. Let go with the file.
    [[nodiscard]] bool lock(bool shared) const;
    [[nodiscard]] const std::string& path() const { return path_; }
    void renamed(const std::string& path) { path_ = path; }

  private:
    File(int handle, std::string path) : handle_(handle), path_(std::move(path)) {}
    [[nodiscard]] Unexpected failed(const char* what) const;

    int handle_ = -1;
    std::string path_;
};

/// Makes names in the directory durable.
[[nodiscard]] Result<void> sync_directory(const std::string& path);
/// Code "journal_io" with the text of errno.
[[nodiscard]] Unexpected io_failed(const char* what, const std::string& path);

}  // namespace astro::journal
