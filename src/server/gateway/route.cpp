#include "server/gateway/route.hpp"

#include <algorithm>
#include <cmath>

namespace astro::gateway {
namespace {

Unexpected bad_parameter(const Parameter& parameter, std::string message) {
    return refusal("bad_parameter", std::move(message), parameter.name);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Result<void> check_integer(const Parameter& p, std::string_view value) {
    const auto number = parse_number<std::int64_t>(value);
    if (!number) return bad_parameter(p, "needs an integer");
    if (*number < p.minimum || *number > p.maximum)
        return bad_parameter(
            p, "must lie in " + std::to_string(p.minimum) + " … " + std::to_string(p.maximum));
    return {};
}

Result<void> check_text(const Parameter& p, std::string_view value) {
    if (value.empty()) return bad_parameter(p, "is empty");
    if (value.size() > p.length_max)
        return bad_parameter(p, "is longer than " + std::to_string(p.length_max) + " bytes");
    if (!p.choices.empty() && std::ranges::find(p.choices, value) == p.choices.end()) {
        std::string choices;
        for (const auto& choice : p.choices) choices += (choices.empty() ? "" : ", ") + choice;
        return bad_parameter(p, "is one of " + choices);
    }
    if (p.check == nullptr) return {};
    if (const auto checked = p.check(value); !checked)
        return bad_parameter(p, checked.error().message);
    return {};
}

}  // namespace

Result<void> check_parameter(const Parameter& p, std::string_view value) {
    switch (p.type) {
        case ParameterType::integer:
            return check_integer(p, value);
        case ParameterType::decimal:
            if (const auto number = parse_number<double>(value); !number || !std::isfinite(*number))
                return bad_parameter(p, "needs a number");
            return {};
        case ParameterType::boolean:
            if (value != "true" && value != "false") return bad_parameter(p, "needs true or false");
            return {};
        case ParameterType::time:
            if (!parse_iso8601(value))
                return bad_parameter(p, "needs an ISO 8601 time such as 2026-11-20T12:00:00Z");
            return {};
        case ParameterType::text:
            break;
    }
    if (!p.several) return check_text(p, value);
    for (const auto part : split_list(value)) ASTRO_CHECK(check_text(p, part));
    return {};
}

}  // namespace astro::gateway
