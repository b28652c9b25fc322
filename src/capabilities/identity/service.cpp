#include "capabilities/identity/service.hpp"

namespace astro::identity {
namespace {

sep10::Server stellar_server(const ServiceSettings& settings, const crypto::Ed25519Key& key) {
    stellar::AccountId account;
    account.bytes = key.public_key().bytes;
    return {account, settings.stellar_network, settings.home_domain, settings.web_auth_domain};
}

}  // namespace

Service::Service(std::unique_ptr<Core> core, const ServiceSettings& settings,
                 const crypto::Ed25519Key& stellar_key)
    : core_(std::move(core)),
      tiers(*core_),
      limits(*core_, settings.limits),
      roles(*core_),
      sessions(*core_, roles),
      accounts(*core_, sessions),
      api_keys(*core_, roles),
      passkeys(*core_, sessions, settings.passkeys),
      wallets(*core_, sessions, stellar_server(settings, stellar_key), stellar_key,
              settings.solana),
      oidc(*core_, sessions, settings.providers, fetcher_),
      audit(*core_),
      documents(*core_),
      privacy(*core_, documents) {}

Result<std::unique_ptr<Service>> Service::open(Surroundings around, ServiceSettings settings,
                                               crypto::MasterKeys masters) {
    ASTRO_CHECK(OidcSignIn::check(settings.providers));
    ASTRO_CHECK(check_limits(settings.limits));
    ASTRO_TRY(auto core, Core::open(around, settings.identity, std::move(masters)));
    ASTRO_TRY(const auto seed, core->kept_key("stellar_web_auth"));
    std::unique_ptr<Service> service(
        new Service(std::move(core), settings, crypto::Ed25519Key::from_seed(seed)));
    ASTRO_CHECK(service->tiers.load());
    ASTRO_CHECK(service->limits.load());
    ASTRO_CHECK(service->roles.load());
    return service;
}

}  // namespace astro::identity
