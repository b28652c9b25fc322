#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/scenario_text.hpp"

/// NAME=VALUE of settings in a scenario, by their described names.
namespace astro::exchange {

inline std::string_view field_of(std::string_view name) {
    struct Short {
        std::string_view name, field;
    };
    static constexpr std::array kShort{Short{"tick", "tick_size"},
                                       Short{"lot", "lot_size"},
                                       Short{"initial", "initial_margin_bps"},
                                       Short{"maintenance", "maintenance_margin_bps"},
                                       Short{"imf", "imf_factor_ppm"},
                                       Short{"maker", "maker_fee_ppm"},
                                       Short{"taker", "taker_fee_ppm"},
                                       Short{"band", "price_band_bps"}};
    const auto found = std::ranges::find(kShort, name, &Short::name);
    return found == kShort.end() ? name : found->field;
}

/// FROM:PPM:LEVERAGE, from 0 on, with / between brackets; each ends where the next begins, and cum
/// follows.
inline bool read_brackets(std::string_view text, std::vector<formulas::MarginBracket>& out) {
    out.clear();
    while (!text.empty()) {
        const auto end = std::min(text.find('/'), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto first = one.find(':'), second = one.rfind(':');
        formulas::MarginBracket bracket;
        bracket.to = kNotionalMax;
        if (first == one.npos || first == second ||
            !from_text(one.substr(0, first), bracket.from) ||
            !parse_decimal(one.substr(first + 1, second - first - 1), 0, bracket.maintenance_ppm) ||
            !parse_decimal(one.substr(second + 1), 0, bracket.leverage_max))
            return false;
        if (!out.empty()) {
            out.back().to = bracket.from;
            const Int128 step = static_cast<Int128>(bracket.from.value()) *
                                (bracket.maintenance_ppm - out.back().maintenance_ppm) / 1'000'000;
            bracket.cum = out.back().cum + Quote{formulas::saturate64(step)};
        }
        out.push_back(bracket);
    }
    return true;
}

template <class T>
bool read_field(std::string_view text, T& out) {
    if constexpr (kIsDescribedEnum<T>) {
        return enum_from_name(text, out);
    } else if constexpr (std::is_same_v<T, std::string>) {
        return false;  // names are not chosen here
    } else if constexpr (std::is_same_v<T, bool>) {
        out = text == "yes";
        return text == "yes" || text == "no";
    } else if constexpr (std::is_same_v<T, std::vector<formulas::MarginBracket>>) {
        return read_brackets(text, out);
    } else if constexpr (requires { out.begin(); }) {
        return false;  // tiers have words of their own
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
        return parse_decimal(text, 0, out);
    } else if constexpr (requires { from_text(text, out); }) {
        return from_text(text, out);
    } else {
        std::int64_t value = 0;
        if (!parse_decimal(text, 0, value)) return false;
        out = T{value};
        return true;
    }
}

/// NAME=VALUE of a settings struct.
template <class Settings>
Result<void> set_field(const Words& words, Settings& settings, std::string_view word) {
    const auto equals = word.find('=');
    const std::string_view name = field_of(word.substr(0, equals));
    bool known = false, read = false;
    if (equals != word.npos)
        for_each_member(settings, [&](std::string_view member, auto& value) {
            if (member != name || name == "version") return;
            known = !std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>;
            read = read_field(word.substr(equals + 1), value);
        });
    if (!known)
        return words.wrong("a setting is NAME=VALUE with a name of docs/exchange.md, not " +
                           quoted(word));
    if (!read)
        return words.wrong(std::string(name) + " cannot be " + quoted(word.substr(equals + 1)));
    return {};
}

/// Whether the line says that the venue refuses it: what it sets is not in force then.
inline bool will_be_refused(Words words) {
    while (!words.empty())
        if (const auto word = words.peek(); words.accept(word) && word == "refused") return true;
    return false;
}

}  // namespace astro::exchange
