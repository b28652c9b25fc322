#include "capabilities/identity/rows.hpp"

namespace astro::identity {

namespace {

constexpr const char* kUsers = R"sql(
CREATE TABLE identity_secrets (
    name TEXT PRIMARY KEY,
    sealed TEXT NOT NULL
);
CREATE TABLE identity_signing_keys (
    kid TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    sealed_seed TEXT,
    created_ns BIGINT NOT NULL,
    retired_ns BIGINT
);
CREATE TABLE identity_users (
    id TEXT PRIMARY KEY,
    email_index TEXT UNIQUE,
    wrapped_key TEXT,
    email_sealed TEXT,
    password_hash TEXT,
    totp_sealed TEXT,
    totp_confirmed BIGINT NOT NULL,
    totp_step BIGINT,
    status TEXT NOT NULL,
    tier TEXT NOT NULL,
    created_ns BIGINT NOT NULL
);
CREATE TABLE identity_user_roles (
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
);
CREATE TABLE identity_roles (
    name TEXT PRIMARY KEY,
    patterns TEXT NOT NULL
);
)sql";

constexpr const char* kProofs = R"sql(
CREATE TABLE identity_login_failures (
    email_index TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    since_ns BIGINT NOT NULL
);
CREATE TABLE identity_one_time_tokens (
    hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT,
    value TEXT NOT NULL,
    tries BIGINT NOT NULL,
    expires_ns BIGINT NOT NULL
);
CREATE INDEX identity_one_time_tokens_expiry ON identity_one_time_tokens (expires_ns);
CREATE TABLE identity_recovery_codes (
    user_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (user_id, hash)
);
CREATE TABLE identity_passkeys (
    credential_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    backup_eligible BIGINT NOT NULL,
    backed_up BIGINT NOT NULL,
    aaguid TEXT NOT NULL,
    attestation TEXT NOT NULL,
    created_ns BIGINT NOT NULL,
    last_used_ns BIGINT
);
CREATE INDEX identity_passkeys_user ON identity_passkeys (user_id);
CREATE TABLE identity_links (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_ns BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
CREATE INDEX identity_links_user ON identity_links (user_id);
)sql";

constexpr const char* kSessions = R"sql(
CREATE TABLE identity_sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    methods TEXT NOT NULL,
    caller_sealed TEXT NOT NULL,
    created_ns BIGINT NOT NULL,
    authenticated_ns BIGINT NOT NULL,
    expires_ns BIGINT NOT NULL,
    revoked_ns BIGINT
);
CREATE INDEX identity_sessions_user ON identity_sessions (user_id, created_ns);
CREATE TABLE identity_refresh_tokens (
    hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    expires_ns BIGINT NOT NULL,
    used_ns BIGINT
);
CREATE INDEX identity_refresh_tokens_session ON identity_refresh_tokens (session_id);
CREATE TABLE identity_api_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    secret TEXT NOT NULL,
    scopes TEXT NOT NULL,
    ip_allow TEXT NOT NULL,
    created_ns BIGINT NOT NULL,
    expires_ns BIGINT,
    last_used_ns BIGINT
);
CREATE INDEX identity_api_keys_user ON identity_api_keys (user_id);
)sql";

constexpr const char* kAudit = R"sql(
CREATE TABLE identity_audit (
    seq BIGINT PRIMARY KEY,
    time_ns BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    sealed TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX identity_audit_subject ON identity_audit (subject, seq);
CREATE TABLE identity_audit_heads (
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    time_ns BIGINT NOT NULL,
    kid TEXT NOT NULL,
    signature TEXT NOT NULL
);
)sql";

constexpr const char* kPlans = R"sql(
CREATE TABLE identity_tiers (
    name TEXT PRIMARY KEY,
    requests_per_minute BIGINT NOT NULL,
    requests_per_day BIGINT NOT NULL,
    websocket_connections BIGINT NOT NULL,
    subscriptions BIGINT NOT NULL,
    history_days BIGINT NOT NULL
);
CREATE TABLE identity_limits (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
)sql";

constexpr const char* kDocuments = R"sql(
CREATE TABLE identity_documents (
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    tag TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    body_sealed TEXT NOT NULL,
    share_hash TEXT UNIQUE,
    created_ns BIGINT NOT NULL,
    updated_ns BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, name)
);
)sql";

}  // namespace

std::vector<store::Migration> migrations() {
    return {{"identity", 1, std::string(kUsers) + kProofs + kSessions + kAudit},
            {"identity", 2, kPlans},
            {"identity", 3, kDocuments}};
}

Result<Bytes> to_bytes(const store::Value& v) {
    const auto* text = std::get_if<std::string>(&v);
    if (text == nullptr) return unavailable("store_corrupt", "a column holds no text");
    auto bytes = parse_base64(*text);
    if (!bytes) return unavailable("store_corrupt", "a column holds no base64");
    return bytes;
}

std::string join(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    std::size_t start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find(' ', start), text.size());
        if (end > start) out.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

}  // namespace astro::identity
