#pragma once

#include <span>
#include <string>
#include <string_view>

#include "capabilities/mev/synthetic/scenario.hpp"

/// The catalogue of made-up cases.
namespace astro::mev::synthetic {

/// classic        one wallet, front, victim, back
/// multi_wallet   several wallets, linked by tokens, SOL, a common account or a common signer
/// split_legs     fronts and backs in parts, from one wallet or several
/// multi_victim   two to six victims
/// wide           front and back one to ten slots apart
/// wrapper        different wallets with nothing in common but a private program
/// token_2022_fee a token that withholds a fee on every transfer
[[nodiscard]] std::span<const std::string_view> sandwich_variants();
/// save, kamino, marginfi, drift
[[nodiscard]] std::span<const std::string_view> liquidation_variants();

/// What looks like a sandwich and is none: strangers, no_victim, victims_other_way, losing,
/// partial_exit, public_router, arbitrageur_between, market_maker, volume_bot, wrong_order,
/// back_failed.
[[nodiscard]] std::span<const std::string_view> sandwich_lookalikes();
/// failed, nothing_repaid, other_instruction
[[nodiscard]] std::span<const std::string_view> liquidation_lookalikes();

/// `variant` and `lookalike` are of the lists above; the latter empty for the real thing.
[[nodiscard]] Scenario make_sandwich(World& world, std::string_view variant,
                                     std::string_view lookalike);
[[nodiscard]] Scenario make_liquidation(World& world, std::string_view protocol,
                                        std::string_view lookalike);

}  // namespace astro::mev::synthetic
