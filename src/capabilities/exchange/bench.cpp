#include "capabilities/exchange/bench.hpp"

#include <algorithm>
#include <ctime>
#include <deque>

#include "capabilities/exchange/engine/lookahead.hpp"
#include "capabilities/exchange/ops_csv.hpp"
#include "foundation/base/prefetch.hpp"

namespace astro::exchange {
namespace {

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::uint64_t rate(std::size_t count, double seconds) {
    return seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(count) / seconds) : 0;
}

std::string text_of(UInt128 value) {
    std::string out;
    do out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    while ((value /= 10) != 0);
    return out;
}

struct Counted {
    std::uint64_t trades = 0, volume = 0;
    UInt128 notional = 0;
    std::size_t resting = 0;
    double seconds = 0;
};

Counted run_books(const Workload& workload, std::vector<OrderSlot>& slots) {
    OrderPool pool;
    std::vector<BareBook> books;
    books.reserve(workload.symbols);
    for (std::uint32_t i = 0; i < workload.symbols; ++i) books.emplace_back(pool, i);
    Counted out;
    double begin = 0;
    for (std::size_t i = 0; i < workload.operations.size(); ++i) {
        if (i == workload.prefill) {
            out = {};
            begin = cpu_seconds();
        }
        // As in LookAhead: who cancels ten operations later, and whom his order stands between.
        constexpr std::size_t kFar = 20, kNear = 10;
        if (i + kFar < workload.operations.size())
            prefetch_line(&slots[workload.operations[i + kFar].order_id]);
        if (i + kNear < workload.operations.size())
            if (const Operation& next = workload.operations[i + kNear];
                next.type == OperationType::cancel && slots[next.order_id] < pool.slots())
                prefetch_line(&pool[slots[next.order_id]]);
        const Operation& operation = workload.operations[i];
        BareBook& book = books[operation.symbol];
        if (operation.type == OperationType::cancel) {
            book.cancel(slots[operation.order_id]);
            continue;
        }
        const std::uint64_t left = book.match(
            operation.side, operation.price, operation.quantity,
            [&](OrderSlot, const RestingOrder&, std::int64_t price, std::uint64_t quantity) {
                ++out.trades;
                out.volume += quantity;
                out.notional += static_cast<UInt128>(quantity) * static_cast<std::uint64_t>(price);
            });
        if (left > 0 && operation.type == OperationType::add)
            slots[operation.order_id] =
                book.rest(operation.side, operation.price, left, operation.order_id);
    }
    out.seconds = cpu_seconds() - begin;
    out.resting = pool.live();
    return out;
}

std::string judged(const Workload& workload, const Counted& counted) {
    const WorkloadTotals* published = workload.name == "W1"     ? &kW1Totals
                                      : workload.name == "W100" ? &kW100Totals
                                                                : nullptr;
    if (published == nullptr) return "not published";
    const bool same = counted.trades == published->trades && counted.volume == published->volume &&
                      counted.notional == published->notional &&
                      counted.resting == published->resting;
    return same ? "as published" : "different";
}

/// One of those that trade the market: each account trades eight.
AccountId account_in(const EngineLoad& load, std::uint32_t market, std::uint64_t dice) {
    constexpr std::uint32_t kEach = 8, kStep = 13, kFactor = 7, kInverse = 43, kMarkets = 100;
    static_assert(kFactor * kInverse % kMarkets == 1);
    const auto which = static_cast<std::uint32_t>(dice % kEach);
    const std::uint32_t first = (market + kMarkets * kStep - which * kStep) % kMarkets;
    const auto group = static_cast<std::uint32_t>((dice >> 8) % (load.accounts / kMarkets));
    return AccountId{first * kInverse % kMarkets + kMarkets * group};
}

constexpr TimeMs kTime{1'700'000'000'000};

/// A cancellation names its order as the venue will: the same commands always lead to the same
/// numbers.
void name_orders(EngineLoad& load) {
    Venue venue;
    Events events;
    open_venue(venue, load);
    std::vector<OrderId> accepted(load.workload.operations.size() + 1);
    for (std::size_t i = 0; i < load.commands.size(); ++i) {
        const std::uint32_t number = load.workload.operations[i].order_id;
        if (auto* gone = std::get_if<CancelOrder>(&load.commands[i].body))
            gone->order = accepted[number];
        events.clear();
        venue.apply(load.commands[i], events);
        for (const auto& event : events)
            if (const auto* order = std::get_if<OrderAccepted>(&event))
                accepted[number] = order->order;
    }
}

EngineRate run_engine(const EngineLoad& load) {
    Venue venue;
    Events events;
    events.reserve(4'096);
    open_venue(venue, load);
    EngineRate out{.markets = load.markets, .accounts = load.accounts};
    const std::size_t prefill = load.workload.prefill, count = load.commands.size();
    LookAhead look_ahead(venue);
    const auto apply = [&](std::size_t i) {
        // As the server does, which takes commands from the journal in groups.
        look_ahead(i, count,
                   [&](std::size_t j) -> const CommandBody& { return load.commands[j].body; });
        events.clear();
        venue.apply(load.commands[i], events);
    };
    for (std::size_t i = 0; i < prefill; ++i) apply(i);
    const double begin = cpu_seconds();
    for (std::size_t i = prefill; i < count; ++i) {
        apply(i);
        for (const auto& event : events) {
            out.refused += std::holds_alternative<Refused>(event);
            out.trades += std::holds_alternative<Traded>(event);
        }
        out.events += events.size();
    }
    out.commands = count - prefill;
    out.commands_per_cpu_second = rate(out.commands, cpu_seconds() - begin);
    return out;
}

}  // namespace

BookRate measure_book(const Workload& workload, int rounds) {
    std::uint32_t last_id = 0;
    for (const auto& operation : workload.operations)
        last_id = std::max(last_id, operation.order_id);
    std::vector<OrderSlot> slots(std::size_t{last_id} + 1, kNoOrder);
    Counted best;
    for (int round = 0; round < rounds; ++round) {
        const Counted counted = run_books(workload, slots);
        if (round == 0 || counted.seconds < best.seconds) best = counted;
    }
    const std::size_t measured = workload.operations.size() - workload.prefill;
    return {.workload = workload.name,
            .operations = measured,
            .operations_per_cpu_second = rate(measured, best.seconds),
            .trades = best.trades,
            .volume = best.volume,
            .notional = text_of(best.notional),
            .resting = best.resting,
            .totals = judged(workload, best)};
}

EngineLoad make_engine_load(std::size_t steps) {
    EngineLoad out;
    out.workload = make_workload("W100", 42, out.markets, 100'000, steps);
    std::vector<AccountId> owner(out.workload.operations.size() + 1);
    std::uint64_t dice = 42;
    for (const auto& operation : out.workload.operations) {
        if (operation.type == OperationType::cancel) {
            out.commands.push_back(
                {kTime, CancelOrder{owner[operation.order_id], OrderId{operation.order_id}}});
            continue;
        }
        dice = dice * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        PlaceOrder order;
        order.account = account_in(out, operation.symbol, dice >> 33);
        owner[operation.order_id] = order.account;
        order.market = MarketId{static_cast<std::uint16_t>(operation.symbol)};
        order.side = operation.side;
        order.self_trade = SelfTrade::cancel_oldest;
        order.price = Price{operation.price * 10'000};
        order.size = Base{operation.quantity * std::int64_t{10'000'000}};
        if (operation.type == OperationType::ioc) order.time_in_force = TimeInForce::ioc;
        out.commands.push_back({kTime, order});
    }
    name_orders(out);
    return out;
}

void for_each_opening_command(const EngineLoad& load, const std::function<void(CommandBody)>& run) {
    AssetSettings usdc{.symbol = "USDC", .decimals = 6};
    usdc.initial_weight_bps = usdc.maintenance_weight_bps = 10'000;
    run(SetAsset{usdc});
    for (std::uint16_t m = 0; m < load.markets; ++m) {
        MarketSettings settings = default_markets().front();
        settings.base_asset = "M" + std::to_string(m);
        settings.symbol = settings.base_asset + "-PERP";
        run(SetMarket{settings});
        run(SetIndexPrice{MarketId{m}, Price{1'000 * kQuoteUnit}});
    }
    for (std::uint32_t a = 0; a < load.accounts; ++a) {
        OpenAccount account;
        account.owner.bytes[0] = static_cast<std::uint8_t>(a);
        account.owner.bytes[1] = static_cast<std::uint8_t>(a >> 8);
        run(account);
        run(Deposit{AccountId{a}, kUsdc, Amount{10'000'000 * kQuoteUnit}});
    }
}

void open_venue(Venue& venue, const EngineLoad& load) {
    Events events;
    for_each_opening_command(load, [&](CommandBody body) {
        events.clear();
        venue.apply(kTime, body, events);
    });
}

EngineRate measure_engine(const EngineLoad& load, int rounds) {
    EngineRate best;
    for (int round = 0; round < rounds; ++round) {
        const EngineRate rate_now = run_engine(load);
        if (rate_now.commands_per_cpu_second >= best.commands_per_cpu_second) best = rate_now;
    }
    return best;
}

}  // namespace astro::exchange
