#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "capabilities/identity/oidc_sign_in.hpp"
#include "foundation/base/child_test_support.hpp"
#include "foundation/base/percent.hpp"

namespace astro::identity {

/// A certified OpenID provider in a process of its own, over loopback.
class ProviderProcess {
  public:
    explicit ProviderProcess(const std::string& redirect_uri)
        : child_({ASTRO_NODE, "--no-warnings", ASTRO_SOURCE_DIR "/web/dev/openid-provider.mjs",
                  redirect_uri}),
          issuer(child_.line()) {}

    /// What the browser of `name` comes back with: state and code.
    std::pair<std::string, std::string> walk(const std::string& url, const std::string& name) {
        const std::string back = ask("GET", "/walk?as=" + name + "&url=" + percent_encode(url));
        net::Request request;
        request.target = back.substr(std::min(back.size(), back.find("/sign-in")));
        EXPECT_TRUE(net::split_target(request)) << back;
        const auto value = [&](std::string_view key) {
            return std::string(request.query_value(key).value_or("none in " + back));
        };
        return {value("state"), value("code")};
    }
    void rotate_keys() { EXPECT_EQ(ask("POST", "/rotate"), "rotated"); }

  private:
    std::string ask(const std::string& method, const std::string& target) {
        net::Request request;
        request.method = method;
        NetFetcher fetcher;
        const auto answer = fetcher.fetch(issuer + target, request);
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
        return answer ? std::string(answer->text()) : "";
    }

    test::Child child_;

  public:
    const std::string issuer;
};

}  // namespace astro::identity
