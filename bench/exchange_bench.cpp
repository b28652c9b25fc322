/// Commands a second of the whole engine: 100 markets, 10,000 accounts, cross margin, fees, events.
/// One JSON object a line.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/workload.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;

constexpr std::uint32_t kMarkets = 100, kAccounts = 10'000;
constexpr std::size_t kSteps = 2'000'000;
constexpr std::size_t kFar = 10, kNear = 4;
constexpr TimeMs kTime{1'700'000'000'000};

void open(Venue& venue, Events& events) {
    const auto run = [&](CommandBody body) { venue.apply({kTime, std::move(body)}, events); };
    AssetSettings usdc{.symbol = "USDC", .decimals = 6};
    usdc.initial_weight_bps = usdc.maintenance_weight_bps = 10'000;
    run(SetAsset{usdc});
    for (std::uint16_t m = 0; m < kMarkets; ++m) {
        MarketSettings settings = default_markets().front();
        settings.base_asset = "M" + std::to_string(m);
        settings.symbol = settings.base_asset + "-PERP";
        run(SetMarket{settings});
        run(SetIndexPrice{MarketId{m}, Price{1'000 * kQuoteUnit}});
    }
    for (std::uint32_t a = 0; a < kAccounts; ++a) {
        OpenAccount account;
        account.owner.bytes[0] = static_cast<std::uint8_t>(a);
        account.owner.bytes[1] = static_cast<std::uint8_t>(a >> 8);
        run(account);
        run(Deposit{AccountId{a}, kUsdc, Amount{10'000'000 * kQuoteUnit}});
    }
    events.clear();
}

/// One of those that trade the market: each account trades eight.
AccountId account_in(std::uint32_t market, std::uint64_t dice) {
    constexpr std::uint32_t kEach = 8, kStep = 13, kFactor = 7, kInverse = 43;
    static_assert(kFactor * kInverse % kMarkets == 1);
    const auto which = static_cast<std::uint32_t>(dice % kEach);
    const std::uint32_t first = (market + kMarkets * kStep - which * kStep) % kMarkets;
    const auto group = static_cast<std::uint32_t>((dice >> 8) % (kAccounts / kMarkets));
    return AccountId{first * kInverse % kMarkets + kMarkets * group};
}

/// W100's flow: 70 % additions, 25 % cancellations, 5 % marketable.
std::vector<Command> commands_of(const Workload& load) {
    std::vector<Command> out;
    std::vector<AccountId> owner(load.operations.size() + 1);
    std::uint64_t dice = 42;
    for (const auto& operation : load.operations) {
        if (operation.type == OperationType::cancel) {
            out.push_back(
                {kTime, CancelOrder{owner[operation.order_id], OrderId{operation.order_id}}});
            continue;
        }
        dice = dice * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        PlaceOrder order;
        order.account = account_in(operation.symbol, dice >> 33);
        owner[operation.order_id] = order.account;
        order.market = MarketId{static_cast<std::uint16_t>(operation.symbol)};
        order.side = operation.side;
        order.self_trade = SelfTrade::cancel_oldest;
        order.price = Price{operation.price * 10'000};
        order.size = Base{operation.quantity * std::int64_t{10'000'000}};
        if (operation.type == OperationType::ioc) order.time_in_force = TimeInForce::ioc;
        out.push_back({kTime, order});
    }
    return out;
}

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Counted {
    std::size_t events = 0, refused = 0, trades = 0;
};

Counted count(const Events& events) {
    Counted out{events.size(), 0, 0};
    for (const auto& event : events) {
        out.refused += std::holds_alternative<Refused>(event);
        out.trades += std::holds_alternative<Traded>(event);
    }
    return out;
}

}  // namespace

int main() {
    const auto load = make_workload("W100", 42, kMarkets, 100'000, kSteps);
    auto commands = commands_of(load);
    double best = 0;
    Counted counted;
    std::vector<std::uint32_t> latencies;
    for (int round = 0; round < 3; ++round) {
        Venue venue;
        Events events;
        events.reserve(4'096);
        open(venue, events);
        std::vector<OrderId> accepted(load.operations.size() + 1);
        // A cancellation names the order as the venue does, which is known once it is accepted.
        const auto name = [&](std::size_t i) {
            if (auto* gone = std::get_if<CancelOrder>(&commands[i].body))
                gone->order = accepted[load.operations[i].order_id];
        };
        const auto note = [&](std::size_t i) {
            for (const auto& event : events)
                if (const auto* order = std::get_if<OrderAccepted>(&event))
                    accepted[load.operations[i].order_id] = order->order;
        };
        for (std::size_t i = 0; i < load.prefill; ++i) {
            events.clear();
            venue.apply(commands[i], events);
            note(i);
        }
        const bool timed_each = round == 0;
        counted = {};
        latencies.clear();
        const double begin = cpu_seconds();
        for (std::size_t i = load.prefill; i < commands.size(); ++i) {
            events.clear();
            // As the server does, which takes commands from the journal in groups.
            if (i + kFar < commands.size()) name(i + kFar);
            name(i);
            if (i + kFar < commands.size()) venue.prefetch_accounts(commands[i + kFar]);
            if (i + kNear < commands.size()) venue.prefetch_positions(commands[i + kNear]);
            if (timed_each) {
                const auto before = std::chrono::steady_clock::now();
                venue.apply(commands[i], events);
                const auto taken = std::chrono::steady_clock::now() - before;
                latencies.push_back(static_cast<std::uint32_t>(taken.count()));
            } else {
                venue.apply(commands[i], events);
            }
            note(i);
            const auto c = count(events);
            counted.events += c.events;
            counted.refused += c.refused;
            counted.trades += c.trades;
        }
        const double taken = cpu_seconds() - begin;
        if (!timed_each) best = std::max(best, static_cast<double>(kSteps) / taken);
        if (timed_each) {
            std::ranges::sort(latencies);
            const auto at = [&](double part) {
                return latencies[static_cast<std::size_t>(
                    static_cast<double>(latencies.size() - 1) * part)];
            };
            std::printf(
                R"({"bench":"exchange","name":"latency of a command, ns","p50":%u,"p99":%u,)"
                R"("p99_limit":5000,"p999":%u,"p999_limit":20000,"met":%s})"
                "\n",
                at(0.5), at(0.99), at(0.999),
                at(0.99) < 5'000 && at(0.999) < 20'000 ? "true" : "false");
        }
    }
    std::printf(R"({"bench":"exchange","name":"whole engine, 100 markets, 10000 accounts",)"
                R"("commands_per_cpu_second":%.0f,"limit":2000000,"met":%s,"events":%zu,)"
                R"("trades":%zu,"refused":%zu})"
                "\n",
                best, best >= 2e6 ? "true" : "false", counted.events, counted.trades,
                counted.refused);
    return best >= 2e6 ? 0 : 1;
}
