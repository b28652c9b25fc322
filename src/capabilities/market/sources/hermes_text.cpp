#include <algorithm>

#include "capabilities/market/sources/source_text.hpp"
#include "capabilities/market/sources/text_members.hpp"

namespace astro::market {
namespace {

using text::JsonValue;
using text::member;

constexpr std::size_t kIdDigits = 64;
constexpr std::size_t kFeedsMax = 1'000;

/// 64 hex digits, with or without 0x; empty for anything else.
std::string read_id(JsonValue value) {
    if (!value.present() || !value.is_string()) return {};
    std::string_view raw = value.raw_string();
    if (raw.starts_with("0x")) raw.remove_prefix(2);
    if (raw.size() != kIdDigits) return {};
    std::string out(raw);
    for (char& c : out) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) return {};
    }
    return out;
}

struct Scaled {
    Price price{}, confidence{};
    TimestampNs published;
};

std::optional<Scaled> read_scaled(JsonValue value) {
    const auto price = text::integer<std::int64_t>(member(value, "price"));
    const auto band = text::integer<std::uint64_t>(member(value, "conf"));
    const auto exponent = text::integer<std::int64_t>(member(value, "expo"));
    const auto published = text::time(member(value, "publish_time"), text::kSeconds);
    if (!price || !band || *band > INT64_MAX || !exponent || !published) return std::nullopt;
    const int decimals = exchange::PriceTag::kDecimals;
    const auto scaled = rescale(*price, *exponent, decimals);
    const auto scaled_band = rescale(static_cast<std::int64_t>(*band), *exponent, decimals);
    if (!scaled || !scaled_band) return std::nullopt;
    return Scaled{Price{*scaled}, Price{*scaled_band}, *published};
}

std::optional<PythPrice> read_feed(JsonValue value) {
    PythPrice out{.id = read_id(member(value, "id"))};
    const auto spot = read_scaled(member(value, "price"));
    if (out.id.empty() || !spot) return std::nullopt;
    out.price = spot->price;
    out.confidence = spot->confidence;
    out.published = spot->published;
    if (const auto average = read_scaled(member(value, "ema_price"))) out.average = average->price;
    return out;
}

}  // namespace

Result<PythUpdate> parse_hermes(JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const JsonValue root, document.load(json));
    const JsonValue parsed = member(root, "parsed");
    if (!parsed.present() || !parsed.is_array())
        return refusal("bad_hermes", "needs a list of feeds", "parsed");
    PythUpdate out;
    for (const JsonValue feed : parsed.items()) {
        if (out.prices.size() + out.unreadable == kFeedsMax)
            return refusal("bad_hermes", "more than 1000 feeds at once", "parsed");
        if (auto price = read_feed(feed))
            out.prices.push_back(std::move(*price));
        else
            ++out.unreadable;
    }
    return out;
}

Result<CoinPrices> parse_coingecko(JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const JsonValue root, document.load(json));
    if (!root.is_object()) return refusal("bad_coingecko", "needs an object of coins");
    CoinPrices out;
    for (const auto coin : root.fields()) {
        const auto price = text::price(member(coin.value, "usd"));
        // {"status":{"error_code":429,…}} and coins that are not known have no price.
        if (!price || out.prices.size() == kFeedsMax) {
            ++out.unreadable;
            continue;
        }
        out.prices.push_back({std::string(coin.key), *price,
                              text::time(member(coin.value, "last_updated_at"), text::kSeconds)});
    }
    return out;
}

}  // namespace astro::market
