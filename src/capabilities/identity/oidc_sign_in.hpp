#pragma once

#include <map>
#include <mutex>

#include "capabilities/identity/links.hpp"
#include "capabilities/identity/sessions.hpp"
#include "capabilities/identity/wire/oidc.hpp"
#include "foundation/net/message.hpp"

namespace astro::identity {

/// How a provider is asked. Blocking; thread-safe.
class Fetcher {
  public:
    virtual ~Fetcher() = default;
    virtual Result<net::Response> fetch(const std::string& url, net::Request request) = 0;
};

/// Over the network, each request on a connection of its own: sign-ins are rare. Answers are at
/// most 64 kB and come within ten seconds.
class NetFetcher final : public Fetcher {
  public:
    Result<net::Response> fetch(const std::string& url, net::Request request) override;
};

/// Signing in at an OpenID provider. A subject that is not linked to an account gets one of its
/// own; an address is never enough to be let into somebody's account. Thread-safe.
class OidcSignIn {
  public:
    /// The fetcher outlives it. "bad_provider", also for two of one name.
    static Result<void> check(const std::vector<oidc::Provider>& providers);
    OidcSignIn(Core& core, Sessions& sessions, std::vector<oidc::Provider> providers,
               Fetcher& fetcher)
        : core_(core),
          sessions_(sessions),
          links_(core),
          providers_(std::move(providers)),
          fetcher_(fetcher) {}

    [[nodiscard]] std::vector<std::string> names() const;

    struct Begun {
        std::string url;    ///< where the browser goes
        std::string state;  ///< to be kept in the browser and brought back with the answer
    };
    /// "provider_unknown", "oidc_unreachable", "oidc_discovery".
    Result<Begun> begin(std::string_view provider);
    /// `state` and `code` of the provider's answer; the caller has checked that the browser is the
    /// one that began. "token_invalid" for a state not given out or used, the codes of
    /// oidc::check_id_claims() and verify_token(), "oidc_refused", "user_inactive".
    Result<TokenPair> finish(std::string_view state, std::string_view code, const Caller& caller);
    /// Links the subject that answers to `user` instead. "link_taken".
    Result<void> link(const UserId& user, std::string_view state, std::string_view code,
                      const Caller& caller);

  private:
    struct Known {
        oidc::Endpoints endpoints;
        JwtKeys keys;
        TimestampNs keys_read;
    };
    struct Proved {
        std::string kind;  ///< "oidc:<provider>"
        std::string subject;
    };
    [[nodiscard]] const oidc::Provider* find(std::string_view name) const;
    [[nodiscard]] std::string redirect_uri() const;
    Result<std::string> get(const std::string& url);
    Result<Known> discover(const oidc::Provider& provider, bool fresh_keys);
    Result<const oidc::Provider*> take_state(std::string_view state);
    Result<Proved> prove(std::string_view state, std::string_view code);
    Result<VerifiedToken> verify(const oidc::Provider& provider, std::string_view id_token);

    Core& core_;
    Sessions& sessions_;
    Links links_;
    std::vector<oidc::Provider> providers_;
    Fetcher& fetcher_;
    std::mutex mutex_;  ///< over known_
    std::map<std::string, Known, std::less<>> known_;
};

}  // namespace astro::identity
