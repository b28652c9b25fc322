#pragma once

#include <algorithm>
#include <boost/json.hpp>

#include "capabilities/identity/api.hpp"
#include "capabilities/identity/http_test_support.hpp"

namespace astro::identity {

/// The routes as the gateway calls them, once it knows who calls.
struct ApiTest : HttpTest {
    using HttpTest::HttpTest;
    std::vector<gateway::Route> routes = identity_routes({.service = *service, .access = *access});

    Result<net::Response> call(const std::string& method, const std::string& path,
                               net::Request request, const gateway::Caller& caller = {}) {
        const auto route = std::find_if(routes.begin(), routes.end(), [&](const auto& r) {
            return r.method == method && r.path == path;
        });
        EXPECT_NE(route, routes.end()) << path;
        request.method = method;
        return route->handler(gateway::Call(request, caller));
    }
    /// As "code" of an answer to a body; "ok" when it was none of an error.
    std::string code_of(const std::string& path, const boost::json::object& body,
                        const gateway::Caller& caller = {}) {
        return code(call("POST", kPrefix + path, with_body(body), caller));
    }
    /// The body of an answer to a body.
    boost::json::object post(const std::string& path, const boost::json::object& body,
                             const gateway::Caller& caller = {}) {
        const auto answer = call("POST", kPrefix + path, with_body(body), caller);
        EXPECT_TRUE(answer) << path << ": " << (answer ? "" : answer.error().text());
        if (!answer || answer->text().empty()) return {};
        return boost::json::parse(answer->text()).as_object();
    }
    gateway::Caller caller_of(const UserId& user) const {
        gateway::Caller out;
        out.user = to_text(user);
        out.session = "of a browser";
        out.authenticated = clock.now();
        return out;
    }
    /// Whose access token stands in this answer to a sign-in.
    UserId user_of(const boost::json::object& answer) {
        const auto& tokens = answer.at("tokens").as_object();
        return service->sessions.authenticate(std::string(tokens.at("access_token").as_string()))
            .value()
            .user;
    }
    static net::Request with_body(const boost::json::object& body) {
        net::Request r;
        r.body = boost::json::serialize(body);
        return r;
    }
    /// "name=value" of each cookie that an answer sets, as a browser sends them back.
    static std::string cookies_of(const net::Response& response) {
        std::string out;
        for (const auto& [name, value] : response.headers.all())
            if (name == "set-cookie") out += value.substr(0, value.find(';')) + "; ";
        return out;
    }
};

}  // namespace astro::identity
