#include <gtest/gtest.h>

#include "capabilities/exchange/engine/events.hpp"
#include "foundation/base/binary.hpp"

namespace astro::exchange {
namespace {

template <class T>
T through_bytes(const T& value) {
    return parse_binary<T>(to_binary(value)).value();
}

TEST(CommandsBinary, WhatIsBoxedTravelsAsTheValueItself) {
    const MarketSettings settings = default_markets().front();
    const CommandBody command = SetMarket{settings};
    const Bytes bytes = to_binary(command);
    EXPECT_EQ(bytes.size(), 2 + to_binary(settings).size());
    EXPECT_EQ(to_binary(through_bytes(command)), bytes);
    EXPECT_EQ(std::get<SetMarket>(through_bytes(command)).settings->symbol, settings.symbol);

    WaitingOrder waiting;
    waiting.trigger.price = Price{7};
    const CommandBody conditional = PlaceConditional{waiting};
    EXPECT_EQ(std::get<PlaceConditional>(through_bytes(conditional))->trigger.price, Price{7});
}

TEST(CommandsBinary, ClientIdsOfAllLengthsComeBackAndNoLongerOnes) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, ClientId::kSizeMax}) {
        const ClientId id(std::string(size, 'x'));
        EXPECT_EQ(to_binary(id).size(), 1 + size);
        EXPECT_EQ(through_bytes(id), id);
    }
    Bytes longer(38, 'x');
    longer[0] = 37;
    EXPECT_EQ(parse_binary<ClientId>(longer).error().code, "bad_binary");
    Bytes cut = to_binary(ClientId("abc"));
    cut.pop_back();
    EXPECT_EQ(parse_binary<ClientId>(cut).error().code, "bad_binary");
}

TEST(CommandsBinary, EventsComeBack) {
    OrderAccepted accepted;
    accepted.client_id = ClientId("first");
    accepted.size = Base{5};
    const Events events{accepted, Refused{{RefusalCode::no_price, 1, 2}, AccountId{3}, {}}};
    EXPECT_EQ(to_binary(through_bytes(events)), to_binary(events));
}

}  // namespace
}  // namespace astro::exchange
