#include "capabilities/wallets/api.hpp"

#include <charconv>

#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::wallets {
namespace {

using gateway::Call;
using gateway::Route;
using gateway::RouteClass;
using Answered = Result<net::Response>;
using Routes = std::vector<Route>;

const std::string kPrefix = "/api/v1/wallets";
const std::string kWallet = kPrefix + "/{wallet}";
constexpr std::string_view kLook = "wallets.read";
constexpr std::string_view kHold = "wallets.wallet";
constexpr DurationNs kProofLife = seconds(900);

Result<void> check_id(std::string_view text) {
    const bool hex = text.size() == 2 * WalletId::kSize &&
                     text.find_first_not_of("0123456789abcdef") == text.npos;
    if (hex) return {};
    return refusal("bad_parameter", "an id has 32 hexadecimal digits, in lower case");
}

gateway::Parameter wallet_parameter() {
    return {.name = "wallet",
            .summary = "Its id",
            .length_max = 32,
            .check = &check_id,
            .example = "00112233445566778899aabbccddeeff"};
}

std::string user_of(const Call& call) {
    return call.caller().user;
}
std::string wallet_of(const Call& call) {
    return std::string(*call.text("wallet"));
}

template <class T>
net::Response json_of(const T& value, int status = 200) {
    return net::json_response(to_json(value), status);
}
template <class T>
gateway::Answer answer_of(std::string summary, int status = 200) {
    return {.status = status, .summary = std::move(summary), .document = json_document<T>()};
}

std::string tag_of(std::int64_t revision) {
    return '"' + std::to_string(revision) + '"';
}

/// The revision that If-Match names; -1, which none has, for what is no tag of ours.
std::optional<std::int64_t> expected_of(const Call& call) {
    const auto match = call.request().headers.find("if-match");
    if (!match || *match == "*") return std::nullopt;
    std::int64_t revision = -1;
    if (match->size() > 2)
        std::from_chars(match->data() + 1, match->data() + match->size(), revision);
    return tag_of(revision) == *match ? revision : -1;
}

/// A condition that does not hold has a status of its own (RFC 9110, 13.1.1).
Answered changed_or(const Call& call, const Error& error) {
    if (error.code != "wallet_changed") return Unexpected{error};
    return net::problem_response(412, "wallet_changed", error.message, error.where,
                                 call.request().request_id);
}

Answered replace(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<NewEnvelope>(call.request().body));
    const auto view = parts.book.replace(user_of(call), wallet_of(call), body, expected_of(call));
    if (!view) return changed_or(call, view.error());
    auto out = json_of(*view);
    out.headers.set("etag", tag_of(view->revision));
    return out;
}

/// Who leaves his screen unlocked for a moment has not shown his secret to whoever comes by.
Answered permit_export(const ApiParts& parts, const Call& call) {
    if (call.caller().session.empty())
        return forbidden("session_needed", "a person who signed in does this, not an API key");
    if (call.caller().authenticated + kProofLife < parts.clock.now())
        return forbidden("proof_too_old",
                         "this needs a sign-in of the last quarter of an hour; sign in again");
    ASTRO_CHECK(parts.book.tell_export(user_of(call), wallet_of(call)));
    net::Response out;
    out.status = 204;
    return out;
}

void add_looking(const ApiParts& parts, Routes& routes) {
    routes.push_back(
        {.path = kPrefix,
         .summary = "The caller's wallets, by age",
         .parameters = {{.name = "archived",
                         .type = gateway::ParameterType::boolean,
                         .summary = "true: those that were archived too",
                         .example = "false"}},
         .answers = {answer_of<WalletList>("The wallets")},
         .permission = std::string(kLook),
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(auto items,
                       parts.book.list(user_of(call), call.flag("archived").value_or(false)));
             return json_of(WalletList{std::move(items)});
         }});
    routes.push_back({.path = kWallet,
                      .summary = "One of the caller's wallets",
                      .parameters = {wallet_parameter()},
                      .answers = {answer_of<WalletView>("The wallet")},
                      .permission = std::string(kLook),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto view,
                                    parts.book.get(user_of(call), wallet_of(call)));
                          return json_of(view);
                      }});
}

