#include "capabilities/identity/audit_log.hpp"

#include <algorithm>
#include <charconv>

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kPage = 1000;

template <class Fixed>
Result<Fixed> to_fixed(const store::Value& v) {
    ASTRO_TRY(const Bytes bytes, to_bytes(v));
    Fixed out;
    if (bytes.size() != Fixed::kSize)
        return unavailable("store_corrupt", "a column of the audit has another length");
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

Result<AuditEntry> to_entry(const store::Row& row) {
    AuditEntry out;
    out.seq = store::to_int(row[0]);
    out.event.time = to_time(row[1]);
    out.event.actor = store::to_string(row[2]);
    out.event.action = store::to_string(row[3]);
    out.event.subject = store::to_string(row[4]);
    out.event.outcome = store::to_string(row[5]);
    out.event.detail = store::to_string(row[6]);
    ASTRO_TRY(out.event.sealed, to_bytes(row[7]));
    ASTRO_TRY(out.previous_hash, to_fixed<crypto::Sha256>(row[8]));
    ASTRO_TRY(out.hash, to_fixed<crypto::Sha256>(row[9]));
    return out;
}

/// What begins with `text`, for LIKE … ESCAPE '!'.
std::string like_prefix(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') out += '!';
        out += c;
    }
    return out + "%";
}

bool parse_number(const std::string& text, std::int64_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<std::vector<AuditView>> AuditLog::list(std::int64_t after, std::int64_t limit,
                                              const std::optional<std::string>& who) {
    return find({.after = after, .limit = limit, .who = who});
}

Result<std::vector<AuditView>> AuditLog::find(const AuditQuery& query) {
    std::string sql = "SELECT * FROM identity_audit WHERE seq > ? ";
    std::vector<store::Value> values{query.after};
    const auto also = [&](const std::string& condition, std::initializer_list<store::Value> more) {
        sql += "AND " + condition + " ";
        values.insert(values.end(), more);
    };
    if (query.before) also("seq < ?", {*query.before});
    if (query.who) also("(subject = ? OR actor = ?)", {*query.who, *query.who});
    if (!query.action.empty()) also("action LIKE ? ESCAPE '!'", {like_prefix(query.action)});
    if (query.refused_only) also("outcome <> 'ok'", {});
    sql += query.newest_first ? "ORDER BY seq DESC LIMIT ?" : "ORDER BY seq LIMIT ?";
    values.emplace_back(std::clamp<std::int64_t>(query.limit, 1, kPage));
    ASTRO_TRY(const auto rows, core_.around.store.query(sql, values));
    std::vector<AuditView> out;
    for (const auto& row : rows) {
        ASTRO_TRY(const auto entry, to_entry(row));
        out.push_back({entry.seq, entry.event.time, entry.event.actor, entry.event.action,
                       entry.event.subject, entry.event.outcome, entry.event.detail,
                       to_hex(entry.hash.view())});
    }
    return out;
}

Result<SignedAuditHead> AuditLog::sign() {
    std::optional<SignedAuditHead> out;
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto rows,
                  w.query("SELECT seq, hash FROM identity_audit ORDER BY seq DESC LIMIT 1"));
        if (rows.empty()) return conflict("audit_empty", "there is nothing to sign yet");
        AuditHead head;
        head.seq = store::to_int(rows[0][0]);
        ASTRO_TRY(head.hash, to_fixed<crypto::Sha256>(rows[0][1]));
        const auto signer = core_.signer();
        out = sign_head(head, core_.now(), signer.kid, signer.key);
        ASTRO_CHECK(w.execute("INSERT INTO identity_audit_heads VALUES (?, ?, ?, ?, ?)",
                              {head.seq, text_of(head.hash.view()), time_of(out->time), out->kid,
                               text_of(out->signature.view())}));
        return {};
    });
    ASTRO_CHECK(done);
    return std::move(*out);
}

Result<std::vector<SignedAuditHead>> AuditLog::heads() {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT seq, hash, time_ns, kid, signature FROM "
                                       "identity_audit_heads ORDER BY seq"));
    std::vector<SignedAuditHead> out;
    for (const auto& row : rows) {
        SignedAuditHead head;
        head.head.seq = store::to_int(row[0]);
        ASTRO_TRY(head.head.hash, to_fixed<crypto::Sha256>(row[1]));
        head.time = to_time(row[2]);
        head.kid = store::to_string(row[3]);
        ASTRO_TRY(head.signature, to_fixed<crypto::Ed25519Signature>(row[4]));
        out.push_back(std::move(head));
    }
    return out;
}

Result<AuditReport> AuditLog::verify(const std::vector<SignedAuditHead>& kept) {
    ASTRO_TRY(auto signed_heads, heads());
    signed_heads.insert(signed_heads.end(), kept.begin(), kept.end());
    ASTRO_TRY(const auto keys, core_.all_keys());
    AuditVerifier verifier(signed_heads, keys);
    AuditReport report;
    report.signed_heads = static_cast<std::int64_t>(signed_heads.size());
    // Reordering within a table shows as seq that do not fit their hashes.
    for (std::int64_t after = INT64_MIN;;) {
        ASTRO_TRY(
            const auto rows,
            core_.around.store.query(
                "SELECT * FROM identity_audit WHERE seq > ? ORDER BY seq LIMIT ?", {after, kPage}));
        if (rows.empty()) break;
        for (const auto& row : rows) {
            ASTRO_TRY(const auto entry, to_entry(row));
            verifier.next(entry);
            ++report.entries;
        }
        after = store::to_int(rows.back()[0]);
    }
    report.findings = verifier.finish();
    return report;
}

std::string to_text(const SignedAuditHead& head) {
    return std::to_string(head.head.seq) + " " + to_hex(head.head.hash.view()) + " " +
           std::to_string(head.time.value()) + " " + head.kid + " " +
           to_base64url(head.signature.view());
}

Result<SignedAuditHead> parse_head(std::string_view text) {
    const auto parts = split(std::string(text));
    const auto wrong = [] {
        return refusal("bad_audit_head",
                       "a head is \"<entry> <hash> <time> <key> <signature>\" on one line");
    };
    if (parts.size() != 5) return wrong();
    SignedAuditHead out;
    std::int64_t time = 0;
    const auto hash = parse_hex(parts[1]), signature = parse_base64url(parts[4]);
    if (!parse_number(parts[0], out.head.seq) || !parse_number(parts[2], time) || !hash ||
        hash->size() != 32 || !signature || signature->size() != 64)
        return wrong();
    out.time = TimestampNs{time};
    out.kid = parts[3];
    std::copy(hash->begin(), hash->end(), out.head.hash.bytes.begin());
    std::copy(signature->begin(), signature->end(), out.signature.bytes.begin());
    return out;
}

}  // namespace astro::identity
