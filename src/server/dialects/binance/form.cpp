#include "server/dialects/binance/form.hpp"

#include <algorithm>
#include <charconv>

#include "server/dialects/binance/faults.hpp"

namespace astro::binance {
namespace {

using gateway::Parameter;
using gateway::ParameterType;

constexpr std::string_view kSymbolRange = "^[A-Z0-9-_.]{1,20}$";
constexpr std::string_view kNameRange = R"(^[\.A-Z\:/a-z0-9_-]{1,36}$)";

Unexpected illegal(std::string_view name, std::string_view range) {
    return refusal(fault::kIllegalCharacters,
                   "Illegal characters found in parameter '" + std::string(name) +
                       "'; legal range is '" + std::string(range) + "'.",
                   std::string(name));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Up to twenty digits, and up to twenty decimals.
bool is_decimal(std::string_view text) {
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view rest =
        point == text.npos ? std::string_view("0") : text.substr(point + 1);
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.size() <= 20 && std::ranges::all_of(part, is_digit);
    };
    return digits(whole) && digits(rest);
}

Result<void> check_integer(const Parameter& p, std::string_view value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc::result_out_of_range) return invalid(p.name, "it is too large.");
    if (error != std::errc{} || end != value.data() + value.size())
        return illegal(p.name, "^[0-9]{1,20}$");
    if (number >= p.minimum && number <= p.maximum) return {};
    return invalid(p.name, "it lies in " + std::to_string(p.minimum) + " … " +
                               std::to_string(p.maximum) + ".");
}

/// The number that Binance has for a word that is none of its own.
Unexpected unknown_word(const Parameter& p) {
    std::string words;
    for (const auto& choice : p.choices) words += (words.empty() ? "" : ", ") + choice;
    const auto say = [&](std::string_view code, std::string_view what) {
        return refusal(code, std::string(what) + " Known are: " + words + ".", p.name);
    };
    if (p.name == "side") return say(fault::kBadSide, "Invalid side.");
    if (p.name == "type") return say(fault::kBadOrderType, "Invalid orderType.");
    if (p.name == "timeInForce") return say(fault::kBadTimeInForce, "Invalid timeInForce.");
    if (p.name == "interval") return say(fault::kBadInterval, "Invalid interval.");
    if (p.name == "newOrderRespType")
        return say(fault::kBadResponseType, "Invalid newOrderRespType.");
    return invalid(p.name, "it is one of " + words + ".");
}

Result<void> check_value(const Parameter& p, std::string_view value) {
    if (value.empty())
        return refusal(fault::kEmpty, "Parameter '" + p.name + "' was empty.", p.name);
    if (p.type == ParameterType::integer) return check_integer(p, value);
    if (p.type == ParameterType::decimal)
        return is_decimal(value) ? Result<void>()
                                 : illegal(p.name, R"(^([0-9]{1,20})(\.[0-9]{1,20})?$)");
    if (!p.choices.empty())
        return std::ranges::find(p.choices, value) == p.choices.end()
                   ? Result<void>(unknown_word(p))
                   : Result<void>();
    if (p.check != nullptr) ASTRO_CHECK(p.check(value));
    if (value.size() > p.length_max)
        return invalid(p.name, "it is longer than " + std::to_string(p.length_max) + " bytes.");
    return {};
}

Result<void> check_symbol(std::string_view text) {
    const auto is_fine = [](char c) {
        return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' || c == '.';
    };
    if (text.size() > 20 || !std::ranges::all_of(text, is_fine))
        return illegal("symbol", kSymbolRange);
    return {};
}

Result<void> check_name(std::string_view text) {
    if (text.size() > 36)
        return refusal(fault::kBadClientIdLength,
                       "Client order id length should be less than 36 chars", "clientOrderId");
    const auto is_fine = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) ||
               std::string_view("._:/-").find(c) != std::string_view::npos;
    };
    if (!std::ranges::all_of(text, is_fine)) return illegal("clientOrderId", kNameRange);
    return {};
}

