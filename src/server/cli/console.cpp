#include "server/cli/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace astro::cli {
namespace {

constexpr std::size_t kBufferBytes = 1U << 16;

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool looks_like_amount(std::string_view cell) {
    const auto first = cell.find_first_not_of("-$");
    return first != std::string_view::npos && cell[first] >= '0' && cell[first] <= '9';
}

std::string megabytes(std::uint64_t bytes) {
    const auto tenths = bytes / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

Output::Output(std::FILE* file) : file_(file), to_person_(is_terminal(file)) {}

Output::~Output() {
    flush();
}

void Output::line(std::string_view text) {
    if (closed_ || failed_) return;
    buffer_.append(text);
    buffer_.push_back('\n');
    if (to_person_ || buffer_.size() >= kBufferBytes) flush();
}

void Output::flush() {
    if (closed_ || failed_ || buffer_.empty()) return;
    errno = 0;
    const bool wrote = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size() &&
                       std::fflush(file_) == 0;
    buffer_.clear();
    if (wrote) return;
    if (errno == EPIPE)
        closed_ = true;
    else
        failed_ = true;
}

void complain(std::string_view text) {
    std::string line = "astrolabe: ";
    for (const char c : text) line.push_back(c == '\n' || c == '\r' ? ' ' : c);
    line.push_back('\n');
    std::fwrite(line.data(), 1, line.size(), stderr);
}

ExitCode ended(Output& out, ExitCode code) {
    out.flush();
    if (!out.failed()) return code;
    complain("standard output cannot be written");
    return ExitCode::failed;
}

bool is_terminal(std::FILE* file) {
    return isatty(fileno(file)) == 1;
}

ProgressBar::ProgressBar() : active_(is_terminal(stderr)) {}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
    if (!active_) return;
    std::string text;
    if (total > 0) {
        constexpr std::uint64_t kCells = 30;
        const auto share = std::min<std::uint64_t>(done * 100 / total, 100);
        const auto filled = share * kCells / 100;
        text = "[" + std::string(filled, '#') + std::string(kCells - filled, ' ') + "] " +
               std::to_string(share) + " %  " + megabytes(done) + " of " + megabytes(total) + " MB";
    } else {
        text = megabytes(done) + " MB read";
    }
    if (text == last_) return;
    last_ = text;
    shown_ = true;
    const auto line = "\r\x1b[2K" + text;
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void ProgressBar::clear() {
    if (!shown_) return;
    shown_ = false;
    last_.clear();
    std::fputs("\r\x1b[2K", stderr);
}

void Table::add(std::vector<std::string> cells, std::vector<std::string> details) {
    rows_.push_back(std::move(cells));
    details_.push_back(std::move(details));
}

void Table::print(Output& out) const {
    std::vector<std::size_t> widths(rows_[0].size(), 0);
    std::vector<bool> right(rows_[0].size(), rows_.size() > 1);
    for (std::size_t r = 0; r < rows_.size(); ++r)
        for (std::size_t c = 0; c < rows_[r].size(); ++c) {
            widths[c] = std::max(widths[c], width_of(rows_[r][c]));
            if (r > 0 && !looks_like_amount(rows_[r][c]) && rows_[r][c] != "?") right[c] = false;
        }
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        std::string line;
        for (std::size_t c = 0; c < rows_[r].size(); ++c) {
            const std::string pad(widths[c] - width_of(rows_[r][c]), ' ');
            const bool last = c + 1 == rows_[r].size();
            line += right[c] ? pad + rows_[r][c] : rows_[r][c] + (last ? "" : pad);
            if (!last) line += "  ";
        }
        out.line(line);
        if (r == 0) continue;
        for (const auto& detail : details_[r - 1]) out.line("    " + detail);
        if (!details_[r - 1].empty()) out.line("");
    }
}

}  // namespace astro::cli
