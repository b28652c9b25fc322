#include <algorithm>

#include "foundation/base/json.hpp"
#include "server/traders/program_loop.hpp"
#include "server/traders/trader_account.hpp"

namespace astro::traders {
namespace {

constexpr DurationNs kReconcileEvery = seconds(5), kReconcileAtMost = seconds(1);
constexpr DurationNs kPriceAgeMax = seconds(10);  ///< an older index is not quoted around
constexpr DurationNs kListen = milliseconds(100);

/// One market: what is known of it, and what of ours is on its book.
struct MarketDesk {
    MarketRules rules;
    QuoteSettings settings;
    QuoteView view{};
    std::vector<RestingQuote> resting{};
    TimestampNs priced{}, changed{};
    bool open = true;
};

/// Size of a level and largest position, from what they are to be worth.
void size_by_value(const QuoteOptions& options, MarketDesk& desk) {
    desk.settings = options.quotes;
    if (desk.settings.size == Base{0} && desk.view.fair > Price{0}) {
        const Int128 size = static_cast<Int128>(options.value_usd) * exchange::kQuoteUnit *
                            exchange::kBaseUnit / desk.view.fair.value();
        desk.settings.size = Base{static_cast<std::int64_t>(size)};
    }
    desk.settings.position_max = Base{desk.settings.size.value() * options.position_levels};
}

/// The best prices that are not our own.
QuoteView of_others(const MarketDesk& desk) {
    QuoteView out = desk.view;
    for (const auto& quote : desk.resting) {
        if (quote.slot.side == Side::buy && out.best_bid && quote.price >= *out.best_bid)
            out.best_bid.reset();
        if (quote.slot.side == Side::sell && out.best_ask && quote.price <= *out.best_ask)
            out.best_ask.reset();
    }
    return out;
}

bool is_trusted(std::string_view verdict) {
    return verdict == "valid" || verdict == "aging";
}

/// Of the kinds of event of one's own account; the others are answers to our own calls.
bool changes_what_we_hold(std::string_view kind) {
    return kind == "position_changed" || kind == "liquidation_started";
}

class QuoteSession {
  public:
    QuoteSession(const QuoteOptions& options, VenueLink& link, Clock& clock, const StopFlag& stop,
                 const Say& say)
        : options_(options), link_(link), clock_(clock), stop_(stop), say_(say) {}

    Result<void> run(bool& whole) {
        ASTRO_CHECK(begin());
        whole = true;
        while (!stop_.raised()) {
            ASTRO_CHECK(listen());
            const TimestampNs now = clock_.monotonic();
            if (restraint_.holds(now)) continue;
            const DurationNs since = now - reconciled_;
            if (since >= kReconcileEvery || (stale_ && since >= kReconcileAtMost))
                ASTRO_CHECK(reconcile(now));
            if (stale_) continue;  // what rests is not known for sure
            for (auto& [market, desk] : desks_) ASTRO_CHECK(requote(market, desk, now));
        }
        return leave();
    }

  private:
    Result<void> begin() {
        ASTRO_TRY(auto rules, fetch_rules(link_, options_.markets));
        for (auto& [market, rule] : rules) desks_[market].rules = std::move(rule);
        ASTRO_TRY(const auto accounts, ensure_accounts(link_, 1));
        account_ = accounts.front();
        // The quotes of this program go with its connection, however that ends.
        ASTRO_CHECK(link_.at_close(0, "DELETE", own_orders()));
        if (options_.connection.paper_usd > 0)
            ASTRO_CHECK(ensure_paper_money(link_, account_, options_.connection.paper_usd));
        ASTRO_CHECK(link_.subscribe("exchange.price", market_filter(options_.markets)));
        ASTRO_CHECK(link_.subscribe("exchange.account"));
        say_("quoting " + std::to_string(desks_.size()) + " markets from account " +
             std::to_string(account_));
        return {};
    }

    [[nodiscard]] std::string own_orders() const {
        return std::string(kApi) + "/orders?account=" + std::to_string(account_);
    }

    /// Everything that has come; waits briefly for something.
    Result<void> listen() {
        DurationNs wait = kListen;
        for (;;) {
            ASTRO_TRY(const auto message, link_.receive(wait));
            if (!message) return {};
            wait = DurationNs{0};
            take(*message);
        }
    }

    void take(const LinkMessage& message) {
        if (message.kind == LinkMessage::Kind::gap) stale_ = true;
        if (message.channel == "exchange.account" && message.kind == LinkMessage::Kind::event)
            stale_ = stale_ || changes_what_we_hold(text_of(message.body, "kind"));
        if (message.channel != "exchange.price") return;
        if (message.kind == LinkMessage::Kind::event) take_ticker(message.body);
        for (const auto& ticker : list_of(message.body, "tickers")) take_ticker(ticker);
    }

    void take_ticker(const boost::json::value& ticker) {
        const auto at = desks_.find(text_of(ticker, "market"));
        if (at == desks_.end()) return;
        MarketDesk& desk = at->second;
        desk.view.fair = number_of<Price>(ticker, "index").value_or(Price{0});
        desk.view.best_bid = number_of<Price>(ticker, "best_bid");
        desk.view.best_ask = number_of<Price>(ticker, "best_ask");
        // Without a price that all trust nothing that adds risk is taken, and nothing is quoted.
        desk.open = text_of(ticker, "state") == "open" && is_trusted(text_of(ticker, "oracle"));
        desk.priced = clock_.monotonic();
    }

