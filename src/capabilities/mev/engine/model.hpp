#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chains/solana/activity.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/time.hpp"

/// The public data of capability `mev`: the single source for JSON, rows, events and SDK types.
namespace astro::mev {

using solana::Pubkey;
using solana::Signature;

enum class FindingKind : std::uint8_t {
    arbitrage,
    sandwich,
    liquidation,
    price_gap,
    near_liquidation
};
BOOST_DESCRIBE_ENUM(FindingKind, arbitrage, sandwich, liquidation, price_gap, near_liquidation)

/// realised = it happened and gained; attempted = it happened and did not gain; open = it could be
/// taken now (price_gap, near_liquidation).
enum class FindingStatus : std::uint8_t { realised, attempted, open };
BOOST_DESCRIBE_ENUM(FindingStatus, realised, attempted, open)

enum class LegRole : std::uint8_t { hop, front, victim, back, repay, seize };
BOOST_DESCRIBE_ENUM(LegRole, hop, front, victim, back, repay, seize)

/// How a victim's loss was found. exact = replayed on the pool's own state; bound = an upper bound
/// from the price before the front-run; unknown = the pool's state is not known.
enum class LossMethod : std::uint8_t { exact, bound, unknown };
BOOST_DESCRIBE_ENUM(LossMethod, exact, bound, unknown)

/// Evidence: one swap (or repayment, or seizure) of a finding.
struct Leg {
    LegRole role = LegRole::hop;
    Slot slot;
    Signature signature;
    std::uint32_t tx_index = 0;
    std::uint16_t ix_index = 0;
    std::int16_t inner_index = -1;
    std::string protocol;
    Pubkey pool;
    Pubkey trader;
    Pubkey mint_in;
    RawAmount amount_in;
    Pubkey mint_out;
    RawAmount amount_out;
    bool verified = false;
    /// Of the mints' amounts; none when the block does not say them. Filled by the Detector.
    std::optional<std::uint8_t> decimals_in{}, decimals_out{};
};
BOOST_DESCRIBE_STRUCT(Leg, (),
                      (role, slot, signature, tx_index, ix_index, inner_index, protocol, pool,
                       trader, mint_in, amount_in, mint_out, amount_out, verified, decimals_in,
                       decimals_out))

struct VictimLoss {
    Signature signature;
    Pubkey trader;
    Pubkey mint;                        ///< what the victim got less of
    std::optional<RawAmount> loss_raw;  ///< none when unknown
    std::optional<Lamports> loss_lamports;
    LossMethod method = LossMethod::unknown;
};
BOOST_DESCRIBE_STRUCT(VictimLoss, (), (signature, trader, mint, loss_raw, loss_lamports, method))

struct Finding {
    std::string id;  ///< stable: the same evidence gives the same id on every run
    FindingKind kind = FindingKind::arbitrage;
    FindingStatus status = FindingStatus::realised;
    bool profitable = false;  ///< net_lamports > 0, or profit_raw > 0 where the token has no price
                              ///< and the fee is not known to exceed it
    Slot slot;                ///< of the last transaction
    std::optional<TimestampNs> time;
    std::vector<Signature> signatures;  ///< the actor's transactions in order
    std::vector<Signature> victims;     ///< other people's transactions between them
    Pubkey actor;                       ///< the wallet that signs; of a cluster the one that gains
    std::vector<Pubkey> cluster;        ///< all wallets of the actor, when more than one
    std::vector<Pubkey> pools;
    Pubkey start_mint;
    RawDelta profit_raw;  ///< the cluster's gain in start_mint before fee and tip
    Lamports fee_lamports;
    Lamports tip_lamports;
    std::optional<Lamports>
        net_lamports;  ///< profit in lamports − fee − tip; none when start_mint has no price
    std::optional<MicroUsd> net_usd_micros;
    double confidence = 0;             ///< 0 … 1
    std::vector<std::string> reasons;  ///< each a sentence: what speaks for it or against
    bool backrun = false;  ///< arbitrage: the preceding swap in the block moved its first pool
    std::optional<Signature> backrun_of;
    std::string protocol;             ///< liquidation: the lending protocol
    std::vector<VictimLoss> losses;   ///< sandwich
    std::vector<std::string> merged;  ///< ids of findings the composer folded into this one
    std::vector<Leg> legs;
    std::optional<Pubkey> leader;
    std::string synthetic;  ///< empty for real chain data; else what made it
};
BOOST_DESCRIBE_STRUCT(Finding, (),
                      (id, kind, status, profitable, slot, time, signatures, victims, actor,
                       cluster, pools, start_mint, profit_raw, fee_lamports, tip_lamports,
                       net_lamports, net_usd_micros, confidence, reasons, backrun, backrun_of,
                       protocol, losses, merged, legs, leader, synthetic))

}  // namespace astro::mev
