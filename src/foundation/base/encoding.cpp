#include "foundation/base/encoding.hpp"

#include <algorithm>

#include "foundation/base/numbers.hpp"

namespace astro {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Character → digit, 0xFF where the alphabet has no such character.
constexpr std::array<std::uint8_t, 256> make_digits(std::string_view alphabet) {
    std::array<std::uint8_t, 256> digits{};
    for (auto& d : digits) d = 0xFF;
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return digits;
}
constexpr auto kBase64Digits = make_digits(kBase64);
constexpr auto kBase64UrlDigits = make_digits(kBase64Url);
constexpr auto kBase32Digits = make_digits(kBase32);
constexpr auto kBase58Digits = make_digits(kBase58);

Unexpected bad_text(std::string_view encoding, std::size_t position, std::string_view why) {
    return refusal("bad_encoding", "not valid " + std::string(encoding) + ": " + std::string(why),
                   "character " + std::to_string(position));
}

/// Alphabets of 2^bits characters: base64 (6 bits) and base32 (5 bits).
std::string encode_bits(ByteView bytes, std::string_view alphabet, unsigned bits) {
    std::string out;
    out.reserve((bytes.size() * 8 + bits - 1) / bits);
    std::uint32_t buffer = 0;
    unsigned have = 0;
    const std::uint32_t mask = (1U << bits) - 1;
    for (const std::uint8_t byte : bytes) {
        buffer = (buffer << 8 | byte) & 0xFFFF;
        for (have += 8; have >= bits;) {
            have -= bits;
            out.push_back(alphabet[buffer >> have & mask]);
        }
    }
    if (have > 0) out.push_back(alphabet[buffer << (bits - have) & mask]);
    return out;
}

Result<Bytes> decode_bits(std::string_view text, const std::array<std::uint8_t, 256>& digits,
                          unsigned bits, std::string_view name) {
    Bytes out;
    out.reserve(text.size() * bits / 8);
    std::uint32_t buffer = 0;
    unsigned have = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::uint8_t digit = digits[static_cast<unsigned char>(text[i])];
        if (digit == 0xFF) return bad_text(name, i, "a character outside its alphabet");
        buffer = (buffer << bits | digit) & 0xFFFF;
        have += bits;
        if (have >= 8) {
            have -= 8;
            out.push_back(static_cast<std::uint8_t>(buffer >> have));
        }
    }
    // What is left over must be fewer bits than one character holds, and zero.
    if (have >= bits) return bad_text(name, text.size(), "its length is impossible");
    if ((buffer & ((1U << have) - 1)) != 0)
        return bad_text(name, text.size(), "its last character has stray bits");
    return out;
}

constexpr std::uint64_t kPow58[11] = {1ULL,
                                      58ULL,
                                      3364ULL,
                                      195112ULL,
                                      11316496ULL,
                                      656356768ULL,
                                      38068692544ULL,
                                      2207984167552ULL,
                                      128063081718016ULL,
                                      7427658739644928ULL,
                                      430804206899405824ULL};
constexpr std::size_t kGroup = 10;  // 58^10 is the largest power that fits 64 bits

/// limbs = limbs * factor + carry over little-endian 64-bit limbs; what overflows is returned.
std::uint64_t multiply_add(std::span<std::uint64_t> limbs, std::uint64_t factor,
                           std::uint64_t carry) {
    for (auto& limb : limbs) {
        const UInt128 wide = static_cast<UInt128>(limb) * factor + carry;
        limb = static_cast<std::uint64_t>(wide);
        carry = static_cast<std::uint64_t>(wide >> 64);
    }
    return carry;
}

