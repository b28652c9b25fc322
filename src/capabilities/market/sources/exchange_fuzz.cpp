// Any bytes as a message or an answer of an exchange, in each format: no crash, and what is read is
// within its bounds. The first byte names the format.
#include <cstdint>

#include "capabilities/market/sources/exchange_text.hpp"
#include "capabilities/market/sources/history_text.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::market;
    static astro::solana::JsonDocument document;
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    for (const auto& news :
         {read_exchange(static_cast<ExchangeFormat>(data[0] % 4), document, text),
          read_recorded(document, text)}) {
        if (!news) continue;
        ASTRO_ASSERT(news->quotes.size() + news->trades.size() <= kEntriesMax);
        for (const auto& quote : news->quotes)
            ASTRO_ASSERT(!quote.symbol.empty() && quote.bid_size >= Base{0} &&
                         quote.ask_size >= Base{0} && (!quote.time || quote.time->value() >= 0));
        for (const auto& trade : news->trades)
            ASTRO_ASSERT(!trade.symbol.empty() && trade.trade.size >= Base{0} &&
                         trade.trade.time.value() >= 0);
    }
    for (const auto source : {"binance_spot", "binance_coinm", "coinbase", "kraken"}) {
        const auto trades = read_history(source, "X", document, text);
        ASTRO_ASSERT(!trades || trades->size() <= kHistoryPage);
        if (!trades) continue;
        for (std::size_t i = 0; i < trades->size(); ++i)
            ASTRO_ASSERT((*trades)[i].trade.size >= Base{0} &&
                         (i == 0 || (*trades)[i - 1].trade.seq <= (*trades)[i].trade.seq));
    }
    return 0;
}
