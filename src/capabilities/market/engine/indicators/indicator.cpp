#include "capabilities/market/engine/indicators/indicator.hpp"

#include <charconv>
#include <cmath>

#include "foundation/base/assert.hpp"

namespace astro::market {
namespace {

Unexpected bad(std::string message) {
    return refusal("bad_indicator", std::move(message), "indicators");
}

std::string number_text(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

Result<double> parse_parameter(std::string_view text, const IndicatorKind& kind,
                               const IndicatorParameter& parameter) {
    text = trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = error == std::errc{} && end == text.data() + text.size() &&
                      value >= parameter.least && value <= parameter.most &&
                      (!parameter.whole || value == std::floor(value));
    if (fits) return value;
    return bad(std::string(kind.name) + ": " + std::string(parameter.name) + " is " +
               (parameter.whole ? "a whole number" : "a number") + " from " +
               number_text(parameter.least) + " to " + number_text(parameter.most));
}

Result<std::size_t> find_kind(std::string_view name) {
    std::string known;
    const auto& kinds = indicator_kinds();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].name == name) return i;
        known += (known.empty() ? "" : ", ") + std::string(kinds[i].name);
    }
    return bad("there is no indicator '" + std::string(name.substr(0, 32)) +
               "'; there are: " + known);
}

/// The texts between the parentheses.
Result<std::vector<std::string_view>> arguments_of(std::string_view text) {
    std::vector<std::string_view> out;
    if (text.empty()) return out;
    if (!text.starts_with('(') || !text.ends_with(')'))
        return bad("parameters stand in parentheses: ema(20)");
    text = text.substr(1, text.size() - 2);
    for (;;) {
        const auto comma = text.find(',');
        out.push_back(text.substr(0, comma));
        if (comma == text.npos) return out;
        text.remove_prefix(comma + 1);
    }
}

Result<void> check_order(const IndicatorSpec& spec) {
    if (indicator_kinds()[spec.kind].name == "macd" && spec.parameters[0] >= spec.parameters[1])
        return bad("macd: fast is less than slow");
    return {};
}

}  // namespace

std::string IndicatorSpec::text() const {
    std::string out(indicator_kinds()[kind].name);
    for (std::size_t i = 0; i < parameters.size(); ++i)
        out += (i == 0 ? "(" : ",") + number_text(parameters[i]);
    return parameters.empty() ? out : out + ")";
}

Result<IndicatorSpec> parse_indicator(std::string_view text) {
    text = trimmed(text);
    const auto open = std::min(text.find('('), text.size());
    IndicatorSpec out;
    ASTRO_TRY(out.kind, find_kind(trimmed(text.substr(0, open))));
    const auto& kind = indicator_kinds()[out.kind];
    ASTRO_TRY(const auto arguments, arguments_of(text.substr(open)));
    if (arguments.size() > kind.parameters.size())
        return bad(std::string(kind.name) + " has " + std::to_string(kind.parameters.size()) +
                   " parameters");
    for (std::size_t i = 0; i < kind.parameters.size(); ++i) {
        double value = kind.parameters[i].standard;
        if (i < arguments.size()) {
            ASTRO_TRY(value, parse_parameter(arguments[i], kind, kind.parameters[i]));
        }
        out.parameters.push_back(value);
    }
    ASTRO_CHECK(check_order(out));
    return out;
}

Result<std::vector<IndicatorSpec>> parse_indicators(std::string_view text) {
    std::vector<IndicatorSpec> out;
    while (!text.empty()) {
        std::size_t end = 0;
        for (int depth = 0; end < text.size() && (depth > 0 || text[end] != ','); ++end)
            depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
        ASTRO_TRY(auto spec, parse_indicator(text.substr(0, end)));
        for (const auto& other : out)
            if (other.text() == spec.text()) return bad(spec.text() + " stands there twice");
        if (out.size() == kIndicatorsMax)
            return bad("at most " + std::to_string(kIndicatorsMax) + " at once");
        out.push_back(std::move(spec));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (out.empty()) return bad("name one at least: ema(20)");
    return out;
}

IndicatorSet::IndicatorSet(const std::vector<IndicatorSpec>& specs) {
    for (const auto& spec : specs) {
        const auto& outputs = spec.outputs();
        members_.push_back({make_indicator(spec), values_.size(), outputs.size()});
        values_.resize(values_.size() + outputs.size(), kNothing);
        for (const auto output : outputs)
            names_.push_back(outputs.size() == 1 ? spec.text()
                                                 : spec.text() + "." + std::string(output));
    }
}

std::span<const double> IndicatorSet::next(const Bar& bar) {
    const std::span<double> all(values_);
    for (auto& member : members_)
        member.indicator->next(bar, all.subspan(member.first, member.count));
    return all;
}

}  // namespace astro::market
