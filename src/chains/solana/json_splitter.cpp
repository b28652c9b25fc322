#include "chains/solana/json_splitter.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace astro::solana {
namespace {

constexpr std::size_t kStrayMax = 1U << 20;
constexpr std::size_t kTailKept = 4096;  // of a document too large to keep

constexpr bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Characters that the scan outside of strings must look at.
constexpr auto kBracketOrQuote = [] {
    std::array<bool, 256> table{};
    for (const char c : {'{', '}', '[', ']', '"'}) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

}  // namespace

void JsonSplitter::append(std::string_view bytes) {
    if (begin_ > 0) {
        buffer_.erase(0, begin_);
        scan_ -= begin_;
        string_ -= std::min(string_, begin_);
        if (restart_ != kNowhere) restart_ -= begin_;
        begin_ = 0;
    }
    buffer_.append(bytes);
}

std::optional<JsonSplitter::Piece> JsonSplitter::next() {
    return in_document_ ? scan() : start();
}

void JsonSplitter::count_lines(std::size_t from, std::size_t to) {
    line_ += static_cast<std::size_t>(std::count(buffer_.data() + from, buffer_.data() + to, '\n'));
}

/// Finds the first character of a document, through spaces, commas and the array's brackets.
std::optional<JsonSplitter::Piece> JsonSplitter::start() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (at_start_of_input_) {
        if (buffer_.size() < kByteOrderMark.size() && !finished_) return {};
        at_start_of_input_ = false;
        if (buffer_.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
    }
    for (scan_ = begin_; scan_ < buffer_.size(); begin_ = ++scan_) {
        const char c = buffer_[scan_];
        if (c == '\n') ++line_;
        if (is_space(c)) continue;
        if (in_array_ && (c == ',' ? comma_due_ : c == ']')) {
            comma_due_ = false;
            in_array_ = c == ',';
            continue;
        }
        if (!in_array_ && c == '[') {
            in_array_ = true;
            array_line_ = line_;
            continue;
        }
        if (comma_due_) {
            comma_due_ = false;
            return Piece{{}, line_, "bad_json", "',' or ']' is expected between documents"};
        }
        if (c != '{' && c != '[') return stray();
        in_document_ = true;
        document_line_ = line_;
        depth_ = 0;
        restart_ = kNowhere;
        return scan();
    }
    return finished_ ? end_of_array() : std::nullopt;
}

std::optional<JsonSplitter::Piece> JsonSplitter::end_of_array() {
    if (!in_array_) return {};
    in_array_ = false;
    return Piece{{}, array_line_, "bad_json", "the array of documents that begins here has no end"};
}

/// Something that is no object: up to the line's end it is given to the parser, which refuses it.
std::optional<JsonSplitter::Piece> JsonSplitter::stray() {
    const std::string_view rest = std::string_view(buffer_).substr(begin_, kStrayMax);
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos && !finished_ && rest.size() < kStrayMax) return {};
    document_line_ = line_;
    return cut(begin_ + std::min(length, rest.size()));
}

JsonSplitter::Piece JsonSplitter::cut(std::size_t end) {
    Piece piece{std::string_view(buffer_).substr(begin_, end - begin_), document_line_};
    if (too_large_ || piece.text.size() > limit_)
        piece = {{}, document_line_, "too_large", "a document longer than the limit"};
    count_lines(begin_, end);
    begin_ = scan_ = end;
    in_document_ = in_string_ = line_end_in_string_ = too_large_ = false;
    return piece;
}

/// The document is broken: it ends at the first later line that begins with '{', or else at `end`.
JsonSplitter::Piece JsonSplitter::break_at(std::size_t end) {
    note_size();
    return cut(std::min(restart_, end));
}

/// Goes behind the string's end; false when that has not come yet.
bool JsonSplitter::skip_string() {
    while (true) {
        const char* from = buffer_.data() + scan_;
        const auto* quote =
            static_cast<const char*>(std::memchr(from, '"', buffer_.size() - scan_));
        const std::size_t end =
            quote == nullptr ? buffer_.size() : static_cast<std::size_t>(quote - buffer_.data());
        if (const void* line_end = std::memchr(from, '\n', end - scan_)) {
            line_end_in_string_ = true;
            scan_ = static_cast<std::size_t>(static_cast<const char*>(line_end) - buffer_.data());
            return false;
        }
        scan_ = end;
        if (quote == nullptr) return false;
        std::size_t backslashes = 0;
        while (end - backslashes > string_ && buffer_[end - backslashes - 1] == '\\') ++backslashes;
        ++scan_;
        if (backslashes % 2 == 0) return true;
    }
}

/// Whether JSON allows the '{' that begins a line at `i`: behind ':' and '[', and behind ',' in
/// arrays.
bool JsonSplitter::value_may_stand_at(std::size_t i) const {
    while (i > begin_ && is_space(buffer_[i - 1])) --i;
    const char before = i > begin_ ? buffer_[i - 1] : ',';
    const bool in_object = (objects_ & 1) != 0;
    return before == ':' || before == '[' || (before == ',' && !in_object);
}

std::optional<JsonSplitter::Piece> JsonSplitter::scan() {
    while (scan_ < buffer_.size()) {
        if (in_string_) {
            if (!skip_string()) {
                if (line_end_in_string_) return break_at(scan_);
                break;
            }
            in_string_ = false;
            continue;
        }
        const char c = buffer_[scan_];
        if (!kBracketOrQuote[static_cast<unsigned char>(c)]) {
            ++scan_;
            continue;
        }
        if (c == '"') {
            in_string_ = true;
            string_ = ++scan_;
            continue;
        }
        note_size();
        if (c == '{' || c == '[') {
            if (c == '{' && scan_ > begin_ && buffer_[scan_ - 1] == '\n') {
                restart_ = std::min(restart_, scan_);
                if (!value_may_stand_at(scan_)) return break_at(scan_);
            }
            objects_ = objects_ << 1 | (c == '{' ? 1U : 0U);
            ++depth_;
        } else {
            objects_ >>= 1;
            if (--depth_ == 0) {
                comma_due_ = in_array_;
                return cut(scan_ + 1);
            }
        }
        ++scan_;
    }
    if (finished_) return break_at(buffer_.size());
    note_size();
    if (too_large_) drop_scanned();
    return {};
}

/// Beyond the limit nothing of the document is kept, so nothing in it can be restarted at.
void JsonSplitter::note_size() {
    if (too_large_ || scan_ - begin_ <= limit_) return;
    too_large_ = true;
    restart_ = kNowhere;
}

void JsonSplitter::drop_scanned() {
    const std::size_t keep_from = std::max(begin_, scan_ - std::min(scan_, kTailKept));
    count_lines(begin_, keep_from);
    begin_ = keep_from;
    string_ = std::max(string_, begin_);
}

}  // namespace astro::solana
