#pragma once

#include <string>
#include <string_view>

#include "chains/stellar/xdr/ledger_entries.hpp"
#include "foundation/base/decimal.hpp"
#include "foundation/base/result.hpp"

/// Amounts and prices between text and what Stellar calculates with, without floating point.
namespace astro::stellar {

namespace tags {
struct Stroops : astro::tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 7;
};
}  // namespace tags
/// An amount of lumens or of an asset: 1e-7 of one. Its text, and its form in JSON, is "12.5".
using Stroops = Strong<tags::Stroops>;

/// An amount as people write it, "12.5": no sign, no exponent, at most seven decimals, at most
/// 922337203685.4775807. Refusal "bad_amount".
[[nodiscard]] Result<Stroops> parse_amount(std::string_view text, std::string_view where);

/// The fraction of 32-bit numbers that is nearest to a decimal price, by continued fractions as the
/// SDKs do it; "1/3" is taken as it is. Refusal "bad_price".
[[nodiscard]] Result<xdr::Price> parse_price(std::string_view text, std::string_view where);

}  // namespace astro::stellar
