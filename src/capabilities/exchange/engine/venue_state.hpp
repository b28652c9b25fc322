#pragma once

#include <array>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "capabilities/exchange/engine/venue.hpp"
#include "foundation/base/binary.hpp"

/// The venue as bytes.
///
///     version │ clock, counters, pools │ assets │ markets │ accounts │ touched │ free slots,
///     auctions, orders
///             │ free places, waiting orders │ partners │ brackets │ votes
///
/// Saved is what later events depend on and nothing that follows from it: price levels, sums of
/// open orders, open interest, indexes by time, price or name are built anew on loading. Orders
/// stand in the order of matching (market, side, best price, oldest), which is how their queues are
/// kept; free slots stand in the order in which they are given out, since ids hold slots.
///
/// **Whoever adds a member** to Venue, Market, Account, Position, OrderInfo, Conditional,
/// PriceState or FundingState gets an error here: the lists below name every member, in its order,
/// and the compiler counts them. Then decide: saved (a place in the form, and a check in
/// venue_state_load.cpp of what bytes could make of it) or rebuilt (there too). That the decision
/// was right, venue_state_test.cpp finds out: a loaded venue and the one that was saved get the
/// same random commands and must tell the same events.
namespace astro::exchange {

/// Of the form of the bytes; kEngineVersion is of what commands lead to.
inline constexpr std::uint32_t kStateVersion = 2;

/// Collects forms into pieces for a sink.
class StateWriter {
  public:
    static constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

    explicit StateWriter(const std::function<void(ByteView)>& sink)
        : sink_(sink), piece_(std::make_unique<std::uint8_t[]>(kPieceBytes)), at_(piece_.get()) {}

    template <class... Ts>
    bool operator()(const Ts&... values) {
        (put(values), ...);
        return true;
    }
    void flush() {
        sink_({piece_.get(), at_});
        at_ = piece_.get();
    }

  private:
    template <class T>
    void put(const T& value);

    const std::function<void(ByteView)>& sink_;
    std::unique_ptr<std::uint8_t[]> piece_;
    std::uint8_t* at_;
};

/// Reads them.
class StateReader {
  public:
    explicit StateReader(ByteView bytes) : reader_(bytes) {}

    template <class... Ts>
    [[nodiscard]] bool operator()(Ts&... values) {
        return (get(values) && ...);
    }
    /// Of a list whose items take at least so many bytes each.
    [[nodiscard]] bool count(std::size_t item_size, std::size_t& out) {
        return reader_.read_count(item_size, out);
    }
    [[nodiscard]] bool finish() { return reader_.finish(); }
    [[nodiscard]] Unexpected error() const {
        auto out = reader_.error();
        out.error.code = "bad_state";
        return out;
    }

  private:
    template <class T>
    [[nodiscard]] bool get(T& value);

    BinaryReader reader_;
};

template <class T, class U>
concept Maybe = std::same_as<std::remove_const_t<T>, U>;

struct SavedIceberg {
    std::uint64_t hidden = 0, display = 0;
};
BOOST_DESCRIBE_STRUCT(SavedIceberg, (), (hidden, display))

/// As Peg.
struct SavedPeg {
    Price offset{}, limit{};
    std::int64_t target = 0;
};
BOOST_DESCRIBE_STRUCT(SavedPeg, (), (offset, limit, target))

/// A resting order as it is saved; the slot is in its id.
struct SavedOrder {
    OrderId id{};
    std::uint32_t book_side = 0;  ///< market * 2 + side
    std::int64_t price = 0;       ///< ticks
    std::uint64_t quantity = 0;   ///< lots shown
    AccountId account{};
    ClientId client_id{};
    Base size{};
    Quote adverse{};
    Leg leg = Leg::net;
    bool reduce_only = false;
    PostOnly post_only = PostOnly::no;
    SelfTrade self_trade = SelfTrade::cancel_newest;
    using Iceberg = SavedIceberg;
    std::optional<Iceberg> iceberg{};       ///< only when display > 0
    std::optional<TimeMs> expires{};        ///< only when > 0
    std::optional<BuilderLimit> builder{};  ///< its fee, above 0
    using Follows = SavedPeg;
    std::optional<Follows> peg{};
};
BOOST_DESCRIBE_STRUCT(SavedOrder, (),
                      (id, book_side, price, quantity, account, client_id, size, adverse, leg,
                       reduce_only, post_only, self_trade, iceberg, expires, builder, peg))

/// The lists of members. fields() gives `io` what is saved of a struct, for writing and reading.
struct VenueState {
    static bool fields(auto& io, Maybe<formulas::Ema> auto& ema) {
        auto& [scaled] = ema;
        return io(scaled);
    }
    static bool fields(auto& io, Maybe<PriceState> auto& state) {
        auto& [confidence, reference, published, sources_suffice, average, average_at, verdict,
               basis, sampled] = state;
        return io(confidence, reference, published, sources_suffice, average, average_at, verdict,
                  basis, sampled);
    }
    static bool fields(auto& io, Maybe<FundingState> auto& state) {
        auto& [premium_sum, samples, next_sample, next_settlement, index, dust, last_rate,
               loss_index] = state;
        return io(premium_sum, samples, next_sample, next_settlement, index, dust, last_rate,
                  loss_index);
    }
    static bool fields(auto& io, Maybe<Interest> auto& interest) {
        // Rebuilt: deposits, borrows, charged.
        auto& [deposit_index, borrow_index, deposits, borrows, charged, pool, dust, second] =
            interest;
        return io(deposit_index, borrow_index, pool, dust, second);
    }
    static bool fields(auto& io, Maybe<Collateral> auto& asset) {
        auto& [settings, price, interest] = asset;
        return io(settings, price, interest);
    }
    static bool fields(auto& io, Maybe<Market> auto& market) {
        // Rebuilt: tick_lot, book, triggers, watch, open_interest, special_orders; pegs with their
        // orders. Judged anew: judged.
        auto& [settings, tick_lot, book, triggers, watch, index, mark, oracle, funding, last,
               open_interest, special_orders, pegs, margin_interest, judged] = market;
        return io(settings, index, mark, oracle, funding, last, margin_interest);
    }
    static bool fields(auto& io, Maybe<Position> auto& position) {
        // Rebuilt from orders: open_*, adverse_*, reduce_orders. Counted when asked for: counted_*.
        auto& [market, leg, own_margin_bps, reduce_orders, is_watched, watched_fall, watched, size,
               funding_index, loss_index, entry_quote, open_buy, open_sell, adverse_buy,
               adverse_sell, counted_unrealized, counted_requirement] = position;
        return io(market, leg, own_margin_bps, is_watched, watched_fall, watched, size,
                  funding_index, loss_index, entry_quote);
    }
    static bool fields(auto& io, Maybe<Account> auto& account) {
        // Rebuilt: owner_number, owner_index, auctions, is_touched. Counted when asked for: sums.
        // Lists: save(), load(). Of fees: save_money().
        auto& [owner_number, owner_index, fees, sums, positions, orders, isolated, auctions,
               is_touched, balances, interest, dead_man, owner, conditionals] = account;
        return io(owner, balances, isolated, dead_man);
    }
    static bool fields(auto& io, Maybe<Conditional> auto& conditional) {
        auto& [id, order, trigger, extreme] = conditional;
        return io(id, order, trigger, extreme);
    }
    static bool fields(auto& io, Maybe<VolumeDays> auto& days) {
        auto& [volumes, newest] = days;
        return io(volumes, newest);
    }
    static bool fields(auto& io, Maybe<Owner> auto& owner) {
        // Rebuilt: accounts, withdrawals_open.
        auto& [accounts, volume, referrer, builders, staked, withdrawal_day, withdrawn,
               withdrawals_open] = owner;
        return io(volume, referrer, builders, staked, withdrawal_day, withdrawn);
    }
    static SavedOrder to_saved(const RestingOrder& resting, const OrderInfo& info,
                               const Venue& venue);

