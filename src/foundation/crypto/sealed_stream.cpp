#include "foundation/crypto/sealed_stream.hpp"

#include <sodium.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

static_assert(kStreamHeaderBytes == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kStreamOverheadBytes == crypto_secretstream_xchacha20poly1305_ABYTES);
static_assert(SecretKey::kSize == crypto_secretstream_xchacha20poly1305_KEYBYTES);

struct StreamSealer::State {
    crypto_secretstream_xchacha20poly1305_state inner;
    ~State() { sodium_memzero(&inner, sizeof inner); }
};

StreamSealer::StreamSealer(const SecretKey& key)
    : state_(std::make_unique<State>()), header_(kStreamHeaderBytes) {
    ASTRO_ASSERT(sodium_init() >= 0);
    crypto_secretstream_xchacha20poly1305_init_push(&state_->inner, header_.data(),
                                                    key.view().data());
}
StreamSealer::~StreamSealer() = default;
StreamSealer::StreamSealer(StreamSealer&&) noexcept = default;

Bytes StreamSealer::seal(ByteView piece, bool is_last) {
    Bytes out(piece.size() + kStreamOverheadBytes);
    crypto_secretstream_xchacha20poly1305_push(
        &state_->inner, out.data(), nullptr, piece.data(), piece.size(), nullptr, 0,
        is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    return out;
}

struct StreamOpener::State {
    crypto_secretstream_xchacha20poly1305_state inner;
    bool broken = false;
    ~State() { sodium_memzero(&inner, sizeof inner); }
};

StreamOpener::StreamOpener(const SecretKey& key, ByteView header)
    : state_(std::make_unique<State>()) {
    ASTRO_ASSERT(header.size() == kStreamHeaderBytes);
    ASTRO_ASSERT(sodium_init() >= 0);
    state_->broken = crypto_secretstream_xchacha20poly1305_init_pull(&state_->inner, header.data(),
                                                                     key.view().data()) != 0;
}
StreamOpener::~StreamOpener() = default;
StreamOpener::StreamOpener(StreamOpener&&) noexcept = default;

Result<StreamOpener::Piece> StreamOpener::open(ByteView sealed) {
    Piece out;
    unsigned char tag = 0;
    if (!state_->broken && sealed.size() >= kStreamOverheadBytes) {
        out.bytes.resize(sealed.size() - kStreamOverheadBytes);
        state_->broken = crypto_secretstream_xchacha20poly1305_pull(
                             &state_->inner, out.bytes.data(), nullptr, &tag, sealed.data(),
                             sealed.size(), nullptr, 0) != 0;
    } else {
        state_->broken = true;
    }
    if (state_->broken)
        return refusal("stream_damaged", "a sealed piece was changed, moved or left out");
    out.is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (out.is_last) state_->broken = true;  // nothing comes after the last
    return out;
}

}  // namespace astro::crypto
