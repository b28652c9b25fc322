#pragma once

#include <span>
#include <string>
#include <string_view>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// Text encodings of bytes. Decoders are strict: one text, one value; anything else is a refusal
/// that names the offending character's place.
namespace astro {

[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Result<Bytes> parse_hex(std::string_view text);

/// RFC 4648 §4 with padding.
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] Result<Bytes> parse_base64(std::string_view text);
/// RFC 4648 §5 without padding.
[[nodiscard]] std::string to_base64url(ByteView bytes);
[[nodiscard]] Result<Bytes> parse_base64url(std::string_view text);

/// RFC 4648 §6, upper case, no padding (as StrKey uses it).
[[nodiscard]] std::string to_base32(ByteView bytes);
[[nodiscard]] Result<Bytes> parse_base32(std::string_view text);

/// Bitcoin's base58 alphabet, as Solana writes keys, signatures and instruction data. A leading
/// '1' is a leading zero byte. At most kBase58MaxBytes, since the work grows with the square.
inline constexpr std::size_t kBase58MaxBytes = 4096;
[[nodiscard]] std::string to_base58(ByteView bytes);
[[nodiscard]] Result<Bytes> parse_base58(std::string_view text);
/// Appends the bytes to `out`, without allocating otherwise; false (and `out` as it was) when the
/// text is not base58 or too long.
[[nodiscard]] bool decode_base58_append(std::string_view text, Bytes& out);
/// Fills exactly `out` (32 or 64 bytes: the fast path of key decoding, about 50 ns); false when the
/// text is not base58 or not of that length.
[[nodiscard]] bool decode_base58_fixed(std::string_view text, std::span<std::uint8_t> out);

/// Whether every byte sequence is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace astro
