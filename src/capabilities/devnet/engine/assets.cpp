#include "capabilities/devnet/engine/assets.hpp"

#include <tuple>

#include "chains/stellar/xdr/hashes.hpp"
#include "foundation/base/assert.hpp"

namespace astro::devnet {
namespace {

constexpr std::int32_t kPoolFeeBps = 30;

template <class Line>
xdr::Asset to_asset(const Line& line) {
    xdr::Asset out{.type = line.type};
    if (const auto* four = std::get_if<xdr::AlphaNum4>(&line.value)) out.value = *four;
    if (const auto* twelve = std::get_if<xdr::AlphaNum12>(&line.value)) out.value = *twelve;
    ASTRO_ASSERT(line.type != xdr::AssetType::pool_share);
    return out;
}

}  // namespace

xdr::Asset asset_of(const xdr::ChangeTrustAsset& line) {
    return to_asset(line);
}

xdr::Asset asset_of(const xdr::TrustLineAsset& line) {
    return to_asset(line);
}

xdr::Asset asset_of(const xdr::AssetCode& code, const xdr::PublicKey& issuer) {
    xdr::Asset out{.type = code.type};
    if (const auto* four = std::get_if<xdr::AssetCode4>(&code.value))
        out.value = xdr::AlphaNum4{*four, issuer};
    else
        out.value = xdr::AlphaNum12{std::get<xdr::AssetCode12>(code.value), issuer};
    return out;
}

bool is_before(const xdr::Asset& a, const xdr::Asset& b) {
    if (a.type != b.type) return a.type < b.type;
    if (const auto* four = std::get_if<xdr::AlphaNum4>(&a.value)) {
        const auto& other = std::get<xdr::AlphaNum4>(b.value);
        return std::tie(four->asset_code, four->issuer.ed25519) <
               std::tie(other.asset_code, other.issuer.ed25519);
    }
    if (const auto* twelve = std::get_if<xdr::AlphaNum12>(&a.value)) {
        const auto& other = std::get<xdr::AlphaNum12>(b.value);
        return std::tie(twelve->asset_code, twelve->issuer.ed25519) <
               std::tie(other.asset_code, other.issuer.ed25519);
    }
    return false;
}

xdr::PoolID pool_of(const xdr::Asset& a, const xdr::Asset& b) {
    const bool in_order = is_before(a, b);
    return stellar::xdr::pool_id({{in_order ? a : b, in_order ? b : a, kPoolFeeBps}});
}

}  // namespace astro::devnet
