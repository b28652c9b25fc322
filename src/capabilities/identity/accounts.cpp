#include "capabilities/identity/accounts.hpp"

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kVerify = "verify_email", kReset = "reset_password", kTicket = "ticket",
                           kAdmin = "admin";
constexpr std::string_view kEmailField = "identity_users.email";

Unexpected login_failed() {
    return unauthenticated("login_failed", "the address or the password is wrong");
}

Act act_of(std::string action, const std::optional<UserId>& user, const Caller& caller) {
    const std::string id = user ? to_text(*user) : "";
    return {std::move(action), user ? id : "anonymous", id, {}, user, caller};
}

}  // namespace

Result<std::optional<Accounts::Found>> Accounts::find(const std::string& index) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT id, password_hash, status, totp_confirmed FROM "
                                       "identity_users WHERE email_index = ?",
                                       {index}));
    if (rows.empty()) return std::optional<Found>{};
    Found out;
    ASTRO_TRY(out.user, parse_id<UserId>(store::to_string(rows[0][0])));
    if (!store::is_null(rows[0][1])) out.password_hash = store::to_string(rows[0][1]);
    ASTRO_TRY(out.status, to_enum<UserStatus>(rows[0][2]));
    out.has_totp = store::to_int(rows[0][3]) != 0;
    return std::optional<Found>(std::move(out));
}

Result<UserId> Accounts::insert_user(store::Writer& w, const std::string& email,
                                     const std::string& password_hash, UserStatus status) {
    const auto user = make_id<UserId>(core_.around.random);
    const UserKey key = core_.make_user_key(user);
    ASTRO_CHECK(w.execute(
        "INSERT INTO identity_users VALUES (?, ?, ?, ?, ?, NULL, 0, NULL, ?, ?, ?)",
        {to_text(user), core_.index_of(email), core_.wrap(key), core_.seal(key, kEmailField, email),
         password_hash, std::string(enum_name(status)), core_.settings.default_tier,
         time_of(core_.now())}));
    ASTRO_CHECK(w.execute("INSERT INTO identity_user_roles VALUES (?, ?)",
                          {to_text(user), core_.settings.first_role}));
    return user;
}

Result<void> Accounts::send(const std::string& to, std::string subject, std::string text) {
    return core_.around.mailer.send(
        {to, core_.settings.site_name + ": " + std::move(subject), std::move(text)});
}

Result<void> Accounts::register_user(std::string_view email, std::string_view password,
                                     const Caller& caller) {
    ASTRO_TRY(const std::string address, parse_email(email));
    ASTRO_CHECK(check_password(policy_, password, {address, core_.settings.site_name}));
    // Hashed before it is known whether it is needed: both cases take as long.
    ASTRO_TRY(const std::string hash, core_.around.hasher.hash(password));
    ASTRO_TRY(const auto known, find(core_.index_of(address)));
    if (known) {
        ASTRO_CHECK(core_.tell(act_of("register", known->user, caller), "email_known"));
        return send(address, "you have an account already",
                    "Somebody, perhaps you, tried to register with this address. You have an "
                    "account: sign in, or ask for a new password.");
    }
    std::string token;
    Act act = act_of("register", {}, caller);
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto user, insert_user(w, address, hash, UserStatus::pending));
        act.subject = to_text(user);
        act.personal_of = user;
        ASTRO_TRY(token,
                  core_.make_one_time(w, kVerify, user, "", core_.settings.email_token_life_s));
        return {};
    });
    ASTRO_CHECK(done);
    return send(address, "confirm your address",
                "Open this link to confirm your address:\n\n" + core_.settings.issuer +
                    "/verify-email#" + token);
}

Result<UserId> Accounts::verify_email(std::string_view token, const Caller& caller) {
    Act act = act_of("email.verified", {}, caller);
    std::optional<UserId> user;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto taken, core_.take_one_time(w, kVerify, token));
        user = taken.user;
        act.subject = act.actor = to_text(*user);
        act.personal_of = user;
        ASTRO_CHECK(
            w.execute("UPDATE identity_users SET status = 'active' WHERE id = ? AND "
                      "status = 'pending'",
                      {act.subject}));
        return {};
    });
    ASTRO_CHECK(done);
    return *user;
}

Result<std::string> Accounts::make_admin_token() {
    std::string token;
    const auto done = core_.act(
        {"admin.invited", "system", "", {}, {}, {}}, [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const auto admins,
                      w.query("SELECT COUNT(*) FROM identity_user_roles WHERE role = 'admin'"));
            if (store::to_int(admins[0][0]) > 0)
                return conflict("admin_exists", "this server has an administrator");
            ASTRO_CHECK(w.execute("DELETE FROM identity_one_time_tokens WHERE purpose = ?",
                                  {std::string(kAdmin)}));
            ASTRO_TRY(token,
                      core_.make_one_time(w, kAdmin, {}, "", core_.settings.email_token_life_s));
            return {};
        });
    ASTRO_CHECK(done);
    return token;
}

