#pragma once

#include <cstdint>

/// The C interface of the public judge flash1-dev/matching-engine-benchmark, version 1: a shared
/// object that exports the functions below. All integers little-endian; price in signed ticks; side
/// 0 = buy, 1 = sell.
extern "C" {

struct JudgeNewOrder {
    std::uint64_t order_id;
    std::uint64_t sequence;
    std::int64_t price;
    std::uint32_t quantity;
    std::uint8_t side;
    std::uint8_t ioc;
    std::uint8_t padding[2];
};
static_assert(sizeof(JudgeNewOrder) == 32);

struct JudgeCancel {
    std::uint64_t order_id;
    std::uint64_t sequence;
};
static_assert(sizeof(JudgeCancel) == 16);

struct JudgeModify {
    std::uint64_t order_id;
    std::uint64_t sequence;
    std::int64_t price;
    std::uint32_t quantity;
    std::uint8_t side;
    std::uint8_t padding[3];
};
static_assert(sizeof(JudgeModify) == 32);

struct JudgeReport {
    std::uint8_t type;  ///< 0 order ack, 1 trade, 2 cancel ack, 3 modify ack, 4 cancel reject, 5
                        ///< modify reject
    std::uint8_t side;
    std::uint8_t padding[6];
    std::uint64_t sequence;
    std::uint64_t order_id;
    std::int64_t price;
    std::uint32_t quantity;
    std::uint32_t padding2;
    std::uint64_t maker_id;
    std::uint64_t taker_id;
    std::uint64_t padding3;
};
static_assert(sizeof(JudgeReport) == 64);

struct JudgeTransport {
    void* (*create)(std::uint32_t capacity);
    int (*push)(void* handle, const JudgeReport* report);  ///< 1, or 0 when full
    std::uint32_t (*drain)(void* handle, JudgeReport* out, std::uint32_t max);
    void (*flush)(void* handle);
    void (*destroy)(void* handle);
};

void engine_init(std::uint64_t nonce, const JudgeTransport* transport, void* sink);
void engine_shutdown();
void engine_on_new_order(const JudgeNewOrder* order);
void engine_on_cancel(const JudgeCancel* cancel);
void engine_on_modify(const JudgeModify* modify);
void engine_flush();
std::int64_t engine_query_best_bid();
std::int64_t engine_query_best_ask();
std::uint64_t engine_query_depth_at(std::int64_t price, std::uint8_t side);
}
