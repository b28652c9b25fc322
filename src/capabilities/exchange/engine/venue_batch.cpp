#include "capabilities/exchange/engine/venue.hpp"

/// Several actions in one command; see batch_undo.hpp.
namespace astro::exchange {
namespace {

AccountId account_of(const BatchAction& action) {
    return std::visit(
        [](const auto& a) {
            if constexpr (requires { a->order; })
                return a->order.account;
            else
                return a.account;
        },
        action);
}

}  // namespace

Refusal Venue::on(const BatchOrders& c) {
    if (!has(c->account)) return {RefusalCode::account_unknown};
    const auto count = static_cast<std::int64_t>(c->actions.size());
    if (count == 0 || c->actions.size() > kBatchMax)
        return {RefusalCode::batch_size, kBatchMax, count};
    for (std::uint32_t i = 0; i < c->actions.size(); ++i)
        if (account_of(c->actions[i]) != c->account) {
            refused_item_ = i;
            return {RefusalCode::order_inconsistent};
        }
    if (c->mode == BatchMode::best_effort) {
        for (std::uint32_t i = 0; i < c->actions.size(); ++i) (void)act(*c, i);
        return {};
    }
    const Before before = begin_undo();
    for (std::uint32_t i = 0; i < c->actions.size(); ++i)
        if (const Refusal refusal = act(*c, i)) {
            undo(before);
            refused_item_ = i;
            return refusal;
        }
    undo_.reset();
    return {};
}

/// One action, and what follows from it: as if it had come alone.
Refusal Venue::act(const OrderBatch& batch, std::uint32_t item) {
    OrderId order{};
    const auto done = [&]<class Action>(const Action& action) -> Refusal {
        if constexpr (std::is_same_v<Action, PlaceOrder>) return place(action, &order);
        if constexpr (std::is_same_v<Action, PlacePegged>) return place_pegged(action, &order);
        if constexpr (std::is_same_v<Action, CancelByClientId>)
            order = client_ids_.find(action.account, action.client_id);
        if constexpr (requires { action.order.value(); }) order = action.order;
        return on(action);
    };
    const Refusal refusal = std::visit(done, batch.actions[item]);
    settle();
    tell(BatchItem{batch.account, item, order, refusal});
    return refusal;
}

void Venue::note_account(AccountId account) {
    undo_->accounts.try_emplace(account, accounts_[account.value()]);
}

Venue::Before Venue::begin_undo() {
    undo_ = std::make_unique<BatchUndo>();
    undo_->markets.reserve(markets_.size());
    for (const auto& m : markets_)
        undo_->markets.push_back({m.last, m.open_interest, m.special_orders, m.funding.dust,
                                  m.oracle.verdict, m.judged});
    std::vector<Interest> interest;
    interest.reserve(assets_.size());
    for (const auto& asset : assets_) interest.push_back(asset.interest);
    return {.events = events_->size(),
            .infos = infos_.size(),
            .touched = touched_.size(),
            .pools = pools_,
            .interest = std::move(interest),
            .fund_assets = fund_assets_,
            .orders_accepted = orders_accepted_,
            .last_trade = last_trade_};
}

struct Venue::TakeBack {
    Venue& venue;

    void operator()(const BatchUndo::BookStep& s) {
        const auto record = s.before ? *s.before : venue.orders_[s.slot];
        BareBook& book = venue.markets_[BareBook::book_of(record)].book;
        if (s.there_after) book.remove(s.slot);
        if (s.before) book.put_back(s.slot, *s.before);
    }
    void operator()(const BatchUndo::SlotStep& s) {
        if (s.allocated) return venue.orders_.forget(s.slot, s.grew);
        const OrderSlot slot = venue.orders_.allocate();
        ASTRO_ASSERT(slot == s.slot);
    }
    void operator()(const BatchUndo::InfoStep& s) { venue.infos_[s.slot] = s.before; }
    void operator()(const BatchUndo::ClientIdStep& s) {
        if (s.added) return venue.client_ids_.remove(s.id);
        const std::uint32_t id = venue.client_ids_.add(s.account, s.name, s.order);
        ASTRO_ASSERT(id == s.id);
    }
    void operator()(const BatchUndo::ExpiryStep& s) {
        if (s.added)
            venue.expiring_.erase(s.entry);
        else
            venue.expiring_.insert(s.entry);
    }
    void operator()(const BatchUndo::ConditionalAdded& s) {
        Conditional& conditional = venue.conditionals_[s.place];
        venue.markets_[conditional.order.market.value()].triggers.remove(conditional, s.place);
        conditional.id = OrderId{0};
        if (s.grew)
            venue.conditionals_.pop_back();
        else
            venue.free_conditionals_.push_back(s.place);
    }
    void operator()(const BatchUndo::ConditionalStep& s) {
        TriggerBook& triggers = venue.markets_[s.before.order.market.value()].triggers;
        if (s.there_after)
            triggers.remove(venue.conditionals_[s.place], s.place);
        else
            venue.free_conditionals_.pop_back();
        venue.conditionals_[s.place] = s.before;
        triggers.add(s.before, s.place);
    }
    void operator()(const BatchUndo::PartnerStep& s) {
        if (s.before)
            venue.partners_[s.order] = *s.before;
        else
            venue.partners_.erase(s.order);
    }
    void operator()(const BatchUndo::BracketStep& s) { venue.brackets_[s.order] = s.before; }
    void operator()(const BatchUndo::PegStep& s) {
        auto& pegs = venue.markets_[s.market.value()].pegs;
        if (s.before)
            pegs[s.order] = *s.before;
        else
            pegs.erase(s.order);
    }
    void operator()(const BatchUndo::AuctionStep& s) {
        venue.auctions_[s.order] = s.before;
        venue.auction_ends_.emplace(s.before.last_moment(), s.order);
    }
    void operator()(const BatchUndo::BuilderStep& s) {
        if (s.before)
            venue.builder_fees_[s.order] = *s.before;
        else
            venue.builder_fees_.erase(s.order);
    }
    void operator()(const BatchUndo::OwnerStep& s) {
        venue.owner_states_[s.index].volume = s.before;
    }
    void operator()(const BatchUndo::WatchStep& s) {
        LiquidationWatch& watch = venue.markets_[s.market.value()].watch;
        if (s.fall)
            watch.watch_fall(s.at, s.account);
        else
            watch.watch_rise(s.at, s.account);
    }
};

void Venue::undo(const Before& before) {
    const auto notes = std::exchange(undo_, nullptr);
    for (auto step = notes->steps.rbegin(); step != notes->steps.rend(); ++step)
        std::visit(TakeBack{*this}, *step);
    for (auto& [id, account] : notes->accounts) {
        accounts_[id.value()] = std::move(account);
        list_borrower(id);
    }
    for (std::size_t i = 0; i < assets_.size(); ++i) assets_[i].interest = before.interest[i];
    fund_assets_ = before.fund_assets;
    for (std::size_t i = 0; i < markets_.size(); ++i) {
        const auto& was = notes->markets[i];
        Market& market = markets_[i];
        market.last = was.last;
        market.open_interest = was.open_interest;
        market.special_orders = was.special_orders;
        market.funding.dust = was.funding_dust;
        market.oracle.verdict = was.verdict;
        market.judged = was.judged;
    }
    events_->resize(before.events);
    infos_.resize(before.infos);
    touched_.resize(before.touched);
    pools_ = before.pools;
    orders_accepted_ = before.orders_accepted;
    last_trade_ = before.last_trade;
}

}  // namespace astro::exchange
