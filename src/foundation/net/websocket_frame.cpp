#include "foundation/net/websocket_frame.hpp"

#include <algorithm>
#include <cstring>

#include "foundation/base/encoding.hpp"

namespace astro::net::websocket {
namespace {

constexpr std::size_t kControlBytesMax = 125;
/// A message buffer larger than this is given back when the message is through.
constexpr std::size_t kKeepBytes = 4096;

CloseStatus protocol_error(std::string reason) {
    return {kProtocolError, std::move(reason)};
}

std::uint64_t load_be(const char* data, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(data[i]);
    return value;
}

void store_be(char* out, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
}

/// RFC 6455 §7.4: the codes that may stand in a frame.
bool is_sendable_code(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

/// The status in a close frame's payload, or why it is wrong.
std::optional<CloseStatus> parse_close(std::string_view payload, CloseStatus& status) {
    if (payload.empty()) return std::nullopt;
    if (payload.size() == 1) return protocol_error("a close code has two bytes");
    status.code = static_cast<std::uint16_t>(load_be(payload.data(), 2));
    if (!is_sendable_code(status.code)) return protocol_error("no such close code");
    status.reason = payload.substr(2);
    if (!is_utf8(status.reason)) return CloseStatus{kInvalidPayload, "the reason is not UTF-8"};
    return std::nullopt;
}

}  // namespace

FrameHeader encode_header(Opcode opcode, std::size_t payload_bytes,
                          std::optional<std::array<char, 4>> mask) {
    FrameHeader header;
    char* out = header.bytes.data();
    const int mask_bit = mask ? 0x80 : 0;
    *out++ = static_cast<char>(0x80 | static_cast<int>(opcode));
    if (payload_bytes < 126) {
        *out++ = static_cast<char>(mask_bit | static_cast<int>(payload_bytes));
    } else {
        const std::size_t width = payload_bytes <= 0xFFFF ? 2 : 8;
        *out++ = static_cast<char>(mask_bit | (width == 2 ? 126 : 127));
        store_be(out, payload_bytes, width);
        out += width;
    }
    if (mask) out = std::copy(mask->begin(), mask->end(), out);
    header.size = static_cast<std::uint8_t>(out - header.bytes.data());
    return header;
}

void apply_mask(char* data, std::size_t size, const std::array<char, 4>& mask, std::size_t phase) {
    std::array<char, 8> wide;
    for (std::size_t i = 0; i < 8; ++i) wide[i] = mask[(phase + i) & 3];
    std::uint64_t key;
    std::memcpy(&key, wide.data(), 8);
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, data + i, 8);
        word ^= key;
        std::memcpy(data + i, &word, 8);
    }
    for (; i < size; ++i) data[i] = static_cast<char>(data[i] ^ wide[i & 7]);
}

std::string encode_close(std::uint16_t code, std::string_view reason) {
    std::string payload(2, '\0');
    store_be(payload.data(), code, 2);
    reason = reason.substr(0, kControlBytesMax - 2);
    while (!reason.empty() && !is_utf8(reason)) reason.remove_suffix(1);
    payload.append(reason);
    return payload;
}

std::optional<CloseStatus> FrameReader::feed(std::string_view bytes,
                                             const std::function<bool(const Event&)>& on_event) {
    bool go_on = true;
    while (go_on) {
        if (step_ == Step::header) {
            const std::size_t n = std::min(header_size() - header_have_, bytes.size());
            std::copy_n(bytes.data(), n, header_.data() + header_have_);
            header_have_ += n;
            bytes.remove_prefix(n);
            if (header_have_ < header_size()) {
                if (bytes.empty()) return std::nullopt;
                continue;  // the second byte said that the header is longer
            }
            if (auto wrong = read_header()) return wrong;
            step_ = Step::payload;
        }
        read_payload(bytes);
        if (frame_.left > 0) return std::nullopt;
        step_ = Step::header;
        header_have_ = 0;
        if (auto wrong = finish_frame(on_event, go_on)) return wrong;
        if (bytes.empty()) return std::nullopt;
    }
    return std::nullopt;
}

