#pragma once

#include <string>
#include <vector>

#include "server/dialects/binance/market_model.hpp"

/// What the streams say. The members' names are Binance's.
namespace astro::binance {

struct DepthUpdate {
    std::string e{"depthUpdate"};
    std::int64_t E = 0, T = 0;
    std::string s{};
    std::uint64_t U = 0, u = 0, pu = 0;
    std::vector<Level> b{}, a{};
};
BOOST_DESCRIBE_STRUCT(DepthUpdate, (), (e, E, T, s, U, u, pu, b, a))

struct AggTradeUpdate {
    std::string e{"aggTrade"};
    std::int64_t E = 0;
    std::string s{};
    std::uint64_t a = 0;
    exchange::Price p{};
    exchange::Base q{};
    std::uint64_t f = 0, l = 0;
    std::int64_t T = 0;
    bool m = false;
};
BOOST_DESCRIBE_STRUCT(AggTradeUpdate, (), (e, E, s, a, p, q, f, l, T, m))

struct TradeUpdate {
    std::string e{"trade"};
    std::int64_t E = 0, T = 0;
    std::string s{};
    std::uint64_t t = 0;
    exchange::Price p{};
    exchange::Base q{};
    std::string X{"MARKET"};
    bool m = false;
};
BOOST_DESCRIBE_STRUCT(TradeUpdate, (), (e, E, T, s, t, p, q, X, m))

struct KlineBody {
    std::int64_t t = 0, T = 0;
    std::string s{}, i{};
    std::uint64_t f = 0, L = 0;
    exchange::Price o{}, c{}, h{}, l{};
    exchange::Base v{};
    std::int64_t n = 0;
    bool x = false;
    exchange::Quote q{};
    std::string V{"0"}, Q{"0"}, B{"0"};
};
BOOST_DESCRIBE_STRUCT(KlineBody, (), (t, T, s, i, f, L, o, c, h, l, v, n, x, q, V, Q, B))
struct KlineUpdate {
    std::string e{"kline"};
    std::int64_t E = 0;
    std::string s{};
    KlineBody k{};
};
BOOST_DESCRIBE_STRUCT(KlineUpdate, (), (e, E, s, k))

struct TickerUpdate {
    std::string e{"24hrTicker"};
    std::int64_t E = 0;
    std::string s{};
    exchange::Price p{};
    std::string P{};
    exchange::Price w{}, c{};
    exchange::Base Q{};
    exchange::Price o{}, h{}, l{};
    exchange::Base v{};
    exchange::Quote q{};
    std::int64_t O = 0, C = 0;
    std::uint64_t F = 0, L = 0;
    std::int64_t n = 0;
};
BOOST_DESCRIBE_STRUCT(TickerUpdate, (), (e, E, s, p, P, w, c, Q, o, h, l, v, q, O, C, F, L, n))

struct MiniTickerUpdate {
    std::string e{"24hrMiniTicker"};
    std::int64_t E = 0;
    std::string s{};
    exchange::Price c{}, o{}, h{}, l{};
    exchange::Base v{};
    exchange::Quote q{};
};
BOOST_DESCRIBE_STRUCT(MiniTickerUpdate, (), (e, E, s, c, o, h, l, v, q))

struct BookTickerUpdate {
    std::string e{"bookTicker"};
    std::uint64_t u = 0;
    std::int64_t E = 0, T = 0;
    std::string s{};
    exchange::Price b{};
    exchange::Base B{};
    exchange::Price a{};
    exchange::Base A{};
};
BOOST_DESCRIBE_STRUCT(BookTickerUpdate, (), (e, u, E, T, s, b, B, a, A))

struct MarkPriceUpdate {
    std::string e{"markPriceUpdate"};
    std::int64_t E = 0;
    std::string s{};
    exchange::Price p{}, i{}, P{};
    exchange::formulas::Rate r{};
    std::int64_t T = 0;
};
BOOST_DESCRIBE_STRUCT(MarkPriceUpdate, (), (e, E, s, p, i, P, r, T))

struct ForceOrderBody {
    std::string s{}, S{}, o{"LIMIT"}, f{"IOC"};
    exchange::Base q{};
    exchange::Price p{}, ap{};
    std::string X{"FILLED"};
    exchange::Base l{}, z{};
    std::int64_t T = 0;
};
BOOST_DESCRIBE_STRUCT(ForceOrderBody, (), (s, S, o, f, q, p, ap, X, l, z, T))
struct ForceOrderUpdate {
    std::string e{"forceOrder"};
    std::int64_t E = 0;
    ForceOrderBody o{};
};
BOOST_DESCRIBE_STRUCT(ForceOrderUpdate, (), (e, E, o))

}  // namespace astro::binance
