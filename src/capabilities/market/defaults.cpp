#include "capabilities/market/defaults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace astro::market {
namespace {

std::vector<std::string> fields_of(std::string_view text) {
    std::vector<std::string> out{""};
    for (const char c : text) {
        if (c == '|')
            out.emplace_back();
        else
            out.back().push_back(c);
    }
    return out;
}

std::optional<std::int64_t> number_in(std::string_view text, std::int64_t least,
                                      std::int64_t most) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out < least || out > most)
        return std::nullopt;
    return out;
}

struct NamedSource {
    std::string_view name;
    std::string AssetNames::* names;  ///< null: of the pools
};
constexpr std::array kSources{NamedSource{"pyth", &AssetNames::pyth},
                              NamedSource{"binance_spot", &AssetNames::spot},
                              NamedSource{"coinbase", &AssetNames::coinbase},
                              NamedSource{"kraken", &AssetNames::kraken},
                              NamedSource{"coingecko", &AssetNames::coingecko},
                              NamedSource{"binance_usdm", &AssetNames::usdm},
                              NamedSource{"binance_coinm", &AssetNames::coinm},
                              NamedSource{"kraken_futures", &AssetNames::kraken_futures},
                              NamedSource{"pools", nullptr}};

}  // namespace

const std::vector<AssetNames>& known_assets() {
    static const std::vector<AssetNames> kAssets{
        {"SOL", "ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d", "solana",
         "SOLUSDT", "SOLUSDT", "SOLUSD_PERP", "SOL-USD", "SOL/USD", "PF_SOLUSD"},
        {"BTC", "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43", "bitcoin",
         "BTCUSDT", "BTCUSDT", "BTCUSD_PERP", "BTC-USD", "BTC/USD", "PI_XBTUSD"},
        {"ETH", "ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace", "ethereum",
         "ETHUSDT", "ETHUSDT", "ETHUSD_PERP", "ETH-USD", "ETH/USD", "PI_ETHUSD"},
        {"XLM", "b7a8eba68a997cd0210c2e1e4ee811ad2d174b3611c22d9ebf16f4cb7e9ba850", "stellar",
         "XLMUSDT", "XLMUSDT", "XLMUSD_PERP", "XLM-USD", "XLM/USD", "PF_XLMUSD"}};
    return kAssets;
}

std::string AssetNames::* names_at(std::string_view source) {
    const auto at = std::ranges::find(kSources, source, &NamedSource::name);
    return at == kSources.end() ? nullptr : at->names;
}

Result<AssetNames> parse_asset(std::string_view text) {
    std::string known;
    for (const auto& names : known_assets()) {
        if (names.asset == text) return names;
        known += (known.empty() ? "" : ", ") + names.asset;
    }
    auto fields = fields_of(text);
    if ((fields.size() != 6 && fields.size() != 9) || fields[0].empty() || fields[0].size() > 16)
        return refusal("bad_asset", "'" + std::string(text) + "' is neither one of " + known +
                                        " nor 'ASSET|pyth feed id|coingecko id|spot symbol|USD-M "
                                        "symbol|COIN-M symbol', with '|coinbase product|kraken "
                                        "pair|kraken futures product' behind or without");
    fields.resize(9);
    return AssetNames{fields[0], fields[1], fields[2], fields[3], fields[4],
                      fields[5], fields[6], fields[7], fields[8]};
}

const std::vector<std::string>& default_source_rules() {
    static const std::vector<std::string> kRules{"pyth|index|0|3|10000",
                                                 "binance_spot|index|0|2|10000",
                                                 "coinbase|index|0|2|10000",
                                                 "kraken|index|0|1|10000",
                                                 "coingecko|index|1|1|180000",
                                                 "binance_usdm|reference|0|1|10000",
                                                 "binance_coinm|reference|0|1|10000",
                                                 "kraken_futures|reference|0|1|10000",
                                                 "pools|reference|0|1|60000"};
    return kRules;
}

Result<SourceRule> parse_source_rule(std::string_view text) {
    const auto fields = fields_of(text);
    const auto wrong = [&](std::string why) {
        return refusal("bad_source", "'" + std::string(text) + "': " + std::move(why));
    };
    if (fields.size() != 5) return wrong("a source is 'name|role|rank|weight|age in ms'");
    if (std::ranges::find(kSources, fields[0], &NamedSource::name) == kSources.end())
        return wrong(
            "the name is pyth, binance_spot, coinbase, kraken, coingecko, binance_usdm, "
            "binance_coinm, kraken_futures or pools");
    SourceRule out{.source = fields[0]};
    if (!enum_from_name(fields[1], out.role))
        return wrong("the role is index, reference or watched");
    const auto rank = number_in(fields[2], 0, 9), weight = number_in(fields[3], 1, 1'000'000),
               age = number_in(fields[4], 100, 3'600'000);
    if (!rank) return wrong("the rank is 0 to 9");
    if (!weight) return wrong("the weight is 1 to 1000000");
    if (!age) return wrong("the age is 100 to 3600000 ms");
    out.rank = *rank;
    out.weight = *weight;
    out.age_ms_max = *age;
    return out;
}

}  // namespace astro::market
