#include "capabilities/identity/documents.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"
#include "foundation/base/check_json.hpp"
#include "foundation/base/json.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kTagBytes = 12;
constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kColumns =
    "SELECT kind, name, tag, bytes, share_hash, created_ns, updated_ns, body_sealed "
    "FROM identity_documents ";
constexpr std::string_view kOfName = "WHERE user_id = ? AND kind = ? AND name = ?";
constexpr std::size_t kSealedColumn = 7;

std::string select(std::string_view rest) {
    return std::string(kColumns) + std::string(rest);
}

std::vector<store::Value> key_of(const UserId& user, const DocumentName& name) {
    return {to_text(user), std::string(enum_name(name.kind)), name.name};
}

/// Bound to its place, so that no row's content passes for another's.
std::string field_of(DocumentKind kind, const std::string& name) {
    return "identity_documents." + std::string(enum_name(kind)) + "." + name;
}

Result<DocumentView> to_view(const store::Row& row) {
    DocumentView out;
    ASTRO_TRY(out.kind, to_enum<DocumentKind>(row[0]));
    out.name = store::to_string(row[1]);
    out.tag = store::to_string(row[2]);
    out.bytes = store::to_int(row[3]);
    out.shared = !store::is_null(row[4]);
    out.created = to_time(row[5]);
    out.updated = to_time(row[6]);
    return out;
}

Unexpected unknown() {
    return not_found("document_unknown", "there is no such document");
}

Result<std::optional<DocumentView>> find(store::Writer& w, const UserId& user,
                                         const DocumentName& name) {
    ASTRO_TRY(const auto rows, w.query(select(kOfName), key_of(user, name)));
    if (rows.empty()) return std::optional<DocumentView>{};
    ASTRO_TRY(auto view, to_view(rows[0]));
    return std::optional(std::move(view));
}

Result<void> check_condition(const DocumentCondition& condition,
                             const std::optional<DocumentView>& now) {
    if (condition.absent && now)
        return conflict("document_changed", "there is such a document already", "if-none-match");
    if (!condition.match) return {};
    if (!now) return conflict("document_changed", "it is not there any more", "if-match");
    if (*condition.match == "*" || condition.match->find('"' + now->tag + '"') != std::string::npos)
        return {};
    return conflict("document_changed",
                    "it was changed meanwhile, on " + to_iso8601(now->updated) +
                        "; read it again, and change that",
                    "if-match");
}

Result<void> check_room(store::Writer& w, const UserId& user) {
    ASTRO_TRY(const auto rows, w.query("SELECT COUNT(*) FROM identity_documents WHERE user_id = ?",
                                       {to_text(user)}));
    if (store::to_int(rows[0][0]) < Documents::kDocumentsMax) return {};
    return conflict("too_many_documents", "at most " + std::to_string(Documents::kDocumentsMax) +
                                              " are kept of a user; delete one first");
}

}  // namespace

Result<void> check_document_name(std::string_view name) {
    const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/';
    });
    if (plain && !name.empty() && name.size() <= Documents::kNameBytesMax && name.front() != ' ' &&
        name.back() != ' ')
        return {};
    return refusal("bad_parameter",
                   "is 1 to " + std::to_string(Documents::kNameBytesMax) +
                       " bytes without control characters, \"/\" and spaces at its ends",
                   "name");
}

Result<std::vector<DocumentView>> Documents::list(const UserId& user,
                                                  std::optional<DocumentKind> kind) {
    std::vector<store::Value> values{to_text(user)};
    std::string rest = "WHERE user_id = ? ";
    if (kind) {
        rest += "AND kind = ? ";
        values.emplace_back(std::string(enum_name(*kind)));
    }
    ASTRO_TRY(const auto rows,
              core_.around.store.query(select(rest + "ORDER BY kind, name"), values));
    std::vector<DocumentView> out;
    for (const auto& row : rows) {
        ASTRO_TRY(auto view, to_view(row));
        out.push_back(std::move(view));
    }
    return out;
}

Result<Document> Documents::get(const UserId& user, const DocumentName& name) {
    ASTRO_TRY(const auto rows, core_.around.store.query(select(kOfName), key_of(user, name)));
    if (rows.empty()) return unknown();
    Document out;
    ASTRO_TRY(out.view, to_view(rows[0]));
    ASTRO_TRY(const auto key, core_.user_key(user));
    ASTRO_TRY(out.body, core_.open(key, field_of(name.kind, name.name), rows[0][kSealedColumn]));
    return out;
}

