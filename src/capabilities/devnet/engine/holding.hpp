#pragma once

#include "capabilities/devnet/engine/application.hpp"

namespace astro::devnet {

/// What an account has of an asset: its lumens, its trustline, or, as the issuer, any amount. To be
/// asked anew after an operation step was taken back.
class Holding {
  public:
    /// Touches the entry, as a node does that loads it to change it.
    [[nodiscard]] static Holding of(Application& app, const xdr::PublicKey& account,
                                    const xdr::Asset& asset);
    /// Only to look at.
    [[nodiscard]] static Holding look(Application& app, const xdr::PublicKey& account,
                                      const xdr::Asset& asset);

    /// Whether there is an account, or a trustline, to hold it.
    [[nodiscard]] bool exists() const { return kind_ != Kind::none; }
    [[nodiscard]] bool is_lumens() const { return kind_ == Kind::lumens; }
    [[nodiscard]] bool is_authorized() const;
    /// The trustline; nullptr of lumens and the issuer.
    [[nodiscard]] const xdr::TrustLineEntry* line() const { return line_; }

    [[nodiscard]] std::int64_t balance() const;
    /// What can be given: neither reserved nor promised.
    [[nodiscard]] std::int64_t available() const;
    /// What can be taken: within the limit and beside what offers may take.
    [[nodiscard]] std::int64_t room() const;
    /// The same as an offer may use them: never negative, nothing to give without authorization.
    [[nodiscard]] std::int64_t can_sell() const;
    [[nodiscard]] std::int64_t can_buy() const;

    // False and unchanged when it does not fit. The holding exists, and its trustline is authorized
    // to keep offers at least.
    [[nodiscard]] bool add(std::int64_t delta);
    /// The same whatever the authorization: a clawback.
    [[nodiscard]] bool add_unasked(std::int64_t delta);
    [[nodiscard]] bool add_buying_liabilities(std::int64_t delta);
    [[nodiscard]] bool add_selling_liabilities(std::int64_t delta);

  private:
    enum class Kind { none, lumens, line, issuer };
    Holding(Application& app, Kind kind, const xdr::LedgerEntry* entry, xdr::LedgerEntry* changes);

    Application* app_;
    Kind kind_;
    const xdr::AccountEntry* account_ = nullptr;
    const xdr::TrustLineEntry* line_ = nullptr;
    xdr::LedgerEntry* changes_;  ///< the same entry; nullptr when it is only looked at
};

[[nodiscard]] inline bool is_native(const xdr::Asset& asset) {
    return asset.type == xdr::AssetType::native;
}
[[nodiscard]] bool is_issuer(const xdr::PublicKey& account, const xdr::Asset& asset);

/// What an offer promises is kept aside from now on, or no longer. Both of its assets can be held.
void acquire_liabilities(Application& app, const xdr::OfferEntry& offer);
void release_liabilities(Application& app, const xdr::OfferEntry& offer);

}  // namespace astro::devnet
