#include <map>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/refusal_text.hpp"
#include "capabilities/exchange/scenario.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

constexpr std::size_t kFaultsMax = 100;
/// An audit counts everything: after each command of a scenario that people write.
constexpr std::size_t kAuditedCommands = 1'000;

template <class E>
const E* first(const Events& events, auto&& fits) {
    for (const auto& event : events)
        if (const auto* e = std::get_if<E>(&event); e != nullptr && fits(*e)) return e;
    return nullptr;
}

/// Traded: "traded". From the type, so that no event is without a name.
template <class E>
std::string name_of_type(const E&) {
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("E = ") + 4);
    text = text.substr(0, text.find_first_of(";],"));
    text = text.substr(text.rfind(':') + 1);
    std::string out;
    for (const char c : text) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper && !out.empty()) out += '_';
        out += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

class Run {
  public:
    Run(const Scenario& scenario, const ScenarioWatch& watch)
        : scenario_(scenario), watch_(watch) {}

    ScenarioReport run() {
        for (const auto& step : scenario_.steps) {
            replaced_.clear();
            events_.clear();
            own_ = OrderId{0};
            for (const auto& command : step.commands) apply(step, command);
            for (const auto& check : step.checks) judge(step, check);
        }
        audit(scenario_.steps.empty() ? 0 : scenario_.steps.back().line);
        return std::move(report_);
    }
    [[nodiscard]] const Venue& venue() const { return venue_; }

  private:
    using Name = std::pair<AccountId, std::string>;

    void apply(const ScenarioStep& step, CommandBody command) {
        ++report_.commands;
        if (auto* cancel = std::get_if<CancelOrder>(&command))
            cancel->order = named_before(step.account, step.label);
        if (auto* amend = std::get_if<AmendOrder>(&command))
            amend->order = named_before(step.account, step.label);
        if (auto* fill = std::get_if<FillAuction>(&command))
            fill->auction = named(step.auction_of, step.label);
        if (auto* batch = std::get_if<BatchOrders>(&command)) *batch = named(step, **batch);
        const std::size_t old = events_.size();
        venue_.apply({step.time, command}, events_);
        report_.events += events_.size() - old;
        for (std::size_t i = old; i < events_.size(); ++i) {
            learn(events_[i]);
            if (watch_) watch_(step.line, step.time, events_[i]);
        }
        // The first that is accepted is what the command asked for: all else follows from it.
        if (!std::holds_alternative<SetIndexPrice>(command))
            if (const auto* own = first<OrderAccepted>(events_, [](const auto&) { return true; }))
                own_ = own->order;
        if (const auto* own = first<AuctionOpened>(events_, [](const auto&) { return true; }))
            own_ = own->order;
        if (report_.commands <= kAuditedCommands) audit(step.line);
    }

    [[nodiscard]] BatchOrders named(const ScenarioStep& step, OrderBatch batch) const {
        for (std::size_t i = 0; i < batch.actions.size(); ++i)
            std::visit(
                [&](auto& action) {
                    if constexpr (requires { action.order.value(); })
                        action.order = named(step.account, step.labels[i]);
                },
                batch.actions[i]);
        return batch;
    }

    void learn(const Event& event) {
        if (const auto* order = std::get_if<OrderAccepted>(&event)) {
            if (!order->client_id.empty())
                name({order->account, to_text(order->client_id)}, order->order);
        } else if (const auto* offered = std::get_if<AuctionOpened>(&event)) {
            if (!offered->client_id.empty())
                name({offered->account, to_text(offered->client_id)}, offered->order);
        } else if (const auto* waits = std::get_if<ConditionalAccepted>(&event)) {
            if (!waits->spec.client_id.empty())
                name({waits->spec.account, to_text(waits->spec.client_id)}, waits->order);
        }
    }