Result<DocumentView> Documents::put(const UserId& user, const DocumentName& name,
                                    const std::string& body, const DocumentCondition& condition) {
    ASTRO_CHECK(check_document_name(name.name));
    ASTRO_CHECK(check_json_object(body, {.bytes_max = kBytesMax, .depth_max = kDepthMax}));
    DocumentView view{name.kind,
                      name.name,
                      to_hex(core_.around.random.bytes(kTagBytes)),
                      static_cast<std::int64_t>(body.size()),
                      false,
                      core_.now(),
                      core_.now()};
    const auto save = [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto now, find(w, user, name));
        ASTRO_CHECK(check_condition(condition, now));
        ASTRO_TRY(const auto key, core_.user_key(w, user));
        const store::Value sealed = core_.seal(key, field_of(name.kind, name.name), body);
        if (now) {
            view.shared = now->shared;
            view.created = now->created;
            auto values = key_of(user, name);
            values.insert(values.begin(), {view.tag, view.bytes, sealed, time_of(view.updated)});
            ASTRO_CHECK(
                w.execute("UPDATE identity_documents SET tag = ?, bytes = ?, body_sealed = "
                          "?, updated_ns = ? " +
                              std::string(kOfName),
                          values));
            return {};
        }
        ASTRO_CHECK(check_room(w, user));
        auto values = key_of(user, name);
        values.insert(values.end(), {view.tag, view.bytes, sealed, store::Value{},
                                     time_of(view.created), time_of(view.updated)});
        ASTRO_CHECK(
            w.execute("INSERT INTO identity_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values));
        return {};
    };
    ASTRO_CHECK(core_.around.store.write(save));
    return view;
}

Result<void> Documents::remove(const UserId& user, const DocumentName& name,
                               const DocumentCondition& condition) {
    return core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto now, find(w, user, name));
        if (!now) return unknown();
        ASTRO_CHECK(check_condition(condition, now));
        ASTRO_CHECK(w.execute("DELETE FROM identity_documents " + std::string(kOfName),
                              key_of(user, name)));
        return {};
    });
}

Result<std::string> Documents::share(const UserId& user, const DocumentName& name,
                                     const Caller& caller) {
    const std::string id = to_text(user);
    std::string token = to_base64url(core_.around.random.bytes(kTokenBytes));
    const Act act{
        "document.shared", id, id, {{"kind", std::string(enum_name(name.kind))}}, user, caller};
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        auto values = key_of(user, name);
        values.insert(values.begin(), hash_text(token));
        ASTRO_TRY(const auto changed,
                  w.execute("UPDATE identity_documents SET share_hash = ? " + std::string(kOfName),
                            values));
        if (changed == 0) return unknown();
        return {};
    });
    ASTRO_CHECK(done);
    return token;
}

Result<void> Documents::unshare(const UserId& user, const DocumentName& name,
                                const Caller& caller) {
    const std::string id = to_text(user);
    const Act act{
        "document.unshared", id, id, {{"kind", std::string(enum_name(name.kind))}}, user, caller};
    return core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto now, find(w, user, name));
        if (!now) return unknown();
        if (!now->shared) return not_found("document_not_shared", "there is no link to it");
        ASTRO_CHECK(
            w.execute("UPDATE identity_documents SET share_hash = NULL " + std::string(kOfName),
                      key_of(user, name)));
        return {};
    });
}

Result<Document> Documents::shared(std::string_view token) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT d.user_id, d.kind, d.name FROM identity_documents d JOIN identity_users "
                  "u ON u.id = d.user_id WHERE d.share_hash = ? AND u.status = 'active'",
                  {hash_text(token)}));
    if (rows.empty()) return unknown();
    ASTRO_TRY(const auto user, parse_id<UserId>(store::to_string(rows[0][0])));
    ASTRO_TRY(const auto kind, to_enum<DocumentKind>(rows[0][1]));
    return get(user, {kind, store::to_string(rows[0][2])});
}

Result<std::string> Documents::export_all(const UserKey& key) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(select("WHERE user_id = ? ORDER BY kind, name"),
                                       {to_text(key.user)}));
    std::string out = "[";
    for (const auto& row : rows) {
        ASTRO_TRY(const auto view, to_view(row));
        ASTRO_TRY(const auto body,
                  core_.open(key, field_of(view.kind, view.name), row[kSealedColumn]));
        if (out.size() > 1) out += ',';
        out += R"({"document":)" + to_json(view) + R"(,"content":)" + body + '}';
    }
    return out + ']';
}

}  // namespace astro::identity
