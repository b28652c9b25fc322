#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "capabilities/identity/limits.hpp"
#include "capabilities/identity/service.hpp"
#include "server/gateway/access.hpp"

namespace astro::identity {

/// Any signed-in person, by session; an API key never. What one does with one's own account.
inline constexpr std::string_view kSelfPermission = "identity.self";

/// The access token, the refresh token and the text that a page must repeat in X-CSRF-Token.
inline constexpr std::string_view kSessionCookie = "__Host-astro_session";
inline constexpr std::string_view kRefreshCookie = "__Secure-astro_refresh";
inline constexpr std::string_view kCsrfCookie = "__Host-astro_csrf";
[[nodiscard]] std::optional<std::string_view> cookie(const net::Request& request,
                                                     std::string_view name);

struct AccessOptions {
    bool limits = true;  ///< of requests and connections; how deep history goes holds anyway
    /// Whose X-Forwarded-For is believed: addresses or networks.
    std::vector<std::string> trusted_proxies{};
};

/// Who a request is from. Behind proxies that are trusted it is the last address of X-Forwarded-For
/// that is none of theirs.
[[nodiscard]] std::string client_ip(const net::Request& request,
                                    const std::vector<std::string>& trusted_proxies);

/// The gateway's door: bearer tokens, cookies with CSRF, signed and bearer API keys, permissions,
/// limits. Thread-safe.
///
/// A signed request carries X-Astrolabe-Key, -Timestamp, -Nonce, -Signature and, for another
/// receive window than five seconds, -Window (milliseconds); engine/request_signature.hpp says what
/// is signed. Routes of Binance's dialect take X-MBX-APIKEY as well: engine/binance_signature.hpp.
class ServiceAccess final : public gateway::Access {
  public:
    /// `service` and `clock` outlive it.
    static Result<std::shared_ptr<ServiceAccess>> make(
        Service& service, Clock& clock, AccessOptions options,
        std::unique_ptr<Limits> limits = make_memory_limits(200'000));
    std::optional<gateway::Admission> admit_at_once(const net::Request& request,
                                                    const gateway::Route& route) override;
    gateway::Admission admit(const net::Request& request, const gateway::Route& route) override;
    gateway::Admission admit_caller(const gateway::Caller& caller, const net::Request& request,
                                    const gateway::Route& route) override;
    bool may_follow(const gateway::Caller& caller, const gateway::Channel& channel) override;
    Connection connect(const net::Request& request) override;

    /// What a page of this session sends in X-CSRF-Token with all that changes something.
    [[nodiscard]] std::string csrf_token(const SessionId& session) const;
    [[nodiscard]] std::string ip_of(const net::Request& request) const {
        return client_ip(request, options_.trusted_proxies);
    }

  private:
    struct Credentials {
        std::string_view token{};    ///< an access token
        std::string_view api_key{};  ///< a bearer key
        bool is_signed = false;
        bool by_cookie = false;
        /// X-MBX-APIKEY of a route that takes it; with nothing else.
        std::optional<std::string_view> binance_key{};
        bool binance_signed = false;  ///< unless the key alone is enough
        [[nodiscard]] bool none() const {
            return token.empty() && api_key.empty() && !is_signed && !binance_key;
        }
    };
    ServiceAccess(Service& service, Clock& clock, AccessOptions options,
                  std::unique_ptr<Limits> limits, crypto::SecretKey csrf)
        : service_(service),
          clock_(clock),
          options_(std::move(options)),
          csrf_key_(csrf),
          limits_(std::move(limits)) {}

    [[nodiscard]] static Credentials credentials_of(const net::Request& request,
                                                    const gateway::Route& route);
    Result<Principal> authenticate(const net::Request& request, const Credentials& credentials);
    Result<Principal> authenticate_signed(const net::Request& request);
    Result<Principal> authenticate_binance(const net::Request& request,
                                           const Credentials& credentials);
    /// Whether he is still who he was, and what he may do now.
    Result<Principal> authenticate_again(const gateway::Caller& caller, std::string_view ip);
    /// Who it would be from, if what it carries is remembered; a signature is still to be verified.
    std::shared_ptr<const Principal> known(const net::Request& request,
                                           const Credentials& credentials);
    bool is_signed_by_known(const net::Request& request, const Credentials& credentials);
    gateway::Admission stranger(const net::Request& request, const gateway::Route& route);
    gateway::Admission wrong(const net::Request& request, Error error);
    gateway::Admission judge(const net::Request& request, const gateway::Route& route,
                             const Principal& principal, bool by_cookie);
    [[nodiscard]] std::optional<Error> objection(const net::Request& request,
                                                 std::string_view permission,
                                                 const Principal& principal, bool by_cookie) const;
    void charge(gateway::Admission& admission, const std::vector<Charge>& buckets,
                std::int64_t weight);
    /// What is older than this, the tier does not see.
    [[nodiscard]] TimestampNs history_from(const Tier& tier) const;
    void charge_user(gateway::Admission& admission, const net::Request& request,
                     const gateway::Route& route, const Principal& principal);

    Service& service_;
    Clock& clock_;
    const AccessOptions options_;
    const crypto::SecretKey csrf_key_;
    const std::unique_ptr<Limits> limits_;
    std::shared_ptr<std::map<std::string, std::int64_t>> connections_ =
        std::make_shared<std::map<std::string, std::int64_t>>();
    std::shared_ptr<std::mutex> connections_mutex_ = std::make_shared<std::mutex>();
};

}  // namespace astro::identity
