#pragma once

#include "capabilities/identity/access.hpp"
#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {

/// The service behind its door, with a clock of its own.
struct HttpTest : ServiceTest {
    explicit HttpTest(std::vector<oidc::Provider> providers = {})
        : service(open_service(std::move(providers))),
          access(ServiceAccess::make(*service, clock, {}).value()) {}
    std::unique_ptr<Service> service;
    std::shared_ptr<ServiceAccess> access;

    UserId make_user(const std::string& email) {
        EXPECT_TRUE(service->accounts.register_user(email, kPassword, kCaller));
        return service->accounts.verify_email(mailer.last_token(), kCaller).value();
    }
    TokenPair sign_in(const std::string& email) {
        return service->accounts.login(email, kPassword, kCaller).value().tokens.value();
    }

  private:
    std::unique_ptr<Service> open_service(std::vector<oidc::Provider> providers) {
        ServiceSettings s;
        s.providers = std::move(providers);
        s.identity = settings();
        s.passkeys.rp_id = "astro.example";
        s.passkeys.origins = {"https://astro.example"};
        s.solana.domain = "astro.example";
        s.solana.uri = "https://astro.example";
        s.home_domain = s.web_auth_domain = "astro.example";
        return Service::open({*database, clock, random, mailer, hasher}, s,
                             crypto::MasterKeys(master))
            .value();
    }
};

}  // namespace astro::identity
