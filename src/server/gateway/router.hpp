#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/gateway/route.hpp"

namespace astro::gateway {

/// What a request leads to: a route with its path parameters, or the answer that refuses it.
struct Destination {
    const Route* route = nullptr;
    std::vector<std::pair<std::string, std::string>> path_params{};
    net::Response refusal{};  ///< when there is no route
    /// What is wrong with the parameters; said only to those who may call the route.
    std::optional<Error> bad_parameter{};
};

/// Finds the route of a request and checks its parameters. Immutable after it is made.
///
/// GET routes answer HEAD too; OPTIONS tells the methods of a path. Literal segments win over
/// parameters.
class Router {
  public:
    explicit Router(std::vector<Route> routes);
    [[nodiscard]] Destination find(const net::Request& request) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    struct Pattern {
        std::vector<std::string> segments;  ///< parameters with their braces
    };
    [[nodiscard]] std::vector<std::size_t> matching(std::string_view path) const;
    [[nodiscard]] const Route* literal(const net::Request& request) const;

    std::vector<Route> routes_;
    std::vector<Pattern> patterns_;
    /// Routes whose path has no parameter, by "GET /path": most requests are found here.
    std::unordered_map<std::string, std::size_t> literals_;
};

/// Calls the route's handler; an Error becomes its problem document.
[[nodiscard]] net::Response call_route(const Route& route, const net::Request& request,
                                       const Caller& caller = {});

}  // namespace astro::gateway
