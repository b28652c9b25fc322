#pragma once

#include <memory>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/secret.hpp"

/// A long secret text in pieces, none of which can be changed, left out, repeated or moved:
/// libsodium's secretstream (XChaCha20-Poly1305). The last piece says that it is the last, so that
/// a text that was cut off is told from a whole one.
namespace astro::crypto {

inline constexpr std::size_t kStreamHeaderBytes = 24;
inline constexpr std::size_t kStreamOverheadBytes = 17;  ///< of each piece

class StreamSealer {
  public:
    explicit StreamSealer(const SecretKey& key);
    ~StreamSealer();
    StreamSealer(StreamSealer&&) noexcept;
    /// Goes before the pieces; not secret.
    [[nodiscard]] const Bytes& header() const { return header_; }
    [[nodiscard]] Bytes seal(ByteView piece, bool is_last);

  private:
    struct State;
    std::unique_ptr<State> state_;
    Bytes header_;
};

class StreamOpener {
  public:
    /// `header` has kStreamHeaderBytes.
    StreamOpener(const SecretKey& key, ByteView header);
    ~StreamOpener();
    StreamOpener(StreamOpener&&) noexcept;
    struct Piece {
        Bytes bytes;
        bool is_last = false;
    };
    /// "stream_damaged": not this piece, not at this place, or another key. Then nothing more can
    /// be opened.
    [[nodiscard]] Result<Piece> open(ByteView sealed);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace astro::crypto
