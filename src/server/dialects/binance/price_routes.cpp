#include <algorithm>

#include "foundation/base/json.hpp"
#include "server/dialects/binance/exchange_info.hpp"
#include "server/dialects/binance/tickers.hpp"

/// Tickers, mark prices, funding, open interest.
namespace astro::binance {
namespace {

constexpr std::size_t kFundingScanned = 2'000;  ///< as many as the venue keeps in memory

/// One of the symbol that is named, or a list of all.
template <class Make>
Read each_market(Make make) {
    return [make](const Around& around, const Form& form, const Call&) -> Answered {
        ASTRO_TRY(const auto markets, listed_or_all(around, form));
        std::vector<decltype(make(around, markets.front()))> out;
        for (const Listed& listed : markets) out.push_back(make(around, listed));
        return form.has("symbol") ? json_answer(out.front()) : json_answer(out);
    };
}

Answered funding_rates(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const auto markets, listed_or_all(around, form));
    const auto limit = static_cast<std::size_t>(form.integer("limit").value_or(100));
    const auto from = form.integer("startTime"), to = form.integer("endTime");
    std::vector<FundingRateAnswer> out;
    for (const Listed& listed : markets) {
        const auto paid = around.tape.fundings(listed.name, {}, kFundingScanned);
        if (!paid) continue;
        for (const auto& point : paid->funding) {
            const std::int64_t time = point.period_end.value();
            if ((!from || time >= *from) && (!to || time <= *to))
                out.push_back({listed.symbol, point.rate, time, point.index});
        }
    }
    std::ranges::stable_sort(out, {}, &FundingRateAnswer::fundingTime);
    if (out.size() > limit && from)
        out.resize(limit);
    else if (out.size() > limit)
        out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(limit));
    return json_answer(out);
}

Answered funding_info(const Around& around, const Form&, const Call&) {
    std::vector<FundingInfo> out;
    for (const Listed& listed : all_listed(around)) {
        const MarketSettings& m = *listed.settings;
        out.push_back(
            {.symbol = listed.symbol,
             .adjustedFundingRateCap = fraction_text(m.funding_cap_ppm, 6),
             .adjustedFundingRateFloor = fraction_text(-m.funding_cap_ppm, 6),
             .fundingIntervalHours = std::max<std::int64_t>(m.funding_period_s / 3'600, 1)});
    }
    return json_answer(out);
}

Answered open_interest(const Around& around, const Form& form, const Call&) {
    ASTRO_TRY(const Listed listed, listed_of(around, form));
    const auto ticker = ticker_of(around, listed);
    return json_answer(
        OpenInterestAnswer{listed.symbol, ticker.open_interest, ticker.time.value()});
}

std::string one_schema(SchemaBook& book, SchemaBook::Write one, SchemaBook::Write all) {
    return R"({"anyOf":[)" + one(book) + "," + all(book) + "]}";
}
template <class T>
JsonDocument one_or_all() {
    return {[](SchemaBook& book) {
                return one_schema(book, json_document<T>().schema,
                                  json_document<std::vector<T>>().schema);
            },
            json_document<T>().example};
}

template <class T, class Make>
Route each_route(const Around& around, std::string path, std::string summary, Make make) {
    return public_route(around, std::move(path), std::move(summary), {symbol_parameter()},
                        one_or_all<T>(), each_market(make));
}

PriceTicker last_price(const Around& around, const Listed& listed) {
    const auto ticker = ticker_of(around, listed);
    return {listed.symbol, ticker.last, ticker.time.value()};
}

}  // namespace

std::vector<Route> price_routes(const Around& around) {
    std::vector<Route> out;
    out.push_back(each_route<PremiumIndex>(
        around, "/fapi/v1/premiumIndex", "Mark price, index and the running funding period",
        [](const Around& a, const Listed& l) { return premium_index(l, ticker_of(a, l)); }));
    out.push_back(each_route<Ticker24h>(
        around, "/fapi/v1/ticker/24hr", "The last 24 hours, in whole minutes",
        [](const Around& a, const Listed& l) { return ticker_24h(a, l, ticker_of(a, l)); }));
    for (const char* version : {"v1", "v2"})
        out.push_back(each_route<PriceTicker>(around,
                                              std::string("/fapi/") + version + "/ticker/price",
                                              "The last price", last_price));
    out.push_back(each_route<BookTicker>(around, "/fapi/v1/ticker/bookTicker",
                                         "The best bid and ask", book_ticker));
    out.push_back(public_route(
        around, "/fapi/v1/fundingRate", "Funding periods that have ended, oldest first",
        {symbol_parameter(), time_parameter("startTime", "Not before"),
         time_parameter("endTime", "Not after"), limit_parameter(1'000, 100)},
        json_document<std::vector<FundingRateAnswer>>(), funding_rates));
    out.push_back(public_route(around, "/fapi/v1/fundingInfo", "How funding is bounded", {},
                               json_document<std::vector<FundingInfo>>(), funding_info));
    out.push_back(public_route(around, "/fapi/v1/openInterest", "Open interest",
                               {symbol_parameter()}, json_document<OpenInterestAnswer>(),
                               open_interest));
    return out;
}

}  // namespace astro::binance