    void name(const Name& name, OrderId order) {
        OrderId& known = names_[name];
        replaced_.emplace(name, known);
        known = order;
    }
    [[nodiscard]] OrderId named(AccountId account, const std::string& name) const {
        const auto found = names_.find({account, name});
        return found == names_.end() ? OrderId{0} : found->second;
    }
    /// As it was before the step.
    [[nodiscard]] OrderId named_before(AccountId account, const std::string& name) const {
        const auto found = replaced_.find({account, name});
        return found == replaced_.end() ? named(account, name) : found->second;
    }

    void fault(std::size_t line, std::string subject, std::string expected, std::string actual) {
        if (report_.faults.size() == kFaultsMax) {
            ++report_.faults_more;
            return;
        }
        report_.faults.push_back(
            {line, std::move(subject), std::move(expected), std::move(actual)});
    }
    void audit(std::size_t line) {
        if (auto wrong = venue_.audit(); !wrong.empty())
            fault(line, std::string(kAuditSubject), "all that is kept twice agrees",
                  std::move(wrong));
    }
    void judge(const ScenarioStep& step, const Check& check) {
        ++report_.checks;
        auto actual = actual_of(check);
        if (actual != check.expected)
            fault(step.line, check.subject, check.expected, std::move(actual));
    }

    [[nodiscard]] std::string actual_of(const Check& check) const {
        switch (check.kind) {
            case CheckKind::done:
            case CheckKind::refused:
                return refused(check);
            case CheckKind::item:
                return item(check);
            case CheckKind::trades:
                return traded(check);
            case CheckKind::rests:
                return rests();
            case CheckKind::closed:
                return closed(own_);
            case CheckKind::ended:
                return ended(check);
            case CheckKind::triggered:
                return triggered(check);
            case CheckKind::waits:
                return waits(check);
            case CheckKind::position:
            case CheckKind::entry:
                return position(check);
            case CheckKind::book:
                return book(check);
            case CheckKind::opens:
                return opens();
            case CheckKind::indicative:
                return indicative(check);
            case CheckKind::due:
                return due(check);
            case CheckKind::interest:
                return to_text(market(check).open_interest);
            case CheckKind::mark:
                return to_text(market(check).mark);
            case CheckKind::last:
                return to_text(market(check).last);
            case CheckKind::fees:
                return to_text(venue_.pools().fees);
            case CheckKind::insurance:
                return to_text(venue_.pools().insurance);
            case CheckKind::funding:
                return to_text(venue_.pools().funding);
            case CheckKind::setting:
                return setting_text(market(check).settings, check.label);
            case CheckKind::proposal:
            case CheckKind::tally:
            case CheckKind::stake:
            case CheckKind::power:
                return votes(check);
            case CheckKind::treasury:
                return to_text(venue_.pools().treasury);
            case CheckKind::uncovered:
                return to_text(venue_.pools().uncovered);
            default:
                return account(check);
        }
    }

    [[nodiscard]] const Market& market(const Check& check) const {
        return venue_.markets()[check.market.value()];
    }
    [[nodiscard]] const Account& owner(const Check& check) const {
        return venue_.accounts()[check.account.value()];
    }

