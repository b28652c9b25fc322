#include "foundation/net/event_stream.hpp"

#include <charconv>

namespace astro::net {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kRetryMsMax = 3'600'000;

}  // namespace

Result<void> EventStreamParser::feed(std::string_view bytes, std::vector<ServerEvent>& events) {
    while (!bytes.empty() && !too_large_) {
        if (line_feed_is_rest_ && bytes.front() == '\n') bytes.remove_prefix(1);
        line_feed_is_rest_ = false;
        const auto end = bytes.find_first_of("\r\n");
        const std::string_view part = bytes.substr(0, end);
        if (line_.size() + part.size() + data_.size() > bytes_max_) {
            too_large_ = true;
            break;
        }
        line_.append(part);
        if (end == bytes.npos) return {};
        line_feed_is_rest_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        std::string_view line = line_;
        if (first_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
        first_ = false;
        take_line(line, events);
        line_.clear();
    }
    if (too_large_)
        return unavailable("too_large",
                           "an event is larger than " + std::to_string(bytes_max_) + " bytes");
    return {};
}

void EventStreamParser::take_line(std::string_view line, std::vector<ServerEvent>& events) {
    if (line.empty()) {
        if (!data_.empty()) {
            data_.pop_back();  // the line feed behind the last line
            events.push_back({type_.empty() ? "message" : std::move(type_), std::move(data_)});
        }
        type_.clear();
        data_.clear();
        return;
    }
    if (line.front() == ':') return;  // a comment keeps the connection alive
    const auto colon = line.find(':');
    std::string_view value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    take_field(line.substr(0, colon), value);
}

void EventStreamParser::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        data_.append(value).push_back('\n');
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == value.npos) last_id_ = value;
    } else if (name == "retry") {
        std::int64_t ms = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), ms);
        if (error == std::errc{} && end == value.data() + value.size() && ms >= 0 &&
            ms <= kRetryMsMax && value.front() != '-')
            retry_ = milliseconds(ms);
    }
}

}  // namespace astro::net
