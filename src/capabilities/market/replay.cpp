#include "capabilities/market/replay.hpp"

#include "capabilities/market/defaults.hpp"
#include "capabilities/market/sources/observe.hpp"

namespace astro::market {
namespace {

/// Which asset a source means; empty for none that is known.
std::string_view asset_of(std::string_view foreign, std::string AssetNames::* name) {
    for (const auto& names : known_assets())
        if (names.*name == foreign) return names.asset;
    return {};
}

}  // namespace

void PriceReplay::observe(Observation seen) {
    seen.label = PriceLabel::replay;
    ++report_.observations;
    if (board_.observe(seen)) ++report_.set_aside;
}

/// False when it is no message of an exchange.
bool PriceReplay::take_exchange(const RecordedLine& line) {
    const auto news = read_recorded(document_, line.json);
    if (!news || !news->recognised) return false;
    report_.unreadable += news->unreadable;
    if (news->quotes.empty()) ++report_.other;
    for (const auto& quote : news->quotes) {
        if (quote.is_crossed()) {
            ++report_.crossed;
            continue;
        }
        const SourceAsset asset{std::string(asset_of(quote.symbol, names_at(news->source))),
                                quote.symbol};
        observe(observation_of(news->source, asset, quote, line.time));
    }
    return true;
}

void PriceReplay::take(const RecordedLine& line) {
    ++report_.lines;
    last_ = std::max(last_, line.time);
    if (next_ == TimestampNs{})
        next_ = TimestampNs{(line.time.value() / every_.value() + 1) * every_.value()};
    for (; next_ <= line.time; next_ = next_ + every_) tell_all(next_);
    if (take_exchange(line)) return;
    if (const auto update = parse_hermes(document_, line.json)) {
        report_.unreadable += update->unreadable;
        for (const auto& price : update->prices)
            observe(observation_of("pyth",
                                   {std::string(asset_of(price.id, &AssetNames::pyth)), price.id},
                                   price, line.time));
        return;
    }
    const auto coins = parse_coingecko(document_, line.json);
    if (!coins) {
        ++report_.unreadable;
        return;
    }
    if (coins->prices.empty()) ++report_.other;
    for (const auto& price : coins->prices)
        observe(observation_of("coingecko",
                               {std::string(asset_of(price.id, &AssetNames::coingecko)), price.id},
                               price, line.time));
}

void PriceReplay::tell_all(TimestampNs time) {
    for (std::size_t i = 0; i < board_.rules().size(); ++i)
        if (const auto price = board_.judge(i, time); price.index > Price{0}) tell_(price);
}

void PriceReplay::finish() {
    if (report_.lines > 0) tell_all(last_);
}

}  // namespace astro::market
