#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "foundation/base/json.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/identity_data.hpp"

/// `astrolabe identity …`: the audit, the accounts and API keys, on the data directory itself.
namespace astro::cli {
namespace {

Result<std::vector<identity::SignedAuditHead>> read_heads(const std::string& path) {
    std::vector<identity::SignedAuditHead> heads;
    if (path.empty()) return heads;
    std::ifstream in(path);
    if (!in) return not_found("bad_file", "cannot be opened", path);
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) continue;
        ASTRO_TRY(auto head, identity::parse_head(line));
        heads.push_back(std::move(head));
    }
    return heads;
}

Result<void> write_private_key(const std::string& path, const crypto::SecretKey& seed) {
    // PKCS #8 of RFC 8410: these bytes and then the seed.
    Bytes der = parse_hex("302e020100300506032b657004220420").value();
    der.insert(der.end(), seed.view().begin(), seed.view().end());
    std::string pem =
        "-----BEGIN PRIVATE KEY-----\n" + to_base64(der) + "\n-----END PRIVATE KEY-----\n";
    crypto::wipe(der);
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0)
        return refusal("bad_file", "cannot be made: " + std::string(std::strerror(errno)), path);
    const bool written =
        ::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
        ::fsync(file) == 0;
    crypto::wipe(pem);
    ::close(file);
    if (!written) return unavailable("bad_file", "cannot be written", path);
    return {};
}

std::string join(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
    return out;
}

}  // namespace

ExitCode run_audit_verify(const AuditArguments& arguments) {
    const auto heads = read_heads(arguments.heads);
    if (!heads) return refuse(heads.error());
    const auto opened = open_identity(arguments.data, false);
    if (!opened) return refuse(opened.error());
    const auto report = (*opened)->service().audit.verify(*heads);
    if (!report) return refuse(report.error());
    Output out;
    out.line(to_json(*report));
    out.flush();
    if (out.failed()) return ExitCode::failed;
    for (const auto& finding : report->findings)
        complain("entry " + std::to_string(finding.seq) + " " +
                 std::string(enum_name(finding.fault)) + ": " + finding.text);
    return report->findings.empty() ? ExitCode::ok : ExitCode::failed;
}

ExitCode run_audit_export(const AuditArguments& arguments) {
    const auto opened = open_identity(arguments.data, false);
    if (!opened) return refuse(opened.error());
    Output out;
    for (std::int64_t after = 0; !out.closed() && !out.failed();) {
        const auto page = (*opened)->service().audit.list(after, 1'000);
        if (!page) return refuse(page.error());
        if (page->empty()) break;
        for (const auto& entry : *page) out.line(to_json(entry));
        after = page->back().seq;
    }
    out.flush();
    return ended(out);
}

ExitCode run_user_list(const UserArguments& arguments) {
    const auto opened = open_identity(arguments.data, false);
    if (!opened) return refuse(opened.error());
    Output out;
    Table table({"id", "email", "status", "tier", "roles", "passkeys"});
    for (std::int64_t offset = 0;; offset += 500) {
        const auto users = (*opened)->service().accounts.list(500, offset);
        if (!users) return refuse(users.error());
        if (users->empty()) break;
        for (const auto& user : *users) {
            if (arguments.format == Format::json)
                out.line(to_json(user));
            else
                table.add({to_text(user.id), user.email, std::string(enum_name(user.status)),
                           user.tier, join(user.roles), std::to_string(user.passkeys)});
        }
    }
    if (arguments.format == Format::table) table.print(out);
    out.flush();
    return ended(out);
}

ExitCode run_user_change(const UserArguments& arguments) {
    const auto user = identity::parse_id<identity::UserId>(arguments.user);
    if (!user) return refuse(user.error());
    const auto opened = open_identity(arguments.data, true);
    if (!opened) return refuse(opened.error());
    auto& service = (*opened)->service();
    const auto done =
        arguments.change == UserArguments::Change::roles
            ? service.roles.assign("system", *user, arguments.roles)
            : service.accounts.set_status("system", *user,
                                          arguments.change == UserArguments::Change::enable
                                              ? identity::UserStatus::active
                                              : identity::UserStatus::disabled);
    if (!done) return refuse(done.error());
    return ExitCode::ok;
}

ExitCode run_key_create(const KeyArguments& arguments) {
    crypto::SystemRandom random;
    const auto seed = random.secret_key();
    const auto key = crypto::Ed25519Key::from_seed(seed);
    if (const auto written = write_private_key(arguments.file, seed); !written)
        return refuse(written.error());
    const std::string public_key = to_base64url(key.public_key().view());
    Output out;
    out.line("The private key is in " + arguments.file + " and nowhere else.");
    out.line("Public key, to be given to POST /api/v1/identity/keys: " + public_key);
    out.line("");
    out.line("KEY=<id of the API key>  URL=" + arguments.url + "  TARGET=/api/v1/identity/profile");
    out.line("TIME=$(date +%s%3N)  NONCE=$(openssl rand -hex 16)  BODY=''");
    out.line(R"(HASH=$(printf '%s' "$BODY" | sha256sum | cut -d' ' -f1))");
    out.line(R"(printf 'ASTROLABE-1\n%s\n%s\n%s\nGET\n%s\n%s' "$KEY" "$TIME" "$NONCE" "$TARGET" )"
             R"("$HASH" > request.txt)");
    out.line("SIGNATURE=$(openssl pkeyutl -sign -rawin -inkey " + arguments.file +
             " -in request.txt | basenc --base64url -w0 | tr -d '=')");
    out.line(R"(curl "$URL$TARGET" -H "X-Astrolabe-Key: $KEY" -H "X-Astrolabe-Timestamp: $TIME" )"
             R"(-H "X-Astrolabe-Nonce: $NONCE" -H "X-Astrolabe-Signature: $SIGNATURE")");
    out.flush();
    return ended(out);
}

}  // namespace astro::cli
