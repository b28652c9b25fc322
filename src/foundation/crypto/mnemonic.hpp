#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"

/// Keys as words that a person can write down: BIP-39 in English, and the Ed25519 keys that follow
/// from them (SLIP-10).
namespace astro::crypto {

/// The 64 bytes from which all keys of a phrase follow; wiped when they go.
class MnemonicSeed {
  public:
    static constexpr std::size_t kSize = 64;

    MnemonicSeed() = default;
    MnemonicSeed(const MnemonicSeed&) = default;
    MnemonicSeed& operator=(const MnemonicSeed&) = default;
    ~MnemonicSeed() { wipe(bytes_); }
    [[nodiscard]] ByteView view() const { return bytes_; }
    [[nodiscard]] std::span<std::uint8_t> writable() { return bytes_; }

  private:
    std::array<std::uint8_t, kSize> bytes_{};
};

/// Twelve to twenty-four words for 16, 20, 24, 28 or 32 bytes of entropy. The caller wipes the
/// text.
[[nodiscard]] std::string words_of(ByteView entropy);
/// The entropy of words with single blanks between them; their checksum must fit. Refusal
/// "bad_words", which tells the number of a word that is none and never repeats the words.
[[nodiscard]] Result<Bytes> parse_words(std::string_view words);
/// Of words that parse_words() takes. The passphrase is ASCII: others would need Unicode's NFKD,
/// and a seed made without it would be another wallet elsewhere. Refusals "bad_words",
/// "bad_passphrase". Takes about a millisecond, as BIP-39 means it.
[[nodiscard]] Result<MnemonicSeed> seed_of(std::string_view words, std::string_view passphrase);

/// The key at a path of hardened steps, {44, 148, 0} for m/44'/148'/0'; each below 2^31.
[[nodiscard]] SecretKey derive_ed25519(const MnemonicSeed& seed,
                                       std::span<const std::uint32_t> path);

}  // namespace astro::crypto
