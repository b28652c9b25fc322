#pragma once

#include <string>
#include <string_view>

#include "capabilities/exchange/engine/refusal_code.hpp"

/// What the venue says when it refuses: one table of all codes, from which the API, the scenarios
/// and docs/errors.md have their words and units.
namespace astro::exchange {

/// In what a number of a refusal is counted.
enum class RefusalUnit { none, count, price, size, money, amount, verdict, state, time };

struct RefusalRule {
    RefusalCode code = RefusalCode::none;
    int status = 400;                      ///< of HTTP
    std::string_view field{};              ///< of the request; empty: of none alone
    RefusalUnit unit = RefusalUnit::none;  ///< of needed and available
    std::string_view sentence{};           ///< with {needed}, {available} and {asset}
};

[[nodiscard]] const RefusalRule& rule_of(RefusalCode code);

/// Whether its `needed` is a value of its field with which it would not be.
[[nodiscard]] bool names_nearest(RefusalCode code);

/// Decimals of the numbers of a refusal, in which scenarios write them.
[[nodiscard]] int refusal_decimals(RefusalCode code, std::int64_t asset_decimals);

/// The asset that amounts are of.
struct RefusalAsset {
    std::string_view symbol = "USDC";
    int decimals = 6;
};

/// "needs 1,250.00 USDC initial margin, free collateral is 1,103.20"
[[nodiscard]] std::string refusal_sentence(const Refusal& refusal, const RefusalAsset& asset);
/// A number of it as an API's member: "1250", "non_positive". Empty when the code has none.
[[nodiscard]] std::string refusal_number(const Refusal& refusal, std::int64_t number,
                                         const RefusalAsset& asset);

/// With commas between thousands and at least two decimals: "1,250.00".
[[nodiscard]] std::string grouped_money(std::int64_t value, int decimals);

}  // namespace astro::exchange