    /// What of ours is on the books, and what we hold, as the venue says.
    Result<void> reconcile(TimestampNs now) {
        const auto orders = fetch_orders(link_, account_);
        if (!orders) return hold_back(orders.error(), now);
        const auto positions = fetch_positions(link_, account_);
        if (!positions) return hold_back(positions.error(), now);
        for (auto& [market, desk] : desks_) {
            desk.resting.clear();
            for (const auto& order : *orders) {
                const auto slot = slot_of(market, order.client_id);
                if (order.market == market && slot)
                    desk.resting.push_back({*slot, order.order, order.price, order.size,
                                            order.size - order.remaining});
            }
            const auto position = positions->find(market);
            desk.view.position = position == positions->end() ? Base{0} : position->second;
        }
        stale_ = false;
        reconciled_ = now;
        return {};
    }

    /// "Too many requests" is waited out; anything else ends the connection.
    Result<void> hold_back(const Error& error, TimestampNs now) {
        if (error.kind != ErrorKind::limited) return Unexpected{error};
        restraint_.refused(now, std::nullopt);
        say_("held back: " + error.text());
        return {};
    }

    Result<void> requote(const std::string& market, MarketDesk& desk, TimestampNs now) {
        if (now - desk.changed < options_.interval) return {};
        QuoteView view = of_others(desk);
        if (!desk.open || now - desk.priced > kPriceAgeMax) view.fair = Price{0};
        size_by_value(options_, desk);
        const auto changes = changes_toward(
            desk.settings, desired_quotes(desk.settings, desk.rules, view), desk.resting);
        if (changes.empty()) return {};
        desk.changed = now;
        std::vector<std::uint64_t> calls;
        for (const auto& change : changes) {
            ASTRO_TRY(const auto id, send(market, change));
            calls.push_back(id);
        }
        for (std::size_t i = 0; i < calls.size(); ++i) {
            ASTRO_TRY(const auto answer, link_.answer_of(calls[i]));
            settle(market, desk, changes[i], answer, now);
        }
        return {};
    }

    Result<std::uint64_t> send(const std::string& market, const QuoteChange& change) {
        const std::string account = R"("account":)" + std::to_string(account_);
        const std::string numbers =
            R"(,"price":)" + to_json(change.price) + R"(,"size":)" + to_json(change.size);
        const std::string order =
            std::string(kApi) + "/orders/" + std::to_string(change.order.value());
        switch (change.kind) {
            case QuoteChange::Kind::cancel:
                return link_.call("DELETE", order + "?account=" + std::to_string(account_));
            case QuoteChange::Kind::amend:
                return link_.call("PATCH", order, "{" + account + numbers + "}");
            case QuoteChange::Kind::place:
                break;
        }
        return link_.call("POST", std::string(kApi) + "/orders",
                          "{" + account + R"(,"market":)" + to_json(market) + R"(,"side":)" +
                              to_json(change.slot.side) + numbers +
                              R"(,"post_only":"slide","client_id":)" +
                              to_json(client_id_of(market, change.slot)) + "}");
    }

    /// What the answer says of the slot; when in doubt the venue is asked again.
    void settle(const std::string& market, MarketDesk& desk, const QuoteChange& change,
                const LinkMessage& answer, TimestampNs now) {
        std::erase_if(desk.resting, [&](const auto& quote) { return quote.slot == change.slot; });
        if (answer.done()) {
            restraint_.served();
            if (change.kind == QuoteChange::Kind::cancel ||
                text_of(answer.body, "status") != "open")
                return;
            const auto filled = number_of<Base>(answer.body, "filled").value_or(Base{0});
            const auto remaining = number_of<Base>(answer.body, "remaining").value_or(Base{0});
            std::int64_t id = 0;
            if (!exchange::parse_decimal(text_of(answer.body, "order_id"), 0, id)) stale_ = true;
            // A post-only order may have slid; what was wanted is what it is compared with.
            desk.resting.push_back({change.slot, OrderId{static_cast<std::uint64_t>(id)},
                                    change.price, filled + remaining, filled});
            return;
        }
        stale_ = true;
        if (answer.status == 429) restraint_.refused(now, answer.retry_after);
        if (say_again_.insert_or_assign(answer.problem_code(), now).second)
            say_(market + ": " + answer.problem());
    }

    Result<void> leave() {
        ASTRO_TRY(const auto answer, link_.ask("DELETE", own_orders()));
        if (!answer.done()) say_("the quotes could not be cancelled: " + answer.problem());
        return {};
    }

    const QuoteOptions& options_;
    VenueLink& link_;
    Clock& clock_;
    const StopFlag& stop_;
    const Say& say_;
    std::map<std::string, MarketDesk> desks_;
    std::int64_t account_ = 0;
    bool stale_ = true;
    TimestampNs reconciled_{};
    Restraint restraint_;
    std::map<std::string, TimestampNs> say_again_;  ///< each kind of refusal is told once
};

}  // namespace

Result<void> run_quote(const QuoteOptions& options, Clock& clock, const StopFlag& stop,
                       const Say& say) {
    return keep_connected(options.connection, clock, stop, say, [&](VenueLink& link, bool& whole) {
        QuoteSession session(options, link, clock, stop, say);
        return session.run(whole);
    });
}

}  // namespace astro::traders
