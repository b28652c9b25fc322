#pragma once

#include "capabilities/identity/engine/password_policy.hpp"
#include "capabilities/identity/sessions.hpp"

namespace astro::identity {

/// Accounts with a password: registering, signing in, the second factor, resetting. Answers do not
/// tell whether an address is known, and hash as much for one that is not. Thread-safe.
class Accounts {
  public:
    Accounts(Core& core, Sessions& sessions) : core_(core), sessions_(sessions) {}

    /// Always the same answer for a good address and password: a mail is on its way. Who has an
    /// account already is told so in that mail. "bad_email", "password_…".
    Result<void> register_user(std::string_view email, std::string_view password,
                               const Caller& caller);
    /// "token_invalid".
    Result<UserId> verify_email(std::string_view token, const Caller& caller);
    /// A token with which the first administrator registers; "admin_exists" once there is one.
    Result<std::string> make_admin_token();
    /// Registers, verifies and makes an administrator in one, by that token.
    Result<UserId> register_admin(std::string_view token, std::string_view email,
                                  std::string_view password, const Caller& caller);

    /// A user that is a program of this server: the one of that address, or a new one. No password
    /// opens it. The address says what it is: "market-maker@simulated.invalid". An account that a
    /// person has under it is none: "simulated_address_taken".
    Result<UserId> simulated_user(const std::string& address);

    /// "login_failed", "account_locked" (too many wrong passwords for the address, known or not),
    /// "email_unverified", "user_inactive" (only with the right password).
    Result<LoginAnswer> login(std::string_view email, std::string_view password,
                              const Caller& caller);
    /// A one-time code or a recovery code. "token_invalid" when the ticket is none; "code_wrong",
    /// "totp_replayed"; five wrong codes end the ticket.
    Result<TokenPair> finish_login(std::string_view ticket, std::string_view code,
                                   const Caller& caller);

    /// Always the same answer.
    Result<void> request_reset(std::string_view email, const Caller& caller);
    /// Ends all sessions. "token_invalid", "password_…".
    Result<void> reset_password(std::string_view token, std::string_view password,
                                const Caller& caller);
    /// "login_failed" when `current` is wrong. Ends all sessions.
    Result<void> change_password(const UserId& user, std::string_view current,
                                 std::string_view password, const Caller& caller);

    /// A new secret, which counts once it is confirmed. "totp_exists".
    Result<TotpEnrolment> begin_totp(const UserId& user);
    /// The recovery codes, shown once. "totp_missing", "totp_wrong", …
    Result<std::vector<std::string>> confirm_totp(const UserId& user, std::string_view code,
                                                  const Caller& caller);
    /// Needs a code too. "totp_missing", "code_wrong".
    Result<void> remove_totp(const UserId& user, std::string_view code, const Caller& caller);

    [[nodiscard]] Result<UserView> get(const UserId& user);
    [[nodiscard]] Result<std::vector<UserView>> list(std::int64_t limit, std::int64_t offset);
    /// active or disabled; disabling ends the user's sessions.
    Result<void> set_status(const std::string& actor, const UserId& user, UserStatus status);
    Result<void> set_tier(const std::string& actor, const UserId& user, const std::string& tier);

  private:
    struct Found {
        UserId user;
        std::string password_hash;
        UserStatus status = UserStatus::pending;
        bool has_totp = false;
    };
    Result<std::optional<Found>> find(const std::string& index);
    Result<UserId> insert_user(store::Writer& w, const std::string& email,
                               const std::string& password_hash, UserStatus status);
    Result<bool> is_locked(const std::string& index);
    Result<void> count_failure(const std::string& index, const Act& act);
    Result<LoginAnswer> admit(const Found& found, const std::string& index, const Caller& caller);
    Result<void> check_code(store::Writer& w, const UserId& user, std::string_view code);
    Result<void> set_password(store::Writer& w, const UserId& user, const std::string& hash);
    Result<std::string> email_of(const UserId& user);
    Result<void> send(const std::string& to, std::string subject, std::string text);

    Core& core_;
    Sessions& sessions_;
    PasswordPolicy policy_;
};

}  // namespace astro::identity
