#pragma once

#include "capabilities/exchange/service.hpp"
#include "foundation/journal/journal_test_support.hpp"

/// A venue on real files, whose time stands still unless a test lets it pass.
namespace astro::exchange::test {

inline constexpr TimestampNs kNoon = TimestampNs{1'750'000'000'000'000'000};

/// What a listener hears: the commands' numbers and their events, byte for byte.
class Heard final : public Listener {
  public:
    void on_applied(const Applied& applied) override {
        sequences.push_back(applied.sequence.value());
        append_binary(applied.time, bytes);
        append_binary(applied.events, bytes);
        replayed += applied.replayed;
    }
    void on_group_end(const Venue&) override { ++groups; }

    std::vector<std::uint64_t> sequences;
    Bytes bytes;
    std::size_t replayed = 0, groups = 0;
};

struct Site {
    journal::test::TemporaryDirectory directory;
    VirtualClock clock{kNoon};
    ServiceOptions options{
        .directory = directory.journal(), .segment_bytes = 1 << 20, .tick_ms = 0};

    [[nodiscard]] Result<std::unique_ptr<Service>> try_open(std::vector<Listener*> listeners = {}) {
        return Service::open(options, clock, std::move(listeners));
    }
    [[nodiscard]] std::unique_ptr<Service> open(std::vector<Listener*> listeners = {}) {
        auto service = try_open(std::move(listeners));
        EXPECT_TRUE(service.has_value()) << (service ? "" : service.error().text());
        return service ? std::move(*service) : nullptr;
    }
};

inline Outcome run(Service& service, CommandBody body, std::string key = {}) {
    auto outcome = service.run({std::move(key), std::move(body)});
    EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().text());
    return outcome ? std::move(*outcome) : Outcome{};
}

inline OpenAccount account_of(std::uint8_t owner) {
    OpenAccount out;
    out.owner.bytes[0] = owner;
    return out;
}

inline PlaceOrder order(std::uint32_t account, Side side, std::int64_t dollars,
                        std::int64_t size = 1) {
    PlaceOrder out;
    out.account = AccountId{account};
    out.side = side;
    out.price = Price{dollars * kQuoteUnit};
    out.size = Base{size * kBaseUnit};
    return out;
}

/// SOL at 100, and so many accounts with 100,000 USDC each.
inline void fund(Service& service, std::uint8_t accounts) {
    run(service, SetIndexPrice{MarketId{0}, Price{100 * kQuoteUnit}});
    for (std::uint8_t a = 0; a < accounts; ++a) {
        run(service, account_of(a));
        run(service, Deposit{AccountId{a}, kUsdc, Amount{100'000 * kQuoteUnit}});
    }
}

/// The whole venue as bytes; audited.
inline Bytes state_of(Service& service) {
    Bytes out;
    service.read([&](const Venue& venue) {
        venue.save(out);
        EXPECT_EQ(venue.audit(), "");
    });
    return out;
}

}  // namespace astro::exchange::test
