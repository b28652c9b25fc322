#include "capabilities/identity/accounts.hpp"
#include "capabilities/identity/engine/second_factor.hpp"
#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kTicket = "ticket";
constexpr std::int64_t kTicketTries = 5;

Act act_of(std::string action, const std::optional<UserId>& user, const Caller& caller) {
    const std::string id = user ? to_text(*user) : "";
    return {std::move(action), user ? id : "anonymous", id, {}, user, caller};
}

Unexpected code_wrong() {
    return unauthenticated("code_wrong", "the code is wrong, used or too old", "code");
}

}  // namespace

Result<bool> Accounts::is_locked(const std::string& index) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT failures, since_ns FROM identity_login_failures WHERE email_index = ?",
                  {index}));
    return !rows.empty() && store::to_int(rows[0][0]) >= core_.settings.failures_max &&
           core_.now() < to_time(rows[0][1]) + seconds(core_.settings.failures_window_s);
}

Result<void> Accounts::count_failure(const std::string& index, const Act& act) {
    const TimestampNs window_start{core_.now().value() -
                                   seconds(core_.settings.failures_window_s).value()};
    return core_.settle(act, [&](store::Writer& w) -> Result<std::string_view> {
        ASTRO_CHECK(
            w.execute("DELETE FROM identity_login_failures WHERE email_index = ? AND since_ns <= ?",
                      {index, time_of(window_start)}));
        // The window begins anew with each failure, so that locking lasts its whole length.
        ASTRO_CHECK(w.execute(
            "INSERT INTO identity_login_failures VALUES (?, 1, ?) ON CONFLICT (email_index) DO "
            "UPDATE SET failures = identity_login_failures.failures + 1, since_ns = ?",
            {index, time_of(core_.now()), time_of(core_.now())}));
        return std::string_view("login_failed");
    });
}

Result<LoginAnswer> Accounts::login(std::string_view email, std::string_view password,
                                    const Caller& caller) {
    ASTRO_TRY(const std::string address, parse_email(email));
    const std::string index = core_.index_of(address);
    ASTRO_TRY(const auto found, find(index));
    Act act = act_of("login", found ? std::optional(found->user) : std::nullopt, caller);
    act.actor = "anonymous";
    ASTRO_TRY(const bool locked, is_locked(index));
    if (locked) {
        ASTRO_CHECK(core_.tell(act, "account_locked"));
        return limited("account_locked", "too many wrong passwords; try again in " +
                                             std::to_string(core_.settings.failures_window_s / 60) +
                                             " minutes");
    }
    const bool has_password = found && !found->password_hash.empty();
    const bool right = core_.around.hasher.verify(
        has_password ? found->password_hash : core_.dummy_hash(), password);
    if (!has_password || !right) {
        ASTRO_CHECK(count_failure(index, act));
        return unauthenticated("login_failed", "the address or the password is wrong");
    }
    if (found->status != UserStatus::active) {
        const std::string_view code =
            found->status == UserStatus::pending ? "email_unverified" : "user_inactive";
        ASTRO_CHECK(core_.tell(act, code));
        return forbidden(code, found->status == UserStatus::pending
                                 ? "confirm your address first: a mail was sent to it"
                                 : "the account is not active");
    }
    if (core_.around.hasher.needs_rehash(found->password_hash)) {
        ASTRO_TRY(const std::string hash, core_.around.hasher.hash(password));
        const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
            ASTRO_CHECK(
                w.execute("UPDATE identity_users SET password_hash = ? WHERE id = ? AND "
                          "password_hash = ?",
                          {hash, to_text(found->user), found->password_hash}));
            return {};
        });
        ASTRO_CHECK(done);
    }
    return admit(*found, index, caller);
}

Result<LoginAnswer> Accounts::admit(const Found& found, const std::string& index,
                                    const Caller& caller) {
    LoginAnswer answer;
    Act act = act_of(found.has_totp ? "login.password" : "login", found.user, caller);
    act.detail["method"] = "pwd";
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(
            w.execute("DELETE FROM identity_login_failures WHERE email_index = ?", {index}));
        if (found.has_totp) {
            ASTRO_TRY(
                answer.second_factor_ticket,
                core_.make_one_time(w, kTicket, found.user, "", core_.settings.ticket_life_s));
            return {};
        }
        ASTRO_TRY(answer.tokens, sessions_.start(w, found.user, {"pwd"}, caller));
        return {};
    });
    ASTRO_CHECK(done);
    return answer;
}

Result<TokenPair> Accounts::finish_login(std::string_view ticket, std::string_view code,
                                         const Caller& caller) {
    const std::string hash = hash_text(ticket);
    Act act = act_of("login", {}, caller);
    act.detail["method"] = "pwd otp";
    // The try is counted before the code is judged, in a transaction of its own: a refusal undoes
    // what its transaction did.
    std::optional<UserId> user;
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto counted,
                  w.execute("UPDATE identity_one_time_tokens SET tries = tries + 1 WHERE hash = ? "
                            "AND purpose = ? AND tries < ?",
                            {hash, std::string(kTicket), kTicketTries}));
        if (counted == 0) return {};
        ASTRO_TRY(const auto rows,
                  w.query("SELECT user_id FROM identity_one_time_tokens WHERE hash = ?", {hash}));
        ASTRO_TRY(user, parse_id<UserId>(store::to_string(rows[0][0])));
        return {};
    });
    ASTRO_CHECK(done);
    if (!user) {
        ASTRO_CHECK(core_.tell(act, "token_invalid"));
        return unauthenticated("token_invalid", "sign in again: this attempt is over", "ticket");
    }
    act.subject = to_text(*user);
    act.personal_of = user;
    std::optional<TokenPair> pair;
    const auto also_done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(core_.take_one_time(w, kTicket, ticket));
        ASTRO_TRY(const auto rows,
                  w.query("SELECT status FROM identity_users WHERE id = ?", {act.subject}));
        if (rows.empty() || store::to_string(rows[0][0]) != enum_name(UserStatus::active))
            return forbidden("user_inactive", "the account is not active");
        ASTRO_CHECK(check_code(w, *user, code));
        ASTRO_TRY(pair, sessions_.start(w, *user, {"pwd", "otp"}, caller));
        act.actor = act.subject;
        return {};
    });
    ASTRO_CHECK(also_done);
    return std::move(*pair);
}

