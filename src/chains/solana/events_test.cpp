#include "chains/solana/events.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "chains/solana/test_transaction.hpp"

namespace astro::solana {
namespace {

using test::Data;
using test::named;

TEST(Discriminators, AreReadAsTheirBytesInOrder) {
    EXPECT_EQ(discriminator("0100000000000000"), 1u);
    EXPECT_EQ(discriminator("ff00000000000080"), 0x80000000000000FFULL);
    EXPECT_TRUE(is_event_call(Data(kEventCallPrefix).zeros(8).get()));
    EXPECT_FALSE(is_event_call(Data(kEventCallPrefix).get())) << "no event name";
    EXPECT_FALSE(is_event_call(Data(kEventCallPrefix + 1).zeros(8).get()));
}

/// An event's smallest payload and a check of what is read from it.
struct Case {
    const char* name;
    Bytes payload;
    std::function<bool(ByteView)> reads_it;  ///< false when refused; checks the fields
};

const Pubkey kPool = named("pool");

std::vector<Case> amm_cases() {
    return {
        {"ray_log base in",
         Data().u8(3).u64(10).u64(1).u64(2).u64(99).u64(1000).u64(2000).u64(19).get(),
         [](ByteView b) {
             const auto e = parse_ray_log(b);
             return e && e->amount_in == 10 && e->amount_out == 19 && e->pool_coin == 1000 &&
                    e->pool_pc == 2000;
         }},
        {"ray_log base out",
         Data().u8(4).u64(50).u64(19).u64(1).u64(99).u64(1000).u64(2000).u64(10).get(),
         [](ByteView b) {
             const auto e = parse_ray_log(b);
             return e && e->amount_in == 10 && e->amount_out == 19;
         }},
        {"cpmm", Data().key(kPool).u64(1).u64(2).u64(3).u64(4).u64(5).u64(6).u8(1).get(),
         [](ByteView b) {
             const auto e = parse_cpmm_swap(b);
             return e && e->pool == kPool && e->reserve_in == 1 && e->reserve_out == 2 &&
                    e->amount_in == 3 && e->amount_out == 4 && e->transfer_fee_in == 5 &&
                    e->transfer_fee_out == 6 && e->base_input;
         }},
        {"clmm",
         Data()
             .key(kPool)
             .zeros(96)
             .u64(7)
             .u64(1)
             .u64(8)
             .u64(2)
             .u8(1)
             .u128(UInt128{3} << 64)
             .u128(9)
             .i32(-5)
             .get(),
         [](ByteView b) {
             const auto e = parse_clmm_swap(b);
             return e && e->pool == kPool && e->amount_0 == 7 && e->amount_1 == 8 &&
                    e->zero_for_one && e->sqrt_price_x64 == UInt128{3} << 64 && e->liquidity == 9 &&
                    e->tick == -5;
         }},
        {"whirlpool",
         Data().key(kPool).u8(1).u128(11).u128(10).u64(1).u64(2).u64(3).u64(4).u64(5).u64(6).get(),
         [](ByteView b) {
             const auto e = parse_whirlpool_traded(b);
             return e && e->pool == kPool && e->a_to_b && e->sqrt_price_before == 11 &&
                    e->sqrt_price_after == 10 && e->amount_in == 1 && e->amount_out == 2 &&
                    e->transfer_fee_in == 3 && e->transfer_fee_out == 4 && e->lp_fee == 5 &&
                    e->protocol_fee == 6;
         }},
        {"dlmm",
         Data()
             .key(kPool)
             .key(named("from"))
             .i32(-2)
             .i32(3)
             .u64(1)
             .u64(2)
             .u8(1)
             .u64(3)
             .u64(4)
             .get(),
         [](ByteView b) {
             const auto e = parse_dlmm_swap(b);
             return e && e->pool == kPool && e->from == named("from") && e->start_bin == -2 &&
                    e->end_bin == 3 && e->amount_in == 1 && e->amount_out == 2 && e->swap_for_y &&
                    e->fee == 3 && e->protocol_fee == 4;
         }},
        {"damm", Data().key(kPool).u8(1).zeros(17).u64(2).u128(77).zeros(32).u64(1).get(),
         [](ByteView b) {
             const auto e = parse_damm_swap(b);
             return e && e->pool == kPool && e->direction == 1 && e->amount_in == 1 &&
                    e->amount_out == 2 && e->next_sqrt_price == 77;
         }},
        {"damm 2", Data().key(kPool).u8(1).zeros(2 + 17).u64(1).zeros(16).u64(2).u128(77).get(),
         [](ByteView b) {
             const auto e = parse_damm_swap2(b);
             return e && e->amount_in == 1 && e->amount_out == 2 && e->next_sqrt_price == 77;
         }},
        {"dbc", Data().key(kPool).zeros(32).u8(1).zeros(17).u64(1).u64(2).u128(77).get(),
         [](ByteView b) {
             const auto e = parse_dbc_swap(b);
             return e && e->pool == kPool && e->direction == 1 && e->amount_in == 1 &&
                    e->amount_out == 2 && e->next_sqrt_price == 77;
         }},
        {"dbc 2",
         Data().key(kPool).zeros(32).u8(1).zeros(1 + 17).u64(1).zeros(16).u64(2).u128(77).get(),
         [](ByteView b) {
             const auto e = parse_dbc_swap2(b);
             return e && e->amount_in == 1 && e->amount_out == 2 && e->next_sqrt_price == 77;
         }},
    };
}

std::vector<Case> other_cases() {
    return {
        {"pump",
         Data()
             .key(named("mint"))
             .u64(5)
             .u64(6)
             .u8(1)
             .key(named("user"))
             .u64(0)
             .u64(7)
             .u64(8)
             .get(),
         [](ByteView b) {
             const auto e = parse_pump_trade(b);
             return e && e->mint == named("mint") && e->lamports == 5 && e->tokens == 6 &&
                    e->is_buy && e->user == named("user") && e->virtual_lamports == 7 &&
                    e->virtual_tokens == 8;
         }},
        {"pumpswap",
         Data()
             .u64(0)
             .u64(5)
             .zeros(24)
             .u64(10)
             .u64(20)
             .u64(6)
             .u64(20)
             .u64(0)
             .u64(5)
             .zeros(24)
             .key(kPool)
             .get(),
         [](ByteView b) {
             const auto e = parse_pumpswap_trade(b);
             return e && e->base == 5 && e->quote == 6 && e->pool_base == 10 &&
                    e->pool_quote == 20 && e->lp_fee_bps == 20 && e->protocol_fee_bps == 5 &&
                    e->pool == kPool;
         }},
        {"launchlab",
         Data().key(kPool).u64(0).u64(1).u64(2).u64(3).u64(4).zeros(16).u64(5).u64(6).get(),
         [](ByteView b) {
             const auto e = parse_launchlab_trade(b);
             return e && e->virtual_base == 1 && e->virtual_quote == 2 &&
                    e->real_base_before == 3 && e->real_quote_before == 4 && e->amount_in == 5 &&
                    e->amount_out == 6;
         }},
        {"jupiter", Data().key(named("amm")).key(named("A")).u64(1).key(named("B")).u64(2).get(),
         [](ByteView b) {
             const auto e = parse_jupiter_swap(b);
             return e && e->amm == named("amm") && e->mint_in == named("A") && e->amount_in == 1 &&
                    e->mint_out == named("B") && e->amount_out == 2;
         }},
        {"jupiter list",
         Data()
             .u32(2)
             .key(named("A"))
             .u64(1)
             .key(named("B"))
             .u64(2)
             .key(named("B"))
             .u64(2)
             .key(named("C"))
             .u64(3)
             .get(),
         [](ByteView b) {
             const auto e = parse_jupiter_swaps(b);
             return e && e->size() == 2 && (*e)[1].mint_out == named("C") &&
                    (*e)[1].amount_out == 3 && (*e)[0].amm.is_zero();
         }},
        {"phoenix",
         Data()
             .u8(1)
             .zeros(25)
             .key(kPool)
             .zeros(32)
             .u16(3)
             .u8(2)
             .zeros(66)
             .u8(2)
             .zeros(66)
             .u8(6)
             .zeros(18)
             .u64(4)
             .u64(5)
             .u64(6)
             .get(),
         [](ByteView b) {
             const auto e = parse_phoenix_log(b);
             return e && e->market == kPool && e->fills == 2 && e->base_lots == 4 &&
                    e->quote_lots == 5 && e->fee_lots == 6 && e->has_summary;
         }},
        {"marginfi",
         Data()
             .u8(1)
             .key(named("signer"))
             .zeros(96)
             .key(named("liquidatee"))
             .zeros(32)
             .key(named("bank a"))
             .key(named("A"))
             .key(named("bank b"))
             .key(named("B"))
             .zeros(16)
             .f64(1000)
             .f64(500.4)
             .zeros(16)
             .f64(900)
             .f64(420)
             .zeros(16)
             .get(),
         [](ByteView b) {
             const auto e = parse_marginfi_liquidate(b);
             return e && e->liquidatee == named("liquidatee") && e->asset_mint == named("A") &&
                    e->liability_mint == named("B") && e->seized == 100 && e->repaid == 80;
         }},
        {"drift",
         Data()
             .u64(0)
             .u8(1)
             .key(named("user"))
             .key(named("liquidator"))
             .zeros(43)
             .u32(1)
             .u32(9)
             .zeros(10)
             .u64(static_cast<std::uint64_t>(-5))
             .u64(6)
             .zeros(40)
             .zeros(10)
             .u128(70)
             .zeros(10)
             .u128(80)
             .get(),
         [](ByteView b) {
             const auto e = parse_drift_liquidation(b);
             return e && e->type == 1 && e->user == named("user") &&
                    e->liquidator == named("liquidator") && e->perp_base == 5 &&
                    e->perp_quote == 6 && e->asset_transfer == 70 && e->liability_transfer == 80;
         }},
    };
}

std::vector<Case> all_cases() {
    auto cases = amm_cases();
    for (auto& c : other_cases()) cases.push_back(std::move(c));
    return cases;
}

TEST(Events, AreReadFieldByField) {
    for (const Case& c : all_cases()) EXPECT_TRUE(c.reads_it(c.payload)) << c.name;
}

TEST(Events, LongerTailsAreAccepted) {
    for (const Case& c : all_cases())
        for (const std::size_t tail : {1, 8, 200}) {
            Bytes longer = c.payload;
            longer.resize(longer.size() + tail, 0xAB);
            EXPECT_TRUE(c.reads_it(longer)) << c.name << " + " << tail;
        }
}

TEST(Events, EveryShorterPayloadIsRefused) {
    for (const Case& c : all_cases())
        for (std::size_t size = 0; size < c.payload.size(); ++size)
            EXPECT_FALSE(c.reads_it(ByteView(c.payload).first(size))) << c.name << ' ' << size;
}

TEST(Events, OtherRecordTypesAreRefused) {
    Bytes init = Data().u8(0).zeros(56).get();
    EXPECT_FALSE(parse_ray_log(init));
    EXPECT_FALSE(parse_phoenix_log(Data().u8(2).zeros(200).get())) << "no header first";
    EXPECT_FALSE(parse_phoenix_log(Data().u8(1).zeros(89).u16(1).u8(10).zeros(100).get()))
        << "a record type of a later version";
}

TEST(Events, AHopCountBeyondThePayloadReservesNothing) {
    EXPECT_FALSE(parse_jupiter_swaps(Data().u32(0xFFFFFFFF).zeros(160).get()));
}

TEST(Events, MarginfiBalancesThatAreNoNumbersGiveNothing) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    for (const double before : {nan, inf, -1e300, 1e300}) {
        const auto e = parse_marginfi_liquidate(Data()
                                                    .u8(0)
                                                    .zeros(96)
                                                    .zeros(192)
                                                    .zeros(16)
                                                    .f64(before)
                                                    .f64(before)
                                                    .zeros(16)
                                                    .f64(0)
                                                    .f64(0)
                                                    .zeros(16)
                                                    .get());
        ASSERT_TRUE(e);
        EXPECT_EQ(e->repaid, 0u);
        EXPECT_EQ(e->seized, 0u);
    }
}

RC_GTEST_PROP(EventsProperty, AnyBytesAreReadOrRefused, (const std::vector<std::uint8_t>& bytes)) {
    for (const Case& c : all_cases()) (void)c.reads_it(bytes);
}

}  // namespace
}  // namespace astro::solana
