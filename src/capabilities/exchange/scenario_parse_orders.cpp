#include <algorithm>

#include "capabilities/exchange/scenario_parser.hpp"

namespace astro::exchange {

Result<ClientId> ScenarioParser::label(const Words& words, std::string_view text) const {
    ClientId out;
    if (!from_text(text, out))
        return words.wrong("an order's name is 1 to 36 of A-Z a-z 0-9 . _ : / -, unlike " +
                           quoted(text));
    return out;
}

namespace {

/// After it comes what is not of this command any more.
bool at_end(const Words& words) {
    return words.empty() || words.peek() == "->" || words.peek() == "and";
}

}  // namespace

Result<void> ScenarioParser::order(Words& words, ScenarioStep& step, Side side) {
    PlaceOrder begin;
    begin.account = step.account;
    begin.side = side;
    ASTRO_TRY(begin.market, take_market(words));
    ASTRO_TRY(const auto text, order_text(words, begin));
    if (!words.accept("oco")) {
        ASTRO_TRY(auto body, command_of(words, text));
        step.commands.push_back(std::move(body));
        return {};
    }
    begin.leg = text.order.leg;
    ASTRO_TRY(const auto second, order_text(words, begin));
    if (text.stop || text.take || text.bracket || second.bracket ||
        second.stop.has_value() == second.take.has_value())
        return words.wrong(
            "after oco comes an order that waits: SIZE [@ PRICE] with stop=, take= "
            "or trail=, and the first of the two does not wait");
    step.commands.emplace_back(
        PlaceOco{OcoOrder{text.order, {second.order, second.stop ? *second.stop : *second.take}}});
    return {};
}

Result<ScenarioParser::OrderText> ScenarioParser::order_text(Words& words, PlaceOrder begin) {
    OrderText out;
    out.order = begin;
    ASTRO_TRY(const auto size, words.take_decimal(9, "a size"));
    out.order.size = Base{size};
    if (words.accept("@")) {
        ASTRO_TRY(out.order.price, take_price(words, "a price"));
    } else {
        out.order.type = OrderType::market;
        out.order.time_in_force = TimeInForce::ioc;
    }
    while (!at_end(words) && words.peek() != "oco") ASTRO_CHECK(option(words, out));
    if (out.peg && out.order.price == Price{0}) {
        // Without a limit: its price is the oracle's alone.
        out.order.type = OrderType::limit;
        if (out.order.time_in_force == TimeInForce::ioc) out.order.time_in_force = TimeInForce::gtc;
    }
    for (auto* trigger : {&out.stop, &out.take})
        if (*trigger) (*trigger)->source = out.source;
    if (out.has_source && !out.stop && !out.take)
        return words.wrong("on= is about stop=, take= or trail=, and there is none");
    return out;
}

Result<void> ScenarioParser::option(Words& words, OrderText& out) {
    ASTRO_TRY(const auto word, words.take("an option"));
    PlaceOrder& order = out.order;
    if (const auto equals = word.find('='); equals != word.npos)
        return value_option(words, out, word.substr(0, equals), word.substr(equals + 1));
    if (word == "ioc")
        order.time_in_force = TimeInForce::ioc;
    else if (word == "fok")
        order.time_in_force = TimeInForce::fok;
    else if (word == "gtc")
        order.time_in_force = TimeInForce::gtc;
    else if (word == "post")
        order.post_only = PostOnly::reject;
    else if (word == "slide")
        order.post_only = PostOnly::slide;
    else if (word == "reduce")
        order.reduce_only = true;
    else if (word == "long")
        order.leg = Leg::long_leg;
    else if (word == "short")
        order.leg = Leg::short_leg;
    else if (word == "bracket")
        out.bracket = true;
    else if (word == "auction")
        out.auction = true;
    else if (word == "oracle")
        out.offered.oracle_relative = true;
    else
        return words.wrong(
            "an order's option is ioc, fok, gtc, gtt=, post, slide, reduce, long, short, id=, "
            "display=, self=, builder=, peg=, auction, from=, to=, oracle, stop=, take=, trail=, "
            "on=, "
            "bracket "
            "or oco, not " +
            quoted(word));
    return {};
}

Result<void> ScenarioParser::value_option(const Words& words, OrderText& out, std::string_view name,
                                          std::string_view value) {
    PlaceOrder& order = out.order;
    if (name == "gtt") {
        ASTRO_TRY(order.expires, later(words, value));
        order.time_in_force = TimeInForce::gtt;
    } else if (name == "id") {
        ASTRO_TRY(order.client_id, label(words, value));
    } else if (name == "display") {
        ASTRO_TRY(const auto size, words.decimal(value, 9, "display"));
        order.display = Base{size};
    } else if (name == "builder") {
        const auto colon = value.find(':');
        const auto builder = accounts_.find(value.substr(0, colon));
        if (colon == value.npos || builder == accounts_.end())
            return words.wrong("builder= is NAME:PPM with an account, not " + quoted(value));
        ASTRO_TRY(const auto ppm, words.decimal(value.substr(colon + 1), 0, "a fee in ppm"));
        if (ppm < 0 || ppm > 1'000'000) return words.wrong("a fee is from 0 to 1000000 ppm");
        order.builder = builder->second;
        order.builder_fee_ppm = static_cast<std::uint32_t>(ppm);
    } else if (name == "self") {
        if (!enum_from_name(value, order.self_trade))
            return words.wrong(
                "self= is cancel_newest, cancel_oldest, cancel_both or decrement, not " +
                quoted(value));
    } else if (name == "peg") {
        ASTRO_TRY(const auto offset, words.decimal(value, 6, name));
        out.peg = Price{offset};
    } else if (name == "auction") {
        ASTRO_TRY(out.offered.duration_ms, words.duration(value));
        out.auction = true;
    } else if (name == "from" || name == "to") {
        ASTRO_TRY(const auto price, words.decimal(value, 6, name));
        (name == "from" ? out.offered.start : out.offered.end) = Price{price};
    } else if (name == "stop" || name == "take") {
        ASTRO_TRY(const auto price, words.decimal(value, 6, name));
        auto& trigger = name == "stop" ? out.stop : out.take;
        if (trigger) return words.wrong("an order waits for one price of a kind");
        trigger = Trigger{.kind = name == "stop" ? TriggerKind::stop : TriggerKind::take_profit,
                          .price = Price{price}};
    } else if (name == "trail") {
        ASTRO_TRY(const auto bps, words.decimal(value, 0, "trail"));
        if (out.stop) return words.wrong("an order waits for one price of a kind");
        out.stop = Trigger{.kind = TriggerKind::trailing, .trail_bps = bps};
    } else if (name == "on") {
        if (!enum_from_name(value, out.source))
            return words.wrong("on= is mark, index or last, not " + quoted(value));
        out.has_source = true;
    } else {
        return words.wrong("an order has no option " + quoted(std::string(name) + "="));
    }
    return {};
}

Result<CommandBody> ScenarioParser::command_of(Words& words, const OrderText& text) {
    if (text.peg) {
        if (text.bracket || text.stop || text.take)
            return words.wrong("an order with peg= rests; it waits for no price");
        return CommandBody(PlacePegged{PeggedOrder{text.order, *text.peg}});
    }
    if (text.auction) {
        if (text.bracket || text.stop || text.take)
            return words.wrong("an order with an auction waits for no price");
        AuctionOrder offered = text.offered;
        offered.order = text.order;
        return CommandBody(PlaceAuction{offered});
    }
    if (text.bracket) {
        if (!text.stop && !text.take)
            return words.wrong("a bracket has take=, stop= or trail=, or two of them");
        return CommandBody(PlaceBracket{Bracket{text.order, text.take, text.stop}});
    }
    if (text.stop && text.take)
        return words.wrong("stop= and take= together: write bracket, or two orders with oco");
    if (!text.stop && !text.take) return CommandBody(text.order);
    return CommandBody(
        PlaceConditional{WaitingOrder{text.order, text.stop ? *text.stop : *text.take}});
}

Result<void> ScenarioParser::cancel(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto word, words.take("an order's name, client=NAME or all"));
    if (word == "all") {
        CancelAll all{step.account, {}, {}};
        if (!at_end(words) && words.peek() != "buy" && words.peek() != "sell") {
            ASTRO_TRY(all.market, take_market(words));
        }
        if (words.accept("buy"))
            all.side = Side::buy;
        else if (words.accept("sell"))
            all.side = Side::sell;
        step.commands.emplace_back(all);
        return {};
    }
    if (word.starts_with("client=")) {
        ASTRO_TRY(const auto name, label(words, word.substr(7)));
        step.commands.emplace_back(CancelByClientId{step.account, name});
        return {};
    }
    ASTRO_TRY(const auto name, label(words, word));
    step.label = name.text();
    step.commands.emplace_back(CancelOrder{step.account, OrderId{0}});
    return {};
}

