/// How long a preview keeps the venue's thread, on a book of 100,000 orders. One JSON object a
/// line.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;

constexpr std::uint32_t kOrders = 100'000, kLevels = 2'000;
constexpr int kRounds = 2'000;
constexpr double kLimitUs = 1'000;

/// Processor time of this thread: what else runs on the machine does not count.
double thread_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct DeepVenue {
    DeepVenue() {
        run(SetAsset{AssetSettings{.symbol = "USDC",
                                   .decimals = 6,
                                   .initial_weight_bps = 10'000,
                                   .maintenance_weight_bps = 10'000}});
        run(SetMarket{default_markets().front()});
        lot = venue.markets()[0].settings.lot_size;
        tick = venue.markets()[0].settings.tick_size;
        run(SetIndexPrice{.market = MarketId{0}, .index = Price{100 * kQuoteUnit}});
        for (std::uint32_t i = 0; i < kOrders; ++i) {
            if (i % kOrdersMax == 0) {
                OpenAccount open;
                open.owner.bytes[0] = static_cast<std::uint8_t>(i / kOrdersMax);
                open.owner.bytes[1] = static_cast<std::uint8_t>(i / kOrdersMax >> 8);
                open.owner.bytes[2] = 1;
                run(open);
                const AccountId account{static_cast<std::uint32_t>(venue.accounts().size() - 1)};
                run(Deposit{account, kUsdc, Amount{1'000'000'000'000}, {}});
            }
            PlaceOrder order{};
            order.account = AccountId{static_cast<std::uint32_t>(venue.accounts().size() - 1)};
            order.side = Side::sell;
            // Spread so that neighbours in the queue are strangers in memory.
            order.price = Price{100 * kQuoteUnit} + Price{tick.value() * (i * 7'919 % kLevels / 4)};
            order.size = Base{lot.value() * 10};
            run(order);
        }
        OpenAccount open;
        open.owner.bytes[3] = 1;
        run(open);
        run(Deposit{taker(), kUsdc, Amount{100'000'000'000'000}, {}});
    }
    void run(CommandBody body) {
        events.clear();
        venue.apply(TimeMs{1'700'000'000'000}, body, events);
        if (!events.empty() && std::holds_alternative<Refused>(events.front())) ++refused;
    }
    [[nodiscard]] AccountId taker() const {
        return AccountId{static_cast<std::uint32_t>(venue.accounts().size() - 1)};
    }
    /// In microseconds, in rising order.
    [[nodiscard]] std::vector<double> previews(std::uint32_t orders) const {
        PlaceOrder order{};
        order.account = taker();
        order.type = OrderType::market;
        order.time_in_force = TimeInForce::ioc;
        order.size = Base{lot.value() * 10 * orders};
        std::vector<double> out;
        for (int i = 0; i < kRounds; ++i) {
            const double before = thread_us();
            const auto seen = venue.preview(order);
            const double taken = thread_us() - before;
            if (seen.filled == Base{0} && !seen.is_too_deep) std::abort();
            out.push_back(taken);
        }
        std::ranges::sort(out);
        return out;
    }

    Venue venue;
    Events events;
    Base lot{};
    Price tick{};
    std::uint32_t refused = 0;
};

}  // namespace

int main() {
    const DeepVenue deep;
    bool met = deep.refused == 0;
    for (const std::uint32_t orders : {1U, 100U, 1'000U, kPreviewOrdersMax, 50'000U}) {
        const auto times = deep.previews(orders);
        const double p50 = times[times.size() / 2], p99 = times[times.size() * 99 / 100];
        met &= p99 < kLimitUs;
        std::printf(R"({"bench":"exchange_preview","name":"meets %u of %zu orders, us","p50":%.1f,)"
                    R"("p99":%.1f,"limit":%.0f,"clock":"cpu","met":%s})"
                    "\n",
                    orders, deep.venue.resting_orders(), p50, p99, kLimitUs,
                    p99 < kLimitUs ? "true" : "false");
    }
    return met ? 0 : 1;
}
