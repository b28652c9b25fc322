#include "chains/stellar/strkey.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kPayloadMax = 32 + 4 + 64;
constexpr std::size_t kTextMax = (1 + kPayloadMax + 2) * 8 / 5 + 1;

Unexpected bad_strkey(std::string_view why) {
    return refusal("bad_strkey", "not a Stellar key or address: " + std::string(why));
}

/// CRC-16/XMODEM: polynomial 0x1021, start 0.
std::uint16_t checksum(ByteView bytes) {
    std::uint16_t crc = 0;
    for (const std::uint8_t byte : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ byte << 8);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

bool is_signed_payload(ByteView payload) {
    if (payload.size() < 40) return false;
    std::size_t size = 0;
    for (std::size_t i = 32; i < 36; ++i) size = size << 8 | payload[i];
    if (size < 1 || size > 64 || payload.size() != 36 + (size + 3) / 4 * 4) return false;
    return std::all_of(payload.begin() + static_cast<std::ptrdiff_t>(36 + size), payload.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

bool payload_fits(StrKeyKind kind, ByteView payload) {
    switch (kind) {
        case StrKeyKind::muxed_ed25519:
            return payload.size() == 40;
        case StrKeyKind::claimable_balance:
            return payload.size() == 33 && payload[0] == 0;
        case StrKeyKind::signed_payload:
            return is_signed_payload(payload);
        default:
            return payload.size() == 32;
    }
}

}  // namespace

Result<StrKey> parse_strkey(std::string_view text) {
    if (text.size() > kTextMax) return bad_strkey("it is too long");
    const auto bytes = parse_base32(text);
    if (!bytes || bytes->size() < 4) return bad_strkey("it is not base32 in upper case");
    const auto kind = static_cast<StrKeyKind>(bytes->front());
    if (enum_name(kind) == "?") return bad_strkey("there is no such kind");
    const ByteView body = ByteView(*bytes).first(bytes->size() - 2);
    const auto expected = static_cast<std::uint16_t>(bytes->end()[-2] | bytes->end()[-1] << 8);
    if (checksum(body) != expected) return bad_strkey("its checksum is wrong");
    const ByteView payload = body.subspan(1);
    if (!payload_fits(kind, payload)) return bad_strkey("its length or content is not its kind's");
    return StrKey{kind, Bytes(payload.begin(), payload.end())};
}

std::string to_strkey(StrKeyKind kind, ByteView payload) {
    ASTRO_ASSERT(payload_fits(kind, payload));
    Bytes bytes{static_cast<std::uint8_t>(kind)};
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    const std::uint16_t crc = checksum(bytes);
    bytes.push_back(static_cast<std::uint8_t>(crc));
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8));
    return to_base32(bytes);
}

std::string to_text(const AccountId& account) {
    return to_strkey(StrKeyKind::ed25519_public_key, account.view());
}

Result<AccountId> parse_account(std::string_view text) {
    ASTRO_TRY(const StrKey key, parse_strkey(text));
    if (key.kind != StrKeyKind::ed25519_public_key) return bad_strkey("an account begins with G");
    AccountId account;
    std::copy(key.payload.begin(), key.payload.end(), account.bytes.begin());
    return account;
}

}  // namespace astro::stellar
