#include "capabilities/identity/roles.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

Act act_of(std::string action, const std::string& actor, std::string subject,
           std::map<std::string, std::string> detail = {}) {
    return {std::move(action), actor, std::move(subject), std::move(detail), {}, {}};
}

}  // namespace

Result<std::int64_t> count_admins(store::Writer& w) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT COUNT(*) FROM identity_user_roles r JOIN identity_users u "
                      "ON u.id = r.user_id WHERE r.role = 'admin' AND u.status = 'active'"));
    return store::to_int(rows[0][0]);
}

Result<void> check_admin_left(store::Writer& w, std::int64_t admins_before) {
    ASTRO_TRY(const std::int64_t admins_after, count_admins(w));
    if (admins_before > 0 && admins_after == 0)
        return conflict("last_admin", "somebody must remain who may administer");
    return {};
}

bool Principal::may(const Permission& permission) const {
    if (!grants.allow(permission)) return false;
    return !key || std::any_of(scopes.begin(), scopes.end(),
                               [&](Scope scope) { return scope_covers(scope, permission.action); });
}

Result<void> Roles::load() {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT name, patterns FROM identity_roles"));
    RoleBook book;
    for (const auto& row : rows)
        ASTRO_CHECK(book.define(store::to_string(row[0]), split(store::to_string(row[1]))));
    {
        const std::lock_guard lock(mutex_);
        book_ = std::move(book);
    }
    core_.rights_changed();
    return {};
}

RoleBook Roles::book() const {
    const std::lock_guard lock(mutex_);
    return book_;
}

Result<void> Roles::define(const std::string& actor, const std::string& name,
                           const std::vector<std::string>& patterns) {
    RoleBook next = book();
    ASTRO_CHECK(next.define(name, patterns));
    const auto done =
        core_.act(act_of("role.defined", actor, name, {{"patterns", join(patterns)}}),
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(w.execute("DELETE FROM identity_roles WHERE name = ?", {name}));
                      ASTRO_CHECK(w.execute("INSERT INTO identity_roles VALUES (?, ?)",
                                            {name, join(patterns)}));
                      return {};
                  });
    ASTRO_CHECK(done);
    return load();
}

Result<void> Roles::remove(const std::string& actor, const std::string& name) {
    RoleBook next = book();
    ASTRO_CHECK(next.remove(name));
    const auto done =
        core_.act(act_of("role.removed", actor, name), [&](store::Writer& w) -> Result<void> {
            ASTRO_CHECK(w.execute("DELETE FROM identity_user_roles WHERE role = ?", {name}));
            ASTRO_CHECK(w.execute("DELETE FROM identity_roles WHERE name = ?", {name}));
            return {};
        });
    ASTRO_CHECK(done);
    return load();
}

Result<void> Roles::assign(const std::string& actor, const UserId& user,
                           const std::vector<std::string>& roles) {
    const RoleBook known = book();
    for (const auto& role : roles)
        if (known.find(role) == nullptr)
            return refusal("role_unknown", "there is no such role", role.substr(0, 64));
    const auto done = core_.act(
        act_of("user.roles", actor, to_text(user), {{"roles", join(roles)}}),
        [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const auto users,
                      w.query("SELECT id FROM identity_users WHERE id = ?", {to_text(user)}));
            if (users.empty()) return not_found("user_unknown", "there is no such user");
            ASTRO_TRY(const std::int64_t admins_before, count_admins(w));
            ASTRO_CHECK(
                w.execute("DELETE FROM identity_user_roles WHERE user_id = ?", {to_text(user)}));
            for (const auto& role : roles)
                ASTRO_CHECK(w.execute(
                    "INSERT INTO identity_user_roles VALUES (?, ?) ON CONFLICT DO NOTHING",
                    {to_text(user), role}));
            return check_admin_left(w, admins_before);
        });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<std::vector<std::string>> Roles::roles_of(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT role FROM identity_user_roles WHERE user_id = ? ORDER BY role",
                  {to_text(user)}));
    std::vector<std::string> out;
    for (const auto& row : rows) out.push_back(store::to_string(row[0]));
    return out;
}

Result<Principal> Roles::principal_of(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT status, tier FROM identity_users WHERE id = ?",
                                       {to_text(user)}));
    if (rows.empty() || store::to_string(rows[0][0]) != enum_name(UserStatus::active))
        return forbidden("user_inactive", "the account is not active");
    ASTRO_TRY(const auto roles, roles_of(user));
    Principal out;
    out.user = user;
    out.grants = book().grants_of(roles);
    out.tier = store::to_string(rows[0][1]);
    return out;
}

}  // namespace astro::identity