Result<void> add_form(std::string_view body,
                      std::vector<std::pair<std::string, std::string>>& out) {
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const std::string_view pair = body.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        ASTRO_TRY(auto name, net::percent_decode(pair.substr(0, equals), true));
        ASTRO_TRY(auto value,
                  net::percent_decode(equals < pair.size() ? pair.substr(equals + 1) : "", true));
        if (!name.empty()) out.emplace_back(std::move(name), std::move(value));
        body.remove_prefix(std::min(end + 1, body.size()));
    }
    return {};
}

}  // namespace

Result<Form> Form::read(const net::Request& request, const std::vector<Parameter>& known) {
    auto values = request.query;
    ASTRO_CHECK(add_form(request.body, values));
    return of(std::move(values), known);
}

Result<Form> Form::of(std::vector<std::pair<std::string, std::string>> values,
                      const std::vector<Parameter>& known) {
    Form out;
    for (auto& [name, value] : values) {
        if (out.has(name))
            return refusal(fault::kTooManyParameters,
                           "Duplicate values for a parameter detected: '" + name + "'.", name);
        const auto at = std::ranges::find(known, name, &Parameter::name);
        if (at == known.end()) {
            std::string names;
            for (const auto& p : known) names += (names.empty() ? "" : ", ") + p.name;
            return refusal(
                fault::kUnread,
                "Not all sent parameters were read; '" + name.substr(0, 64) +
                    "' is not known here, known are: " + (names.empty() ? "none" : names) + ".",
                name);
        }
        ASTRO_CHECK(check_value(*at, value));
        out.values_.emplace_back(name, std::move(value));
    }
    return out;
}

std::optional<std::string_view> Form::text(std::string_view name) const {
    for (const auto& [known, value] : values_)
        if (known == name) return value;
    return std::nullopt;
}

std::optional<std::int64_t> Form::integer(std::string_view name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(value->data(), value->data() + value->size(), number);
    return number;
}

bool Form::flag(std::string_view name) const {
    const auto value = text(name);
    return value == "true" || value == "TRUE";
}

Result<std::string> Form::needed(std::string_view name) const {
    const auto value = text(name);
    if (!value) return missing(name);
    return std::string(*value);
}

Parameter symbol_parameter() {
    return {.name = "symbol",
            .summary = "A market",
            .length_max = 20,
            .check = &check_symbol,
            .example = "SOLUSDC"};
}

Parameter limit_parameter(std::int64_t most, std::int64_t usual) {
    return {.name = "limit",
            .type = ParameterType::integer,
            .summary = "How many at most; " + std::to_string(usual) + " when it is not said",
            .minimum = 1,
            .maximum = most,
            .example = std::to_string(std::min<std::int64_t>(most, 100))};
}

Parameter whole_parameter(std::string name, std::string summary, std::string example) {
    return {.name = std::move(name),
            .type = ParameterType::integer,
            .summary = std::move(summary),
            .minimum = 0,
            .example = std::move(example)};
}

Parameter time_parameter(std::string name, std::string summary) {
    auto out = whole_parameter(std::move(name), std::move(summary), "1764460800000");
    out.maximum = 253'402'300'799'999;
    return out;
}

Parameter number_parameter(std::string name, std::string summary, std::string example) {
    return {.name = std::move(name),
            .type = ParameterType::decimal,
            .summary = std::move(summary),
            .example = std::move(example)};
}

Parameter choice_parameter(std::string name, std::string summary,
                           std::vector<std::string> choices) {
    std::string first = choices.front();
    return {.name = std::move(name),
            .summary = std::move(summary),
            .choices = std::move(choices),
            .example = std::move(first)};
}

Parameter flag_parameter(std::string name, std::string summary) {
    return choice_parameter(std::move(name), std::move(summary),
                            {"false", "true", "FALSE", "TRUE"});
}

Parameter name_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .length_max = 36,
            .check = &check_name,
            .example = "grid-17"};
}

void add_signature_parameters(std::vector<Parameter>& parameters) {
    parameters.push_back(
        time_parameter("timestamp", "When it was signed, milliseconds since 1970"));
    auto window =
        whole_parameter("recvWindow", "How long it is good for, ms; 5000 when not said", "5000");
    window.maximum = 60'000;
    parameters.push_back(std::move(window));
    parameters.push_back(
        {.name = "signature",
         .summary = "HMAC-SHA-256 in hex, or Ed25519 in base64, of all the rest",
         .length_max = 256,
         .example = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"});
}

}  // namespace astro::binance
