#include <algorithm>
#include <map>

#include "capabilities/exchange/queries.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/order_state.hpp"

/// What has happened to the caller's account, out of the tables: some milliseconds behind.
namespace astro::binance {

struct UserTrade {
    bool buyer = false;
    Quote commission{};
    std::string commissionAsset{"USDC"};
    std::uint64_t id = 0;
    bool maker = false;
    std::uint64_t orderId = 0;
    Price price{};
    Base qty{};
    Quote quoteQty{}, realizedPnl{};
    std::string side{}, positionSide{"BOTH"}, symbol{};
    std::int64_t time = 0;
};
BOOST_DESCRIBE_STRUCT(UserTrade, (),
                      (buyer, commission, commissionAsset, id, maker, orderId, price, qty, quoteQty,
                       realizedPnl, side, positionSide, symbol, time))

struct Income {
    std::string symbol{}, incomeType{}, income{}, asset{"USDC"}, info{};
    std::int64_t time = 0, tranId = 0;
    std::string tradeId{};
};
BOOST_DESCRIBE_STRUCT(Income, (), (symbol, incomeType, income, asset, info, time, tranId, tradeId))

namespace {

using exchange::HistoryQuery;

Result<HistoryQuery> query_of(const Around& around, const Form& form, const Call& call) {
    HistoryQuery out;
    ASTRO_TRY(const AccountId account, account_of(around, call));
    out.accounts = {account};
    if (form.has("symbol")) {
        ASTRO_TRY(const Listed listed, listed_of(around, form));
        out.market = listed.id;
    }
    const auto from = form.integer("startTime"), to = form.integer("endTime");
    if (from && to && *from > *to) return invalid("startTime", "it is after endTime.");
    if (from) out.from = TimeMs{static_cast<TimeMs::Rep>(*from)};
    if (to) out.to = TimeMs{static_cast<TimeMs::Rep>(*to + 1)};
    out.limit = exchange::kHistoryLimitMax;
    return out;
}

/// Oldest first: from a beginning on, or else the newest.
template <class T>
void cut(std::vector<T>& items, std::size_t limit, bool from_beginning) {
    const std::size_t count = std::min(items.size(), limit);
    if (from_beginning)
        items.resize(count);
    else
        items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(count));
}

/// What the trades of a command realised; it is told of them together, with the last.
using Realized = std::map<std::pair<std::uint64_t, MarketId>, Quote>;
Result<Realized> realized_by_command(const Around& around, const HistoryQuery& query) {
    ASTRO_TRY(const auto page, exchange::realized_of(around.desk.store, query));
    Realized out;
    for (const auto& record : page.items)
        out[{exchange::sequence_of(record.place), record.market}] += record.realized;
    return out;
}

UserTrade user_trade(const Around& around, const exchange::FillRecord& fill) {
    UserTrade out{.buyer = fill.side == Side::buy, .commission = fill.fee};
    out.id = fill.trade_id.value();
    out.maker = fill.maker;
    out.orderId = fill.order_id.value();
    out.price = fill.price;
    out.qty = fill.size;
    out.quoteQty = Quote{static_cast<std::int64_t>(exchange::notional(fill.price, fill.size))};
    out.side = side_word(fill.side);
    out.symbol = symbol_of(around, fill.market);
    out.time = static_cast<std::int64_t>(fill.time.value());
    return out;
}

Answered user_trades(const Around& around, const Form& form, const Call& call) {
    if (!form.has("symbol")) return missing("symbol");
    ASTRO_TRY(HistoryQuery query, query_of(around, form, call));
    ASTRO_TRY(auto realized, realized_by_command(around, query));
    if (const auto order = form.integer("orderId"))
        query.order_id = OrderId{static_cast<OrderId::Rep>(*order)};
    ASTRO_TRY(const auto page, exchange::fills_of(around.desk.store, query));
    std::vector<UserTrade> out;
    const auto from = form.integer("fromId");
    for (const auto& fill : page.items) {  // newest first
        if (from && fill.trade_id.value() < static_cast<std::uint64_t>(*from)) continue;
        out.push_back(user_trade(around, fill));
        if (const auto node = realized.extract({exchange::sequence_of(fill.place), fill.market}))
            out.back().realizedPnl = node.mapped();
    }
    std::ranges::reverse(out);
    cut(out, static_cast<std::size_t>(form.integer("limit").value_or(500)),
        form.has("startTime") || from.has_value());
    return json_answer(out);
}

/// Rows of one kind as income.
class IncomeList {
  public:
    IncomeList(const Around& around, std::string_view wanted) : around_(around), wanted_(wanted) {}
    [[nodiscard]] bool wants(std::string_view type) const {
        return wanted_.empty() || wanted_ == type;
    }
    void add(std::string type, const auto& record, std::string income) {
        Income out{.incomeType = std::move(type), .income = std::move(income)};
        out.time = static_cast<std::int64_t>(record.time.value());
        out.tranId = record.place.value();
        if constexpr (requires { record.market; }) out.symbol = symbol_of(around_, record.market);
        if constexpr (requires { record.trade_id; }) out.tradeId = to_text(record.trade_id);
        items_.push_back(std::move(out));
    }
    [[nodiscard]] std::vector<Income> take() {
        std::ranges::stable_sort(items_, {}, &Income::tranId);
        return std::move(items_);
    }
    Income& last() { return items_.back(); }

