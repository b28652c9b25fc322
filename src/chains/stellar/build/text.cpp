#include "chains/stellar/build/text.hpp"

#include <algorithm>

#include "chains/stellar/strkey.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kShortCode = 4, kLongCode = 12;

Result<StrKey> parse_key(std::string_view text, std::string_view where, std::string_view expected,
                         std::initializer_list<StrKeyKind> kinds) {
    auto key = parse_strkey(text);
    if (!key) return refusal("bad_strkey", key.error().message, std::string(where));
    if (std::ranges::find(kinds, key->kind) == kinds.end())
        return refusal("bad_strkey", "needs " + std::string(expected), std::string(where));
    return key;
}

template <class Fixed>
Fixed first_bytes(ByteView payload) {
    Fixed out;
    std::copy_n(payload.begin(), Fixed::kSize, out.bytes.begin());
    return out;
}

bool is_code(ByteView code, std::size_t at_least) {
    const auto is_letter = [](std::uint8_t c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    const auto end = std::ranges::find_if_not(code, is_letter);
    return static_cast<std::size_t>(end - code.begin()) >= at_least &&
           std::all_of(end, code.end(), [](std::uint8_t c) { return c == 0; });
}

template <class Code>
std::string text_of_code(const Code& code) {
    const auto end = std::ranges::find(code.bytes, std::uint8_t{0});
    return {code.bytes.begin(), end};
}

template <class Code>
Code code_from(std::string_view text) {
    Code out;
    std::ranges::copy(text, out.bytes.begin());
    return out;
}

Unexpected bad_asset(std::string_view where) {
    return refusal("bad_asset",
                   "an asset is native, or CODE:G… with a code of 1 to 12 letters and digits",
                   std::string(where));
}

}  // namespace

Result<xdr::PublicKey> parse_public_key(std::string_view text, std::string_view where) {
    ASTRO_TRY(const auto key,
              parse_key(text, where, "an account, G…", {StrKeyKind::ed25519_public_key}));
    return xdr::PublicKey{first_bytes<xdr::Uint256>(key.payload)};
}

Result<xdr::MuxedAccount> parse_address(std::string_view text, std::string_view where) {
    const auto account = parse_muxed_account(text);
    if (!account) return refusal("bad_strkey", account.error().message, std::string(where));
    return to_muxed(*account);
}

Result<xdr::SignerKey> parse_signer(std::string_view text, std::string_view where) {
    ASTRO_TRY(const auto key, parse_key(text, where, "a signer, G…, T…, X… or P…",
                                        {StrKeyKind::ed25519_public_key, StrKeyKind::pre_auth_tx,
                                         StrKeyKind::sha256_hash, StrKeyKind::signed_payload}));
    const auto bytes = first_bytes<xdr::Uint256>(key.payload);
    switch (key.kind) {
        case StrKeyKind::pre_auth_tx:
            return xdr::SignerKey{xdr::SignerKeyType::pre_auth_tx, bytes};
        case StrKeyKind::sha256_hash:
            return xdr::SignerKey{xdr::SignerKeyType::hash_x, bytes};
        case StrKeyKind::signed_payload: {
            const std::size_t size = key.payload[35];  // at most 64, so its last byte is all of it
            xdr::SignerKeyEd25519SignedPayload payload{
                bytes, Bytes(key.payload.begin() + 36,
                             key.payload.begin() + 36 + static_cast<std::ptrdiff_t>(size))};
            return xdr::SignerKey{xdr::SignerKeyType::ed25519_signed_payload, std::move(payload)};
        }
        default:
            return xdr::SignerKey{xdr::SignerKeyType::ed25519, bytes};
    }
}

xdr::MuxedAccount to_muxed(const xdr::PublicKey& account) {
    return {xdr::CryptoKeyType::ed25519, account.ed25519};
}

xdr::MuxedAccount to_muxed(const MuxedAccount& account) {
    const xdr::Uint256 key{account.account.bytes};
    if (!account.id) return {xdr::CryptoKeyType::ed25519, key};
    return {xdr::CryptoKeyType::muxed_ed25519, xdr::MuxedAccountMed25519{*account.id, key}};
}

MuxedAccount from_muxed(const xdr::MuxedAccount& address) {
    const auto* muxed = std::get_if<xdr::MuxedAccountMed25519>(&address.value);
    return {{account_of(address).ed25519.bytes},
            muxed == nullptr ? std::nullopt : std::optional(muxed->id)};
}

xdr::PublicKey account_of(const xdr::MuxedAccount& address) {
    if (const auto* muxed = std::get_if<xdr::MuxedAccountMed25519>(&address.value))
        return {muxed->ed25519};
    return {xdr::arm_of<xdr::Uint256>(address.value)};
}

std::string to_text(const xdr::PublicKey& account) {
    return to_strkey(StrKeyKind::ed25519_public_key, account.ed25519.view());
}

std::string to_text(const xdr::MuxedAccount& address) {
    return to_text(from_muxed(address));
}

Result<xdr::Asset> parse_asset(std::string_view text, std::string_view where) {
    if (text == "native" || text == "XLM") return xdr::Asset{};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return bad_asset(where);
    const auto code = text.substr(0, colon);
    if (code.size() > kLongCode || !is_code(as_bytes(code), 1) ||
        code.find('\0') != std::string_view::npos)
        return bad_asset(where);
    ASTRO_TRY(const auto issuer, parse_public_key(text.substr(colon + 1), where));
    if (code.size() <= kShortCode)
        return xdr::Asset{xdr::AssetType::credit_alphanum4,
                          xdr::AlphaNum4{code_from<xdr::AssetCode4>(code), issuer}};
    return xdr::Asset{xdr::AssetType::credit_alphanum12,
                      xdr::AlphaNum12{code_from<xdr::AssetCode12>(code), issuer}};
}

std::string code_of(const xdr::Asset& asset) {
    if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&asset.value))
        return text_of_code(of_four->asset_code);
    if (const auto* of_twelve = std::get_if<xdr::AlphaNum12>(&asset.value))
        return text_of_code(of_twelve->asset_code);
    return "XLM";
}

const xdr::PublicKey* issuer_of(const xdr::Asset& asset) {
    if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&asset.value)) return &of_four->issuer;
    if (const auto* of_twelve = std::get_if<xdr::AlphaNum12>(&asset.value))
        return &of_twelve->issuer;
    return nullptr;
}

std::string to_text(const xdr::Asset& asset) {
    const auto* issuer = issuer_of(asset);
    return issuer == nullptr ? "native" : code_of(asset) + ":" + to_text(*issuer);
}

bool is_valid(const xdr::Asset& asset) {
    if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&asset.value))
        return is_code(of_four->asset_code.view(), 1);
    if (const auto* of_twelve = std::get_if<xdr::AlphaNum12>(&asset.value))
        return is_code(of_twelve->asset_code.view(), kShortCode + 1);
    return true;
}

}  // namespace astro::stellar