Result<void> ScenarioParser::amend(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto word, words.take("an order's name"));
    ASTRO_TRY(const auto name, label(words, word));
    step.label = name.text();
    AmendOrder amend{.account = step.account};
    while (!at_end(words)) {
        ASTRO_TRY(const auto option, words.take("size= or price="));
        if (option.starts_with("size=")) {
            ASTRO_TRY(const auto size, words.decimal(option.substr(5), 9, "size"));
            amend.size = Base{size};
        } else if (option.starts_with("price=")) {
            ASTRO_TRY(const auto price, words.decimal(option.substr(6), 6, "price"));
            amend.price = Price{price};
        } else {
            return words.wrong("an amendment is size= or price= or both, not " + quoted(option));
        }
    }
    if (!amend.size && !amend.price) return words.wrong("an amendment is size= or price= or both");
    step.commands.emplace_back(amend);
    return {};
}

/// fill ACCOUNT.NAME SIZE [@ PRICE] [reduce] [long|short]
Result<void> ScenarioParser::fill(Words& words, ScenarioStep& step) {
    FillAuction fill{.account = step.account};
    Check of;
    ASTRO_CHECK(named(words, of));
    step.label = of.label;
    step.auction_of = of.account;
    ASTRO_TRY(const auto size, words.take_decimal(9, "a size"));
    fill.size = Base{size};
    if (words.accept("@")) {
        ASTRO_TRY(fill.price, take_price(words, "a price"));
    }
    while (!at_end(words)) {
        ASTRO_TRY(const auto word, words.take("an option"));
        if (word == "reduce")
            fill.reduce_only = true;
        else if (word == "long" || word == "short")
            fill.leg = word == "long" ? Leg::long_leg : Leg::short_leg;
        else
            return words.wrong("a fill's option is reduce, long or short, not " + quoted(word));
    }
    step.commands.emplace_back(fill);
    return {};
}

