#pragma once

#include <string>

#include "foundation/base/result.hpp"

namespace astro::node {

/// The folder that belongs to one running program: made with mode 0700 when missing, held by a lock
/// file for as long as this object lives.
class DataDirectory {
  public:
    /// Codes "data_directory" (cannot be made or written) and "data_in_use" (another program runs
    /// on it).
    [[nodiscard]] static Result<DataDirectory> open(const std::string& name);
    ~DataDirectory();
    DataDirectory(DataDirectory&& other) noexcept;
    DataDirectory& operator=(DataDirectory&&) = delete;

    [[nodiscard]] std::string file(std::string_view name) const;

  private:
    DataDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::string path_;
    int lock_ = -1;
};

}  // namespace astro::node
