#include <array>

#include "capabilities/market/sources/source_text.hpp"
#include "capabilities/market/sources/text_members.hpp"

namespace astro::market {
namespace {

using text::JsonValue;

constexpr std::size_t kSymbolMax = 32;

/// The one-letter members of a stream's message, found in one pass.
class Members {
  public:
    explicit Members(JsonValue object) {
        for (const auto field : object.fields()) {
            if (field.key.size() == 1 && is_letter(field.key[0]))
                letters_[slot(field.key[0])] = field.value;
            else if (field.key == "pu")
                previous = field.value;
            else if (field.key == "ps")
                pair = field.value;
            else if (field.key == "lastUpdateId")
                snapshot = field.value;
            else if (field.key == "bids")
                bids = field.value;
            else if (field.key == "asks")
                asks = field.value;
        }
    }
    [[nodiscard]] JsonValue operator[](char letter) const { return letters_[slot(letter)]; }

    JsonValue previous, pair, snapshot, bids, asks;

  private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    static std::size_t slot(char c) { return static_cast<std::size_t>(c & 63); }
    std::array<JsonValue, 64> letters_{};
};

/// Where a reading failed, for the refusal; empty while all is well.
class Reader {
  public:
    explicit Reader(const Members& members) : members_(members) {}

    [[nodiscard]] Price price(char letter) {
        return taken(text::price(members_[letter]), letter).value_or(Price{});
    }
    [[nodiscard]] Quantity quantity(char letter) {
        return taken(scaled(members_[letter]), letter).value_or(Quantity{});
    }
    [[nodiscard]] std::uint64_t id(char letter) {
        return taken(text::integer<std::uint64_t>(members_[letter]), letter).value_or(0);
    }
    [[nodiscard]] TimestampNs time(char letter) {
        return taken(text::time(members_[letter], text::kMilliseconds), letter)
            .value_or(TimestampNs{});
    }
    [[nodiscard]] bool flag(char letter) {
        const JsonValue value = members_[letter];
        const bool is_flag =
            value.present() && !value.is_string() && (value.is_true() || value.scalar() == "false");
        if (!is_flag) missing_ = letter;
        return is_flag && value.is_true();
    }
    [[nodiscard]] std::string symbol() {
        const JsonValue value = members_['s'];
        const bool good = value.present() && value.is_string() && !value.raw_string().empty() &&
                          value.raw_string().size() <= kSymbolMax;
        if (!good) missing_ = 's';
        return good ? std::string(value.raw_string()) : std::string();
    }
    [[nodiscard]] std::vector<BookLevel> levels(JsonValue list, char letter) {
        std::vector<BookLevel> out;
        if (!list.present() || !list.is_array()) missing_ = letter;
        if (!list.present()) return out;
        for (const JsonValue level : list.items()) {
            const auto read = read_level(level);
            if (!read || out.size() == kLevelsMax) {
                missing_ = letter;
                return out;
            }
            out.push_back(*read);
        }
        return out;
    }

    template <class T>
    [[nodiscard]] Result<BinanceMessage> done(BinanceVenue venue, T body) const {
        if (missing_ != '\0')
            return refusal("bad_binance", "a member is missing or has the wrong form",
                           std::string(1, missing_));
        return BinanceMessage{venue, std::move(body)};
    }

  private:
    static std::optional<Quantity> scaled(JsonValue value) {
        const auto characters = text::digits(value);
        if (!characters) return std::nullopt;
        const auto number = parse_scaled(*characters, QuantityTag::kDecimals);
        if (!number || *number < 0) return std::nullopt;
        return Quantity{*number};
    }
    static std::optional<BookLevel> read_level(JsonValue level) {
        std::array<JsonValue, 2> parts{};
        std::size_t count = 0;
        for (const JsonValue part : level.items()) {
            if (count < parts.size()) parts[count] = part;
            ++count;
        }
        const auto price = text::price(parts[0]);
        const auto size = scaled(parts[1]);
        if (count < 2 || !price || *price <= Price{0} || !size) return std::nullopt;
        return BookLevel{*price, *size};
    }
    template <class T>
    std::optional<T> taken(std::optional<T> value, char letter) {
        if (!value) missing_ = letter;
        return value;
    }