/// The value of up to ten digits; false on a foreign character. A full group is added up from
/// pairs, which leaves the multiplications independent of each other: half the time of a chain of
/// ten.
bool base58_group(std::string_view digits, std::uint64_t& out) {
    const auto digit = [&](std::size_t i) {
        return std::uint64_t{kBase58Digits[static_cast<unsigned char>(digits[i])]};
    };
    std::uint64_t seen = 0, value = 0;
    if (digits.size() == kGroup) {
        for (std::size_t pair = 0; pair < kGroup / 2; ++pair) {
            const std::uint64_t high = digit(2 * pair), low = digit(2 * pair + 1);
            seen |= high | low;
            value += (high * 58 + low) * kPow58[kGroup - 2 - 2 * pair];
        }
    } else {
        for (std::size_t i = 0; i < digits.size(); ++i) {
            seen |= digit(i);
            value = value * 58 + digit(i);
        }
    }
    out = value;
    return (seen & 0x80) == 0;  // 0xFF marks what is no digit
}

/// Horner's rule over groups of ten digits. False on a foreign character or overflow of the limbs.
bool base58_to_limbs(std::string_view text, std::span<std::uint64_t> limbs) {
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t count = std::min(kGroup, text.size() - i);
        std::uint64_t group = 0;
        if (!base58_group(text.substr(i, count), group)) return false;
        if (multiply_add(limbs, kPow58[count], group) != 0) return false;
        i += count;
    }
    return true;
}

std::size_t leading(std::string_view text, char c) {
    return std::min(text.find_first_not_of(c), text.size());
}

}  // namespace

std::string to_hex(ByteView bytes) {
    std::string out(bytes.size() * 2, '0');
    char* at = out.data();
    for (const std::uint8_t byte : bytes) {
        *at++ = kHex[byte >> 4];
        *at++ = kHex[byte & 15];
    }
    return out;
}

Result<Bytes> parse_hex(std::string_view text) {
    if (text.size() % 2 != 0) return bad_text("hex", text.size(), "an odd number of digits");
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        int digit;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        else
            return bad_text("hex", i, "a character that is no hex digit");
        out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4 | digit);
    }
    return out;
}

std::string to_base64(ByteView bytes) {
    std::string out = encode_bits(bytes, kBase64, 6);
    while (out.size() % 4 != 0) out.push_back('=');
    return out;
}

Result<Bytes> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return bad_text("base64", text.size(), "its length is no multiple of 4");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    return decode_bits(text.substr(0, text.size() - padding), kBase64Digits, 6, "base64");
}

std::string to_base64url(ByteView bytes) {
    return encode_bits(bytes, kBase64Url, 6);
}
Result<Bytes> parse_base64url(std::string_view text) {
    return decode_bits(text, kBase64UrlDigits, 6, "base64url");
}
std::string to_base32(ByteView bytes) {
    return encode_bits(bytes, kBase32, 5);
}
Result<Bytes> parse_base32(std::string_view text) {
    return decode_bits(text, kBase32Digits, 5, "base32");
}

std::string to_base58(ByteView bytes) {
    ASTRO_ASSERT(bytes.size() <= kBase58MaxBytes);
    std::size_t zeros = 0;
    while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
    const std::size_t rest = bytes.size() - zeros;
    std::vector<std::uint64_t> limbs((rest + 7) / 8);  // little-endian limbs
    for (std::size_t i = 0; i < rest; ++i)
        limbs[i / 8] |= static_cast<std::uint64_t>(bytes[bytes.size() - 1 - i]) << (i % 8 * 8);
    std::string digits;  // least significant first
    while (!limbs.empty()) {
        std::uint64_t remainder = 0;
        for (std::size_t i = limbs.size(); i-- > 0;) {
            const UInt128 wide = static_cast<UInt128>(remainder) << 64 | limbs[i];
            limbs[i] = static_cast<std::uint64_t>(wide / kPow58[kGroup]);
            remainder = static_cast<std::uint64_t>(wide % kPow58[kGroup]);
        }
        for (std::size_t k = 0; k < kGroup; ++k, remainder /= 58)
            digits.push_back(kBase58[remainder % 58]);
        while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
    }
    while (!digits.empty() && digits.back() == '1') digits.pop_back();
    digits.append(zeros, '1');
    std::reverse(digits.begin(), digits.end());
    return digits;
}

