#include <algorithm>

#include "capabilities/exchange/engine/venue_state.hpp"
#include "capabilities/exchange/engine/venue_state_checks.hpp"

/// A venue from bytes that anybody may have written: indexes point at what is there, no sum leaves
/// its 64 bits, nothing stands twice. What is kept twice is built from the one form that is saved;
/// audit() has the last word.
namespace astro::exchange {
using namespace state_checks;

class VenueState::Loader {
  public:
    Loader(Venue& venue, ByteView bytes) : venue_(venue), io_(bytes) {}

    Result<void> load() {
        ASTRO_CHECK(head());
        ASTRO_CHECK(assets());
        ASTRO_CHECK(markets());
        ASTRO_CHECK(accounts());
        ASTRO_CHECK(VenueState::load_money(io_, venue_));
        ASTRO_CHECK(touched());
        ASTRO_CHECK(slots());
        ASTRO_CHECK(load_auctions(io_, venue_, used_));
        ASTRO_CHECK(orders());
        ASTRO_CHECK(conditionals());
        ASTRO_CHECK(partners());
        ASTRO_CHECK(brackets());
        ASTRO_CHECK(load_votes(io_, venue_));
        if (!io_.finish()) return io_.error();
        ASTRO_CHECK(sums());
        if (auto wrong = venue_.audit(); !wrong.empty()) return bad(std::move(wrong));
        return {};
    }

  private:
    Result<void> head() {
        std::uint32_t version = 0;
        if (!io_(version)) return io_.error();
        if (version != kStateVersion)
            return bad("its form is version " + std::to_string(version) + ", not " +
                       std::to_string(kStateVersion));
        if (!io_(venue_)) return io_.error();
        if (!is_time(venue_.now_)) return bad("its time cannot be");
        if (venue_.orders_accepted_ >> (64 - kSlotBits) != 0) return bad("has too many orders");
        const Pools& pools = venue_.pools_;
        for (const Quote pool :
             {pools.fees, pools.insurance, pools.treasury, pools.funding, pools.uncovered})
            if (!within(pool.value(), kMoneyMax)) return bad("has a pool beyond what is counted");
        return {};
    }

    Result<void> assets() {
        std::size_t count = 0;
        if (!io_.count(1, count)) return io_.error();
        if (count > kAssetsMax) return bad("has too many assets");
        for (std::size_t i = 0; i < count; ++i) {
            Collateral& asset = venue_.assets_.emplace_back();
            if (!io_(asset)) return io_.error();
            if (!check_asset(asset.settings)) return bad("has settings that cannot be", "asset", i);
            const bool usdc = i == kUsdc.value();
            if (usdc != (asset.settings.symbol == "USDC") ||
                (usdc && (asset.settings.decimals != 6 || asset.price != Price{kQuoteUnit})))
                return bad("the first asset is USDC", "asset", i);
            if (asset.settings.symbol == kGovernanceAsset &&
                asset.settings.decimals != governance::PowerTag::kDecimals)
                return bad("has other decimals", "asset", i);
            if (!is_price(asset.price)) return bad("has a price that cannot be", "asset", i);
        }
        venue_.deposited_.resize(count);
        venue_.fund_assets_.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (!io_(venue_.deposited_[i], venue_.fund_assets_[i])) return io_.error();
            if (!within(venue_.deposited_[i].value(), kMoneyMax) ||
                !within(venue_.fund_assets_[i].value(), kMoneyMax))
                return bad("has deposits beyond what is counted", "asset", i);
        }
        return {};
    }

