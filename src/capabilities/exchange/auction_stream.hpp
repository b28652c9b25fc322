#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/service.hpp"
#include "capabilities/exchange/work_queue.hpp"
#include "foundation/bus/bus.hpp"
#include "server/gateway/route.hpp"

/// Taker orders that makers may fill, as everybody sees them; whose they are is not said.
namespace astro::exchange {

inline constexpr std::string_view kAuctionStream = "exchange.auction";

struct AuctionView {
    OrderId order{};
    std::string market{};
    Side side = Side::buy;  ///< of the taker: who fills a buy sells
    bool reduce_only = false;
    Base size{}, left{};
    Price limit{};                 ///< at which it may trade at worst
    Price start{}, end{};          ///< between which its price goes
    bool oracle_relative = false;  ///< those are distances from the index
    TimeMs opened{}, ends{};       ///< its last moment
    Price price{};                 ///< what a fill must be as good as now: the better of the two
    Price auction{};               ///< the auction's own price now
    std::optional<Price> book{};   ///< best of the other side, and how much is shown there
    Base book_size{};
};
BOOST_DESCRIBE_STRUCT(AuctionView, (),
                      (order, market, side, reduce_only, size, left, limit, start, end,
                       oracle_relative, opened, ends, price, auction, book, book_size))

struct AuctionList {
    journal::Sequence seq{};
    TimeMs time{};
    std::vector<AuctionView> auctions{};  ///< oldest first
};
BOOST_DESCRIBE_STRUCT(AuctionList, (), (seq, time, auctions))

/// Those that run, of one market or all.
[[nodiscard]] AuctionList running_auctions(const Venue& venue, journal::Sequence applied,
                                           std::optional<MarketId> market);

enum class AuctionNoticeKind : std::uint8_t {
    opened,
    filled,  ///< by a maker; its trade is among the others
    ended    ///< what is left meets the book, or the order is gone
};
BOOST_DESCRIBE_ENUM(AuctionNoticeKind, opened, filled, ended)

/// What an auction is about; told once.
struct AuctionOffer {
    Base size{};
    bool reduce_only = false;
    Price limit{}, start{}, end{};
    bool oracle_relative = false;
    TimeMs ends{};
};
BOOST_DESCRIBE_STRUCT(AuctionOffer, (),
                      (size, reduce_only, limit, start, end, oracle_relative, ends))

/// From these, the prices and the book anybody can tell that each fill was the best of both.
struct AuctionNotice {
    AuctionNoticeKind kind = AuctionNoticeKind::opened;
    OrderId order{};
    std::string market{};
    journal::Sequence seq{};
    TimeMs time{};
    Side side = Side::buy;
    Base left{};
    Price auction{};
    std::optional<Price> book{};
    Base book_size{};
    std::optional<Price> price{};  ///< of a fill
    std::optional<Base> size{};
    std::optional<AuctionOffer> offer{};  ///< of one that was opened
};
BOOST_DESCRIBE_STRUCT(AuctionNotice, (),
                      (kind, order, market, seq, time, side, left, auction, book, book_size, price,
                       size, offer))

/// Tells on the bus what becomes of auctions. The applying thread only hands the events over.
class AuctionStream final : public Listener {
  public:
    /// All outlive it.
    AuctionStream(Bus& bus, const Clock& clock, const Directory& directory, WorkQueue& encoder)
        : bus_(bus), clock_(clock), directory_(directory), encoder_(encoder) {}
    /// Declares the stream. What is applied from here on is told; the directory knows all names.
    void attach(Service& service);

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue&) override {}

    /// Begins with the auctions that run.
    [[nodiscard]] gateway::Channel channel() const;

  private:
    struct Known {
        MarketId market{};
        Side side = Side::buy;
    };
    void tell(journal::Sequence sequence, TimeMs time, const Events& events);
    void publish(AuctionNotice notice, journal::Sequence sequence, TimeMs time);

    Bus& bus_;
    const Clock& clock_;
    const Directory& directory_;
    WorkQueue& encoder_;
    Service* service_ = nullptr;
    std::unordered_map<OrderId, Known> known_;  ///< that run; of the encoder's thread
};

}  // namespace astro::exchange
