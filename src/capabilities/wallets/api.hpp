#pragma once

#include <vector>

#include "capabilities/wallets/book.hpp"
#include "foundation/crypto/random.hpp"
#include "server/gateway/route.hpp"

namespace astro::wallets {

/// What routes need; outlives them.
struct ApiParts {
    WalletBook& book;
    const Clock& clock;
    crypto::Random& random;  ///< thread-safe
};

/// /api/v1/wallets: everybody his own. Looking needs wallets.read, what is sealed and what changes
/// something wallets.wallet.
[[nodiscard]] std::vector<gateway::Route> wallet_routes(const ApiParts& parts);

}  // namespace astro::wallets
