#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/journal/file_journal.hpp"

namespace astro::journal::test {

/// Gone with the object. In memory where the system has such a place: what these tests look at is
/// what a process wrote, not what a disk kept.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        const bool shared = std::filesystem::is_directory("/dev/shm");
        path_ = (shared ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
                "/astro-journal-XXXXXX";
        EXPECT_NE(::mkdtemp(path_.data()), nullptr);
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] std::string journal() const { return path_ + "/journal"; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

inline Bytes read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_file(const std::string& path, ByteView bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

using Texts = std::vector<std::string>;

inline Result<Sequence> append(Journal& journal, const Texts& records,
                               TimestampNs time = TimestampNs{7}) {
    std::vector<ByteView> views;
    for (const auto& record : records) views.push_back(as_bytes(record));
    return journal.append(views, time);
}

/// All records from `from` on; fails the test when they do not follow each other.
inline Texts replayed(const Journal& journal, Sequence from = Sequence{1}) {
    Texts out;
    const auto done = journal.replay(from, [&](const Record& record) {
        EXPECT_EQ(record.sequence.value(), from.value() + out.size());
        out.emplace_back(record.bytes.begin(), record.bytes.end());
        return true;
    });
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().text());
    return out;
}

inline std::unique_ptr<Journal> opened(FileOptions options) {
    auto journal = open_files(options);
    EXPECT_TRUE(journal.has_value()) << (journal ? "" : journal.error().text());
    return journal ? std::move(*journal) : nullptr;
}

inline std::string refusal_of(const FileOptions& options) {
    const auto journal = open_files(options);
    return journal ? "opened" : std::string(journal.error().code);
}

/// The texts of the numbers.
inline Texts numbers(int from, int to) {
    Texts out;
    for (int i = from; i <= to; ++i) out.push_back(std::to_string(i));
    return out;
}

/// The segment files, oldest first.
inline Texts segments_of(const std::string& directory) {
    Texts out;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        if (entry.path().extension() == ".journal") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace astro::journal::test