    const Members& members_;
    char missing_ = '\0';
};

Result<BinanceMessage> read_ticker(const Members& members, BinanceVenue venue) {
    Reader read(members);
    BookTicker out{.symbol = read.symbol(),
                   .bid = read.price('b'),
                   .ask = read.price('a'),
                   .bid_size = read.quantity('B'),
                   .ask_size = read.quantity('A'),
                   .update = read.id('u')};
    if (members['E'].present()) out.time = read.time('E');
    return read.done(venue, std::move(out));
}

Result<BinanceMessage> read_trade(const Members& members, BinanceVenue venue, char id) {
    Reader read(members);
    return read.done(venue, PublicTrade{.symbol = read.symbol(),
                                        .price = read.price('p'),
                                        .size = read.quantity('q'),
                                        .id = read.id(id),
                                        .buyer_is_maker = read.flag('m'),
                                        .time = read.time('T')});
}

Result<BinanceMessage> read_mark(const Members& members, BinanceVenue venue) {
    Reader read(members);
    MarkPrice out{.symbol = read.symbol(), .mark = read.price('p'), .index = {}};
    if (members['i'].present())
        out.index = read.price('i');  // COIN-M names the pair, not the index
    if (const auto rate = text::digits(members['r']))
        out.funding_rate = parse_scaled(*rate, QuantityTag::kDecimals).value_or(0);
    if (members['T'].present()) out.next_funding = read.time('T');
    out.time = read.time('E');
    return read.done(venue, std::move(out));
}

Result<BinanceMessage> read_depth(const Members& members, BinanceVenue venue) {
    Reader read(members);
    DepthDiff out{.symbol = read.symbol(), .first = read.id('U'), .last = read.id('u')};
    if (members.previous.present())
        out.previous = text::integer<std::uint64_t>(members.previous).value_or(0);
    out.bids = read.levels(members['b'], 'b');
    out.asks = read.levels(members['a'], 'a');
    out.time = read.time('E');
    return read.done(venue, std::move(out));
}

Result<BinanceMessage> read_snapshot(const Members& members) {
    Reader read(members);
    DepthSnapshot out{.last = text::integer<std::uint64_t>(members.snapshot).value_or(0),
                      .bids = read.levels(members.bids, 'b'),
                      .asks = read.levels(members.asks, 'a')};
    const auto venue = members['E'].present() ? BinanceVenue::usd_m : BinanceVenue::spot;
    return read.done(venue, std::move(out));
}

}  // namespace

Result<BinanceMessage> parse_binance(JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const JsonValue root, document.load(json));
    if (!root.is_object()) return refusal("bad_binance", "needs an object");
    const JsonValue data = text::member(root, "data");
    const Members members(data.present() ? data : root);
    if (members.snapshot.present()) return read_snapshot(members);
    const JsonValue kind = members['e'];
    const std::string_view name = kind.present() && kind.is_string() ? kind.raw_string() : "";
    const bool futures = members['T'].present() && name != "trade" && name != "aggTrade";
    BinanceVenue venue = futures ? BinanceVenue::usd_m : BinanceVenue::spot;
    if (members['X'].present()) venue = BinanceVenue::usd_m;  // only futures' trades name how
    // COIN-M's trades do not name their pair, but its symbols name the delivery: BTCUSD_PERP.
    if (members.pair.present() || (members['s'].present() && members['s'].is_string() &&
                                   members['s'].raw_string().find('_') != std::string_view::npos))
        venue = BinanceVenue::coin_m;
    if (name == "bookTicker" || (name.empty() && members['b'].present() && members['B'].present()))
        return read_ticker(members, venue);
    if (name == "trade") return read_trade(members, venue, 't');
    if (name == "aggTrade") return read_trade(members, venue, 'a');
    if (name == "markPriceUpdate") return read_mark(members, venue);
    if (name == "depthUpdate") return read_depth(members, venue);
    return BinanceMessage{venue, OtherMessage{}};
}

}  // namespace astro::market
