#pragma once

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "capabilities/exchange/engine/account.hpp"
#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/market.hpp"
#include "capabilities/exchange/engine/order_info.hpp"
#include "capabilities/exchange/engine/taker_auction.hpp"

/// How an atomic batch is done whole or not at all.
///
/// Its actions are done one by one with the code that does them alone, so what is done is what they
/// would do alone, whatever they do to each other. Meanwhile everything that they change is noted
/// before it changes; when one is refused the notes are taken back, the last first:
///
///     place   ─ slot allocated ─ makers' quantities ─ rests behind X ┐
///     cancel  ─ taken out from between X and Y ─ slot released       │ refused: ◀── undone from
///     here place   ─ refused ────────────────────────────────────────────┘
///
/// Undone in that order, an order that was taken out finds the neighbours that it had, and slots
/// come back to where the next allocation finds them: the venue gives the same ids as if there had
/// been no batch. Accounts are few and small: each is copied when it is first touched.
///
/// Judging on a scratch copy instead would need the books, makers and waiting orders that the batch
/// may meet, which is known only by doing it; counting ahead as walk() does for one order would be
/// matching written twice, and the two would have to agree on everything.
namespace astro::exchange {

struct BatchUndo {
    /// What stood in the book before, and whether something stands there after.
    struct BookStep {
        OrderSlot slot;
        std::optional<RestingOrder> before;
        bool there_after;
    };
    struct SlotStep {
        OrderSlot slot;
        bool allocated, grew;
    };
    struct InfoStep {
        OrderSlot slot;
        OrderInfo before;
    };
    struct ClientIdStep {
        std::uint32_t id;
        AccountId account;
        ClientId name;
        OrderId order;
        bool added;
    };
    struct ExpiryStep {
        std::pair<TimeMs, OrderId> entry;
        bool added;
    };
    struct ConditionalAdded {
        std::uint32_t place;
        bool grew;
    };
    struct ConditionalStep {  ///< dropped, or its trigger has moved
        std::uint32_t place;
        Conditional before;
        bool there_after;
    };
    struct PartnerStep {
        OrderId order;
        std::optional<OrderId> before;
    };
    struct BracketStep {
        OrderId order;
        Bracket before;
    };
    struct PegStep {
        MarketId market;
        OrderId order;
        std::optional<Peg> before;
    };
    struct AuctionStep {  ///< that was cancelled
        OrderId order;
        TakerAuction before;
    };
    struct WatchStep {  ///< somebody is not watched any more
        MarketId market;
        AccountId account;
        std::int64_t at;
        bool fall;
    };
    struct BuilderStep {
        OrderId order;
        std::optional<BuilderFee> before;
    };
    struct OwnerStep {  ///< volume was counted in his days
        std::uint32_t index;
        VolumeDays before;
    };
    using Step = std::variant<BookStep, SlotStep, InfoStep, ClientIdStep, ExpiryStep,
                              ConditionalAdded, ConditionalStep, PartnerStep, BracketStep, PegStep,
                              AuctionStep, WatchStep, BuilderStep, OwnerStep>;

    /// Of a market, what trading changes beside its book and its lists.
    struct MarketBefore {
        Price last;
        Base open_interest;
        std::uint32_t special_orders;
        std::int64_t funding_dust;
        OracleVerdict verdict;
        TimeMs judged;
    };

    std::vector<Step> steps;
    std::map<AccountId, Account> accounts;
    std::vector<MarketBefore> markets;
};

}  // namespace astro::exchange
