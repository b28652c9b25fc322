#include "server/gateway/router.hpp"

#include <algorithm>
#include <set>

#include "server/gateway/problem.hpp"

namespace astro::gateway {
namespace {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        segments.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    return std::ranges::equal(pattern, path, [](const auto& want, const auto& have) {
        return is_parameter(want) ? !have.empty() : want == have;
    });
}

std::string allowed_methods(const std::vector<Route>& routes,
                            const std::vector<std::size_t>& matching) {
    std::set<std::string> methods{"OPTIONS"};
    for (const auto i : matching) {
        methods.insert(routes[i].method);
        if (routes[i].method == "GET") methods.insert("HEAD");
    }
    std::string out;
    for (const auto& method : methods) out += (out.empty() ? "" : ", ") + method;
    return out;
}

Destination refuse(net::Response response) {
    return {nullptr, {}, std::move(response), {}};
}

const Parameter* find_parameter(const Route& route, std::string_view name) {
    const auto at = std::ranges::find(route.parameters, name, &Parameter::name);
    return at == route.parameters.end() ? nullptr : &*at;
}

std::string known_parameters(const Route& route) {
    std::string out;
    for (const auto& parameter : route.parameters)
        if (route.path.find("{" + parameter.name + "}") == std::string::npos)
            out += (out.empty() ? "" : ", ") + parameter.name;
    return out.empty() ? "none" : out;
}

Result<void> check_query(const Route& route, const net::Request& request) {
    if (route.dialect) return {};  // takes parameters in the body too, and refuses in its own words
    std::set<std::string_view> seen;
    for (const auto& [name, value] : request.query) {
        const Parameter* parameter = find_parameter(route, name);
        if (parameter == nullptr || route.path.find("{" + name + "}") != std::string::npos)
            return refusal("unknown_parameter",
                           "there is no such parameter; known are: " + known_parameters(route),
                           name);
        if (!seen.insert(name).second)
            return refusal("repeated_parameter", "is given more than once", name);
        ASTRO_CHECK(check_parameter(*parameter, value));
    }
    return {};
}

Result<void> check_path(const Route& route, const Destination& destination) {
    for (const auto& [name, value] : destination.path_params)
        if (const Parameter* parameter = find_parameter(route, name))
            ASTRO_CHECK(check_parameter(*parameter, value));
    return {};
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        patterns_.push_back({split_path(routes_[i].path)});
        if (std::ranges::none_of(patterns_[i].segments, is_parameter))
            literals_.emplace(routes_[i].method + " " + routes_[i].path, i);
    }
}

const Route* Router::literal(const net::Request& request) const {
    std::string key;
    key.reserve(request.method.size() + 1 + request.path.size());
    key.append(request.method).append(" ").append(request.path);
    const auto at = literals_.find(key);
    return at == literals_.end() ? nullptr : &routes_[at->second];
}

std::vector<std::size_t> Router::matching(std::string_view path) const {
    const auto segments = split_path(path);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < routes_.size(); ++i)
        if (fits(patterns_[i].segments, segments)) found.push_back(i);
    const auto parameters = [&](std::size_t i) {
        return std::ranges::count_if(patterns_[i].segments, is_parameter);
    };
    std::ranges::stable_sort(found, {}, parameters);
    return found;
}

Destination Router::find(const net::Request& request) const {
    if (const Route* route = literal(request)) {
        Destination destination{route};
        if (const auto checked = check_query(*route, request); !checked)
            destination.bad_parameter = checked.error();
        return destination;
    }
    const auto found = matching(request.path);
    if (found.empty())
        return refuse(net::problem_response(404, "no_such_route", "there is nothing at this path",
                                            request.path, request.request_id));
    const auto allow = allowed_methods(routes_, found);
    if (request.method == "OPTIONS") {
        net::Response response;
        response.status = 204;
        response.headers.set("allow", allow);
        return refuse(std::move(response));
    }
    const auto at = std::ranges::find_if(found, [&](std::size_t i) {
        return routes_[i].method == request.method ||
               (routes_[i].method == "GET" && request.method == "HEAD");
    });
    if (at == found.end()) {
        auto response = net::problem_response(405, "method_not_allowed", "allowed are " + allow,
                                              request.method, request.request_id);
        response.headers.set("allow", allow);
        return refuse(std::move(response));
    }
    Destination destination{&routes_[*at]};
    const auto segments = split_path(request.path);
    const auto& pattern = patterns_[*at].segments;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (is_parameter(pattern[i]))
            destination.path_params.emplace_back(pattern[i].substr(1, pattern[i].size() - 2),
                                                 segments[i]);
    auto checked = check_path(*destination.route, destination);
    if (checked) checked = check_query(*destination.route, request);
    if (!checked) destination.bad_parameter = checked.error();
    return destination;
}

net::Response call_route(const Route& route, const net::Request& request, const Caller& caller) {
    auto response = route.handler(Call(request, caller));
    return response ? std::move(*response) : refusal_of(route, response.error(), request);
}

}  // namespace astro::gateway
