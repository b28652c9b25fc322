#pragma once

#include "chains/stellar/xdr/transaction.hpp"

namespace astro::devnet {

namespace xdr = stellar::xdr;

/// Of what is no pool.
[[nodiscard]] xdr::Asset asset_of(const xdr::ChangeTrustAsset& line);
[[nodiscard]] xdr::Asset asset_of(const xdr::TrustLineAsset& line);
/// The asset that an AllowTrust of this source is about.
[[nodiscard]] xdr::Asset asset_of(const xdr::AssetCode& code, const xdr::PublicKey& issuer);

/// As a pool orders its two: by kind, code and issuer.
[[nodiscard]] bool is_before(const xdr::Asset& a, const xdr::Asset& b);

/// The pool of two assets, in whatever order.
[[nodiscard]] xdr::PoolID pool_of(const xdr::Asset& a, const xdr::Asset& b);

}  // namespace astro::devnet
