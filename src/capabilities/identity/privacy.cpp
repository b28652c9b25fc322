#include "capabilities/identity/privacy.hpp"

#include "capabilities/identity/roles.hpp"
#include "capabilities/identity/rows.hpp"
#include "foundation/base/json.hpp"

namespace astro::identity {
namespace {

using Object = std::map<std::string, std::string>;

/// A table of texts and numbers as a JSON array of objects; times as ISO 8601.
std::string to_document(const std::vector<std::string>& names,
                        const std::vector<store::Row>& rows) {
    std::vector<Object> out;
    for (const auto& row : rows) {
        Object object;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (const auto* text = std::get_if<std::string>(&row[i])) object[names[i]] = *text;
            if (const auto* number = std::get_if<std::int64_t>(&row[i]))
                object[names[i]] = names[i].ends_with("_at") ? to_iso8601(TimestampNs{*number})
                                                             : std::to_string(*number);
        }
        out.push_back(std::move(object));
    }
    return to_json(out);
}

struct Part {
    std::string file;
    std::vector<std::string> names;
    std::string_view sql;
};

const std::vector<Part>& parts() {
    static const std::vector<Part> all = {
        {"roles.json", {"role"}, "SELECT role FROM identity_user_roles WHERE user_id = ?"},
        {"passkeys.json",
         {"credential_id", "name", "attestation", "created_at", "last_used_at"},
         "SELECT credential_id, name, attestation, created_ns, last_used_ns FROM "
         "identity_passkeys WHERE user_id = ?"},
        {"sign_ins.json",
         {"kind", "name", "linked_at"},
         "SELECT kind, name, created_ns FROM identity_links WHERE user_id = ?"},
        {"api_keys.json",
         {"id", "name", "kind", "scopes", "ip_allow", "created_at", "expires_at", "last_used_at"},
         "SELECT id, name, kind, scopes, ip_allow, created_ns, expires_ns, last_used_ns FROM "
         "identity_api_keys WHERE user_id = ?"},
    };
    return all;
}

}  // namespace

Result<std::map<std::string, std::string>> Privacy::export_user(const UserId& user,
                                                                const Caller& caller) {
    ASTRO_TRY(const auto key, core_.user_key(user));
    const store::Value id = to_text(user);
    auto& database = core_.around.store;
    std::map<std::string, std::string> out;
    for (const auto& part : parts()) {
        ASTRO_TRY(const auto rows, database.query(part.sql, {id}));
        out[part.file] = to_document(part.names, rows);
    }
    ASTRO_TRY(const auto users, database.query("SELECT email_sealed, status, tier, created_ns, "
                                               "totp_confirmed FROM identity_users WHERE id = ?",
                                               {id}));
    Object profile{{"id", to_text(user)},
                   {"status", store::to_string(users[0][1])},
                   {"tier", store::to_string(users[0][2])},
                   {"created_at", to_iso8601(to_time(users[0][3]))},
                   {"one_time_codes", store::to_int(users[0][4]) != 0 ? "set up" : "none"}};
    if (!store::is_null(users[0][0])) {
        ASTRO_TRY(profile["email"], core_.open(key, "identity_users.email", users[0][0]));
    }
    out["profile.json"] = to_json(profile);
    ASTRO_TRY(const auto sessions,
              database.query("SELECT id, methods, caller_sealed, created_ns, expires_ns, "
                             "revoked_ns FROM identity_sessions WHERE user_id = ?",
                             {id}));
    std::vector<store::Row> opened;
    for (auto row : sessions) {
        ASTRO_TRY(const std::string text, core_.open(key, "identity_sessions.caller", row[2]));
        row[2] = text;
        opened.push_back(std::move(row));
    }
    out["sessions.json"] =
        to_document({"id", "methods", "caller", "created_at", "expires_at", "revoked_at"}, opened);
    ASTRO_TRY(out["documents.json"], documents_.export_all(key));
    for (const auto& part : beside_) {
        ASTRO_TRY(out[part.file], part.export_of(user));
    }
    ASTRO_TRY(out["audit.json"], own_audit(key));
    ASTRO_CHECK(
        core_.tell({"user.exported", to_text(user), to_text(user), {}, user, caller}, "ok"));
    return out;
}

