#include "capabilities/exchange/scenario_text.hpp"

#include <array>

#include "capabilities/exchange/scenario.hpp"

namespace astro::exchange {

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
    return out + (text.size() > 40 ? "…'" : "'");
}

Result<Words> Words::of(std::string_view line, std::size_t number) {
    Words out;
    out.line_ = number;
    out.columns_ = line.size();
    if (line.size() > kScenarioLineMax)
        return out.at(kScenarioLineMax + 1,
                      "a line has at most " + std::to_string(kScenarioLineMax) + " bytes");
    for (std::size_t i = 0; i < line.size();) {
        const char c = line[i];
        if (c == ' ' || c == '\t') {
            ++i;
            continue;
        }
        if (c == '#') break;
        const std::size_t end =
            c == ',' ? i + 1 : std::min(line.find_first_of(" \t,#", i), line.size());
        for (std::size_t k = i; k < end; ++k)
            if (line[k] < '!' || line[k] > '~')
                return out.at(k + 1, "outside comments there are only printable ASCII characters");
        out.words_.push_back({line.substr(i, end - i), i + 1});
        i = end;
    }
    return out;
}

bool Words::accept(std::string_view word) {
    if (empty() || words_[at_].text != word) return false;
    ++at_;
    return true;
}

Result<std::string_view> Words::take(std::string_view wanted) {
    if (empty() || words_[at_].text == "->" || words_[at_].text == ",")
        return wrong_next("here comes " + std::string(wanted));
    return words_[at_++].text;
}

Result<void> Words::end() {
    if (empty()) return {};
    return wrong_next("the line ends before " + quoted(words_[at_].text));
}

Unexpected Words::at(std::size_t column, std::string message) const {
    return refusal("bad_scenario", std::move(message),
                   std::to_string(line_) + ":" + std::to_string(column));
}
Unexpected Words::wrong(std::string message) const {
    return at(at_ == 0 ? 1 : words_[at_ - 1].column, std::move(message));
}
Unexpected Words::wrong_next(std::string message) const {
    return at(empty() ? columns_ + 1 : words_[at_].column, std::move(message));
}

std::string Words::since(std::size_t first) const {
    std::string out;
    for (std::size_t i = first; i < at_; ++i)
        out.append(out.empty() ? "" : " ").append(words_[i].text);
    return out;
}

Result<std::int64_t> Words::decimal(std::string_view text, int decimals,
                                    std::string_view name) const {
    std::int64_t out = 0;
    if (parse_decimal(text, decimals, out)) return out;
    return wrong(std::string(name) + " is a " +
                 (decimals == 0 ? "whole number"
                                : "number with at most " + std::to_string(decimals) + " decimals") +
                 ", not " + quoted(text));
}

Result<std::int64_t> Words::take_decimal(int decimals, std::string_view name) {
    ASTRO_TRY(const auto text, take(name));
    return decimal(text, decimals, name);
}

Result<std::int64_t> Words::duration(std::string_view text) const {
    struct Unit {
        std::string_view name;
        std::int64_t ms;
    };
    static constexpr std::array kUnits{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                                       Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
    const auto digits = text.find_first_not_of("0123456789", 1);
    if (text.starts_with('+') && digits != text.npos && digits > 1 && digits <= 7)
        for (const auto& unit : kUnits)
            if (text.substr(digits) == unit.name) {
                std::int64_t count = 0;
                // Leading zeros are no numbers of ours.
                if (parse_decimal(text.substr(1, digits - 1), 0, count)) return count * unit.ms;
            }
    return wrong(
        "a time from now is +N with ms, s, m, h or d and N up to 999999, such as +5s, not " +
        quoted(text));
}

}  // namespace astro::exchange
