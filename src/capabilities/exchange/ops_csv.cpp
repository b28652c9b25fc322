#include "capabilities/exchange/ops_csv.hpp"

#include <unistd.h>
#include <zlib.h>

#include <array>
#include <charconv>

namespace astro::exchange {
namespace {

constexpr std::size_t kReadBytes = 1U << 16;

Unexpected bad_line(std::string message, std::uint64_t line = 0) {
    return refusal("bad_operation", std::move(message),
                   line == 0 ? std::string() : std::to_string(line));
}

/// What a cell holds, short enough to stand in a message.
std::string shown(std::string_view cell) {
    if (cell.empty()) return "nothing";
    std::string out = "'";
    for (const char c : cell.substr(0, 30)) out += c >= ' ' && c <= '~' ? c : '?';
    return out + (cell.size() > 30 ? "…'" : "'");
}

template <class T>
Result<T> number(std::string_view name, std::string_view cell, T min, T max) {
    T out{};
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
    if (error != std::errc{} || end != cell.data() + cell.size() || out < min || out > max)
        return bad_line(std::string(name) + " is a whole number from " + std::to_string(min) +
                        " to " + std::to_string(max) + ", not " + shown(cell));
    return out;
}

Result<OperationType> type_of(std::string_view cell) {
    if (cell == "ADD") return OperationType::add;
    if (cell == "CANCEL") return OperationType::cancel;
    if (cell == "IOC") return OperationType::ioc;
    return bad_line("type is ADD, CANCEL or IOC, not " + shown(cell));
}

}  // namespace

struct TextLines::File {
    explicit File(gzFile handle_) : handle(handle_) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { gzclose_r(handle); }
    gzFile handle;
};

TextLines::TextLines(std::unique_ptr<File> file) : file_(std::move(file)) {}
TextLines::TextLines(TextLines&&) noexcept = default;
TextLines& TextLines::operator=(TextLines&&) noexcept = default;
TextLines::~TextLines() = default;

Result<TextLines> TextLines::open(const std::string& path) {
    // A copy of the descriptor, so that closing ours leaves standard input as it is.
    const gzFile handle =
        path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb");
    if (handle == nullptr) return not_found("file_unreadable", "it cannot be opened");
    gzbuffer(handle, kReadBytes);
    return TextLines(std::make_unique<File>(handle));
}

/// Whether there was more.
Result<bool> TextLines::fill() {
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + kReadBytes);
    const int got = gzread(file_->handle, buffer_.data() + had, kReadBytes);
    buffer_.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
    int error = Z_OK;
    (void)gzerror(file_->handle, &error);
    if (got < 0 || (got == 0 && error != Z_OK && error != Z_STREAM_END))
        return bad_line(error == Z_ERRNO       ? "the file cannot be read"
                        : error == Z_BUF_ERROR ? "the compressed file ends too early"
                                               : "the compressed file is damaged",
                        number_ + 1);
    return got > 0;
}

Result<std::optional<std::string_view>> TextLines::next() {
    for (;;) {
        const std::string_view rest = std::string_view(buffer_).substr(at_);
        const auto end = rest.find('\n');
        if (std::min(end, rest.size()) > kOpsLineMax)
            return bad_line("the line is longer than " + std::to_string(kOpsLineMax) + " bytes",
                            number_ + 1);
        if (end != rest.npos) {
            at_ += end + 1;
            ++number_;
            const auto line = rest.substr(0, end);
            return std::optional(line.ends_with('\r') ? line.substr(0, end - 1) : line);
        }
        ASTRO_TRY(const bool more, fill());
        if (more) continue;
        if (at_ == buffer_.size()) return std::optional<std::string_view>();
        buffer_ += '\n';  // the last line has no end of its own
    }
}

Result<SequencedOperation> parse_operation(std::string_view line) {
    constexpr std::size_t kColumns = 7;
    std::array<std::string_view, kColumns> cells;
    std::size_t count = 0;
    for (std::string_view rest = line;; ++count) {
        const auto comma = rest.find(',');
        if (count < kColumns) cells[count] = rest.substr(0, comma);
        if (comma == rest.npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (++count != kColumns)
        return bad_line("it has " + std::to_string(count) + " columns, not the 7 of " +
                        std::string(kOpsHeader));
    SequencedOperation out;
    Operation& operation = out.operation;
    ASTRO_TRY(out.seq, number<std::uint64_t>("seq", cells[0], 0, UINT64_MAX));
    ASTRO_TRY(operation.type, type_of(cells[1]));
    ASTRO_TRY(operation.symbol, number<std::uint32_t>("symbol", cells[2], 0, kOpsSymbolMax));
    ASTRO_TRY(operation.order_id, number<std::uint32_t>("order_id", cells[4], 1, UINT32_MAX));
    if (operation.type == OperationType::cancel) return out;
    if (cells[3] != "B" && cells[3] != "S")
        return bad_line("side is B or S, not " + shown(cells[3]));
    operation.side = cells[3] == "B" ? Side::buy : Side::sell;
    ASTRO_TRY(operation.price, number<std::int64_t>("price", cells[5], 1, kOpsPriceMax));
    ASTRO_TRY(operation.quantity, number<std::uint32_t>("qty", cells[6], 1, UINT32_MAX));
    return out;
}

Result<OperationReader> OperationReader::open(const std::string& path) {
    ASTRO_TRY(auto lines, TextLines::open(path));
    return OperationReader(std::move(lines));
}

Result<std::optional<SequencedOperation>> OperationReader::next() {
    ASTRO_TRY(auto text, lines_.next());
    if (lines_.number() <= 1) {
        if (!text)
            return bad_line("the file is empty; its first line is " + std::string(kOpsHeader), 1);
        if (*text != kOpsHeader)
            return bad_line(
                "the first line is " + std::string(kOpsHeader) + ", not " + shown(*text), 1);
        ASTRO_TRY(text, lines_.next());
    }
    if (!text) return std::optional<SequencedOperation>();
    auto operation = parse_operation(*text);
    if (!operation) return bad_line(operation.error().message, line());
    if (last_seq_ && operation->seq <= *last_seq_)
        return bad_line("seq grows from line to line: after " + std::to_string(*last_seq_) +
                            " comes a larger one, not " + std::to_string(operation->seq),
                        line());
    last_seq_ = operation->seq;
    return std::optional(*operation);
}

}  // namespace astro::exchange
