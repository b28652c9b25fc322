#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/gateway/route.hpp"

/// A request's parameters. Binance takes them in the query or, as a form, in the body.
namespace astro::binance {

class Form {
  public:
    /// Checks all that was sent against what the route declares, in Binance's own order of errors:
    /// -1101 twice, -1104 unknown, -1105 empty, -1100 characters, then what the value can't be.
    [[nodiscard]] static Result<Form> read(const net::Request& request,
                                           const std::vector<gateway::Parameter>& known);
    /// One item of a batch, whose values were JSON.
    [[nodiscard]] static Result<Form> of(std::vector<std::pair<std::string, std::string>> values,
                                         const std::vector<gateway::Parameter>& known);

    [[nodiscard]] bool has(std::string_view name) const { return text(name).has_value(); }
    [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    /// "true" in any case; false when it was not sent.
    [[nodiscard]] bool flag(std::string_view name) const;
    /// -1102
    [[nodiscard]] Result<std::string> needed(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> values_;
};

// Parameters that several routes have.
[[nodiscard]] gateway::Parameter symbol_parameter();
[[nodiscard]] gateway::Parameter limit_parameter(std::int64_t most, std::int64_t usual);
[[nodiscard]] gateway::Parameter time_parameter(std::string name, std::string summary);
[[nodiscard]] gateway::Parameter whole_parameter(std::string name, std::string summary,
                                                 std::string example = "1");
/// A positive decimal number.
[[nodiscard]] gateway::Parameter number_parameter(std::string name, std::string summary,
                                                  std::string example);
[[nodiscard]] gateway::Parameter choice_parameter(std::string name, std::string summary,
                                                  std::vector<std::string> choices);
[[nodiscard]] gateway::Parameter flag_parameter(std::string name, std::string summary);
/// A client's own name of an order.
[[nodiscard]] gateway::Parameter name_parameter(std::string name, std::string summary);
/// timestamp, recvWindow and signature.
void add_signature_parameters(std::vector<gateway::Parameter>& parameters);

}  // namespace astro::binance
