#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "chains/solana/activity.hpp"
#include "chains/solana/events.hpp"
#include "chains/solana/scope.hpp"

/// How a protocol is added: one file with a decoding function, one row in registry.cpp.
///
/// The function is given one instruction of its program with everything that instruction caused
/// (SwapSite), and adds a draft for each swap it finds. It says what it saw:
///
///     instruction ──▶ is it one of mine that swaps? ── no ──▶ not_a_swap
///                              │ yes
///                     find both legs among the movements between user and vaults
///                              │ found ──▶ add_swap, price state from the program's event
///                              └ not found ──▶ no_legs (counted, never guessed)
namespace astro::solana {

/// One side of a swap, as key indexes.
struct Leg {
    std::uint16_t user = kNoKey;  ///< token account, or the wallet for native SOL
    std::uint16_t vault = kNoKey;
    std::uint16_t authority = kNoKey;  ///< who allowed the movement
    std::uint64_t sent = 0;
    std::uint64_t fee = 0;  ///< withheld on the way (Token-2022)
    bool native = false;    ///< lamports, not a token account
};

/// A swap as found, before it is checked against balances.
struct SwapDraft {
    std::uint32_t instruction = 0, end = 0;  ///< its subtree
    std::uint16_t pool = kNoKey;
    Leg in, out;
    PoolState state;
    const struct ProtocolRow* row = nullptr;
    bool via_aggregator = false;
};

enum class SwapOutcome : std::uint8_t {
    swapped,
    not_a_swap,  ///< another instruction of the program, or an order that matched nothing
    no_legs,     ///< a swap instruction whose movements were not found
};

/// One instruction of a pool's program and what it caused.
struct SwapSite {
    TransactionScope& scope;
    const struct ProtocolRow& row;
    std::uint32_t index = 0;  ///< of the instruction
    std::uint32_t end = 0;    ///< of its subtree
    std::span<Movement> movements;
    DecodeCounters& counters;
    std::vector<SwapDraft>& drafts;

    [[nodiscard]] const Instruction& instruction() const { return scope.tx().instructions[index]; }
    [[nodiscard]] ByteView data() const { return scope.tx().data_of(instruction()); }
    [[nodiscard]] std::uint16_t key_at(std::size_t position) const {
        return scope.key_at(instruction(), position);
    }
    /// The first eight bytes of the data, 0 when it is shorter.
    [[nodiscard]] std::uint64_t discriminator() const {
        return data().size() < 8 ? 0 : load_le<std::uint64_t>(data(), 0);
    }

    /// Payload of the event with that name which the instruction handed to itself.
    [[nodiscard]] std::optional<ByteView> called_event(std::uint64_t name) const;
    /// Payload of the event with that name in the instruction's own "Program data" lines.
    [[nodiscard]] std::optional<Bytes> logged_event(std::uint64_t name) const;
    /// Parses an event, counting one that is there but too short to be a version we know.
    template <class E, class Payload>
    std::optional<E> parse(const std::optional<Payload>& payload,
                           std::optional<E> (*parser)(ByteView)) const {
        if (!payload) return std::nullopt;
        std::optional<E> event = parser(ByteView(*payload));
        if (!event) ++counters.unknown_events;
        return event;
    }
};

using DecodeSwap = SwapOutcome (*)(SwapSite&);

struct ProtocolRow {
    Pubkey program;
    Protocol protocol = Protocol::unknown_amm;
    Curve curve = Curve::unknown;
    DecodeSwap decode = nullptr;
    /// For decode_by_transfers: where pool and vaults stand, as far as swaps seen on chain tell.
    std::uint8_t pool_position = kNoPosition;
    std::uint8_t vault_a_position = kNoPosition, vault_b_position = kNoPosition;

    static constexpr std::uint8_t kNoPosition = 0xFF;
};

/// Every pool program the decoder knows.
[[nodiscard]] std::span<const ProtocolRow> protocol_registry();
/// What a program that an aggregator calls is decoded with when it is not in the registry.
[[nodiscard]] const ProtocolRow& unknown_amm_row();

// Legs (legs.cpp).

/// The movement into one of the two vaults and the one out of the other. The largest of each where
/// there are several (a protocol's fee also leaves the vault). Both are then marked as legs.
[[nodiscard]] std::optional<SwapDraft> find_vault_legs(SwapSite& site, std::uint16_t vault_a,
                                                       std::uint16_t vault_b);
/// Without known vaults: the first movement and the last one of another token, between the same
/// two parties.
[[nodiscard]] std::optional<SwapDraft> find_opposite_legs(SwapSite& site);
/// Whether the instruction moved two tokens in opposite directions between two parties, as only an
/// exchange does.
[[nodiscard]] bool looks_like_swap(SwapSite& site);
/// Adds the draft for `pool`; reserves come from the vaults' running balances unless already set.
void add_swap(SwapSite& site, SwapDraft draft, std::uint16_t pool);

/// Whether a constant product with the fee taken from the input explains the swap to the unit: the
/// output as bought by the input, or the input as the price of the output.
[[nodiscard]] bool constant_product_gives(const PoolState& state, std::uint64_t amount_in,
                                          std::uint64_t amount_out);
/// Sets the fee to the only one of `candidates_ppm` that reproduces the swap to the unit.
void imply_fee(SwapDraft& draft, std::span<const std::uint32_t> candidates_ppm);

// Decoders, one file a protocol.

SwapOutcome decode_raydium_amm(SwapSite& site);
SwapOutcome decode_raydium_cpmm(SwapSite& site);
SwapOutcome decode_raydium_clmm(SwapSite& site);
SwapOutcome decode_raydium_launchlab(SwapSite& site);
SwapOutcome decode_whirlpool(SwapSite& site);
SwapOutcome decode_token_swap(SwapSite& site);
SwapOutcome decode_saber(SwapSite& site);
SwapOutcome decode_serum(SwapSite& site);
SwapOutcome decode_openbook_v2(SwapSite& site);
SwapOutcome decode_phoenix(SwapSite& site);
SwapOutcome decode_meteora_dlmm(SwapSite& site);
SwapOutcome decode_meteora_pools(SwapSite& site);
SwapOutcome decode_meteora_damm_v2(SwapSite& site);
SwapOutcome decode_meteora_dbc(SwapSite& site);
SwapOutcome decode_pumpfun(SwapSite& site);
SwapOutcome decode_pumpswap(SwapSite& site);
SwapOutcome decode_by_transfers(SwapSite& site);

}  // namespace astro::solana
