#include "capabilities/exchange/auction_stream.hpp"

#include <algorithm>

#include "capabilities/exchange/trading_model.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

constexpr std::size_t kRetained = 2'000;

AuctionView view_of(const Venue& venue, OrderId id, const TakerAuction& auction) {
    const Market& market = venue.markets()[auction.market.value()];
    const TakersDue due = venue.due_of(auction);
    return {.order = id,
            .market = market.settings.symbol,
            .side = auction.side,
            .reduce_only = auction.reduces,
            .size = auction.size,
            .left = market.size(auction.lots),
            .limit = market.price(auction.limit),
            .start = auction.range.start,
            .end = auction.range.end,
            .oracle_relative = auction.oracle_relative,
            .opened = auction.opened,
            .ends = auction.last_moment(),
            .price = due.best,
            .auction = due.auction,
            .book = due.book,
            .book_size = due.book_size};
}

bool is_of_auction(const Event& event) {
    return std::holds_alternative<AuctionOpened>(event) ||
           std::holds_alternative<AuctionFilled>(event) ||
           std::holds_alternative<AuctionEnded>(event);
}

AuctionNotice notice_of(const AuctionOpened& e) {
    const AuctionTerms& terms = *e.terms;
    return {.kind = AuctionNoticeKind::opened,
            .order = e.order,
            .left = terms.size,
            .auction = e.price,
            .book = e.book,
            .book_size = e.book_size,
            .offer = AuctionOffer{.size = terms.size,
                                  .reduce_only = terms.reduce_only,
                                  .limit = terms.limit,
                                  .start = terms.start,
                                  .end = terms.end,
                                  .oracle_relative = terms.oracle_relative,
                                  .ends = TimeMs{terms.opened.value() + terms.duration_ms}}};
}

AuctionNotice notice_of(const AuctionFilled& e) {
    return {.kind = AuctionNoticeKind::filled,
            .order = e.order,
            .left = e.left,
            .auction = e.auction,
            .book = e.book,
            .book_size = e.book_size,
            .price = e.price,
            .size = e.size};
}

AuctionNotice notice_of(const AuctionEnded& e) {
    return {.kind = AuctionNoticeKind::ended,
            .order = e.order,
            .left = e.left,
            .auction = e.auction,
            .book = e.book,
            .book_size = e.book_size};
}

}  // namespace

AuctionList running_auctions(const Venue& venue, journal::Sequence applied,
                             std::optional<MarketId> market) {
    AuctionList out{applied, venue.now(), {}};
    for (const auto& [id, auction] : venue.auctions())
        if (!market || *market == auction.market)
            out.auctions.push_back(view_of(venue, id, auction));
    return out;
}

void AuctionStream::attach(Service& service) {
    service.read([&](const Venue& venue) {
        for (const auto& [id, auction] : venue.auctions())
            known_[id] = {auction.market, auction.side};
        // Counting on from the millisecond of the start gives out no seq of an earlier run.
        bus_.declare(std::string(kAuctionStream), kRetained,
                     static_cast<std::uint64_t>(to_time_ms(clock_.now()).value()));
        service_ = &service;
    });
}

void AuctionStream::on_applied(const Applied& applied) {
    if (service_ == nullptr || std::ranges::none_of(applied.events, is_of_auction)) return;
    encoder_.post([this, sequence = applied.sequence, time = applied.time,
                   events = applied.kept_events] { tell(sequence, time, *events); });
}

void AuctionStream::tell(journal::Sequence sequence, TimeMs time, const Events& events) {
    for (const Event& event : events) {
        if (const auto* opened = std::get_if<AuctionOpened>(&event)) {
            known_[opened->order] = {opened->terms->market, opened->terms->side};
            publish(notice_of(*opened), sequence, time);
        } else if (const auto* filled = std::get_if<AuctionFilled>(&event)) {
            publish(notice_of(*filled), sequence, time);
        } else if (const auto* ended = std::get_if<AuctionEnded>(&event)) {
            publish(notice_of(*ended), sequence, time);
            known_.erase(ended->order);
        }
    }
}

void AuctionStream::publish(AuctionNotice notice, journal::Sequence sequence, TimeMs time) {
    const auto known = known_.find(notice.order);
    ASTRO_ASSERT(known != known_.end());
    notice.market = directory_.symbol(known->second.market);
    notice.side = known->second.side;
    notice.seq = sequence;
    notice.time = time;
    std::string market = notice.market;
    bus_.publish(kAuctionStream, to_timestamp(time), std::string(kAuctionStream), to_json(notice),
                 {{"market", std::move(market)}});
}

gateway::Channel AuctionStream::channel() const {
    const auto snapshot = [this](const gateway::Caller&,
                                 const gateway::FilterValues& filter) -> Result<std::string> {
        AuctionList out;
        service_->read([&](const Venue& venue) {
            out = running_auctions(venue, service_->applied(), std::nullopt);
        });
        for (const auto& [name, values] : filter)
            std::erase_if(out.auctions, [&](const AuctionView& auction) {
                return std::ranges::find(values, auction.market) == values.end();
            });
        return to_json(out);
    };
    return {.stream = std::string(kAuctionStream),
            .summary =
                "Taker orders that are offered to makers, their fills and their end; begins "
                "with those that run",
            .filters = {{{.name = "market",
                          .summary = "Symbols of markets, separated by commas",
                          .length_max = 1'024,
                          .several = true,
                          .example = "SOL-PERP,BTC-PERP"},
                         gateway::Match::any_of,
                         "market"}},
            .data = json_document<AuctionNotice>(),
            .snapshot = snapshot};
}

}  // namespace astro::exchange