Result<void> Accounts::check_code(store::Writer& w, const UserId& user, std::string_view code) {
    const std::string id = to_text(user);
    if (const auto recovery = hash_recovery_code(user, code)) {
        ASTRO_TRY(const auto used,
                  w.execute("DELETE FROM identity_recovery_codes WHERE user_id = ? AND hash = ?",
                            {id, to_hex(recovery->view())}));
        if (used == 0) return code_wrong();
        return {};
    }
    ASTRO_TRY(const auto rows, w.query("SELECT totp_sealed, totp_step FROM identity_users WHERE "
                                       "id = ? AND totp_confirmed = 1",
                                       {id}));
    if (rows.empty()) return conflict("totp_missing", "no one-time codes are set up");
    ASTRO_TRY(const auto key, core_.user_key(w, user));
    ASTRO_TRY(const std::string secret, core_.open(key, "identity_users.totp", rows[0][0]));
    const auto last =
        store::is_null(rows[0][1]) ? std::nullopt : std::optional(store::to_int(rows[0][1]));
    const auto step = check_totp(as_bytes(secret), code, core_.now(), last);
    if (!step) {
        if (step.error().code == "totp_replayed") return Unexpected{step.error()};
        return code_wrong();
    }
    ASTRO_CHECK(w.execute("UPDATE identity_users SET totp_step = ? WHERE id = ?", {*step, id}));
    return {};
}

Result<TotpEnrolment> Accounts::begin_totp(const UserId& user) {
    ASTRO_TRY(const std::string address, email_of(user));
    const Bytes secret = core_.around.random.bytes(kTotpSecretBytes);
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto key, core_.user_key(w, user));
        const std::string text(secret.begin(), secret.end());
        ASTRO_TRY(const auto changed,
                  w.execute("UPDATE identity_users SET totp_sealed = ?, totp_step = NULL WHERE "
                            "id = ? AND totp_confirmed = 0",
                            {core_.seal(key, "identity_users.totp", text), to_text(user)}));
        if (changed == 0)
            return conflict("totp_exists", "one-time codes are set up; remove them first");
        return {};
    });
    ASTRO_CHECK(done);
    return TotpEnrolment{to_base32(secret), totp_uri(core_.settings.site_name, address, secret)};
}

Result<std::vector<std::string>> Accounts::confirm_totp(const UserId& user, std::string_view code,
                                                        const Caller& caller) {
    const auto codes = make_recovery_codes(core_.around.random);
    const auto done =
        core_.act(act_of("totp.added", user, caller), [&](store::Writer& w) -> Result<void> {
            const std::string id = to_text(user);
            ASTRO_TRY(const auto rows,
                      w.query("SELECT totp_sealed FROM identity_users WHERE id = ? "
                              "AND totp_confirmed = 0",
                              {id}));
            if (rows.empty() || store::is_null(rows[0][0]))
                return conflict("totp_missing", "begin with setting up one-time codes");
            ASTRO_TRY(const auto key, core_.user_key(w, user));
            ASTRO_TRY(const std::string secret, core_.open(key, "identity_users.totp", rows[0][0]));
            ASTRO_TRY(const auto step, check_totp(as_bytes(secret), code, core_.now(), {}));
            ASTRO_CHECK(w.execute(
                "UPDATE identity_users SET totp_confirmed = 1, totp_step = ? WHERE id = ?",
                {step, id}));
            ASTRO_CHECK(w.execute("DELETE FROM identity_recovery_codes WHERE user_id = ?", {id}));
            for (const auto& recovery : codes) {
                ASTRO_TRY(const auto hash, hash_recovery_code(user, recovery));
                ASTRO_CHECK(w.execute("INSERT INTO identity_recovery_codes VALUES (?, ?)",
                                      {id, to_hex(hash.view())}));
            }
            return {};
        });
    ASTRO_CHECK(done);
    return codes;
}

Result<void> Accounts::remove_totp(const UserId& user, std::string_view code,
                                   const Caller& caller) {
    return core_.act(act_of("totp.removed", user, caller), [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(check_code(w, user, code));
        ASTRO_CHECK(
            w.execute("UPDATE identity_users SET totp_confirmed = 0, totp_sealed = NULL, "
                      "totp_step = NULL WHERE id = ?",
                      {to_text(user)}));
        ASTRO_CHECK(
            w.execute("DELETE FROM identity_recovery_codes WHERE user_id = ?", {to_text(user)}));
        return {};
    });
}

}  // namespace astro::identity