    [[nodiscard]] std::string refused(const Check& check) const {
        const auto* refused = first<Refused>(events_, [](const auto&) { return true; });
        if (refused == nullptr) return "done";
        return "refused " + refusal_text(refused->refusal,
                                         scenario_.assets[check.asset.value()].decimals,
                                         check.needed, check.available);
    }
    [[nodiscard]] std::string opens() const {
        const auto* opened = first<Opened>(events_, [](const auto&) { return true; });
        if (opened == nullptr || opened->price == Price{0}) return "none";
        return to_text(opened->volume) + " @ " + to_text(opened->price);
    }
    [[nodiscard]] std::string indicative(const Check& check) const {
        const Market& m = market(check);
        const Clearing clearing = venue_.clearing_of(m);
        if (clearing.ticks == 0) return "none";
        return to_text(m.size(clearing.volume)) + " @ " + to_text(m.price(clearing.ticks));
    }
    [[nodiscard]] std::string due(const Check& check) const {
        const auto found = venue_.auctions().find(named(check.account, check.label));
        if (found == venue_.auctions().end()) return "none";
        return to_text(venue_.due_of(found->second).best);
    }
    [[nodiscard]] std::string item(const Check& check) const {
        const auto text = [&](const Refusal& refusal) {
            return "refused " + refusal_text(refusal,
                                             scenario_.assets[check.asset.value()].decimals,
                                             check.needed, check.available);
        };
        // Of an atomic batch that was refused, the one that was to blame.
        const auto* whole =
            first<Refused>(events_, [&](const auto& e) { return e.item == check.item; });
        if (whole != nullptr) return text(whole->refusal);
        const auto* done =
            first<BatchItem>(events_, [&](const auto& e) { return e.item == check.item; });
        if (done == nullptr) return "not done";
        return done->refusal ? text(done->refusal) : "done";
    }
    [[nodiscard]] std::string traded(const Check& check) const {
        Base sum;
        for (const auto& event : events_)
            if (const auto* trade = std::get_if<Traded>(&event))
                if ((own_ == OrderId{0} || trade->taker_order == own_ ||
                     trade->maker_order == own_) &&
                    (!check.price || *check.price == trade->price))
                    sum += trade->size;
        return to_text(sum);
    }
    [[nodiscard]] std::string rests() const {
        const auto order = venue_.find_order(own_);
        return order ? to_text(order->open) : "0";
    }
    [[nodiscard]] std::string closed(OrderId order) const {
        const auto* closed =
            first<OrderClosed>(events_, [&](const auto& e) { return e.order == order; });
        if (closed == nullptr || order == OrderId{0}) return "not ended";
        return std::string(enum_name(closed->reason)) + " " + to_text(closed->open);
    }
    [[nodiscard]] std::string ended(const Check& check) const {
        const OrderId was = named_before(check.account, check.label);
        return closed(was != OrderId{0} ? was : named(check.account, check.label));
    }
    [[nodiscard]] std::string triggered(const Check& check) const {
        const OrderId was = named_before(check.account, check.label);
        const auto* triggered =
            first<OrderTriggered>(events_, [&](const auto& e) { return e.waited == was; });
        if (triggered == nullptr || was == OrderId{0}) return "not triggered";
        if (!triggered->refusal) return "triggered";
        return "triggered refused " + std::string(enum_name(triggered->refusal.code));
    }
    [[nodiscard]] std::string waits(const Check& check) const {
        OrderId order = named(check.account, check.label);
        if (check.label.empty()) {
            const auto* accepted =
                first<ConditionalAccepted>(events_, [](const auto&) { return true; });
            if (accepted != nullptr) order = accepted->order;
        }
        const auto* waiting = order == OrderId{0} ? nullptr : venue_.find_conditional(order);
        return waiting == nullptr ? "none" : to_text(waiting->trigger.price);
    }
    [[nodiscard]] std::string position(const Check& check) const {
        const Position* position = owner(check).find(check.market, check.leg);
        if (position == nullptr || position->size == Base{0}) return "0";
        if (check.kind == CheckKind::position) return to_text(position->size);
        const Int128 price = -static_cast<Int128>(position->entry_quote.value()) * kBaseUnit /
                             position->size.value();
        return to_text(Price{static_cast<std::int64_t>(price)});
    }
    [[nodiscard]] std::string book(const Check& check) const {
        std::string out;
        const Market& m = market(check);
        m.book.for_each_level(check.side, [&](std::int64_t ticks, const PriceLevel& level) {
            out.append(out.empty() ? "" : " ").append(to_text(m.price(ticks)));
            out.append("x").append(to_text(m.size(level.quantity)));
            return true;
        });
        return out.empty() ? "none" : out;
    }
    [[nodiscard]] std::string votes(const Check& check) const {
        const auto& governance = venue_.governance();
        const auto text = [&](governance::Power power) {
            return decimal_text(power.value(),
                                static_cast<int>(scenario_.assets[check.asset.value()].decimals));
        };
        const governance::VoterId voter{check.account.value()};
        if (check.kind == CheckKind::power) return text(governance.stakes().power(voter));
        if (check.kind == CheckKind::stake) {
            const auto* known = governance.stakes().find(voter);
            return known == nullptr ? "0" : text(known->stake);
        }
        const auto* proposal = governance.find(check.proposal);
        if (proposal == nullptr) return "none";
        if (check.kind == CheckKind::proposal) return std::string(enum_name(proposal->state));
        const auto& tally = proposal->tally;
        return text(tally.in_favour) + " " + text(tally.against) + " " + text(tally.abstain);
    }
    [[nodiscard]] std::string order(const Check& check) const {
        const auto found = venue_.find_order(named(check.account, check.label));
        if (!found) return "none";
        std::string out = to_text(found->open) + " @ " + to_text(found->price);
        if (found->shown != found->open) out += " shown " + to_text(found->shown);
        return out;
    }
    [[nodiscard]] std::string account(const Check& check) const {
        const Account& account = owner(check);
        const auto health = [&](MarginKind kind) {
            return health_of(venue_.margin_context(), account, kind);
        };
        switch (check.kind) {
            case CheckKind::balance:
                return decimal_text(
                    account.balances[check.asset.value()].value(),
                    static_cast<int>(scenario_.assets[check.asset.value()].decimals));
            case CheckKind::equity:
                return to_text(Quote{health(MarginKind::maintenance).collateral});
            case CheckKind::free:
                return to_text(Quote{health(MarginKind::initial).free()});
            case CheckKind::needs:
                return to_text(Quote{health(MarginKind::initial).requirement});
            case CheckKind::maintains:
                return to_text(Quote{health(MarginKind::maintenance).requirement});
            case CheckKind::insured:
                return to_text(venue_.insured(check.account));
            case CheckKind::orders:
                return std::to_string(account.orders.size());
            case CheckKind::waiting:
                return std::to_string(account.conditionals.size());
            default:
                return order(check);
        }
    }

