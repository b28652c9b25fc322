#pragma once

#include <span>

#include "foundation/base/bytes.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::crypto {

/// Where unpredictable bytes come from. Whoever needs them is given one, so that engines stay pure
/// and tests repeat.
class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;

    [[nodiscard]] Bytes bytes(std::size_t count) {
        Bytes out(count);
        fill(out);
        return out;
    }
    [[nodiscard]] SecretKey secret_key() {
        SecretKey key;
        fill(key.writable());
        return key;
    }
};

/// The kernel's generator. Thread-safe.
class SystemRandom final : public Random {
  public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace astro::crypto
