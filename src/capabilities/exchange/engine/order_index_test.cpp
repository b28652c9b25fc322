#include "capabilities/exchange/engine/order_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace astro::exchange {
namespace {

// Ids that share a home (multiples of a large power of two hash alike) make long probe runs.
TEST(OrderIndex, AgreesWithAnOrdinaryMap) {
    for (const std::uint64_t stride : {1ULL, 1ULL << 32, 1ULL << 48}) {
        std::mt19937_64 random(7);
        OrderIndex index;
        std::unordered_map<std::uint64_t, OrderSlot> reference;
        for (OrderSlot i = 0; i < 200'000; ++i) {
            const std::uint64_t id = random() % 2'000 * stride;
            const auto it = reference.find(id);
            if (it == reference.end()) {
                EXPECT_EQ(index.find(id), kNoOrder);
                index.put(id, i);
                reference[id] = i;
            } else {
                ASSERT_EQ(index.take(id), it->second);
                reference.erase(it);
                ASSERT_EQ(index.take(id), kNoOrder);
            }
            ASSERT_EQ(index.size(), reference.size());
        }
        for (const auto& [id, slot] : reference) ASSERT_EQ(index.find(id), slot);
    }
}

TEST(OrderIndex, GrowsWithoutLosingAnyone) {
    OrderIndex index;
    for (OrderSlot i = 0; i < 300'000; ++i) index.put(i * 3ULL, i);
    for (OrderSlot i = 0; i < 300'000; ++i) ASSERT_EQ(index.find(i * 3ULL), i);
    EXPECT_EQ(index.find(1), kNoOrder);
}

}  // namespace
}  // namespace astro::exchange
