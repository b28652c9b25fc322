#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/base/result.hpp"

/// The WebSocket wire format (RFC 6455) without I/O: frame headers out, events in. No extensions,
/// hence no compression: a message is encoded once and shared by all its receivers.
///
///   byte 0: FIN RSV1-3 opcode   byte 1: MASK length7   [length 16 or 64]   [mask 32]   payload
namespace astro::net::websocket {

enum class Opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10,
};

inline constexpr std::uint16_t kNormal = 1000, kGoingAway = 1001, kProtocolError = 1002,
                               kUnsupportedData = 1003, kNoStatus = 1005, kAbnormal = 1006,
                               kInvalidPayload = 1007, kTooBig = 1009, kInternalError = 1011;

struct FrameHeader {
    std::array<char, 14> bytes{};
    std::uint8_t size = 0;
    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

/// The header of an unfragmented frame; with a mask when a client sends it.
[[nodiscard]] FrameHeader encode_header(Opcode opcode, std::size_t payload_bytes,
                                        std::optional<std::array<char, 4>> mask = std::nullopt);
/// Masks or unmasks in place (the operation is its own inverse).
void apply_mask(char* data, std::size_t size, const std::array<char, 4>& mask,
                std::size_t phase = 0);
/// Payload of a close frame; the reason is cut to what fits, at a character's border.
[[nodiscard]] std::string encode_close(std::uint16_t code, std::string_view reason);

struct CloseStatus {
    std::uint16_t code = kNoStatus;
    std::string reason;
};

/// What a FrameReader found.
struct Event {
    enum class Kind { message, ping, pong, close } kind;
    std::string_view payload;  ///< valid during the call only
    CloseStatus close;         ///< of Kind::close
};

enum class Role { server, client };

/// Frames of one peer, in pieces of any size. Text only: a binary message is answered by 1003.
class FrameReader {
  public:
    FrameReader(Role role, std::size_t message_bytes_max)
        : role_(role), message_bytes_max_(message_bytes_max) {}

    /// Calls `on_event` for each whole message and control frame. When it returns false, the rest
    /// of `bytes` is dropped. Nothing, or why the connection must be closed; then feed no more.
    [[nodiscard]] std::optional<CloseStatus> feed(
        std::string_view bytes, const std::function<bool(const Event&)>& on_event);

  private:
    enum class Step { header, payload };
    struct Frame {
        Opcode opcode{};
        bool final = false;
        std::uint64_t left = 0;
        std::array<char, 4> mask{};
        std::size_t phase = 0;
    };

    [[nodiscard]] std::size_t header_size() const;
    std::optional<CloseStatus> read_header();
    [[nodiscard]] std::optional<CloseStatus> check_header(std::uint8_t first,
                                                          std::uint8_t second) const;
    [[nodiscard]] std::optional<CloseStatus> read_length(std::uint64_t& length) const;
    void read_payload(std::string_view& bytes);
    std::optional<CloseStatus> finish_frame(const std::function<bool(const Event&)>& on_event,
                                            bool& go_on);
    std::optional<CloseStatus> finish_control(const std::function<bool(const Event&)>& on_event,
                                              bool& go_on);
    [[nodiscard]] bool is_control() const { return static_cast<std::uint8_t>(frame_.opcode) >= 8; }

    Role role_;
    std::size_t message_bytes_max_;
    Step step_ = Step::header;
    std::array<char, 14> header_{};
    std::size_t header_have_ = 0;
    Frame frame_;
    std::string message_;  ///< fragments so far
    std::string control_;
    bool in_message_ = false;
};

}  // namespace astro::net::websocket
