#include <array>
#include <fstream>
#include <functional>

#include "capabilities/market/engine/decimal.hpp"
#include "server/feeds/price_tape.hpp"

namespace astro::feeds {
namespace {

using exchange::Price;

constexpr DurationNs kStep = milliseconds(500);
constexpr std::int64_t kSpreadPpm = 200;  ///< 2 basis points between bid and ask
constexpr std::int64_t kMillion = 1'000'000;

/// splitmix64's mixing of one number.
std::uint64_t mixed(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::int64_t between(std::int64_t a, std::int64_t b, std::int64_t part, std::int64_t whole) {
    return a + static_cast<std::int64_t>(static_cast<Int128>(b - a) * part / whole);
}

/// A price of each instant, told as best bid and ask.
class DerivedTape final : public PriceTape {
  public:
    using Path = std::function<Price(TimestampNs)>;
    DerivedTape(std::string symbol, TimestampNs start, Path path)
        : symbol_(std::move(symbol)), due_(start), path_(std::move(path)) {
        for (const char c : symbol_)
            stream_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        stream_ += "@bookTicker";
    }

    TimestampNs due() const override { return due_; }
    Result<TapeMessage> next() override {
        const std::int64_t middle = path_(due_).value();
        const std::int64_t half = std::max<std::int64_t>(1, middle * kSpreadPpm / kMillion / 2);
        const std::string update = std::to_string(due_.value() / kStep.value());
        std::string text = R"({"stream":")" + stream_ + R"(","data":{"u":)" + update + R"(,"s":")" +
                           symbol_ + R"(","b":")" + to_text(Price{middle - half}) +
                           R"(","B":"100","a":")" + to_text(Price{middle + half}) +
                           R"(","A":"100"}})";
        due_ = due_ + kStep;
        return TapeMessage{stream_, std::move(text)};
    }

  private:
    std::string symbol_, stream_;
    TimestampNs due_;
    Path path_;
};

struct Candle {
    std::array<std::int64_t, 4> corners;  ///< open, the extreme nearer to it, the other, close
};

constexpr DurationNs kCandle = seconds(300);
constexpr std::int64_t kCandlesAnHour = seconds(3'600).value() / kCandle.value();

/// timestamp,asset,open,high,low,close
std::optional<Candle> parse_candle(std::string_view line) {
    std::array<std::string_view, 6> cells;
    for (auto& cell : cells) {
        cell = line.substr(0, line.find(','));
        line.remove_prefix(std::min(line.size(), cell.size() + 1));
    }
    std::array<std::int64_t, 4> prices;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto price = market::parse_price(cells[i + 2]);
        if (!price || *price <= Price{0} || *price > exchange::kPriceMax) return std::nullopt;
        prices[i] = price->value();
    }
    const auto [open, high, low, close] = prices;
    if (high < low || open > high || open < low || close > high || close < low) return std::nullopt;
    if (high - open < open - low) return Candle{{open, high, low, close}};
    return Candle{{open, low, high, close}};
}

/// With `first` each hour of the clock begins with that candle.
Price price_along(const std::vector<Candle>& candles, std::optional<std::size_t> first,
                  TimestampNs time) {
    const std::int64_t into = time.value() % kCandle.value();
    const std::int64_t played = time.value() / kCandle.value();
    const auto number = (first ? *first + static_cast<std::size_t>(played % kCandlesAnHour)
                               : static_cast<std::size_t>(played)) %
                        candles.size();
    const std::int64_t third = kCandle.value() / 3;
    const auto leg = std::min<std::size_t>(2, static_cast<std::size_t>(into / third));
    const auto& corners = candles[number].corners;
    return Price{between(corners[leg], corners[leg + 1],
                         into - static_cast<std::int64_t>(leg) * third, third)};
}

/// Noise with a value of its own at each whole multiple of the period, straight between them:
/// -amplitude … amplitude.
std::int64_t noise(TimestampNs time, DurationNs period, std::int64_t amplitude) {
    const std::int64_t at = time.value() / period.value();
    const auto value = [&](std::int64_t point) {
        const auto seed = mixed(static_cast<std::uint64_t>(point) * 31 +
                                static_cast<std::uint64_t>(period.value()));
        return static_cast<std::int64_t>(seed % static_cast<std::uint64_t>(2 * amplitude + 1)) -
               amplitude;
    };
    return between(value(at), value(at + 1), time.value() % period.value(), period.value());
}

}  // namespace

Result<std::unique_ptr<PriceTape>> make_candle_tape(const std::string& file, std::string symbol,
                                                    TimestampNs start, std::string_view hour) {
    std::ifstream in(file);
    std::vector<Candle> candles;
    std::optional<std::size_t> first;
    std::string line;
    if (!std::getline(in, line)) return refusal("no_candles", "cannot be read", file);
    while (std::getline(in, line)) {
        const auto candle = parse_candle(line);
        if (!candle)
            return refusal("no_candles",
                           "line " + std::to_string(candles.size() + 2) + " is no candle", file);
        if (!hour.empty() && line.starts_with(std::string(hour) + ',')) first = candles.size();
        candles.push_back(*candle);
    }
    if (candles.empty()) return refusal("no_candles", "has no candle", file);
    if (!hour.empty() && !first)
        return refusal("no_candles", "has no candle of " + std::string(hour), file);
    return std::unique_ptr<PriceTape>(std::make_unique<DerivedTape>(
        std::move(symbol), start, [candles = std::move(candles), first](TimestampNs time) {
            return price_along(candles, first, time);
        }));
}

std::unique_ptr<PriceTape> make_walk_tape(std::string symbol, std::int64_t around,
                                          TimestampNs start) {
    return std::make_unique<DerivedTape>(std::move(symbol), start, [around](TimestampNs time) {
        const std::int64_t ppm = noise(time, seconds(21'600), 25'000) +
                                 noise(time, seconds(1'800), 6'000) +
                                 noise(time, seconds(180), 1'500) + noise(time, seconds(10), 250);
        return Price{around +
                     static_cast<std::int64_t>(static_cast<Int128>(around) * ppm / kMillion)};
    });
}

}  // namespace astro::feeds
