#pragma once

#include <cstdint>
#include <string_view>

#include "chains/solana/types.hpp"

/// Which programs and accounts have a meaning to the decoder, and a lookup by key.
namespace astro::solana {

/// A key written as base58 in source, decoded by the compiler: a wrong literal does not compile.
consteval Pubkey key_constant(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    Pubkey out;
    for (const char c : text) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) throw "not a base58 character";
        std::uint32_t carry = static_cast<std::uint32_t>(digit);
        for (std::size_t i = 32; i-- > 0;) {
            carry += 58U * out.bytes[i];
            out.bytes[i] = static_cast<std::uint8_t>(carry & 0xFF);
            carry >>= 8;
        }
        if (carry != 0) throw "longer than 32 bytes";
    }
    return out;
}

inline constexpr Pubkey kSystemProgram = key_constant("11111111111111111111111111111111");
inline constexpr Pubkey kTokenProgram = key_constant("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
inline constexpr Pubkey kToken2022Program =
    key_constant("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
inline constexpr Pubkey kComputeBudgetProgram =
    key_constant("ComputeBudget111111111111111111111111111111");
/// Wrapped SOL's mint, which also stands for native SOL in the legs of a swap.
inline constexpr Pubkey kWrappedSolMint =
    key_constant("So11111111111111111111111111111111111111112");
inline constexpr Pubkey kUsdcMint = key_constant("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
inline constexpr Pubkey kUsdtMint = key_constant("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB");

/// What the decoder does with an instruction of a program.
enum class ProgramRole : std::uint8_t {
    other,
    system,
    token,
    token_2022,
    compute_budget,
    amm,         ///< has a row in the protocol registry
    aggregator,  ///< routes through pools of others; never a pool itself
    lending,
    plumbing,  ///< never a pool, though it moves tokens: associated accounts, memo, vaults
};

struct ProgramInfo {
    ProgramRole role = ProgramRole::other;
    std::uint8_t row = 0;  ///< amm: index into protocol_registry(); else 0
};

/// What is known of the program; role `other` when nothing.
[[nodiscard]] ProgramInfo find_program(const Pubkey& program);

/// One of Jito's eight tip accounts.
[[nodiscard]] bool is_tip_account(const Pubkey& key);

/// An address that reads "jitodontfront…": a transaction that lists it asks not to be placed behind
/// others of its bundle.
[[nodiscard]] bool is_dont_front_account(const Pubkey& key);

namespace programs {
inline constexpr Pubkey kJupiterV6 = key_constant("JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4");
inline constexpr Pubkey kJupiterV4 = key_constant("JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB");
inline constexpr Pubkey kSave = key_constant("So1endDq2YkqhipRh3WViPa8hdiSpxWy6z3Z6tMCpAo");
inline constexpr Pubkey kKamino = key_constant("KLend2g3cP87fffoy8q1mQqGKjrxjC8boSyAYavgmjD");
inline constexpr Pubkey kMarginfi = key_constant("MFv2hWf31Z9kbCa1snEPYctwafyhdvnV7FZnsebVacA");
inline constexpr Pubkey kDrift = key_constant("dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH");
}  // namespace programs

}  // namespace astro::solana
