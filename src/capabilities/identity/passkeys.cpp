#include "capabilities/identity/passkeys.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"
#include "capabilities/identity/wire/client_data.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kRegister = "passkey_register", kLogin = "passkey_login";
constexpr std::int64_t kLifeSeconds = 300;

Unexpected passkey_unknown() {
    return not_found("passkey_unknown", "this passkey is not known here");
}

Result<webauthn::Credential> to_credential(const PasskeyAnswer& answer, const store::Row& row) {
    webauthn::Credential out;
    out.id = answer.credential_id;
    ASTRO_TRY(const Bytes encoded, to_bytes(row[2]));
    ASTRO_TRY(const auto value, cbor::parse(encoded));
    ASTRO_TRY(out.key, cose::parse_key(value));
    out.sign_count = static_cast<std::uint32_t>(store::to_int(row[3]));
    out.backup_eligible = store::to_int(row[4]) != 0;
    return out;
}

}  // namespace

Result<PasskeyOptions> Passkeys::begin_registration(const UserId& user) {
    PasskeyOptions out;
    out.rp_id = policy_.rp_id;
    out.rp_name = core_.settings.site_name;
    out.user_handle = to_base64url(user.view());
    out.algorithms = policy_.algorithms;
    out.timeout_ms = kLifeSeconds * 1000;
    ASTRO_TRY(const auto known, list(user));
    for (const auto& passkey : known) out.known_credentials.push_back(passkey.id);
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto key, core_.user_key(w, user));
        ASTRO_TRY(const auto rows,
                  w.query("SELECT email_sealed FROM identity_users WHERE id = ?", {to_text(user)}));
        out.user_name = to_text(user);
        if (!store::is_null(rows[0][0])) {
            ASTRO_TRY(out.user_name, core_.open(key, "identity_users.email", rows[0][0]));
        }
        ASTRO_TRY(out.challenge, core_.make_one_time(w, kRegister, user, "", kLifeSeconds));
        return {};
    });
    ASTRO_CHECK(done);
    return out;
}

Result<PasskeyView> Passkeys::finish_registration(const UserId& user, std::string_view name,
                                                  std::string_view client_data_json,
                                                  ByteView attestation_object,
                                                  const Caller& caller) {
    if (name.empty() || name.size() > 64 || !is_utf8(name))
        return refusal("bad_key_name", "a passkey's name has 1 to 64 bytes of text", "name");
    ASTRO_TRY(const auto client_data, parse_client_data(client_data_json));
    PasskeyView out;
    const auto store_passkey = [&](store::Writer& w) -> Result<void> {
        // The challenge is the token: who answers it has used it up.
        ASTRO_TRY(const auto taken,
                  core_.take_one_time(w, kRegister, to_base64url(client_data.challenge)));
        if (taken.user != user)
            return refusal("token_invalid", "the challenge was given to another user");
        ASTRO_TRY(const auto made,
                  webauthn::verify_registration(policy_, client_data.challenge, client_data,
                                                attestation_object, core_.now()));
        const std::string id = to_base64url(made.id);
        ASTRO_TRY(const auto known,
                  w.query("SELECT user_id FROM identity_passkeys WHERE credential_id = ?", {id}));
        if (!known.empty()) return conflict("passkey_known", "this passkey is registered already");
        out = {id,
               std::string(name),
               std::string(enum_name(made.attestation)),
               made.backed_up,
               core_.now(),
               std::nullopt};
        ASTRO_CHECK(
            w.execute("INSERT INTO identity_passkeys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                      {id, to_text(user), out.name, text_of(cbor::encode(cose::to_cbor(made.key))),
                       std::int64_t{made.sign_count}, std::int64_t{made.backup_eligible},
                       std::int64_t{made.backed_up}, to_hex(made.aaguid.view()), out.attestation,
                       time_of(out.created)}));
        return {};
    };
    ASTRO_CHECK(core_.act({"passkey.added", to_text(user), to_text(user), {}, user, caller},
                          store_passkey));
    return out;
}

