#pragma once

#include <array>

#include "foundation/base/bytes.hpp"

namespace astro::crypto {

struct Sha256Tag {};
using Sha256 = FixedBytes<Sha256Tag, 32>;

/// FIPS 180-4 SHA-256 of `bytes`. Thread-safe.
[[nodiscard]] Sha256 sha256(ByteView bytes);

/// The same of bytes that come in pieces. Once made it neither allocates nor locks, so that the
/// child of a fork may use it.
class Sha256Stream {
  public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(const Sha256Stream&) = delete;
    Sha256Stream& operator=(const Sha256Stream&) = delete;

    void add(ByteView bytes);
    /// Of all that was added; nothing may be added after it.
    [[nodiscard]] Sha256 finish();

  private:
    void* context_;  ///< of OpenSSL
};

}  // namespace astro::crypto
