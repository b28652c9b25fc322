#pragma once

#include <span>

#include "foundation/base/bytes.hpp"

/// Handling of bytes that nobody else may learn.
namespace astro::crypto {

/// Overwrites with zeros; the compiler does not leave it out.
void wipe(std::span<std::uint8_t> bytes);
void wipe(std::string& text);

/// Whether both are equal; the time depends on the lengths only.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

struct SecretKeyTag {};

/// Thirty-two secret bytes, wiped when they go. Neither printed nor compared by operators.
class SecretKey {
  public:
    static constexpr std::size_t kSize = 32;

    SecretKey() = default;
    /// Takes the first 32 bytes of `bytes`, which has them.
    explicit SecretKey(ByteView bytes);
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey() { wipe(bytes_); }

    [[nodiscard]] ByteView view() const { return bytes_; }
    [[nodiscard]] std::span<std::uint8_t> writable() { return bytes_; }

  private:
    std::array<std::uint8_t, kSize> bytes_{};
};

}  // namespace astro::crypto
