#pragma once

#include <functional>
#include <vector>

#include "capabilities/devnet/engine/application.hpp"
#include "capabilities/devnet/engine/exchange.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// Exchanging one asset for another with the offers of the book, or with a pool.
namespace astro::devnet {

/// The most offers that an operation may take.
inline constexpr std::size_t kCrossedMax = 1000;

/// Names as in exchange.hpp: sheep are sent, wheat is received.
struct Conversion {
    xdr::Asset sheep, wheat;
    std::int64_t sheep_max = 0, wheat_max = 0;
    ExchangeRule rule = ExchangeRule::offers;
    std::size_t crossed_max = kCrossedMax;
};

/// Whether to take an offer, or why to go no further.
enum class OfferVerdict { take, worse_price, own };

struct Converted {
    enum class End {
        done,        ///< one of the two limits is reached, or what is left is too little
        book_ended,  ///< or the last offer could not be taken in full
        worse_price,
        own,
        too_many,
    };
    End end = End::done;
    std::int64_t sheep = 0, wheat = 0;
    std::vector<xdr::ClaimAtom> trail;
};

using OfferFilter = std::function<OfferVerdict(const xdr::OfferEntry&)>;

/// With offers only.
[[nodiscard]] Converted convert_with_offers(Application& app, const Conversion& what,
                                            const OfferFilter& filter);
/// A hop of a path payment: with the pool of the two assets unless the book gives strictly more for
/// less. Either serves all of it.
[[nodiscard]] Converted convert_by_the_better(Application& app, const Conversion& what,
                                              const OfferFilter& filter);

}  // namespace astro::devnet
