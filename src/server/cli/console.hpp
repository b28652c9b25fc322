#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace astro::cli {

/// How a command ends: the process's exit code.
enum class ExitCode : int {
    ok = 0,
    failed = 1,     ///< the output could not be written, or the server could not run
    bad_input = 2,  ///< a file or an argument was wrong; what could be done was done
};

/// Standard output, buffered. A reader that went away (a closed pipe) is no error: writing stops
/// and `closed()` tells. Not thread-safe.
class Output {
  public:
    explicit Output(std::FILE* file = stdout);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void line(std::string_view text);
    void flush();
    /// Nobody reads any more: there is no point in going on.
    [[nodiscard]] bool closed() const { return closed_; }
    /// The disk is full or the like.
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    std::FILE* file_;
    std::string buffer_;
    bool to_person_;  ///< a terminal: each line at once
    bool closed_ = false, failed_ = false;
};

/// "astrolabe: …" on standard error, one line whatever `text` holds.
void complain(std::string_view text);

/// `code`, unless the output could not be written: that is said.
[[nodiscard]] ExitCode ended(Output& out, ExitCode code = ExitCode::ok);

[[nodiscard]] bool is_terminal(std::FILE* file);

/// "[#####     ] 43 %  12.1 of 28.0 MB" on standard error while a person watches; nothing else.
class ProgressBar {
  public:
    ProgressBar();
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void update(std::uint64_t done, std::uint64_t total);
    /// Takes it off the screen, so that other output can stand there.
    void clear();

  private:
    bool active_, shown_ = false;
    std::string last_;
};

/// A table for people: columns as wide as their widest cell, text left, amounts right. Widths are
/// counted in characters.
class Table {
  public:
    explicit Table(std::vector<std::string> columns) : rows_{std::move(columns)} {}
    /// `details` are printed indented below the row.
    void add(std::vector<std::string> cells, std::vector<std::string> details = {});
    [[nodiscard]] bool empty() const { return rows_.size() == 1; }
    void print(Output& out) const;

  private:
    std::vector<std::vector<std::string>> rows_;
    std::vector<std::vector<std::string>> details_;
};

}  // namespace astro::cli