Result<UserId> Accounts::register_admin(std::string_view token, std::string_view email,
                                        std::string_view password, const Caller& caller) {
    ASTRO_TRY(const std::string address, parse_email(email));
    ASTRO_CHECK(check_password(policy_, password, {address, core_.settings.site_name}));
    ASTRO_TRY(const std::string hash, core_.around.hasher.hash(password));
    Act act = act_of("admin.registered", {}, caller);
    std::optional<UserId> user;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(core_.take_one_time(w, kAdmin, token));
        ASTRO_TRY(user, insert_user(w, address, hash, UserStatus::active));
        act.subject = act.actor = to_text(*user);
        act.personal_of = user;
        ASTRO_CHECK(
            w.execute("INSERT INTO identity_user_roles VALUES (?, 'admin')", {act.subject}));
        return {};
    });
    ASTRO_CHECK(done);
    return *user;
}

Result<UserId> Accounts::simulated_user(const std::string& address) {
    constexpr std::string_view kNoHash = "!";  // which no password has
    ASTRO_TRY(const auto found, find(core_.index_of(address)));
    if (found && found->password_hash != kNoHash)
        return unavailable("simulated_address_taken", "somebody has an account of this address",
                           address);
    if (found) return found->user;
    std::optional<UserId> user;
    Act act{"user.simulated", "system", "", {{"address", address}}, {}, {}};
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(user, insert_user(w, address, std::string(kNoHash), UserStatus::active));
        act.subject = to_text(*user);
        return {};
    });
    ASTRO_CHECK(done);
    return *user;
}

Result<void> Accounts::request_reset(std::string_view email, const Caller& caller) {
    ASTRO_TRY(const std::string address, parse_email(email));
    ASTRO_TRY(const auto found, find(core_.index_of(address)));
    if (!found || found->status == UserStatus::disabled)
        return core_.tell(act_of("password.reset_requested", {}, caller), "email_unknown");
    std::string token;
    const auto done =
        core_.act(act_of("password.reset_requested", found->user, caller),
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_TRY(token, core_.make_one_time(w, kReset, found->user, "",
                                                           core_.settings.reset_token_life_s));
                      return {};
                  });
    ASTRO_CHECK(done);
    return send(address, "a new password",
                "Open this link to set a new password:\n\n" + core_.settings.issuer +
                    "/reset-password#" + token + "\n\nIf you did not ask for it, do nothing.");
}

Result<void> Accounts::set_password(store::Writer& w, const UserId& user, const std::string& hash) {
    ASTRO_CHECK(w.execute("UPDATE identity_users SET password_hash = ? WHERE id = ?",
                          {hash, to_text(user)}));
    ASTRO_CHECK(
        w.execute("DELETE FROM identity_one_time_tokens WHERE user_id = ? AND purpose IN (?, ?)",
                  {to_text(user), std::string(kReset), std::string(kTicket)}));
    return sessions_.revoke_all(w, user);
}

Result<void> Accounts::reset_password(std::string_view token, std::string_view password,
                                      const Caller& caller) {
    ASTRO_CHECK(check_password(policy_, password, {core_.settings.site_name}));
    ASTRO_TRY(const std::string hash, core_.around.hasher.hash(password));
    Act act = act_of("password.reset", {}, caller);
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto taken, core_.take_one_time(w, kReset, token));
        act.subject = act.actor = to_text(*taken.user);
        act.personal_of = taken.user;
        // The mail proves the address as well as the first one would have.
        ASTRO_CHECK(
            w.execute("UPDATE identity_users SET status = 'active' WHERE id = ? AND "
                      "status = 'pending'",
                      {act.subject}));
        return set_password(w, *taken.user, hash);
    });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<void> Accounts::change_password(const UserId& user, std::string_view current,
                                       std::string_view password, const Caller& caller) {
    ASTRO_TRY(const std::string address, email_of(user));
    ASTRO_TRY(const auto found, find(core_.index_of(address)));
    if (!found || !core_.around.hasher.verify(found->password_hash, current)) {
        ASTRO_CHECK(core_.tell(act_of("password.changed", user, caller), "login_failed"));
        return login_failed();
    }
    ASTRO_CHECK(check_password(policy_, password, {address, core_.settings.site_name}));
    ASTRO_TRY(const std::string hash, core_.around.hasher.hash(password));
    const auto done = core_.act(act_of("password.changed", user, caller),
                                [&](store::Writer& w) { return set_password(w, user, hash); });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<std::string> Accounts::email_of(const UserId& user) {
    ASTRO_TRY(const auto key, core_.user_key(user));
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT email_sealed FROM identity_users WHERE id = ?",
                                       {to_text(user)}));
    if (store::is_null(rows[0][0])) return std::string();  // who came with a wallet has none
    return core_.open(key, kEmailField, rows[0][0]);
}

}  // namespace astro::identity
