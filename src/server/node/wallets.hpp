#pragma once

#include <vector>

#include "capabilities/identity/service.hpp"
#include "capabilities/wallets/api.hpp"

namespace astro::node {

/// The wallets capability as the program runs it: its changes are in identity's audit, and what it
/// keeps of a user goes with him.
class WalletsPart {
  public:
    /// All outlive it; the store is migrated.
    WalletsPart(store::Store& store, const Clock& clock, identity::Service& identity);
    WalletsPart(const WalletsPart&) = delete;
    WalletsPart& operator=(const WalletsPart&) = delete;

    [[nodiscard]] std::vector<gateway::Route> routes() {
        return wallets::wallet_routes({book_, clock_, random_});
    }

  private:
    const Clock& clock_;
    crypto::SystemRandom random_;
    wallets::WalletBook book_;
};

}  // namespace astro::node
