#include "foundation/crypto/mnemonic.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/crypto/mnemonic_words.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::crypto {
namespace {

constexpr std::size_t kWordBits = 11, kEntropyMin = 16, kEntropyMax = 32, kEntropyStep = 4;
constexpr std::size_t kPassphraseBytesMax = 256;
constexpr int kRounds = 2048;
constexpr std::uint32_t kHardened = 0x8000'0000;

bool is_entropy(std::size_t bytes) {
    return bytes >= kEntropyMin && bytes <= kEntropyMax && bytes % kEntropyStep == 0;
}

/// Entropy and behind it as many bits of its hash as there are words of four bytes.
Bytes with_checksum(ByteView entropy) {
    Bytes out(entropy.begin(), entropy.end());
    out.push_back(sha256(entropy).bytes[0]);
    return out;
}

std::uint32_t bits_at(ByteView bytes, std::size_t at, std::size_t count) {
    std::uint32_t out = 0;
    for (std::size_t i = at; i < at + count; ++i)
        out = out << 1 | (bytes[i / 8] >> (7 - i % 8) & 1U);
    return out;
}

void append_bits(Bytes& out, std::size_t& size, std::uint32_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0; ++size) {
        if (size % 8 == 0) out.push_back(0);
        out.back() = static_cast<std::uint8_t>(out.back() | (value >> i & 1U) << (7 - size % 8));
    }
}

Unexpected bad_words(std::string why) {
    return refusal("bad_words", std::move(why), "words");
}

/// Half of an HMAC-SHA-512 is a key, half a chain code.
void hmac_sha512(ByteView key, ByteView message, std::span<std::uint8_t> out) {
    unsigned size = 0;
    ASTRO_ASSERT(HMAC(EVP_sha512(), key.data(), static_cast<int>(key.size()), message.data(),
                      message.size(), out.data(), &size) != nullptr &&
                 size == out.size());
}

}  // namespace

std::string words_of(ByteView entropy) {
    ASTRO_ASSERT(is_entropy(entropy.size()));
    Bytes bits = with_checksum(entropy);
    const std::size_t words = entropy.size() * 3 / 4;
    std::string out;
    out.reserve(words * 9);  // so that no part of it stays behind in a smaller buffer
    for (std::size_t i = 0; i < words; ++i) {
        if (i > 0) out.push_back(' ');
        out += kEnglishWords[bits_at(bits, i * kWordBits, kWordBits)];
    }
    wipe(bits);
    return out;
}

Result<Bytes> parse_words(std::string_view words) {
    Bytes bits;
    bits.reserve(kEntropyMax + 2);
    std::size_t size = 0, count = 0;
    for (std::size_t at = 0; at <= words.size(); ++count) {
        const auto end = std::min(words.find(' ', at), words.size());
        const auto word = words.substr(at, end - at);
        const auto found = std::ranges::lower_bound(kEnglishWords, word);
        if (count == kEntropyMax * 3 / 4) return bad_words("has more than 24 words");
        if (found == kEnglishWords.end() || *found != word) {
            wipe(bits);
            return bad_words("word " + std::to_string(count + 1) +
                             " is none of the list; words are in small letters with single blanks "
                             "between them");
        }
        append_bits(bits, size, static_cast<std::uint32_t>(found - kEnglishWords.begin()),
                    kWordBits);
        at = end + 1;
    }
    const std::size_t entropy_size = count * 4 / 3;
    if (count % 3 != 0 || !is_entropy(entropy_size)) {
        wipe(bits);
        return bad_words("has " + std::to_string(count) +
                         " words; a phrase has 12, 15, 18, 21 or 24");
    }
    Bytes entropy(bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(entropy_size));
    const std::size_t checksum_bits = count / 3;
    Bytes checked = with_checksum(entropy);
    const bool fits = bits_at(bits, entropy_size * 8, checksum_bits) ==
                      bits_at(checked, entropy_size * 8, checksum_bits);
    wipe(checked);
    wipe(bits);
    if (!fits) {
        wipe(entropy);
        return bad_words("the checksum does not fit: a word is wrong, or in another place");
    }
    return entropy;
}

Result<MnemonicSeed> seed_of(std::string_view words, std::string_view passphrase) {
    ASTRO_TRY(Bytes entropy, parse_words(words));
    wipe(entropy);
    if (passphrase.size() > kPassphraseBytesMax ||
        std::ranges::any_of(passphrase, [](char c) { return c < ' ' || c > '~'; }))
        return refusal("bad_passphrase",
                       "a passphrase is of printable ASCII, 256 characters at most", "passphrase");
    std::string salt = "mnemonic";
    salt += passphrase;
    MnemonicSeed out;
    ASTRO_ASSERT(PKCS5_PBKDF2_HMAC(words.data(), static_cast<int>(words.size()),
                                   reinterpret_cast<const unsigned char*>(salt.data()),
                                   static_cast<int>(salt.size()), kRounds, EVP_sha512(),
                                   static_cast<int>(MnemonicSeed::kSize),
                                   out.writable().data()) == 1);
    wipe(salt);
    return out;
}

SecretKey derive_ed25519(const MnemonicSeed& seed, std::span<const std::uint32_t> path) {
    constexpr std::size_t kHalf = SecretKey::kSize;
    MnemonicSeed node;  // key and chain code
    hmac_sha512(as_bytes("ed25519 seed"), seed.view(), node.writable());
    for (const auto step : path) {
        ASTRO_ASSERT(step < kHardened);
        std::array<std::uint8_t, 1 + kHalf + 4> data{};
        std::ranges::copy(node.view().first(kHalf), data.begin() + 1);
        for (std::size_t i = 0; i < 4; ++i)
            data[1 + kHalf + i] = static_cast<std::uint8_t>((step | kHardened) >> (24 - 8 * i));
        MnemonicSeed next;
        hmac_sha512(node.view().subspan(kHalf), data, next.writable());
        node = next;
        wipe(data);
    }
    return SecretKey(node.view());
}

}  // namespace astro::crypto