/// batch atomic|best_effort ACTION and ACTION …
Result<void> ScenarioParser::batch(Words& words, ScenarioStep& step) {
    OrderBatch batch{.account = step.account};
    ASTRO_TRY(const auto mode, words.take("atomic or best_effort"));
    if (!enum_from_name(mode, batch.mode))
        return words.wrong("a batch is atomic or best_effort, not " + quoted(mode));
    do {
        ScenarioStep one{.account = step.account};
        ASTRO_TRY(auto action, batch_action(words, one));
        batch.actions.push_back(std::move(action));
        step.labels.push_back(one.label);
    } while (words.accept("and"));
    step.commands.emplace_back(BatchOrders{std::move(batch)});
    return {};
}

Result<BatchAction> ScenarioParser::batch_action(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto verb, words.take("buy, sell, cancel or amend"));
    if (verb == "buy" || verb == "sell") {
        ASTRO_CHECK(order(words, step, verb == "buy" ? Side::buy : Side::sell));
    } else if (verb == "cancel") {
        ASTRO_CHECK(cancel(words, step));
    } else if (verb == "amend") {
        ASTRO_CHECK(amend(words, step));
    } else {
        return words.wrong("a batch has buy, sell, cancel and amend, not " + quoted(verb));
    }
    std::optional<BatchAction> out;
    std::visit(
        [&out](const auto& command) {
            if constexpr (requires {
                              BatchAction(
                                  std::in_place_type<std::remove_cvref_t<decltype(command)>>,
                                  command);
                          })
                out = command;
        },
        step.commands.front());
    if (!out)
        return words.wrong("a batch has orders that rest or trade, amendments and cancellations");
    return std::move(*out);
}

}  // namespace astro::exchange