    const Scenario& scenario_;
    const ScenarioWatch& watch_;
    ScenarioReport report_;
    Venue venue_;
    Events events_;  ///< of the step
    std::map<Name, OrderId> names_;
    std::map<Name, OrderId> replaced_;  ///< by the step
    OrderId own_{};                     ///< the order of the step
};

}  // namespace

ScenarioReport run_scenario(const Scenario& scenario, const ScenarioWatch& watch,
                            const std::function<void(const Venue&)>& at_end) {
    Run run(scenario, watch);
    ScenarioReport report = run.run();
    if (at_end) at_end(run.venue());
    return report;
}

std::string setting_text(const MarketSettings& settings, std::string_view name) {
    std::string out;
    for_each_member(settings, [&](std::string_view member, const auto& value) {
        using T = std::remove_cvref_t<decltype(value)>;
        if (member != name) return;
        if constexpr (kIsDescribedEnum<T>)
            out = enum_name(value);
        else if constexpr (std::is_same_v<T, std::string>)
            out = value;
        else if constexpr (kIsStrong<T>)
            out = to_text(value);
        else if constexpr (std::is_same_v<T, bool>)
            out = value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::int64_t>)
            out = std::to_string(value);  // brackets have no text of their own
    });
    return out;
}

std::string refusal_text(const Refusal& refusal, std::int64_t asset_decimals, bool needed,
                         bool available) {
    const int decimals = refusal_decimals(refusal.code, asset_decimals);
    std::string out(enum_name(refusal.code));
    if (needed) out += " needed=" + decimal_text(refusal.needed, decimals);
    if (available) out += " available=" + decimal_text(refusal.available, decimals);
    return out;
}

std::string event_name(const Event& event) {
    return std::visit([](const auto& e) { return name_of_type(e); }, event);
}

std::string event_json(std::string_view counted, std::uint64_t number, TimeMs time,
                       const Event& event) {
    std::string out = "{\"" + std::string(counted) + "\":" + std::to_string(number) +
                      ",\"time\":" + std::to_string(time.value()) + ",\"event\":\"" +
                      event_name(event) + "\"";
    const std::string members = std::visit([](const auto& e) { return to_json(e); }, event);
    // Its members follow; each event has some.
    return out + "," + members.substr(1);
}

}  // namespace astro::exchange