  private:
    static std::string to_text(exchange::TradeId id) { return std::to_string(id.value()); }
    const Around& around_;
    std::string_view wanted_;
    std::vector<Income> items_;
};

std::string income_type(exchange::BalanceReason reason) {
    switch (reason) {
        case exchange::BalanceReason::insurance:
        case exchange::BalanceReason::liquidation:
            return "INSURANCE_CLEAR";
        case exchange::BalanceReason::referral:
            return "REFERRAL_KICKBACK";
        case exchange::BalanceReason::builder:
            return "COMMISSION_REBATE";
        default:
            return "TRANSFER";
    }
}

Result<void> add_transfers(const Around& around, const HistoryQuery& query, IncomeList& list) {
    HistoryQuery all = query;
    all.market.reset();
    ASTRO_TRY(const auto page, exchange::transfers_of(around.desk.store, all));
    for (const auto& record : page.items) {
        const auto type = income_type(record.reason);
        if (!list.wants(type)) continue;
        list.add(type, record, exchange::amount_text(around.desk, record.asset, record.amount));
        list.last().asset = around.desk.directory.asset(record.asset).symbol;
        list.last().info = std::string(enum_name(record.reason));
    }
    return {};
}

Answered income(const Around& around, const Form& form, const Call& call) {
    ASTRO_TRY(const HistoryQuery query, query_of(around, form, call));
    IncomeList list(around, form.text("incomeType").value_or(""));
    if (list.wants("FUNDING_FEE")) {
        ASTRO_TRY(const auto page, exchange::funding_payments_of(around.desk.store, query));
        for (const auto& r : page.items) list.add("FUNDING_FEE", r, exchange::to_text(r.received));
    }
    if (list.wants("REALIZED_PNL")) {
        ASTRO_TRY(const auto page, exchange::realized_of(around.desk.store, query));
        for (const auto& r : page.items)
            if (r.realized != Quote{0}) list.add("REALIZED_PNL", r, exchange::to_text(r.realized));
    }
    if (list.wants("COMMISSION")) {
        ASTRO_TRY(const auto page, exchange::fills_of(around.desk.store, query));
        for (const auto& r : page.items)
            list.add("COMMISSION", r, exchange::to_text(Quote{-r.fee.value()}));
    }
    if (!query.market) ASTRO_CHECK(add_transfers(around, query, list));
    auto out = list.take();
    cut(out, static_cast<std::size_t>(form.integer("limit").value_or(100)), form.has("startTime"));
    return json_answer(out);
}

}  // namespace

std::vector<Route> history_routes(const Around& around) {
    const auto from = time_parameter("startTime", "Not before"),
               to = time_parameter("endTime", "Not after");
    std::vector<Route> out;
    out.push_back(
        own_route(around, "/fapi/v1/userTrades", "The caller's trades, oldest first",
                  {symbol_parameter(), whole_parameter("orderId", "Of one order"), from, to,
                   whole_parameter("fromId", "From this trade on"), limit_parameter(1'000, 500)},
                  json_document<std::vector<UserTrade>>(), user_trades));
    out.push_back(
        own_route(around, "/fapi/v1/income", "What changed balances, oldest first",
                  {symbol_parameter(),
                   choice_parameter("incomeType", "Of one kind",
                                    {"TRANSFER", "REALIZED_PNL", "FUNDING_FEE", "COMMISSION",
                                     "INSURANCE_CLEAR", "REFERRAL_KICKBACK", "COMMISSION_REBATE"}),
                   from, to, whole_parameter("page", "Not needed"), limit_parameter(1'000, 100)},
                  json_document<std::vector<Income>>(), income));
    return out;
}

}  // namespace astro::binance
