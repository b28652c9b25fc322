#include "capabilities/market/engine/token_registry.hpp"

#include <algorithm>
#include <array>

#include "chains/solana/programs.hpp"

namespace astro::market {
namespace {

using solana::key_constant;

constexpr std::array kTokens{
    KnownToken{"USDC", "USD Coin", solana::kUsdcMint, 6, 3},
    KnownToken{"USDT", "Tether USD", solana::kUsdtMint, 6, 2},
    KnownToken{"SOL", "Solana", solana::kWrappedSolMint, 9, 1},
    KnownToken{"JUP", "Jupiter", key_constant("JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN"), 6},
    KnownToken{"BONK", "Bonk", key_constant("DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"), 5},
    KnownToken{"WIF", "dogwifhat", key_constant("EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"), 6},
    KnownToken{"JTO", "Jito", key_constant("jtojtomepa8beP8AuQc6eXt5FriJwfFMwQx2v2f9mCL"), 9},
    KnownToken{"PYTH", "Pyth Network", key_constant("HZ1JovNiVvGrGNiiYvEozEVgZ58xaU3RKwX8eACQBCt3"),
               6},
    KnownToken{"RAY", "Raydium", key_constant("4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R"), 6},
    KnownToken{"ORCA", "Orca", key_constant("orcaEKTdK7LKz57vaAYr9QeNsVEPfiu6QeMU1kektZE"), 6},
    KnownToken{"mSOL", "Marinade staked SOL",
               key_constant("mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So"), 9},
    KnownToken{"JitoSOL", "Jito staked SOL",
               key_constant("J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn"), 9},
    KnownToken{"WBTC", "Wrapped BTC (Wormhole)",
               key_constant("3NZ9JMVBmGAqocybic2c7LQCJScmgsAZ6vQqTDzcqmJh"), 8},
    KnownToken{"WETH", "Ether (Wormhole)",
               key_constant("7vfCXTUXx5WJV5JADk17DUJ4ksgau7utNKj4b963voxs"), 8}};

}  // namespace

std::span<const KnownToken> known_solana_tokens() {
    return kTokens;
}

const KnownToken* find_token(const solana::Pubkey& mint) {
    const auto at = std::ranges::find(kTokens, mint, &KnownToken::mint);
    return at == kTokens.end() ? nullptr : &*at;
}

}  // namespace astro::market
