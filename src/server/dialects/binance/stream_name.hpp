#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Names of streams: "solusdc@depth@100ms", "solusdc@kline_1m", "!ticker@arr".
namespace astro::binance {

enum class StreamKind {
    depth,          ///< changes of the book
    partial_depth,  ///< its best levels
    aggregate_trade,
    trade,
    kline,
    ticker,
    mini_ticker,
    book_ticker,
    mark_price,
    force_order
};

struct StreamName {
    StreamKind kind = StreamKind::depth;
    std::string symbol{};  ///< "SOLUSDC"; empty: of all markets
    std::string interval{};
    std::size_t levels = 0;  ///< of partial_depth
    bool as_list = false;    ///< "…@arr": each message is a list

    bool operator==(const StreamName&) const = default;
};

/// Nothing for what is no stream here. Speeds ("@100ms", "@1s") are those that Binance knows; all
/// are told as often as the venue tells them.
[[nodiscard]] std::optional<StreamName> parse_stream_name(std::string_view text);

}  // namespace astro::binance