Result<Bytes> parse_base58(std::string_view text) {
    Bytes out;
    if (decode_base58_append(text, out)) return out;
    const std::size_t foreign = text.find_first_not_of(kBase58);
    if (foreign != std::string_view::npos)
        return bad_text("base58", foreign, "a character outside its alphabet");
    return bad_text("base58", kBase58MaxBytes, "longer than the limit of 4096 bytes");
}

bool decode_base58_append(std::string_view text, Bytes& out) {
    const std::size_t zeros = leading(text, '1');
    const std::string_view digits = text.substr(zeros);
    if (zeros > kBase58MaxBytes || digits.size() > kBase58MaxBytes * 138 / 100 + 1) return false;
    std::array<std::uint64_t, kBase58MaxBytes / 8 + 2> limbs;  // little-endian, `used` of them set
    std::size_t used = 0;
    for (std::size_t i = 0; i < digits.size(); i += kGroup) {
        const std::size_t count = std::min(kGroup, digits.size() - i);
        std::uint64_t group = 0;
        if (!base58_group(digits.substr(i, count), group)) return false;
        const std::uint64_t carry =
            multiply_add(std::span(limbs).first(used), kPow58[count], group);
        if (carry == 0) continue;
        if (used == limbs.size()) return false;  // some texts within the length are above the limit
        limbs[used++] = carry;
    }
    std::size_t size = used * 8;
    for (std::uint64_t top = used > 0 ? limbs[used - 1] : 0; size > 0 && top >> 56 == 0; top <<= 8)
        --size;
    if (zeros + size > kBase58MaxBytes) return false;
    out.resize(out.size() + zeros + size);
    std::uint8_t* last = out.data() + out.size();
    for (std::size_t i = 0; i < size; ++i)
        *--last = static_cast<std::uint8_t>(limbs[i / 8] >> (i % 8 * 8));
    return true;
}

bool decode_base58_fixed(std::string_view text, std::span<std::uint8_t> out) {
    ASTRO_ASSERT(out.size() == 32 || out.size() == 64);
    if (text.size() < out.size() || text.size() > out.size() * 138 / 100 + 1) return false;
    std::array<std::uint64_t, 8> storage{};
    const auto limbs = std::span(storage).first(out.size() / 8);
    if (!base58_to_limbs(text, limbs)) return false;
    for (std::size_t i = 0; i < limbs.size(); ++i) {
        const std::uint64_t big_endian = __builtin_bswap64(limbs[limbs.size() - 1 - i]);
        std::memcpy(out.data() + i * 8, &big_endian, 8);
    }
    // Exactly as many leading zero bytes as leading '1's, or the text has another length.
    std::size_t zeros = 0;
    while (zeros < out.size() && out[zeros] == 0) ++zeros;
    return leading(text, '1') == zeros;
}

bool is_utf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p < end) {
        if (*p < 0x80) {
            ++p;
            continue;
        }
        int more;
        std::uint32_t code;
        if ((*p & 0xE0) == 0xC0)
            more = 1, code = *p & 0x1F;
        else if ((*p & 0xF0) == 0xE0)
            more = 2, code = *p & 0x0F;
        else if ((*p & 0xF8) == 0xF0)
            more = 3, code = *p & 0x07;
        else
            return false;
        if (end - p <= more) return false;
        for (int i = 1; i <= more; ++i) {
            if ((p[i] & 0xC0) != 0x80) return false;
            code = code << 6 | (p[i] & 0x3F);
        }
        constexpr std::uint32_t kMinimum[4] = {0, 0x80, 0x800, 0x10000};
        if (code < kMinimum[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return false;
        p += more + 1;
    }
    return true;
}

}  // namespace astro
