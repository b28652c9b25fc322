#include "capabilities/mev/engine/wording.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "capabilities/mev/engine/prices.hpp"

namespace astro::mev {
namespace {

std::string magnitude_text(std::uint64_t magnitude, std::uint8_t decimals) {
    std::string digits = std::to_string(magnitude);
    if (decimals == 0) return digits;
    if (digits.size() <= decimals) digits.insert(0, decimals + 1U - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    return digits;
}

}  // namespace

std::optional<std::uint8_t> decimals_of(std::span<const solana::MintInfo> mints,
                                        const solana::Pubkey& mint) {
    if (mint.is_zero() || mint == wsol_mint()) return std::uint8_t{9};
    const auto it = std::ranges::lower_bound(mints, mint, {}, &solana::MintInfo::mint);
    if (it != mints.end() && it->mint == mint) return it->decimals;
    if (mint == usdc_mint() || mint == usdt_mint()) return std::uint8_t{6};
    return std::nullopt;
}

std::string short_key(const solana::Pubkey& key) {
    const auto text = to_text(key);
    if (text.size() <= 9) return text;
    return text.substr(0, 4) + "…" + text.substr(text.size() - 4);
}

std::string decimal_text(std::int64_t raw, std::uint8_t decimals) {
    const auto magnitude =
        raw < 0 ? 0 - static_cast<std::uint64_t>(raw) : static_cast<std::uint64_t>(raw);
    return (raw < 0 ? "-" : "") + magnitude_text(magnitude, decimals);
}

std::string sol_text(Lamports lamports) {
    return decimal_text(lamports.value(), 9) + " SOL";
}

std::string lamports_text(Lamports lamports) {
    auto digits = decimal_text(lamports.value(), 0);
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (auto at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
    return digits + (digits == "1" ? " lamport" : " lamports");
}

std::string usd_text(MicroUsd micros) {
    const auto text = decimal_text(micros.value(), 6);
    return micros.value() < 0 ? "-$" + text.substr(1) : "$" + text;
}

std::string Wording::token(const solana::Pubkey& mint) const {
    if (mint.is_zero() || mint == wsol_mint()) return "SOL";
    if (mint == usdc_mint()) return "USDC";
    if (mint == usdt_mint()) return "USDT";
    return short_key(mint);
}

std::string Wording::amount(const solana::Pubkey& mint, std::int64_t raw) const {
    const auto decimals = decimals_of(mints_, mint);
    if (!decimals) return std::to_string(raw) + " raw " + token(mint);
    return decimal_text(raw, *decimals) + " " + token(mint);
}

std::string Wording::amount(const solana::Pubkey& mint, std::uint64_t raw) const {
    const auto decimals = decimals_of(mints_, mint);
    if (!decimals) return std::to_string(raw) + " raw " + token(mint);
    return magnitude_text(raw, *decimals) + " " + token(mint);
}

}  // namespace astro::mev