Result<std::string> Privacy::own_audit(const UserKey& key) {
    const std::string id = to_text(key.user);
    ASTRO_TRY(auto rows,
              core_.around.store.query("SELECT seq, time_ns, action, outcome, detail, sealed FROM "
                                       "identity_audit WHERE actor = ? OR subject = ? ORDER BY seq",
                                       {id, id}));
    for (auto& row : rows) {
        ASTRO_TRY(const Bytes sealed, to_bytes(row[5]));
        const auto text = core_.open(key, "identity_audit", row[5]);
        row[5] = sealed.empty() || !text ? std::string() : *text;
    }
    return to_document({"entry", "time_at", "action", "outcome", "detail", "caller"}, rows);
}

Result<void> Privacy::erase_user(const std::string& actor, const UserId& user) {
    const std::string id = to_text(user);
    const auto erase = [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const std::int64_t admins_before, count_admins(w));
        ASTRO_TRY(const auto rows,
                  w.query("SELECT email_index FROM identity_users WHERE id = ? AND status <> "
                          "'erased'",
                          {id}));
        if (rows.empty()) return not_found("user_unknown", "there is no such user");
        ASTRO_CHECK(
            w.execute("DELETE FROM identity_refresh_tokens WHERE session_id IN (SELECT id FROM "
                      "identity_sessions WHERE user_id = ?)",
                      {id}));
        for (const char* table :
             {"identity_user_roles", "identity_recovery_codes", "identity_passkeys",
              "identity_links", "identity_sessions", "identity_api_keys",
              "identity_one_time_tokens", "identity_documents"})
            ASTRO_CHECK(
                w.execute("DELETE FROM " + std::string(table) + " WHERE user_id = ?", {id}));
        for (const auto& part : beside_) ASTRO_CHECK(part.erase(w, user));
        ASTRO_CHECK(
            w.execute("DELETE FROM identity_login_failures WHERE email_index = ?", {rows[0][0]}));
        ASTRO_CHECK(w.execute(
            "UPDATE identity_users SET email_index = NULL, wrapped_key = NULL, email_sealed = "
            "NULL, password_hash = NULL, totp_sealed = NULL, totp_confirmed = 0, totp_step = NULL, "
            "status = 'erased' WHERE id = ?",
            {id}));
        return check_admin_left(w, admins_before);
    };
    ASTRO_CHECK(core_.act({"user.erased", actor, id, {}, {}, {}}, erase));
    core_.rights_changed();
    return core_.around.store.checkpoint();
}

Result<std::int64_t> Privacy::apply_retention(const Retention& retention) {
    const auto before = [&](std::int64_t days) {
        return time_of(TimestampNs{core_.now().value() - seconds(days * 86'400).value()});
    };
    std::int64_t count = 0;
    const auto purge = [&](store::Writer& w) -> Result<void> {
        const auto sessions = before(retention.ended_sessions);
        const std::pair<std::string_view, std::vector<store::Value>> statements[] = {
            {"DELETE FROM identity_one_time_tokens WHERE expires_ns <= ?", {time_of(core_.now())}},
            {"DELETE FROM identity_login_failures WHERE since_ns <= ?",
             {before(retention.login_failures)}},
            {"DELETE FROM identity_sessions WHERE expires_ns <= ? OR revoked_ns <= ?",
             {sessions, sessions}},
            {"DELETE FROM identity_refresh_tokens WHERE session_id NOT IN (SELECT id FROM "
             "identity_sessions)",
             {}},
        };
        for (const auto& [sql, values] : statements) {
            ASTRO_TRY(const auto changed, w.execute(sql, values));
            count += changed;
        }
        return {};
    };
    ASTRO_CHECK(core_.around.store.write(purge));
    return count;
}

}  // namespace astro::identity
