#include "server/node/data_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "foundation/base/file_lock.hpp"

namespace astro::node {
namespace {

Unexpected failed(std::string_view what, const std::string& path) {
    return unavailable("data_directory", std::string(what) + ": " + std::strerror(errno), path);
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::string& name) {
    // "data/" is "data": its parent is not itself.
    std::string path = name;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    if (path.empty())
        return refusal("data_directory", "the data directory has no name", "data.directory");
    std::error_code ignored;
    if (const auto parent = std::filesystem::path(path).parent_path(); !parent.empty())
        std::filesystem::create_directories(parent, ignored);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return failed("cannot make the data directory", path);
    const std::string lock_path = path + "/lock";
    const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0) return failed("cannot write in the data directory", path);
    if (!lock_file(lock, false)) {
        ::close(lock);
        return refusal("data_in_use",
                       "another astrolabe runs on this data directory; stop it, or give --data",
                       path);
    }
    return DataDirectory(path, lock);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory::~DataDirectory() {
    if (lock_ >= 0)
        ::close(lock_);  // lets the lock go; the file stays, or a second program could lock its
                         // successor
}

std::string DataDirectory::file(std::string_view name) const {
    return path_ + "/" + std::string(name);
}

}  // namespace astro::node
