#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/proposition.hpp"
#include "capabilities/exchange/scenario_text.hpp"

/// Settings in a scenario's text: NAME=VALUE.
namespace astro::exchange {

/// The member that a short name stands for.
[[nodiscard]] std::string_view field_of(std::string_view name);

/// FROM:PPM:LEVERAGE, from 0 on, with / between brackets; each ends where the next begins, and cum
/// follows.
[[nodiscard]] bool read_brackets(std::string_view text, std::vector<formulas::MarginBracket>& out);

template <class T>
[[nodiscard]] bool read_field(std::string_view text, T& out) {
    if constexpr (kIsDescribedEnum<T>) {
        return enum_from_name(text, out);
    } else if constexpr (std::is_same_v<T, std::string>) {
        return false;  // names are not chosen here
    } else if constexpr (std::is_same_v<T, bool>) {
        out = text == "true" || text == "yes";
        return out || text == "false" || text == "no";
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
[[nodiscard]] Result<void> set_field(const Words& words, Settings& settings,
                                     std::string_view word) {
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
[[nodiscard]] bool will_be_refused(Words words);

}  // namespace astro::exchange
