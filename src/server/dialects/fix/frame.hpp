#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astro::fix {

inline constexpr std::size_t kMessageBytesMax = 8'192;  ///< of one that comes in

/// Cuts what a connection sends into messages: from "8=" to the checksum's field, by BodyLength.
/// What is no message is skipped up to the next one's beginning, as FIX asks for, and counted.
class Frames {
  public:
    void push(std::string_view bytes) { buffer_.append(bytes); }
    /// The next whole message.
    std::optional<std::string> next();
    /// Bytes that belonged to no message, since the last message.
    [[nodiscard]] std::size_t skipped() const { return skipped_; }

  private:
    /// How long the message at the beginning is; 0: not known yet; nothing: it is none.
    [[nodiscard]] std::optional<std::size_t> size_of_first() const;
    void skip();

    std::string buffer_;
    std::size_t skipped_ = 0;
};

}  // namespace astro::fix
