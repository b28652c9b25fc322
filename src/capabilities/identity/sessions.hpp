#pragma once

#include "capabilities/identity/roles.hpp"
#include "capabilities/identity/verified_cache.hpp"

namespace astro::identity {

/// Sessions: a short access token and a rotating refresh token. Thread-safe.
class Sessions {
  public:
    Sessions(Core& core, Roles& roles) : core_(core), roles_(roles) {}

    /// A session for a user who has proved who he is, by `methods` ("pwd", "otp", "webauthn",
    /// "wallet"). The oldest end when there are too many.
    Result<TokenPair> start(store::Writer& w, const UserId& user,
                            const std::vector<std::string>& methods, const Caller& caller);
    /// The next pair. A token that comes twice ends the session: "refresh_reused". Others:
    /// "refresh_invalid" (unknown, expired, or its session has ended).
    Result<TokenPair> refresh(std::string_view refresh_token, const Caller& caller);
    /// Codes of verify_access_token, "session_ended", "user_inactive". Verified tokens are
    /// remembered until they expire or something about their user changes.
    Result<Principal> authenticate(std::string_view access_token);

    /// The same when the token is remembered, without asking the store; nothing otherwise.
    [[nodiscard]] std::shared_ptr<const Principal> known(std::string_view access_token);

    /// Of a session that has been authenticated: that it has not ended. Codes "session_ended",
    /// "user_inactive". `authenticated` stays empty.
    Result<Principal> authenticate_again(const UserId& user, const SessionId& session);

    [[nodiscard]] Result<std::vector<SessionView>> list(const UserId& user);
    /// "session_unknown" when it is not a session of the user.
    Result<void> revoke(const UserId& user, const SessionId& session, const Caller& caller);
    /// Within a transaction of the caller's, who calls Core::rights_changed() after it.
    Result<void> revoke_all(store::Writer& w, const UserId& user);

  private:
    struct Verified {
        Principal principal;
        std::int64_t expires_s;
    };
    std::shared_ptr<const Principal> known(const crypto::Sha256& hash);
    /// "session_ended", or when it will.
    Result<TimestampNs> check_lives(const UserId& user, const SessionId& session);
    Result<std::string> make_refresh(store::Writer& w, const SessionId& session,
                                     TimestampNs session_expires);
    std::string make_access(const UserId& user, const SessionId& session,
                            const std::vector<std::string>& methods, TimestampNs authenticated);
    /// Judges and turns a refresh token: the outcome for the audit, and the pair when it is "ok".
    Result<std::string_view> rotate(store::Writer& w, const std::string& hash, Act& act,
                                    std::optional<TokenPair>& pair);
    Result<void> end(store::Writer& w, const SessionId& session);

    Core& core_;
    Roles& roles_;
    VerifiedCache<crypto::Sha256, Verified> verified_{20'000};
    VerifiedCache<SessionId, Verified> living_{20'000};
};

}  // namespace astro::identity
