#include "chains/stellar/muxed_account.hpp"

#include <algorithm>

namespace astro::stellar {

std::string to_text(const MuxedAccount& account) {
    if (!account.id) return to_text(account.account);
    Bytes payload(account.account.bytes.begin(), account.account.bytes.end());
    for (int shift = 56; shift >= 0; shift -= 8)
        payload.push_back(static_cast<std::uint8_t>(*account.id >> shift));
    return to_strkey(StrKeyKind::muxed_ed25519, payload);
}

Result<MuxedAccount> parse_muxed_account(std::string_view text) {
    ASTRO_TRY(const StrKey key, parse_strkey(text));
    MuxedAccount out;
    if (key.kind == StrKeyKind::muxed_ed25519) {
        std::uint64_t id = 0;
        for (std::size_t i = 32; i < 40; ++i) id = id << 8 | key.payload[i];
        out.id = id;
    } else if (key.kind != StrKeyKind::ed25519_public_key) {
        return refusal("bad_strkey", "an account begins with G or M");
    }
    std::copy_n(key.payload.begin(), 32, out.account.bytes.begin());
    return out;
}

}  // namespace astro::stellar
