#include "server/cli/wallets_client.hpp"

#include <boost/json.hpp>

#include "capabilities/wallets/engine/sealing.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::cli {
namespace {

const std::string kRoot = "/api/v1/wallets";

std::string member_of(std::string_view body, std::string_view name) {
    boost::system::error_code error;
    const auto value = boost::json::parse({body.data(), body.size()}, error);
    if (error || !value.is_object()) return {};
    const auto* member = value.as_object().if_contains({name.data(), name.size()});
    return member != nullptr && member->is_string() ? std::string(member->as_string())
                                                    : std::string();
}

/// An id in hexadecimal.
template <class Id>
Result<Id> id_of(std::string_view text) {
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() != Id::kSize)
        return unavailable("bad_answer", "the server gave an id that is none");
    Id out;
    std::ranges::copy(*bytes, out.bytes.begin());
    return out;
}

}  // namespace

Result<WalletsClient> WalletsClient::connect(const WalletsServer& server) {
    ASTRO_TRY(const auto url, net::parse_url(server.url));
    if (url.scheme != "http" && url.scheme != "https")
        return refusal("bad_url", "is http://… or https://…", "--url");
    ASTRO_TRY(auto key, traders::load_api_key(server.key_id, server.key_file));
    ASTRO_TRY(auto http, net::HttpClient::make(url));
    return WalletsClient(std::move(http), std::move(key));
}

Result<std::string> WalletsClient::ask(const std::string& method, const std::string& target,
                                       std::string body, std::optional<std::string> if_match) {
    SystemClock clock;
    net::Request request;
    request.method = method;
    request.target = target;
    request.headers = traders::sign_request(key_, method, target, body, clock.now());
    if (!body.empty()) request.headers.set("content-type", "application/json");
    if (if_match) request.headers.set("if-match", *if_match);
    request.body = std::move(body);
    ASTRO_TRY(const auto answer, http_->request(request));
    if (answer.status < 300) return std::string(answer.text());
    const std::string code = member_of(answer.text(), "code");
    return refusal("refused", code.empty() ? "the server answers " + std::to_string(answer.status)
                                           : code + ": " + member_of(answer.text(), "detail"));
}

template <class T>
Result<T> WalletsClient::ask_for(const std::string& method, const std::string& target,
                                 std::string body, std::optional<std::string> if_match) {
    ASTRO_TRY(const auto text, ask(method, target, std::move(body), std::move(if_match)));
    auto value = read_json<T>(text);
    if (!value)
        return unavailable("bad_answer", "the server answers what this program does not know: " +
                                             value.error().text());
    return value;
}

Result<wallets::OwnerId> WalletsClient::owner() {
    ASTRO_TRY(const auto profile, ask("GET", "/api/v1/identity/profile"));
    return id_of<wallets::OwnerId>(member_of(profile, "id"));
}

Result<wallets::WalletList> WalletsClient::list(bool archived) {
    return ask_for<wallets::WalletList>("GET",
                                        kRoot + "?archived=" + (archived ? "true" : "false"));
}

Result<wallets::WalletView> WalletsClient::find(const std::string& wallet) {
    ASTRO_TRY(const auto all, list(true));
    const wallets::WalletView* found = nullptr;
    for (const auto& view : all.items) {
        if (view.id == wallet) return view;
        if (view.name != wallet) continue;
        if (found != nullptr)
            return refusal("wallet_ambiguous",
                           "two wallets are called '" + wallet + "': name it by its id");
        found = &view;
    }
    if (found == nullptr) return refusal("wallet_unknown", "there is no wallet '" + wallet + "'");
    return *found;
}

Result<wallets::WalletView> WalletsClient::create(const wallets::NewSealedWallet& wallet) {
    return ask_for<wallets::WalletView>("POST", kRoot, to_json(wallet));
}

Result<wallets::WalletView> WalletsClient::watch(const wallets::NewWatchedWallet& wallet) {
    return ask_for<wallets::WalletView>("POST", kRoot + "/watch-only", to_json(wallet));
}

Result<wallets::WalletView> WalletsClient::rename(const std::string& id, const std::string& name) {
    return ask_for<wallets::WalletView>("PUT", kRoot + "/" + id + "/name",
                                        to_json(wallets::NewName{name}));
}

Result<wallets::Envelope> WalletsClient::envelope(const std::string& id) {
    ASTRO_TRY(const auto wallet, id_of<wallets::WalletId>(id));
    ASTRO_TRY(const auto user, owner());
    ASTRO_TRY(const auto sealed,
              ask_for<wallets::SealedWallet>("GET", kRoot + "/" + id + "/envelope"));
    ASTRO_TRY(auto envelope, wallets::envelope_of_text(sealed.envelope));
    ASTRO_CHECK(wallets::check_subject(envelope, wallet, user));
    return envelope;
}

Result<wallets::WalletView> WalletsClient::replace(const std::string& id,
                                                   const wallets::Envelope& next) {
    return ask_for<wallets::WalletView>(
        "PUT", kRoot + "/" + id + "/envelope",
        to_json(wallets::NewEnvelope{to_base64(wallets::to_bytes(next))}),
        '"' + std::to_string(next.revision - 1) + '"');
}

}  // namespace astro::cli