std::size_t FrameReader::header_size() const {
    if (header_have_ < 2) return 2;
    const auto second = static_cast<std::uint8_t>(header_[1]);
    const std::size_t length = (second & 0x7F) == 126 ? 2 : (second & 0x7F) == 127 ? 8 : 0;
    return 2 + length + (second & 0x80 ? 4 : 0);
}

std::optional<CloseStatus> FrameReader::check_header(std::uint8_t first,
                                                     std::uint8_t second) const {
    if (first & 0x70) return protocol_error("reserved bits are set");
    const int opcode = first & 0x0F;
    if ((opcode > 2 && opcode < 8) || opcode > 10) return protocol_error("no such opcode");
    if (((second & 0x80) != 0) != (role_ == Role::server))
        return protocol_error("exactly the client masks its frames");
    if (opcode >= 8 && (!(first & 0x80) || (second & 0x7F) > kControlBytesMax))
        return protocol_error("a control frame is whole and of 125 bytes at most");
    if (opcode == 0 && !in_message_) return protocol_error("nothing to continue");
    if ((opcode == 1 || opcode == 2) && in_message_)
        return protocol_error("a message began inside another");
    if (opcode == 2) return CloseStatus{kUnsupportedData, "only text is spoken here"};
    return std::nullopt;
}

std::optional<CloseStatus> FrameReader::read_length(std::uint64_t& length) const {
    length = static_cast<std::uint8_t>(header_[1]) & 0x7F;
    if (length < 126) return std::nullopt;
    const std::size_t width = length == 126 ? 2 : 8;
    length = load_be(header_.data() + 2, width);
    if (length >> 63) return protocol_error("the length's top bit is set");
    if (length < 126 || (width == 8 && length <= 0xFFFF))
        return protocol_error("the length is not in its shortest form");
    return std::nullopt;
}

std::optional<CloseStatus> FrameReader::read_header() {
    const auto first = static_cast<std::uint8_t>(header_[0]);
    const auto second = static_cast<std::uint8_t>(header_[1]);
    if (auto wrong = check_header(first, second)) return wrong;
    frame_ = {};
    frame_.opcode = static_cast<Opcode>(first & 0x0F);
    frame_.final = (first & 0x80) != 0;
    if (auto wrong = read_length(frame_.left)) return wrong;
    // Judged by the header, before any payload is kept.
    if (!is_control() && frame_.left > message_bytes_max_ - message_.size())
        return CloseStatus{kTooBig, "the message is larger than accepted here"};
    if (second & 0x80) std::copy_n(header_.data() + header_have_ - 4, 4, frame_.mask.data());
    if (!is_control()) in_message_ = true;
    return std::nullopt;
}

void FrameReader::read_payload(std::string_view& bytes) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(frame_.left, bytes.size()));
    std::string& target = is_control() ? control_ : message_;
    const std::size_t at = target.size();
    target.append(bytes.substr(0, n));
    if (role_ == Role::server) apply_mask(target.data() + at, n, frame_.mask, frame_.phase);
    frame_.phase = (frame_.phase + n) & 3;
    frame_.left -= n;
    bytes.remove_prefix(n);
}

std::optional<CloseStatus> FrameReader::finish_frame(
    const std::function<bool(const Event&)>& on_event, bool& go_on) {
    if (is_control()) return finish_control(on_event, go_on);
    if (!frame_.final) return std::nullopt;
    in_message_ = false;
    if (!is_utf8(message_)) return CloseStatus{kInvalidPayload, "the text is not UTF-8"};
    go_on = on_event({Event::Kind::message, message_, {}});
    if (message_.capacity() > kKeepBytes)
        message_ = {};
    else
        message_.clear();
    return std::nullopt;
}

std::optional<CloseStatus> FrameReader::finish_control(
    const std::function<bool(const Event&)>& on_event, bool& go_on) {
    Event event{frame_.opcode == Opcode::ping   ? Event::Kind::ping
                : frame_.opcode == Opcode::pong ? Event::Kind::pong
                                                : Event::Kind::close,
                control_,
                {}};
    if (frame_.opcode == Opcode::close) {
        if (auto wrong = parse_close(control_, event.close)) return wrong;
    }
    go_on = on_event(event) && frame_.opcode != Opcode::close;
    control_.clear();
    return std::nullopt;
}

}  // namespace astro::net::websocket
