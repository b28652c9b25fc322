#include "capabilities/identity/links.hpp"

#include "capabilities/identity/rows.hpp"

namespace astro::identity {

Result<std::optional<UserId>> Links::find(store::Writer& w, std::string_view kind,
                                          const std::string& name) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT u.id, u.status FROM identity_links l JOIN identity_users u ON "
                      "u.id = l.user_id WHERE l.kind = ? AND l.name = ?",
                      {std::string(kind), name}));
    if (rows.empty()) return std::optional<UserId>{};
    ASTRO_TRY(const auto user, parse_id<UserId>(store::to_string(rows[0][0])));
    if (store::to_string(rows[0][1]) != enum_name(UserStatus::active))
        return forbidden("user_inactive", "the account is not active");
    return std::optional(user);
}

Result<void> Links::add(store::Writer& w, const UserId& user, std::string_view kind,
                        const std::string& name) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT user_id FROM identity_links WHERE kind = ? AND name = ?",
                      {std::string(kind), name}));
    if (!rows.empty()) return conflict("link_taken", "this sign-in belongs to an account already");
    ASTRO_CHECK(w.execute("INSERT INTO identity_links VALUES (?, ?, ?, ?)",
                          {std::string(kind), name, to_text(user), time_of(core_.now())}));
    return {};
}

Result<std::vector<LinkView>> Links::list(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT kind, name, created_ns FROM identity_links WHERE "
                                       "user_id = ? ORDER BY created_ns, kind, name",
                                       {to_text(user)}));
    std::vector<LinkView> out;
    for (const auto& row : rows)
        out.push_back({store::to_string(row[0]), store::to_string(row[1]), to_time(row[2])});
    return out;
}

Result<void> Links::remove(store::Writer& w, const UserId& user, std::string_view kind,
                           const std::string& name) {
    const std::string id = to_text(user);
    ASTRO_TRY(const auto changed,
              w.execute("DELETE FROM identity_links WHERE kind = ? AND name = ? AND user_id = ?",
                        {std::string(kind), name, id}));
    if (changed == 0) return not_found("link_unknown", "the account has no such sign-in");
    // A failed write takes the removal back.
    ASTRO_TRY(const auto ways,
              w.query("SELECT 1 FROM identity_users WHERE id = ? AND password_hash IS NOT NULL "
                      "UNION ALL SELECT 1 FROM identity_passkeys WHERE user_id = ? "
                      "UNION ALL SELECT 1 FROM identity_links WHERE user_id = ? LIMIT 1",
                      {id, id, id}));
    if (ways.empty())
        return conflict("last_sign_in",
                        "nothing else signs in to this account: add a passkey or another wallet "
                        "first");
    return {};
}

Result<UserId> Links::make_user(store::Writer& w, std::string_view kind, const std::string& name) {
    const auto user = make_id<UserId>(core_.around.random);
    ASTRO_CHECK(
        w.execute("INSERT INTO identity_users VALUES (?, NULL, ?, NULL, NULL, NULL, 0, "
                  "NULL, 'active', ?, ?)",
                  {to_text(user), core_.wrap(core_.make_user_key(user)),
                   core_.settings.default_tier, time_of(core_.now())}));
    ASTRO_CHECK(w.execute("INSERT INTO identity_user_roles VALUES (?, ?)",
                          {to_text(user), core_.settings.first_role}));
    ASTRO_CHECK(add(w, user, kind, name));
    return user;
}

}  // namespace astro::identity
