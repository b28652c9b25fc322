#include <algorithm>

#include "capabilities/identity/accounts.hpp"
#include "capabilities/identity/rows.hpp"
#include "capabilities/identity/tier_book.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, email_sealed, status, tier, totp_confirmed, created_ns, (SELECT COUNT(*) FROM "
    "identity_passkeys p WHERE p.user_id = identity_users.id) FROM identity_users ";

Result<UserView> to_view(Core& core, const store::Row& row) {
    UserView out;
    ASTRO_TRY(out.id, parse_id<UserId>(store::to_string(row[0])));
    ASTRO_TRY(out.status, to_enum<UserStatus>(row[2]));
    out.tier = store::to_string(row[3]);
    out.has_totp = store::to_int(row[4]) != 0;
    out.created = to_time(row[5]);
    out.passkeys = store::to_int(row[6]);
    if (out.status != UserStatus::erased && !store::is_null(row[1])) {
        ASTRO_TRY(const auto key, core.user_key(out.id));
        ASTRO_TRY(out.email, core.open(key, "identity_users.email", row[1]));
    }
    ASTRO_TRY(const auto roles,
              core.around.store.query(
                  "SELECT role FROM identity_user_roles WHERE user_id = ? ORDER BY role",
                  {to_text(out.id)}));
    for (const auto& role : roles) out.roles.push_back(store::to_string(role[0]));
    return out;
}

}  // namespace

Result<UserView> Accounts::get(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(std::string(kSelect) + "WHERE id = ?", {to_text(user)}));
    if (rows.empty()) return not_found("user_unknown", "there is no such user");
    return to_view(core_, rows[0]);
}

Result<std::vector<UserView>> Accounts::list(std::int64_t limit, std::int64_t offset) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  std::string(kSelect) + "ORDER BY created_ns, id LIMIT ? OFFSET ?",
                  {std::clamp<std::int64_t>(limit, 1, 500), std::max<std::int64_t>(offset, 0)}));
    std::vector<UserView> out;
    for (const auto& row : rows) {
        ASTRO_TRY(auto view, to_view(core_, row));
        out.push_back(std::move(view));
    }
    return out;
}

Result<void> Accounts::set_status(const std::string& actor, const UserId& user, UserStatus status) {
    if (status != UserStatus::active && status != UserStatus::disabled)
        return refusal("bad_status", "an account is made active or disabled", "status");
    const auto done = core_.act(
        {"user.status", actor, to_text(user), {{"status", std::string(enum_name(status))}}, {}, {}},
        [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const std::int64_t admins_before, count_admins(w));
            ASTRO_TRY(const auto changed,
                      w.execute("UPDATE identity_users SET status = ? WHERE id = ? AND status <> "
                                "'erased'",
                                {std::string(enum_name(status)), to_text(user)}));
            if (changed == 0) return not_found("user_unknown", "there is no such user");
            if (status == UserStatus::disabled) ASTRO_CHECK(sessions_.revoke_all(w, user));
            return check_admin_left(w, admins_before);
        });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<void> Accounts::set_tier(const std::string& actor, const UserId& user,
                                const std::string& tier) {
    const auto done =
        core_.act({"user.tier", actor, to_text(user), {{"tier", tier}}, {}, {}},
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(check_tier_known(w, tier));
                      ASTRO_TRY(const auto changed,
                                w.execute("UPDATE identity_users SET tier = ? WHERE id = ?",
                                          {tier, to_text(user)}));
                      if (changed == 0) return not_found("user_unknown", "there is no such user");
                      return {};
                  });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

}  // namespace astro::identity