void add_making(const ApiParts& parts, Routes& routes) {
    routes.push_back(
        {.method = "POST",
         .path = kPrefix,
         .summary = "Keeps a wallet that a client has made and sealed; the server cannot open it. "
                    "The same again changes nothing",
         .body = json_document<NewSealedWallet>(),
         .answers = {answer_of<WalletView>("The wallet", 201)},
         .refusals = {409},
         .permission = std::string(kHold),
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto body, read_json<NewSealedWallet>(call.request().body));
             ASTRO_TRY(const auto view, parts.book.create(user_of(call), body));
             return json_of(view, 201);
         }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/watch-only",
                      .summary = "Watches an address, without any key",
                      .body = json_document<NewWatchedWallet>(),
                      .answers = {answer_of<WalletView>("The wallet", 201)},
                      .refusals = {409},
                      .permission = std::string(kHold),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body,
                                    read_json<NewWatchedWallet>(call.request().body));
                          WalletId id;
                          parts.random.fill(id.bytes);
                          ASTRO_TRY(const auto view, parts.book.watch(user_of(call), body, id));
                          return json_of(view, 201);
                      }});
}

void add_sealed(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kWallet + "/envelope",
                      .summary = "What is sealed, for its owner's client to open; the revision is "
                                 "the ETag",
                      .parameters = {wallet_parameter()},
                      .answers = {answer_of<SealedWallet>("What is sealed")},
                      .refusals = {404, 409},
                      .permission = std::string(kHold),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto sealed,
                                    parts.book.sealed(user_of(call), wallet_of(call)));
                          auto out = json_of(sealed);
                          out.headers.set("etag", tag_of(sealed.revision));
                          out.headers.set("cache-control", "private, no-store");
                          return out;
                      }});
    routes.push_back({.method = "PUT",
                      .path = kWallet + "/envelope",
                      .summary = "Takes the next revision, in which other factors open the same "
                                 "secret, signed by the wallet's own key. With If-Match only what "
                                 "was read is replaced",
                      .parameters = {wallet_parameter()},
                      .body = json_document<NewEnvelope>(),
                      .answers = {answer_of<WalletView>("The wallet; its revision is the ETag")},
                      .refusals = {404, 409, 412},
                      .permission = std::string(kHold),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return replace(parts, call); }});
    routes.push_back(
        {.method = "POST",
         .path = kWallet + "/exports",
         .summary = "Before its owner is shown the secret: he has signed in, with all his factors, "
                    "in the last quarter of an hour, and the audit tells it",
         .parameters = {wallet_parameter()},
         .answers = {{.status = 204, .summary = "He has"}},
         .refusals = {403, 404, 409},
         .permission = std::string(kHold),
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) { return permit_export(parts, call); }});
}

void add_changing(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "PUT",
                      .path = kWallet + "/name",
                      .summary = "Gives it another name",
                      .parameters = {wallet_parameter()},
                      .body = json_document<NewName>(),
                      .answers = {answer_of<WalletView>("The wallet")},
                      .refusals = {404},
                      .permission = std::string(kHold),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<NewName>(call.request().body));
                          ASTRO_TRY(const auto view,
                                    parts.book.rename(user_of(call), wallet_of(call), body.name));
                          return json_of(view);
                      }});
    routes.push_back({.method = "PUT",
                      .path = kWallet + "/archived",
                      .summary = "Takes it out of the list, or brings it back; nothing is deleted",
                      .parameters = {wallet_parameter()},
                      .body = json_document<Archiving>(),
                      .answers = {answer_of<WalletView>("The wallet")},
                      .refusals = {404},
                      .permission = std::string(kHold),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<Archiving>(call.request().body));
                          ASTRO_TRY(
                              const auto view,
                              parts.book.archive(user_of(call), wallet_of(call), body.archived));
                          return json_of(view);
                      }});
}

}  // namespace

std::vector<Route> wallet_routes(const ApiParts& parts) {
    Routes routes;
    add_looking(parts, routes);
    add_making(parts, routes);
    add_sealed(parts, routes);
    add_changing(parts, routes);
    return routes;
}

}  // namespace astro::wallets