Result<PasskeyOptions> Passkeys::begin_login() {
    PasskeyOptions out;
    out.rp_id = policy_.rp_id;
    out.rp_name = core_.settings.site_name;
    out.timeout_ms = kLifeSeconds * 1000;
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(out.challenge, core_.make_one_time(w, kLogin, {}, "", kLifeSeconds));
        return {};
    });
    ASTRO_CHECK(done);
    return out;
}

Result<TokenPair> Passkeys::finish_login(const PasskeyAnswer& answer, const Caller& caller) {
    ASTRO_TRY(const auto client_data, parse_client_data(answer.client_data_json));
    Act act{"login", "anonymous", "", {{"method", "webauthn"}}, {}, caller};
    std::optional<TokenPair> pair;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(pair, sign_in(w, answer, client_data, act));
        return {};
    });
    ASTRO_CHECK(done);
    return std::move(*pair);
}

Result<TokenPair> Passkeys::sign_in(store::Writer& w, const PasskeyAnswer& answer,
                                    const webauthn::ClientData& client_data, Act& act) {
    ASTRO_CHECK(core_.take_one_time(w, kLogin, to_base64url(client_data.challenge)));
    const std::string id = to_base64url(answer.credential_id);
    ASTRO_TRY(const auto rows,
              w.query("SELECT p.user_id, u.status, p.public_key, p.sign_count, p.backup_eligible "
                      "FROM identity_passkeys p JOIN identity_users u ON u.id = p.user_id WHERE "
                      "p.credential_id = ?",
                      {id}));
    if (rows.empty()) return passkey_unknown();
    ASTRO_TRY(const auto user, parse_id<UserId>(store::to_string(rows[0][0])));
    act.subject = to_text(user);
    act.personal_of = user;
    ASTRO_TRY(const auto credential, to_credential(answer, rows[0]));
    ASTRO_TRY(
        const auto verified,
        webauthn::verify_assertion(policy_, client_data.challenge, credential, user.view(),
                                   {answer.credential_id, client_data, answer.authenticator_data,
                                    answer.signature, answer.user_handle}));
    if (verified.counter_went_back)
        return unauthenticated("webauthn_counter",
                       "this passkey's counter went back: it may have been copied; remove it and "
                       "register it anew");
    if (store::to_string(rows[0][1]) != enum_name(UserStatus::active))
        return forbidden("user_inactive", "the account is not active");
    ASTRO_CHECK(
        w.execute("UPDATE identity_passkeys SET sign_count = ?, backed_up = ?, "
                  "last_used_ns = ? WHERE credential_id = ?",
                  {std::int64_t{verified.sign_count}, std::int64_t{verified.backed_up},
                   time_of(core_.now()), id}));
    act.actor = act.subject;
    return sessions_.start(w, user, {"webauthn"}, act.caller);
}

Result<std::vector<PasskeyView>> Passkeys::list(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT credential_id, name, attestation, backed_up, created_ns, last_used_ns "
                  "FROM identity_passkeys WHERE user_id = ? ORDER BY created_ns, credential_id",
                  {to_text(user)}));
    std::vector<PasskeyView> out;
    for (const auto& row : rows)
        out.push_back({store::to_string(row[0]), store::to_string(row[1]), store::to_string(row[2]),
                       store::to_int(row[3]) != 0, to_time(row[4]), to_optional_time(row[5])});
    return out;
}

Result<void> Passkeys::remove(const UserId& user, std::string_view id, const Caller& caller) {
    return core_.act({"passkey.removed", to_text(user), to_text(user), {}, user, caller},
                     [&](store::Writer& w) -> Result<void> {
                         ASTRO_TRY(const auto changed,
                                   w.execute("DELETE FROM identity_passkeys WHERE credential_id = "
                                             "? AND user_id = ?",
                                             {std::string(id), to_text(user)}));
                         if (changed == 0) return passkey_unknown();
                         return {};
                     });
}

}  // namespace astro::identity
