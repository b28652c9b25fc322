#include "server/dialects/binance/faults.hpp"

#include <gtest/gtest.h>

#include <set>

#include "foundation/base/json.hpp"

namespace astro::binance {
namespace {

using exchange::Refusal;
using exchange::RefusalCode;

TEST(BinanceFaults, AnAnswerIsACodeAndWords) {
    const auto answer = answer_of(missing("symbol").error, {});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.text(), R"({"code":-1102,"msg":"Mandatory parameter 'symbol' was not sent, )"
                             R"(was empty/null, or malformed."})");
}

TEST(BinanceFaults, WhoCallsIsRefusedWithBinancesStatus) {
    const auto judged = [](const Error& error) {
        const auto answer = answer_of(error, {});
        return std::pair(answer.status, fault_of(error).code);
    };
    const auto by = [](const Unexpected& u) { return u.error; };
    EXPECT_EQ(judged(by(unauthenticated("sign_in_needed", ""))),
              std::pair(401, std::int64_t{-2014}));
    EXPECT_EQ(judged(by(unauthenticated("key_malformed", ""))),
              std::pair(401, std::int64_t{-2014}));
    EXPECT_EQ(judged(by(unauthenticated("key_unknown", ""))), std::pair(401, std::int64_t{-2015}));
    EXPECT_EQ(judged(by(forbidden("permission_missing", ""))), std::pair(401, std::int64_t{-2015}));
    EXPECT_EQ(judged(by(forbidden("ip_refused", ""))), std::pair(401, std::int64_t{-2015}));
    EXPECT_EQ(judged(by(unauthenticated("bad_signature", ""))),
              std::pair(400, std::int64_t{-1022}));
    EXPECT_EQ(judged(by(unauthenticated("nonce_replayed", ""))),
              std::pair(400, std::int64_t{-1022}));
    EXPECT_EQ(judged(by(unauthenticated("request_too_old", ""))),
              std::pair(400, std::int64_t{-1021}));
    EXPECT_EQ(judged(by(unauthenticated("request_from_future", ""))),
              std::pair(400, std::int64_t{-1021}));
    EXPECT_EQ(judged(by(unauthenticated("timestamp_missing", "", "timestamp"))),
              std::pair(400, std::int64_t{-1102}));
    EXPECT_EQ(judged(by(unauthenticated("receive_window", ""))),
              std::pair(400, std::int64_t{-1131}));
    EXPECT_EQ(judged(by(limited("too_many_requests", ""))), std::pair(429, std::int64_t{-1003}));
    EXPECT_EQ(judged(by(limited("venue_busy", ""))), std::pair(503, std::int64_t{-1008}));
    EXPECT_EQ(judged(by(unavailable("venue_stopped", ""))), std::pair(503, std::int64_t{-1016}));
    EXPECT_EQ(judged(by(not_found("no_such_route", ""))), std::pair(404, std::int64_t{-5000}));
    EXPECT_EQ(judged({ErrorKind::unknown, "journal", ""}), std::pair(503, std::int64_t{-1007}));
}

TEST(BinanceFaults, WhatWentWrongInsideIsNotToldToStrangers) {
    const Error inside{ErrorKind::unavailable, "disk", "/data/astrolabe.db is full"};
    EXPECT_EQ(fault_of(inside).msg.find("/data"), std::string::npos);
}

TEST(BinanceFaults, EachRefusalOfTheVenueHasANumber) {
    const auto number = [](RefusalCode code) { return number_of(code, Deed::place); };
    EXPECT_EQ(number(RefusalCode::margin_insufficient), -2019);
    EXPECT_EQ(number(RefusalCode::balance_insufficient), -2018);
    EXPECT_EQ(number(RefusalCode::price_not_tick), -4014);
    EXPECT_EQ(number(RefusalCode::size_not_lot), -4023);
    EXPECT_EQ(number(RefusalCode::price_out_of_range), -4002);
    EXPECT_EQ(number(RefusalCode::price_out_of_band), -4016);
    EXPECT_EQ(number(RefusalCode::size_too_small), -4004);
    EXPECT_EQ(number(RefusalCode::size_too_large), -4005);
    EXPECT_EQ(number(RefusalCode::bad_amount), -4003);
    EXPECT_EQ(number(RefusalCode::notional_too_small), -4164);
    EXPECT_EQ(number(RefusalCode::position_too_large), -2027);
    EXPECT_EQ(number(RefusalCode::too_many_orders), -2025);
    EXPECT_EQ(number(RefusalCode::would_trade), -5022);
    EXPECT_EQ(number(RefusalCode::not_fillable), -5021);
    EXPECT_EQ(number(RefusalCode::would_trigger), -2021);
    EXPECT_EQ(number(RefusalCode::nothing_to_reduce), -2022);
    EXPECT_EQ(number(RefusalCode::client_id_duplicate), -4116);
    EXPECT_EQ(number(RefusalCode::market_not_open), -4140);
    EXPECT_EQ(number(RefusalCode::expiry_passed), -5040);
    EXPECT_EQ(number(RefusalCode::order_inconsistent), -1128);
    EXPECT_EQ(number(RefusalCode::account_unknown), -4109);
    EXPECT_EQ(number(RefusalCode::fund_drained), -2010) << "what Binance has no number for";
    EXPECT_EQ(number_of(RefusalCode::order_unknown, Deed::cancel), -2011);
    EXPECT_EQ(number_of(RefusalCode::order_unknown, Deed::amend), -2013);
}

TEST(BinanceFaults, ARefusalKeepsOurWordsWithTheirNumbers) {
    const auto fault = fault_of(
        Refusal{RefusalCode::margin_insufficient, 1'250'000'000, 1'103'200'000}, Deed::place);
    EXPECT_NE(fault.msg.find("1,250.00"), std::string::npos) << fault.msg;
    EXPECT_EQ(fault_of(Refusal{RefusalCode::order_unknown}, Deed::cancel).msg,
              "Unknown order sent.");
}

}  // namespace
}  // namespace astro::binance
