#include <algorithm>

#include "foundation/base/json.hpp"
#include "server/traders/program_loop.hpp"
#include "server/traders/trader_account.hpp"

namespace astro::traders {
namespace {

constexpr DurationNs kReconcileEvery = seconds(10);
constexpr DurationNs kListen = milliseconds(200);
constexpr std::size_t kRestingMax = 4;  ///< of one trader in one market; then it cancels the oldest

/// One trader in one market.
struct Desk {
    std::string market;
    std::int64_t account = 0;
    NoiseTrader trader;
    Base position{};
    std::vector<OrderId> resting{};  ///< oldest first
};

/// Styles in turn, seeds apart.
NoiseSettings settings_of(const NoiseSettings& first, std::size_t number) {
    NoiseSettings out = first;
    out.seed += number * 1'000'003;
    constexpr NoiseStyle kStyles[] = {NoiseStyle::random, NoiseStyle::momentum,
                                      NoiseStyle::reverting};
    out.style = kStyles[(static_cast<std::size_t>(first.style) + number) % 3];
    return out;
}

class NoiseSession {
  public:
    NoiseSession(const NoiseOptions& options, VenueLink& link, Clock& clock, const StopFlag& stop,
                 const Say& say)
        : options_(options), link_(link), clock_(clock), stop_(stop), say_(say) {}

    Result<void> run(bool& whole) {
        ASTRO_CHECK(begin());
        whole = true;
        while (!stop_.raised()) {
            ASTRO_CHECK(listen());
            const TimestampNs now = clock_.monotonic();
            if (restraint_.holds(now)) continue;
            if (now - reconciled_ >= kReconcileEvery) ASTRO_CHECK(reconcile(now));
            for (auto& desk : desks_) ASTRO_CHECK(act(desk, now));
        }
        return leave();
    }

  private:
    Result<void> begin() {
        ASTRO_TRY(rules_, fetch_rules(link_, options_.markets));
        ASTRO_TRY(accounts_, ensure_accounts(link_, options_.accounts));
        for (const auto account : accounts_) {
            if (options_.connection.paper_usd > 0)
                ASTRO_CHECK(ensure_paper_money(link_, account, options_.connection.paper_usd));
            for (const auto& market : options_.markets)
                desks_.push_back(
                    {market, account, NoiseTrader(settings_of(options_.flow, desks_.size()))});
        }
        ASTRO_CHECK(link_.subscribe("exchange.price", market_filter(options_.markets)));
        say_(std::to_string(accounts_.size()) + " traders in " +
             std::to_string(options_.markets.size()) + " markets");
        return {};
    }

    Result<void> listen() {
        DurationNs wait = kListen;
        for (;;) {
            ASTRO_TRY(const auto message, link_.receive(wait));
            if (!message) return {};
            wait = DurationNs{0};
            if (message->channel != "exchange.price") continue;
            if (message->kind == LinkMessage::Kind::event) take_ticker(message->body);
            for (const auto& ticker : list_of(message->body, "tickers")) take_ticker(ticker);
        }
    }

    void take_ticker(const boost::json::value& ticker) {
        const std::string market = text_of(ticker, "market");
        const auto price = number_of<Price>(ticker, "mark").value_or(Price{0});
        if (text_of(ticker, "state") != "open") return;
        for (auto& desk : desks_)
            if (desk.market == market) desk.trader.see(price, clock_.monotonic());
    }

    Result<void> reconcile(TimestampNs now) {
        reconciled_ = now;
        for (const auto account : accounts_) {
            const auto positions = fetch_positions(link_, account);
            if (!positions) return hold_back(positions.error(), now);
            const auto orders = fetch_orders(link_, account);
            if (!orders) return hold_back(orders.error(), now);
            for (auto& desk : desks_) {
                if (desk.account != account) continue;
                const auto at = positions->find(desk.market);
                desk.position = at == positions->end() ? Base{0} : at->second;
                desk.resting.clear();
                for (const auto& order : *orders)
                    if (order.market == desk.market) desk.resting.push_back(order.order);
            }
        }
        return {};
    }

    Result<void> hold_back(const Error& error, TimestampNs now) {
        if (error.kind != ErrorKind::limited) return Unexpected{error};
        restraint_.refused(now, std::nullopt);
        say_("held back: " + error.text());
        return {};
    }

    Result<void> act(Desk& desk, TimestampNs now) {
        const auto action = desk.trader.act(now, desk.position, desk.resting.size());
        if (!action) return {};
        if (action->kind == NoiseAction::Kind::cancel || desk.resting.size() > kRestingMax) {
            if (desk.resting.empty()) return {};
            const OrderId order = desk.resting.front();
            desk.resting.erase(desk.resting.begin());
            return settle(
                link_.ask("DELETE", std::string(kApi) + "/orders/" + std::to_string(order.value()) +
                                        "?account=" + std::to_string(desk.account)),
                desk, now);
        }
        const MarketRules& rules = rules_.at(desk.market);
        const std::int64_t lots = action->size.value() / rules.lot.value();
        const Base size = std::max(rules.size_min, Base{lots * rules.lot.value()});
        std::string body = R"({"account":)" + std::to_string(desk.account) + R"(,"market":)" +
                           to_json(desk.market) + R"(,"side":)" + to_json(action->side) +
                           R"(,"size":)" + to_json(size);
        if (action->kind == NoiseAction::Kind::limit) {
            const Price price{action->price.value() / rules.tick.value() * rules.tick.value()};
            body += R"(,"price":)" + to_json(price);
        }
        return settle(link_.ask("POST", std::string(kApi) + "/orders", body + "}"), desk, now);
    }

    Result<void> settle(Result<LinkMessage> answer, Desk& desk, TimestampNs now) {
        if (!answer) return Unexpected{std::move(answer).error()};
        if (answer->done()) {
            restraint_.served();
            std::int64_t id = 0;
            if (text_of(answer->body, "status") == "open" &&
                exchange::parse_decimal(text_of(answer->body, "order_id"), 0, id))
                desk.resting.push_back(OrderId{static_cast<std::uint64_t>(id)});
            return {};
        }
        if (answer->status == 429) restraint_.refused(now, answer->retry_after);
        if (told_.insert_or_assign(answer->problem_code(), now).second)
            say_(desk.market + ": " + answer->problem());
        return {};
    }

    Result<void> leave() {
        for (const auto account : accounts_) {
            ASTRO_TRY(const auto answer,
                      link_.ask("DELETE",
                                std::string(kApi) + "/orders?account=" + std::to_string(account)));
            if (!answer.done()) say_("orders could not be cancelled: " + answer.problem());
        }
        return {};
    }

    const NoiseOptions& options_;
    VenueLink& link_;
    Clock& clock_;
    const StopFlag& stop_;
    const Say& say_;
    std::map<std::string, MarketRules> rules_;
    std::vector<std::int64_t> accounts_;
    std::vector<Desk> desks_;
    TimestampNs reconciled_{};
    Restraint restraint_;
    std::map<std::string, TimestampNs> told_;  ///< each kind of refusal is told once
};

}  // namespace

Result<void> run_noise(const NoiseOptions& options, Clock& clock, const StopFlag& stop,
                       const Say& say) {
    return keep_connected(options.connection, clock, stop, say, [&](VenueLink& link, bool& whole) {
        NoiseSession session(options, link, clock, stop, say);
        return session.run(whole);
    });
}

}  // namespace astro::traders
