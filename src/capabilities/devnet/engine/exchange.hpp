#pragma once

#include <cstdint>
#include <optional>

#include "chains/stellar/xdr/ledger_entries.hpp"

/// How much changes hands when two offers meet, and when a pool is traded with. The rules are
/// stellar-core's (transactions/OfferExchange.cpp, "exchangeV10", and exchangeWithPool), whose
/// proofs stand there; names are theirs too: the offer in the book sells wheat, the taker sends
/// sheep, and a price is sheep for one wheat, n/d.
///
/// Two offers are compared by their value in sheep, both times d so that it is whole:
///
///     wheat value = min(what the book's offer sells × n, what its owner can take × d)
///     sheep value = min(what the taker sends × d,        what he can take × n)
///
/// The smaller is taken in full; the other stays. The amount of the dearer of the two goods is
/// fixed first, by division of the smaller value, and the other one follows from it by the price.
/// Rounding favours whoever stays. Between offers nobody gets a price more than 1% worse than the
/// book's: then nothing is exchanged. A path payment may favour the book without bound, since its
/// own limit judges the outcome.
namespace astro::devnet {

namespace xdr = stellar::xdr;

enum class ExchangeRule {
    offers,          ///< of two offers
    strict_receive,  ///< the wheat asked for is received exactly if the book has it
    strict_send,     ///< the sheep given are sent exactly if the book takes them
};

struct ExchangeLimits {
    std::int64_t wheat_send_max = 0;     ///< by the offer in the book
    std::int64_t wheat_receive_max = 0;  ///< by the taker
    std::int64_t sheep_send_max = 0;     ///< by the taker
    std::int64_t sheep_receive_max = 0;  ///< by the offer in the book
};

struct Exchanged {
    std::int64_t wheat = 0, sheep = 0;
    bool wheat_stays = false;  ///< the offer in the book is not used up
    bool operator==(const Exchanged&) const = default;
};

/// Limits are not negative, the price is above zero.
[[nodiscard]] Exchanged exchange(const xdr::Price& price, const ExchangeLimits& limits,
                                 ExchangeRule rule);

/// The amount of an offer that can be exchanged in full: what the rounding would leave over is not
/// offered. Applied twice it is the same.
[[nodiscard]] std::int64_t adjusted_amount(const xdr::Price& price, std::int64_t wheat_send_max,
                                           std::int64_t sheep_receive_max);

/// What an offer may come to take and to give; kept in reserve for it.
[[nodiscard]] xdr::Liabilities liabilities_of(const xdr::Price& price, std::int64_t amount);
/// The same of one that buys an amount, at the price that its selling has.
[[nodiscard]] xdr::Liabilities liabilities_of_buying(const xdr::Price& price,
                                                     std::int64_t buy_amount);

struct PoolExchanged {
    std::int64_t sent = 0, received = 0;
};

/// With a pool of constant product that keeps `fee_bps` of what is sent. For strict_send all of
/// `amount` is sent, for strict_receive it is received. nullopt when the pool has not enough, would
/// overflow, or would give nothing. Reserves are above zero.
[[nodiscard]] std::optional<PoolExchanged> exchange_with_pool(std::int64_t reserve_sent,
                                                              std::int64_t reserve_received,
                                                              std::int64_t amount,
                                                              std::int32_t fee_bps,
                                                              ExchangeRule rule);

/// Exact, where stellar-core compares the quotients as doubles: two prices that only differ in
/// their 54th bit would be equal there.
[[nodiscard]] bool is_less(const xdr::Price& a, const xdr::Price& b);

}  // namespace astro::devnet