    static bool fields(auto& io, Maybe<Venue> auto& venue) {
        // Lists: save(), load(). Rebuilt: owners, infos, client_ids, expiring, dead_men, sampling,
        // auction_ends, epoch, fee_epoch, day, delayed, builder_fees, borrowers, interest_second.
        // Empty between two commands: from going to refused_item.
        auto& [now, epoch, markets, assets, deposited, accounts, owners, pools, settings,
               owner_states, fee_epoch, day, next_revenue, insurance, insurance_stakes, held,
               backstops, borrowers, interest_second, loss_market, deposit_log, withdrawals,
               delayed, last_withdrawal, builder_fees, fund_assets, touched, orders, infos,
               client_ids, expiring, dead_men, sampling, auctions, auction_ends, conditionals,
               free_conditionals, partners, brackets, going, coming, priced, to_liquidate, moved,
               undo, refused_item, governance, propositions, orders_accepted, last_trade, events] =
            venue;
        return io(now, orders_accepted, last_trade, pools, settings, next_revenue, insurance,
                  last_withdrawal);
    }
    static bool fields(auto& io, Maybe<formulas::AuctionRange> auto& range) {
        auto& [start, end] = range;
        return io(start, end);
    }
    static bool fields(auto& io, Maybe<TakerAuction> auto& auction) {
        // Rebuilt: slot. Its name follows.
        auto& [slot, account, market, side, leg, reduces, rests, self_trade, limit, lots, size,
               adverse, expires, client_id, builder, range, oracle_relative, opened, duration_ms] =
            auction;
        return io(account, market, side, leg, reduces, rests, self_trade, limit, lots, size,
                  adverse, expires, builder.builder, builder.fee_ppm, range, oracle_relative,
                  opened, duration_ms);
    }
    static void save_auctions(StateWriter& io, const Venue& venue);
    /// `used`: slots of orders that are taken or free.
    static Result<void> load_auctions(StateReader& io, Venue& venue, std::vector<bool>& used);
    static void save(StateWriter& io, const Venue& venue);
    // venue_state_money.cpp: after accounts and their lists.
    static void save_money(StateWriter& io, const Venue& venue);
    [[nodiscard]] static Result<void> load_money(StateReader& io, Venue& venue);
    /// Stakes, proposals and votes: venue_state_governance.cpp.
    static void save_votes(StateWriter& io, const Venue& venue);
    [[nodiscard]] static Result<void> load_votes(StateReader& io, Venue& venue);
    /// Fills a venue that is new; see venue_state_load.cpp.
    class Loader;
};

template <class T>
void StateWriter::put(const T& value) {
    if constexpr (requires { VenueState::fields(*this, value); }) {
        VenueState::fields(*this, value);
    } else {
        const std::size_t size = binary_size(value);
        if (size > static_cast<std::size_t>(piece_.get() + kPieceBytes - at_)) flush();
        ASTRO_ASSERT(size <= kPieceBytes);
        at_ = BinaryForm<T>::put(at_, value);
    }
}

template <class T>
bool StateReader::get(T& value) {
    if constexpr (requires { VenueState::fields(*this, value); })
        return VenueState::fields(*this, value);
    else
        return reader_.read(value);
}

}  // namespace astro::exchange
