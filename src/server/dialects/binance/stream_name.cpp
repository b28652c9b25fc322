#include "server/dialects/binance/stream_name.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "capabilities/market/engine/candle.hpp"

namespace astro::binance {
namespace {

constexpr std::size_t kNameMax = 64;

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (true) {
        const auto at = text.find('@');
        out.push_back(text.substr(0, at));
        if (at == text.npos) return out;
        text.remove_prefix(at + 1);
    }
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

/// Symbols are written in lower case; capitals are understood.
std::optional<std::string> symbol_of_stream(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool lower = c >= 'a' && c <= 'z';
        if (!lower && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return std::nullopt;
        out.push_back(lower ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

constexpr std::array<std::pair<std::string_view, StreamKind>, 7> kPlain{{
    {"aggTrade", StreamKind::aggregate_trade},
    {"trade", StreamKind::trade},
    {"ticker", StreamKind::ticker},
    {"miniTicker", StreamKind::mini_ticker},
    {"bookTicker", StreamKind::book_ticker},
    {"markPrice", StreamKind::mark_price},
    {"forceOrder", StreamKind::force_order},
}};
const StreamKind* plain_kind(std::string_view word) {
    for (const auto& [name, kind] : kPlain)
        if (name == word) return &kind;
    return nullptr;
}

/// "!ticker@arr", "!bookTicker", "!markPrice@arr@1s"
std::optional<StreamName> of_all(const std::vector<std::string_view>& parts) {
    const StreamKind* kind = plain_kind(parts[0].substr(1));
    if (kind == nullptr) return std::nullopt;
    if (*kind == StreamKind::book_ticker)
        return parts.size() == 1 ? std::optional(StreamName{.kind = *kind}) : std::nullopt;
    const bool fits = is_one_of(parts[0], {"!ticker", "!miniTicker", "!markPrice", "!forceOrder"});
    if (!fits || parts.size() < 2 || parts[1] != "arr") return std::nullopt;
    const bool fast = parts.size() == 3 && parts[2] == "1s" && *kind == StreamKind::mark_price;
    if (parts.size() != 2 && !fast) return std::nullopt;
    // Liquidations come one by one there too.
    return StreamName{.kind = *kind, .as_list = *kind != StreamKind::force_order};
}

std::optional<StreamName> depth_of(std::string_view what, std::string symbol) {
    what.remove_prefix(5);
    StreamName out{.symbol = std::move(symbol)};
    if (what.empty()) return out;
    if (!is_one_of(what, {"5", "10", "20"})) return std::nullopt;
    out.kind = StreamKind::partial_depth;
    out.levels = what == "5" ? 5 : what == "10" ? 10 : 20;
    return out;
}

}  // namespace

std::optional<StreamName> parse_stream_name(std::string_view text) {
    if (text.empty() || text.size() > kNameMax) return std::nullopt;
    const auto parts = parts_of(text);
    if (text.front() == '!') return of_all(parts);
    const auto symbol = symbol_of_stream(parts[0]);
    if (!symbol || parts.size() < 2 || parts.size() > 3) return std::nullopt;
    const std::string_view what = parts[1];
    const std::string_view speed = parts.size() == 3 ? parts[2] : std::string_view();
    if (what.starts_with("depth"))
        return speed.empty() || is_one_of(speed, {"100ms", "250ms", "500ms"})
                   ? depth_of(what, *symbol)
                   : std::nullopt;
    if (what.starts_with("kline_")) {
        const std::string_view interval = what.substr(6);
        if (!speed.empty() || !market::find_interval(interval)) return std::nullopt;
        return StreamName{
            .kind = StreamKind::kline, .symbol = *symbol, .interval = std::string(interval)};
    }
    const StreamKind* kind = plain_kind(what);
    if (kind == nullptr) return std::nullopt;
    if (!speed.empty() && !(*kind == StreamKind::mark_price && speed == "1s")) return std::nullopt;
    return StreamName{.kind = *kind, .symbol = *symbol};
}

}  // namespace astro::binance
