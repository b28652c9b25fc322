#pragma once

#include <mutex>
#include <unordered_map>

#include "capabilities/identity/roles.hpp"

namespace astro::identity {

/// Sessions: a short access token and a rotating refresh token. Thread-safe.
class Sessions {
  public:
    /// Listens to the core's on_rights_changed from now on; the core is not used after it has gone.
    Sessions(Core& core, Roles& roles) : core_(core), roles_(roles) {
        core_.on_rights_changed = [this] { forget_all(); };
    }
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

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
    [[nodiscard]] std::optional<Principal> known(std::string_view access_token);

    [[nodiscard]] Result<std::vector<SessionView>> list(const UserId& user);
    /// "session_unknown" when it is not a session of the user.
    Result<void> revoke(const UserId& user, const SessionId& session, const Caller& caller);
    /// Within a transaction of the caller's, who calls forget_all() after it.
    Result<void> revoke_all(store::Writer& w, const UserId& user);
    /// Rights or status of somebody have changed: nothing that was verified counts any more.
    void forget_all();

  private:
    struct Remembered {
        Principal principal;
        std::int64_t expires_s;
    };
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
    std::mutex mutex_;
    std::unordered_map<crypto::Sha256, Remembered> remembered_;
    std::uint64_t generation_ = 0;  ///< of forget_all(): an answer in flight is not remembered
};

}  // namespace astro::identity
