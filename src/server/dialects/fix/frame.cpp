#include "server/dialects/fix/frame.hpp"

#include <algorithm>

namespace astro::fix {
namespace {

constexpr std::string_view kBegin = "8=FIX.4.4\0019=";
constexpr std::size_t kChecksumBytes = 7;    // "10=123" and SOH
constexpr std::size_t kLengthDigitsMax = 9;  // some write leading zeros

}  // namespace

std::optional<std::size_t> Frames::size_of_first() const {
    const std::string_view text = buffer_;
    if (!kBegin.starts_with(text.substr(0, kBegin.size()))) return std::nullopt;
    std::size_t at = kBegin.size(), length = 0;
    for (;; ++at) {
        if (at >= text.size()) return 0;
        if (text[at] == '\001') break;
        if (text[at] < '0' || text[at] > '9' || at >= kBegin.size() + kLengthDigitsMax)
            return std::nullopt;
        length = length * 10 + static_cast<std::size_t>(text[at] - '0');
    }
    const std::size_t size = at + 1 + length + kChecksumBytes;
    if (at == kBegin.size() || size > kMessageBytesMax) return std::nullopt;
    if (text.size() < size) return 0;
    const std::string_view end = text.substr(size - kChecksumBytes, kChecksumBytes);
    if (!end.starts_with("10=") || end.back() != '\001') return std::nullopt;
    return size;
}

/// To where a message may begin.
void Frames::skip() {
    const std::size_t next = buffer_.find("8=FIX", 1);
    // The last bytes may be the beginning of "8=FIX".
    const std::size_t count = next != std::string::npos
                                  ? next
                                  : buffer_.size() - std::min<std::size_t>(buffer_.size() - 1, 4);
    skipped_ += count;
    buffer_.erase(0, count);
}

std::optional<std::string> Frames::next() {
    while (!buffer_.empty()) {
        const auto size = size_of_first();
        if (!size) {
            skip();
            continue;
        }
        if (*size == 0) return std::nullopt;
        std::string out = buffer_.substr(0, *size);
        buffer_.erase(0, *size);
        skipped_ = 0;
        return out;
    }
    return std::nullopt;
}

}  // namespace astro::fix