    Result<void> markets() {
        std::size_t count = 0;
        if (!io_.count(1, count)) return io_.error();
        if (count > kListedMax) return bad("has too many markets");
        venue_.markets_.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const MarketSettings any = default_markets().front();
            Market market(any, venue_.orders_, static_cast<std::uint32_t>(i));
            if (!io_(market)) return io_.error();
            if (!check_market(market.settings))
                return bad("has settings that cannot be", "market", i);
            if (!can_be(market)) return bad("has prices or funding that cannot be", "market", i);
            Market& kept = venue_.markets_.emplace_back(market.settings, venue_.orders_,
                                                        static_cast<std::uint32_t>(i));
            kept.index = market.index;
            kept.mark = market.mark;
            kept.oracle = market.oracle;
            kept.funding = market.funding;
            kept.last = market.last;
            kept.margin_interest = market.margin_interest;
            if (kept.funding.next_sample != TimeMs{0})
                venue_.sampling_.emplace(kept.funding.next_sample,
                                         MarketId{static_cast<std::uint16_t>(i)});
        }
        return {};
    }

    [[nodiscard]] bool can_be(const Market& market) const {
        const PriceState& oracle = market.oracle;
        const FundingState& funding = market.funding;
        const bool samples = funding.next_sample != TimeMs{0};
        return is_price(market.index) && is_price(market.mark) && is_price(market.last) &&
               is_price(oracle.confidence) && within(oracle.reference.value(), kMax) &&
               is_time(oracle.published) && is_time(oracle.average_at) && is_time(oracle.sampled) &&
               oracle.average_at <= venue_.now_ && oracle.sampled <= venue_.now_ &&
               within(oracle.average.scaled, Int128{kPriceMax.value()} * 65'536) &&
               within(oracle.basis.scaled, Int128{kPriceMax.value()} * 65'536) &&
               funding.samples >= 0 && funding.samples <= kSamplesMax &&
               within(funding.premium_sum, Int128{funding.samples} * kMax) &&
               within(funding.index, kFundingIndexMax) && funding.loss_index >= 0 &&
               within(funding.loss_index, kFundingIndexMax) &&
               is_counted(market, market.margin_interest) && funding.dust >= 0 &&
               funding.dust < kDustUnit && within(funding.last_rate.value(), kMax) &&
               is_time(funding.next_sample) && is_time(funding.next_settlement) &&
               samples == (funding.next_settlement != TimeMs{0}) &&
               (samples == (market.index != Price{0}) ||
                (!samples && market.settings.state == MarketState::closed)) &&
               (!samples ||
                (funding.next_sample > venue_.now_ && funding.next_settlement > venue_.now_));
    }

    Result<void> accounts() {
        std::size_t count = 0;
        if (!io_.count(sizeof(Account::balances), count)) return io_.error();
        for (std::uint32_t a = 0; a < count; ++a) {
            Account& account = venue_.accounts_.emplace_back();
            if (!io_(account)) return io_.error();
            venue_.join_owner(AccountId{a}, account);
            for (std::size_t i = 0; i < kAssetsMax; ++i)
                if (!within(account.balances[i].value(), kMoneyMax) ||
                    (i >= venue_.assets_.size() && account.balances[i] != Amount{0}))
                    return bad("has a balance that cannot be", "account", a);
            if (account.isolated && account.isolated->value() >= venue_.markets_.size())
                return bad("is of a market that is not listed", "account", a);
            if (account.dead_man != TimeMs{0}) {
                if (!is_time(account.dead_man) || account.dead_man <= venue_.now_)
                    return bad("has a dead man's switch that has passed", "account", a);
                venue_.dead_men_.emplace(account.dead_man, AccountId{a});
            }
            ASTRO_CHECK(positions(AccountId{a}, account));
            ASTRO_CHECK(places(account.orders, kOrdersMax, "account", a));
            ASTRO_CHECK(places(account.conditionals, kWaitingMax, "account", a));
        }
        return {};
    }

    Result<void> positions(AccountId id, Account& account) {
        std::size_t count = 0;
        if (!io_.count(1, count)) return io_.error();
        if (count > kPositionsMax) return bad("has too many positions", "account", id.value());
        for (std::size_t i = 0; i < count; ++i) {
            Position read;
            if (!io_(read)) return io_.error();
            if (read.market.value() >= venue_.markets_.size() ||
                account.find(read.market, read.leg) != nullptr)
                return bad("has a position of no market, or twice", "account", id.value());
            Market& market = venue_.markets_[read.market.value()];
            if (!within(read.entry_quote.value(), kMax) || read.own_margin_bps > 10'000 ||
                !within(read.funding_index, kFundingIndexMax) ||
                !within(read.loss_index, kFundingIndexMax) || !is_counted(market, read.size) ||
                !within(funding_exact(market, read) / kDustUnit, kMax) ||
                (!read.is_watched && (read.watched_fall || read.watched != 0)))
                return bad("has a position that cannot be", "account", id.value());
            account.positions.add(read.market, read.leg) = read;
            if (read.is_watched && read.watched_fall) market.watch.watch_fall(read.watched, id);
            if (read.is_watched && !read.watched_fall) market.watch.watch_rise(read.watched, id);
        }
        return {};
    }

    Result<void> places(auto& out, std::size_t most, std::string_view what, std::uint64_t number) {
        std::size_t count = 0;
        if (!io_.count(sizeof(std::uint32_t), count)) return io_.error();
        if (count > most) return bad("has too many orders", what, number);
        out.resize(count);
        for (auto& place : out)
            if (!io_(place)) return io_.error();
        return {};
    }

    Result<void> touched() {
        std::size_t count = 0;
        if (!io_.count(sizeof(AccountId), count)) return io_.error();
        for (std::size_t i = 0; i < count; ++i) {
            AccountId account{};
            if (!io_(account)) return io_.error();
            if (!venue_.has(account) || venue_.of(account).is_touched)
                return bad("nobody, or listed twice", "touched account", account.value());
            venue_.touch(account);
        }
        return {};
    }

    Result<void> slots() {
        std::uint32_t count = 0;
        std::vector<OrderSlot> free;
        if (!io_(count, free)) return io_.error();
        // One more than may rest: for the order that is being executed.
        if (count > kRestingMax + 1 || free.size() > count) return bad("has too many order slots");
        used_.assign(count, false);
        for (const OrderSlot slot : free) {
            if (slot >= count || used_[slot]) return bad("is free twice", "order slot", slot);
            used_[slot] = true;
        }
        venue_.orders_.restore(count, free);
        venue_.infos_.resize(count);
        return {};
    }

    Result<void> orders() {
        SavedOrder previous;
        const std::size_t resting = venue_.orders_.live() - venue_.auctions_.size();
        for (std::size_t i = 0; i < resting; ++i) {
            SavedOrder order;
            if (!io_(order)) return io_.error();
            if (i > 0 && !may_follow(previous, order))
                return bad("stands out of the order of matching", "order", order.id.value());
            ASTRO_CHECK(check(order));
            rest(order);
            previous = order;
        }
        return listed_by_owners();
    }

    static bool may_follow(const SavedOrder& before, const SavedOrder& order) {
        if (before.book_side != order.book_side) return before.book_side < order.book_side;
        return order.book_side % 2 == 0 ? order.price <= before.price : order.price >= before.price;
    }

    [[nodiscard]] bool is_id(OrderId id) const {
        const std::uint64_t count = id.value() >> kSlotBits;
        return count > 0 && count <= venue_.orders_accepted_;
    }

    Result<void> check(const SavedOrder& order) const {
        const OrderSlot slot = slot_in(order.id);
        if (!is_id(order.id) || slot >= used_.size() || used_[slot])
            return bad("has a slot that is free, or another's", "order", order.id.value());
        if (order.book_side / 2 >= venue_.markets_.size() || !venue_.has(order.account))
            return bad("is of no market, or nobody's", "order", order.id.value());
        const Market& market = venue_.markets_[order.book_side / 2];
        const auto iceberg = order.iceberg.value_or(SavedOrder::Iceberg{});
        const auto lots_max = static_cast<std::uint64_t>(kMax / market.settings.lot_size.value());
        const Int128 open = static_cast<Int128>(order.quantity) + iceberg.hidden;
        if (order.quantity < 1 || order.quantity > lots_max || iceberg.hidden > lots_max ||
            open > Int128{lots_max} || order.price < 1 ||
            order.price > market.ticks(market.settings.price_max) ||
            !within(open * order.price * market.tick_lot, kMax) ||
            !is_counted(market, market.size(static_cast<std::uint64_t>(open))) ||
            !within(order.size.value(), kMoneyMax) || order.adverse < Quote{0} ||
            !within(order.adverse.value(), kMax) ||
            (order.reduce_only && order.adverse != Quote{0}))
            return bad("has sizes or a price that cannot be", "order", order.id.value());
        if ((order.iceberg && (iceberg.display < 1 || iceberg.display > lots_max ||
                               order.quantity > iceberg.display)) ||
            (order.expires && (!is_time(*order.expires) || *order.expires <= venue_.now_)))
            return bad("has options that cannot be", "order", order.id.value());
        if (order.builder &&
            (!venue_.has(order.builder->builder) || order.builder->fee_max_ppm < 1 ||
             order.builder->fee_max_ppm > 1'000'000))
            return bad("has a builder that cannot be", "order", order.id.value());
        if (order.peg && !can_be(*order.peg, market))
            return bad("follows the oracle as it cannot", "order", order.id.value());
        if (!order.client_id.empty() &&
            venue_.client_ids_.find(order.account, order.client_id) != OrderId{0})
            return bad("has the client id of another", "order", order.id.value());
        if (venue_.of(order.account)
                .find(MarketId{static_cast<std::uint16_t>(order.book_side / 2)}, order.leg) ==
            nullptr)
            return bad("has no position", "order", order.id.value());
        return {};
    }

    [[nodiscard]] static bool can_be(const SavedOrder::Follows& peg, const Market& market) {
        return market.pegs.size() < kPeggedMax && within(peg.offset.value(), kPriceMax.value()) &&
               peg.limit >= Price{0} && peg.limit <= market.settings.price_max && peg.target >= 1 &&
               peg.target <= market.ticks(market.settings.price_max);
    }

    void rest(const SavedOrder& order) {
        const OrderSlot slot = slot_in(order.id);
        used_[slot] = true;
        const MarketId id{static_cast<std::uint16_t>(order.book_side / 2)};
        Market& market = venue_.markets_[id.value()];
        const auto side = static_cast<Side>(order.book_side % 2);
        const auto iceberg = order.iceberg.value_or(SavedOrder::Iceberg{});
        market.book.rest_at(slot, side, order.price, order.quantity, order.account.value());
        Account& account = venue_.of(order.account);
        OrderInfo& info = venue_.infos_[slot];
        info = {.id = order.id,
                .hidden = iceberg.hidden,
                .display = iceberg.display,
                .size = order.size,
                .adverse = order.adverse,
                .expires = order.expires.value_or(TimeMs{0}),
                .owner = account.owner_number,
                .leg = order.leg,
                .reduce_only = order.reduce_only,
                .has_builder = order.builder.has_value(),
                .post_only = order.post_only,
                .self_trade = order.self_trade};
        if (order.builder)
            venue_.builder_fees_[order.id] = {
                order.builder->builder, static_cast<std::uint32_t>(order.builder->fee_max_ppm)};
        if (!order.client_id.empty())
            info.client_id = venue_.client_ids_.add(order.account, order.client_id, order.id);
        if (order.expires) venue_.expiring_.emplace(*order.expires, order.id);
        if (order.reduce_only || order.iceberg) ++market.special_orders;
        if (!order.peg) return;
        const auto& [offset, limit, target] = *order.peg;
        info.pegged = true;
        market.pegs[order.id] = {slot, offset, limit, target};
    }

    /// Each order by its owner and nobody else, once.
    Result<void> listed_by_owners() {
        std::vector<bool> listed(used_.size());
        std::size_t count = 0;
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a)
            for (const OrderSlot slot : venue_.accounts_[a].orders) {
                if (slot >= listed.size() || listed[slot] || venue_.infos_[slot].id == OrderId{0} ||
                    venue_.orders_[slot].owner != a)
                    return bad("lists an order that is not its own, or twice", "account", a);
                listed[slot] = true;
                ++count;
                ASTRO_CHECK(add_up(venue_.accounts_[a], slot));
            }
        if (count + venue_.auctions_.size() != venue_.orders_.live())
            return bad("has orders that nobody lists");
        return {};
    }

    /// What the order adds to its position's sums.
    Result<void> add_up(Account& account, OrderSlot slot) {
        const RestingOrder& order = venue_.orders_[slot];
        const OrderInfo& info = venue_.infos_[slot];
        const std::uint32_t book = BareBook::book_of(order);
        const Market& market = venue_.markets_[book];
        Position& position = *account.find(MarketId{static_cast<std::uint16_t>(book)}, info.leg);
        if (info.reduce_only) {
            ++position.reduce_orders;
            return {};
        }
        const bool buys = BareBook::side_of(order) == Side::buy;
        Base& open = buys ? position.open_buy : position.open_sell;
        Quote& adverse = buys ? position.adverse_buy : position.adverse_sell;
        open += market.size(venue_.open_lots(slot));
        adverse += info.adverse;
        const Base most{std::abs(position.size.value()) + open.value()};
        if (!is_counted(market, most) || !within(adverse.value(), kMax))
            return bad("adds up to more than is counted", "order", info.id.value());
        return {};
    }

    Result<void> conditionals() {
        std::uint32_t count = 0;
        if (!io_(count, venue_.free_conditionals_)) return io_.error();
        const auto& free = venue_.free_conditionals_;
        if (count > kSlots - kFirstConditional || free.size() > count)
            return bad("has too many waiting orders");
        std::vector<bool> used(count);
        for (const std::uint32_t place : free) {
            if (place >= count || used[place]) return bad("is free twice", "waiting place", place);
            used[place] = true;
        }
        venue_.conditionals_.resize(count);
        for (std::uint32_t place = 0; place < count; ++place) {
            if (used[place]) continue;
            Conditional& conditional = venue_.conditionals_[place];
            if (!io_(conditional)) return io_.error();
            if (!is_id(conditional.id) || slot_in(conditional.id) != kFirstConditional + place ||
                !can_wait(conditional))
                return bad("cannot be", "waiting order", conditional.id.value());
            venue_.markets_[conditional.order.market.value()].triggers.add(conditional, place);
        }
        return waiting_listed(count - free.size());
    }

    [[nodiscard]] bool can_wait(const Conditional& conditional) const {
        const auto& [id, order, trigger, extreme] = conditional;
        return can_be(order) && can_be(trigger) && is_price(extreme) &&
               trigger.price.value() <= 2 * kPriceMax.value();
    }
    [[nodiscard]] bool can_be(const PlaceOrder& order) const {
        return venue_.has(order.account) && order.market.value() < venue_.markets_.size() &&
               order.size > Base{0} && is_price(order.price) && order.display >= Base{0} &&
               is_time(order.expires);
    }
    [[nodiscard]] static bool can_be(const Trigger& trigger) {
        return trigger.price >= Price{0} && trigger.trail_bps >= 0 && trigger.trail_bps <= 5'000 &&
               (trigger.kind == TriggerKind::trailing) == (trigger.trail_bps > 0);
    }

    Result<void> waiting_listed(std::size_t live) {
        std::vector<bool> listed(venue_.conditionals_.size());
        std::size_t count = 0;
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a)
            for (const std::uint32_t place : venue_.accounts_[a].conditionals) {
                if (place >= listed.size() || listed[place] ||
                    venue_.conditionals_[place].id == OrderId{0} ||
                    venue_.conditionals_[place].order.account != AccountId{a})
                    return bad("lists a waiting order that is not its own, or twice", "account", a);
                listed[place] = true;
                ++count;
            }
        if (count != live) return bad("has waiting orders that nobody lists");
        return {};
    }

    [[nodiscard]] bool is_live(OrderId order) const {
        return venue_.conditional_of(order) || venue_.slot_of(order) != kNoOrder;
    }

    Result<void> partners() {
        std::size_t count = 0;
        if (!io_.count(2 * sizeof(OrderId), count)) return io_.error();
        OrderId previous{0};
        for (std::size_t i = 0; i < count; ++i) {
            OrderId order{}, partner{};
            if (!io_(order, partner)) return io_.error();
            if (order <= previous || partner <= order || !is_live(order) || !is_live(partner) ||
                venue_.partners_.contains(order) || venue_.partners_.contains(partner))
                return bad("has a partner that cannot be", "order", order.value());
            venue_.partners_[order] = partner;
            venue_.partners_[partner] = order;
            previous = order;
        }
        return {};
    }

    Result<void> brackets() {
        std::size_t count = 0;
        if (!io_.count(sizeof(OrderId), count)) return io_.error();
        OrderId previous{0};
        for (std::size_t i = 0; i < count; ++i) {
            OrderId order{};
            Bracket bracket;
            if (!io_(order, bracket)) return io_.error();
            const OrderSlot slot = venue_.slot_of(order);
            if (order <= previous || slot == kNoOrder || !can_be(bracket.entry) ||
                bracket.entry.account.value() != venue_.orders_[slot].owner ||
                bracket.entry.market.value() != BareBook::book_of(venue_.orders_[slot]) ||
                (bracket.take_profit && !can_be(*bracket.take_profit)) ||
                (bracket.stop_loss && !can_be(*bracket.stop_loss)))
                return bad("has a bracket that cannot be", "order", order.value());
            venue_.brackets_.emplace(order, std::move(bracket));
            previous = order;
        }
        return {};
    }

    /// Open interest, and what accounts hold at present prices: counted, so that it fits.
    Result<void> sums() {
        std::vector<Int128> interest(venue_.markets_.size());
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a) {
            for (std::size_t i = 0; i < venue_.assets_.size(); ++i) {
                const Collateral& asset = venue_.assets_[i];
                Int128 unit = 1;
                for (std::int64_t d = 0; d < asset.settings.decimals; ++d) unit *= 10;
                if (!within(Int128{venue_.accounts_[a].balances[i].value()} * asset.price.value() /
                                unit,
                            kMax))
                    return bad("has collateral beyond what is counted", "account", a);
            }
            for (const auto& position : venue_.accounts_[a].positions)
                interest[position.market.value()] +=
                    std::max<std::int64_t>(position.size.value(), 0);
        }
        for (std::size_t m = 0; m < interest.size(); ++m) {
            if (!within(interest[m], std::numeric_limits<std::int64_t>::max()))
                return bad("has an open interest beyond what is counted", "market", m);
            venue_.markets_[m].open_interest = Base{static_cast<std::int64_t>(interest[m])};
        }
        return {};
    }

    static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
    /// Of an account; brackets may add to kConditionalsMax two for each order that rests.
    static constexpr std::size_t kWaitingMax = kConditionalsMax + 2 * kOrdersMax;

    Venue& venue_;
    StateReader io_;
    std::vector<bool> used_;  ///< slots of orders, free ones too
};

Result<std::unique_ptr<Venue>> Venue::load(ByteView bytes) {
    auto venue = std::make_unique<Venue>();
    ASTRO_CHECK(VenueState::Loader(*venue, bytes).load());
    return venue;
}

}  // namespace astro::exchange
