#include "server/traders/trader_account.hpp"

#include <boost/json/value.hpp>

namespace astro::traders {
namespace {

using boost::json::value;

template <class Number>
Number number_or_zero(const value& object, std::string_view name) {
    return number_of<Number>(object, name).value_or(Number{});
}

MarketRules rules_of(const value& settings) {
    MarketRules out{.symbol = text_of(settings, "symbol")};
    out.tick = number_or_zero<Price>(settings, "tick_size");
    out.price_max = number_or_zero<Price>(settings, "price_max");
    out.lot = number_or_zero<Base>(settings, "lot_size");
    out.size_min = number_or_zero<Base>(settings, "order_size_min");
    out.notional_min = number_or_zero<Quote>(settings, "order_notional_min");
    return out;
}

OpenOrder order_of(const value& view) {
    OpenOrder out{.client_id = text_of(view, "client_id"),
                  .market = text_of(view, "market"),
                  .account = integer_of(view, "account"),
                  .side = text_of(view, "side") == "sell" ? Side::sell : Side::buy};
    std::int64_t id = 0;
    if (exchange::parse_decimal(text_of(view, "order_id"), 0, id))
        out.order = OrderId{static_cast<std::uint64_t>(id)};
    out.price = number_or_zero<Price>(view, "price");
    out.size = number_or_zero<Base>(view, "size");
    out.remaining = number_or_zero<Base>(view, "remaining");
    return out;
}

std::string api(std::string_view path) {
    return std::string(kApi).append(path);
}

}  // namespace

Result<LinkMessage> ask_for(VenueLink& link, std::string_view method, const std::string& path,
                            std::string_view body) {
    ASTRO_TRY(auto answer, link.ask(method, path, body));
    if (answer.done()) return answer;
    if (answer.status == 429) return limited("http_429", answer.problem(), path);
    return refusal("refused", answer.problem(), path);
}

Result<std::map<std::string, MarketRules>> fetch_rules(VenueLink& link,
                                                       const std::vector<std::string>& markets) {
    ASTRO_TRY(const auto answer, ask_for(link, "GET", api("/markets")));
    std::map<std::string, MarketRules> all, out;
    std::string known;
    for (const auto& settings : list_of(answer.body, "markets")) {
        const MarketRules rules = rules_of(settings);
        known += (known.empty() ? "" : ", ") + rules.symbol;
        if (rules.tick > Price{0} && rules.lot > Base{0}) all.emplace(rules.symbol, rules);
    }
    for (const auto& market : markets) {
        const auto at = all.find(market);
        if (at == all.end())
            return refusal("market_unknown",
                           "the venue has no market '" + market + "'; it has " + known);
        out.insert(*at);
    }
    return out;
}

Result<std::vector<std::int64_t>> ensure_accounts(VenueLink& link, std::size_t count) {
    ASTRO_TRY(const auto answer, ask_for(link, "GET", api("/accounts")));
    std::vector<std::int64_t> out;
    for (const auto& account : list_of(answer.body, "accounts"))
        if (out.size() < count) out.push_back(integer_of(account, "account"));
    while (out.size() < count) {
        ASTRO_TRY(const auto opened, ask_for(link, "POST", api("/accounts"), "{}"));
        out.push_back(integer_of(opened.body, "account"));
    }
    return out;
}

Result<void> ensure_paper_money(VenueLink& link, std::int64_t account, std::int64_t usd) {
    const std::string number = std::to_string(account);
    ASTRO_TRY(const auto view, ask_for(link, "GET", api("/accounts/" + number)));
    const auto equity = number_or_zero<Quote>(view.body, "equity");
    if (equity.value() >= usd * exchange::kQuoteUnit / 2) return {};
    ASTRO_TRY(const auto poured,
              link.ask("POST", api("/faucet"),
                       R"({"account":)" + number + R"(,"asset":"USDC","amount":")" +
                           std::to_string(usd) + R"("})"));
    if (poured.done() || poured.problem_code().starts_with("faucet_")) return {};
    return refusal("refused", poured.problem());
}

Result<std::vector<OpenOrder>> fetch_orders(VenueLink& link, std::int64_t account) {
    ASTRO_TRY(const auto answer,
              ask_for(link, "GET", api("/orders?account=" + std::to_string(account))));
    std::vector<OpenOrder> out;
    for (const auto& view : list_of(answer.body, "orders")) out.push_back(order_of(view));
    return out;
}

Result<std::map<std::string, Base>> fetch_positions(VenueLink& link, std::int64_t account) {
    ASTRO_TRY(const auto answer,
              ask_for(link, "GET", api("/positions?account=" + std::to_string(account))));
    std::map<std::string, Base> out;
    for (const auto& view : list_of(answer.body, "positions"))
        out[text_of(view, "market")] += number_or_zero<Base>(view, "size");
    return out;
}

}  // namespace astro::traders
