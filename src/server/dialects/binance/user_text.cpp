#include "server/dialects/binance/user_text.hpp"

#include <algorithm>
#include <map>

#include "capabilities/exchange/average_price.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/account_model.hpp"

namespace astro::binance {

struct OrderUpdateBody {
    std::string s{}, c{}, S{}, o{}, f{};
    Base q{};
    std::string p{}, ap{}, sp{"0"}, x{}, X{};
    std::uint64_t i = 0;
    Base l{}, z{};
    Price L{};
    std::string N{"USDC"};
    Quote n{};
    std::int64_t T = 0;
    std::uint64_t t = 0;
    std::string b{"0"}, a{"0"};
    bool m = false, R = false;
    std::string wt{"CONTRACT_PRICE"}, ot{}, ps{"BOTH"};
    bool cp = false;
    Quote rp{};
    bool pP = false;
    std::int64_t si = 0, ss = 0;
    std::string V{}, pm{"NONE"};
    std::int64_t gtd = 0;
};
BOOST_DESCRIBE_STRUCT(OrderUpdateBody, (),
                      (s, c, S, o, f, q, p, ap, sp, x, X, i, l, z, L, N, n, T, t, b, a, m, R, wt,
                       ot, ps, cp, rp, pP, si, ss, V, pm, gtd))
struct OrderUpdate {
    std::string e{"ORDER_TRADE_UPDATE"};
    std::int64_t E = 0, T = 0;
    OrderUpdateBody o{};
};
BOOST_DESCRIBE_STRUCT(OrderUpdate, (), (e, E, T, o))

struct AlgoUpdateBody {
    std::string caid{};
    std::uint64_t aid = 0;
    std::string at{"CONDITIONAL"}, o{}, s{}, S{}, ps{"BOTH"}, f{};
    Base q{};
    std::string X{}, ai{}, tp{}, p{}, V{}, wt{}, pm{"NONE"};
    bool cp = false, pP = false, R = false;
    std::int64_t tt = 0, gtd = 0;
    std::string rm{};
};
BOOST_DESCRIBE_STRUCT(AlgoUpdateBody, (),
                      (caid, aid, at, o, s, S, ps, f, q, X, ai, tp, p, V, wt, pm, cp, pP, R, tt,
                       gtd, rm))
struct AlgoUpdate {
    std::string e{"ALGO_UPDATE"};
    std::int64_t T = 0, E = 0;
    AlgoUpdateBody o{};
};
BOOST_DESCRIBE_STRUCT(AlgoUpdate, (), (e, T, E, o))

struct BalanceUpdate {
    std::string a{}, wb{}, cw{}, bc{"0"};
};
BOOST_DESCRIBE_STRUCT(BalanceUpdate, (), (a, wb, cw, bc))
struct PositionUpdate {
    std::string s{};
    Base pa{};
    Price ep{}, bep{};
    Quote cr{}, up{};
    std::string mt{"cross"}, iw{"0"}, ps{"BOTH"};
};
BOOST_DESCRIBE_STRUCT(PositionUpdate, (), (s, pa, ep, bep, cr, up, mt, iw, ps))
struct AccountUpdateBody {
    std::string m{"ORDER"};
    std::vector<BalanceUpdate> B{};
    std::vector<PositionUpdate> P{};
};
BOOST_DESCRIBE_STRUCT(AccountUpdateBody, (), (m, B, P))
struct AccountUpdate {
    std::string e{"ACCOUNT_UPDATE"};
    std::int64_t E = 0, T = 0;
    AccountUpdateBody a{};
};
BOOST_DESCRIBE_STRUCT(AccountUpdate, (), (e, E, T, a))

struct ConfigBody {
    std::string s{};
    std::int64_t l = 1;
};
BOOST_DESCRIBE_STRUCT(ConfigBody, (), (s, l))
struct ConfigUpdate {
    std::string e{"ACCOUNT_CONFIG_UPDATE"};
    std::int64_t E = 0, T = 0;
    ConfigBody ac{};
};
BOOST_DESCRIBE_STRUCT(ConfigUpdate, (), (e, E, T, ac))

struct KeyExpired {
    std::string e{"listenKeyExpired"};
    std::int64_t E = 0;
    std::string listenKey{};
};
BOOST_DESCRIBE_STRUCT(KeyExpired, (), (e, E, listenKey))

namespace {

std::string execution_of(const OrderNews& news) {
    switch (news.kind) {
        case OrderNews::Kind::accepted:
            return "NEW";
        case OrderNews::Kind::amended:
            return "AMENDMENT";
        case OrderNews::Kind::traded:
            return "TRADE";
        case OrderNews::Kind::closed:
        case OrderNews::Kind::triggered:
            break;
    }
    return status_word(news.order) == "CANCELED" ? "CANCELED" : "EXPIRED";
}

std::string order_text(const Around& around, const OrderNews& news, std::int64_t time) {
    const OrderState& order = news.order;
    const OrderAnswer told = order_answer(order, symbol_of(around, order.market));
    OrderUpdate out{.E = time, .T = time};
    auto& o = out.o;
    o.s = told.symbol;
    o.c = told.clientOrderId;
    o.S = told.side;
    o.o = o.ot = told.type;
    o.f = told.timeInForce;
    o.q = order.size;
    o.p = told.price;
    o.ap = told.avgPrice;
    o.x = execution_of(news);
    o.X = told.status;
    o.i = told.orderId;
    o.z = order.filled;
    o.T = time;
    o.R = order.reduce_only;
    o.ps = told.positionSide;
    o.V = told.selfTradePreventionMode;
    o.gtd = told.goodTillDate;
    if (news.fill) {
        o.l = news.fill->size;
        o.L = news.fill->price;
        o.n = news.fill->fee;
        o.t = news.fill->trade.value();
        o.m = news.fill->maker;
        o.rp = news.fill->realized;
    }
    return to_json(out);
}

std::string algo_text(const Around& around, const OrderNews& news, std::int64_t time) {
    const AlgoAnswer told = algo_answer(news.order, symbol_of(around, news.order.market));
    AlgoUpdate out{.T = time, .E = time};
    auto& o = out.o;
    o.caid = told.clientAlgoId;
    o.aid = told.algoId;
    o.o = told.orderType;
    o.s = told.symbol;
    o.S = told.side;
    o.ps = told.positionSide;
    o.f = told.timeInForce;
    o.q = told.quantity;
    o.X = told.algoStatus;
    o.ai = told.actualOrderId;
    o.tp = told.triggerPrice;
    o.p = told.price;
    o.V = told.selfTradePreventionMode;
    o.wt = told.workingType;
    o.R = told.reduceOnly;
    o.tt = told.triggerTime;
    o.gtd = told.goodTillDate;
    if (news.order.refused) o.rm = std::string(enum_name(*news.order.refused));
    return to_json(out);
}

std::string reason_of(const AccountNews& news) {
    if (news.balances.empty()) return "ORDER";
    switch (news.balances.front().reason) {
        case exchange::BalanceReason::deposit:
            return "DEPOSIT";
        case exchange::BalanceReason::withdrawal:
            return "WITHDRAW";
        case exchange::BalanceReason::trade:
        case exchange::BalanceReason::liquidation:
        case exchange::BalanceReason::deleveraging:
            return "ORDER";
        case exchange::BalanceReason::funding:
            return "FUNDING_FEE";
        case exchange::BalanceReason::insurance:
            return "INSURANCE_CLEAR";
        case exchange::BalanceReason::transfer:
            return "MARGIN_TRANSFER";
        default:
            return "ADJUSTMENT";
    }
}

/// The last of each asset; what trading earned and cost is no change "other than profit".
std::vector<BalanceUpdate> balances_of(const Around& around, const AccountNews& news) {
    std::map<exchange::AssetId, BalanceUpdate> out;
    for (const auto& e : news.balances) {
        const std::string balance = exchange::amount_text(around.desk, e.asset, e.balance);
        BalanceUpdate update{around.desk.directory.asset(e.asset).symbol, balance, balance, "0"};
        if (e.reason != exchange::BalanceReason::trade)
            update.bc = exchange::amount_text(around.desk, e.asset, e.change);
        out[e.asset] = std::move(update);
    }
    std::vector<BalanceUpdate> list;
    for (auto& [asset, update] : out) list.push_back(std::move(update));
    return list;
}

PositionUpdate position_of(const Around& around, const exchange::PositionChanged& e) {
    PositionUpdate out{.s = symbol_of(around, e.market), .pa = e.size};
    const bool is_short = e.size < Base{0};
    const Base size = is_short ? Base{-e.size.value()} : e.size;
    const Quote paid = is_short ? e.entry_quote : Quote{-e.entry_quote.value()};
    out.ep = out.bep = exchange::average_price(paid, size).value_or(Price{});
    out.cr = e.realized;
    const auto answer = around.tape.market(around.desk.directory.symbol(e.market));
    const Price mark = answer ? answer->ticker.mark : Price{};
    if (e.size != Base{0})
        out.up = Quote{static_cast<std::int64_t>(exchange::notional(mark, e.size)) +
                       e.entry_quote.value()};
    out.ps = leg_word(e.leg);
    return out;
}

std::string account_text(const Around& around, const AccountNews& news, std::int64_t time) {
    AccountUpdate out{.E = time, .T = time};
    out.a.m = reason_of(news);
    out.a.B = balances_of(around, news);
    std::map<std::pair<MarketId, exchange::Leg>, PositionUpdate> last;
    for (const auto& e : news.positions) last[{e.market, e.leg}] = position_of(around, e);
    for (auto& [key, update] : last) out.a.P.push_back(std::move(update));
    return to_json(out);
}

}  // namespace

std::vector<std::string> user_texts(const Around& around, const AccountNews& news) {
    const auto time = static_cast<std::int64_t>(news.time.value());
    std::vector<std::string> out;
    for (const OrderNews& item : news.orders)
        out.push_back(item.order.is_algo() ? algo_text(around, item, time)
                                           : order_text(around, item, time));
    if (!news.balances.empty() || !news.positions.empty())
        out.push_back(account_text(around, news, time));
    for (const auto& e : news.leverages) {
        ConfigUpdate update{.E = time, .T = time};
        update.ac = {symbol_of(around, e.market), leverage_of(e.initial_margin_bps)};
        out.push_back(to_json(update));
    }
    return out;
}

std::string listen_key_expired_text(std::string_view key, std::int64_t now_ms) {
    return to_json(KeyExpired{.E = now_ms, .listenKey = std::string(key)});
}

}  // namespace astro::binance
