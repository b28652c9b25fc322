#include "capabilities/identity/oidc_sign_in.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"
#include "foundation/net/client.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kPurpose = "oidc";
constexpr std::size_t kStateBytes = 32, kCodeMax = 2048;
constexpr DurationNs kKeysKept = seconds(3600), kKeysAskedAgain = seconds(30);

Act login_act(const Caller& caller) {
    return {"login", "anonymous", "", {{"method", "oidc"}}, {}, caller};
}

}  // namespace

Result<net::Response> NetFetcher::fetch(const std::string& url, net::Request request) {
    ASTRO_TRY(const auto origin, net::parse_url(url));
    net::ClientOptions options;
    options.request_timeout = seconds(10);
    options.response_bytes = 64U << 10;
    ASTRO_TRY(const auto client, net::HttpClient::make(origin, options));
    request.target = origin.target;
    return client->request(request);
}

Result<void> OidcSignIn::check(const std::vector<oidc::Provider>& providers) {
    for (const auto& provider : providers) {
        ASTRO_CHECK(oidc::check_provider(provider));
        if (std::ranges::count(providers, provider.name, &oidc::Provider::name) > 1)
            return refusal("bad_provider", "two providers have this name", provider.name);
    }
    return {};
}

std::vector<std::string> OidcSignIn::names() const {
    std::vector<std::string> out;
    for (const auto& provider : providers_) out.push_back(provider.name);
    return out;
}

const oidc::Provider* OidcSignIn::find(std::string_view name) const {
    const auto at = std::ranges::find(providers_, name, &oidc::Provider::name);
    return at == providers_.end() ? nullptr : &*at;
}

std::string OidcSignIn::redirect_uri() const {
    return core_.settings.issuer + "/sign-in/provider";
}

Result<std::string> OidcSignIn::get(const std::string& url) {
    net::Request request;
    request.headers.set("accept", "application/json");
    const auto answer = fetcher_.fetch(url, std::move(request));
    if (!answer || answer->status != 200)
        return unavailable("oidc_unreachable",
                           answer ? "the provider answers " + std::to_string(answer->status)
                                  : answer.error().text(),
                           url);
    return std::string(answer->text());
}

Result<OidcSignIn::Known> OidcSignIn::discover(const oidc::Provider& provider, bool fresh_keys) {
    {
        const std::lock_guard lock(mutex_);
        const auto at = known_.find(provider.name);
        if (at != known_.end()) {
            const auto age = core_.now() - at->second.keys_read;
            // A token of an unknown key asks for fresh keys, yet nobody may have us ask at will.
            if (age < (fresh_keys ? kKeysAskedAgain : kKeysKept)) return at->second;
        }
    }
    std::string base = provider.issuer;
    if (base.ends_with('/')) base.pop_back();
    ASTRO_TRY(const std::string document, get(base + "/.well-known/openid-configuration"));
    Known known;
    ASTRO_TRY(known.endpoints, oidc::parse_discovery(document, provider));
    ASTRO_TRY(const std::string keys, get(known.endpoints.jwks));
    ASTRO_TRY(known.keys, parse_jwks(keys));
    known.keys_read = core_.now();
    const std::lock_guard lock(mutex_);
    known_.insert_or_assign(provider.name, known);
    return known;
}

Result<OidcSignIn::Begun> OidcSignIn::begin(std::string_view name) {
    const auto* provider = find(name);
    if (provider == nullptr)
        return not_found("provider_unknown", "there is no sign-in of this name", "provider");
    ASTRO_TRY(const auto known, discover(*provider, false));
    ASTRO_TRY(const auto key, core_.kept_key("oidc"));
    const auto flow = oidc::derive_flow(key, to_base64url(core_.around.random.bytes(kStateBytes)));
    const auto done = core_.around.store.write([&](store::Writer& w) {
        return core_.keep_one_time(w, kPurpose, flow.state, {}, provider->name,
                                   core_.settings.ticket_life_s);
    });
    ASTRO_CHECK(done);
    return Begun{oidc::authorization_url(known.endpoints, *provider, flow, redirect_uri()),
                 flow.state};
}

Result<const oidc::Provider*> OidcSignIn::take_state(std::string_view state) {
    const oidc::Provider* provider = nullptr;
    const auto done = core_.around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto taken, core_.take_one_time(w, kPurpose, state));
        provider = find(taken.value);
        return {};
    });
    ASTRO_CHECK(done);
    if (provider == nullptr)
        return not_found("provider_unknown", "this sign-in was taken out of the settings");
    return provider;
}

Result<VerifiedToken> OidcSignIn::verify(const oidc::Provider& provider,
                                         std::string_view id_token) {
    ASTRO_TRY(auto known, discover(provider, false));
    auto verified = verify_token(id_token, known.keys);
    if (verified || verified.error().code != "token_key_unknown") return verified;
    ASTRO_TRY(known, discover(provider, true));
    return verify_token(id_token, known.keys);
}

/// The state is used up before the provider is asked: an answer counts once, whatever comes of it.
Result<OidcSignIn::Proved> OidcSignIn::prove(std::string_view state, std::string_view code) {
    if (code.empty() || code.size() > kCodeMax)
        return refusal("oidc_code", "the provider's code is missing or too long", "code");
    ASTRO_TRY(const auto* provider, take_state(state));
    ASTRO_TRY(const auto key, core_.kept_key("oidc"));
    const auto flow = oidc::derive_flow(key, std::string(state));
    ASTRO_TRY(const auto known, discover(*provider, false));
    net::Request request;
    request.method = "POST";
    request.headers.set("content-type", "application/x-www-form-urlencoded");
    request.headers.set("accept", "application/json");
    if (const auto authorization = oidc::client_authorization(*provider))
        request.headers.set("authorization", *authorization);
    request.body = oidc::token_request(code, *provider, flow, redirect_uri());
    const auto answer = fetcher_.fetch(known.endpoints.token, std::move(request));
    if (!answer)
        return unavailable("oidc_unreachable", answer.error().text(), known.endpoints.token);
    ASTRO_TRY(const std::string id_token, oidc::parse_token_answer(answer->text()));
    ASTRO_TRY(const auto verified, verify(*provider, id_token));
    ASTRO_TRY(const auto claims, oidc::parse_id_claims(verified.payload));
    ASTRO_CHECK(oidc::check_id_claims(claims, *provider, flow, core_.now()));
    return Proved{"oidc:" + provider->name, claims.subject};
}

Result<TokenPair> OidcSignIn::finish(std::string_view state, std::string_view code,
                                     const Caller& caller) {
    Act act = login_act(caller);
    const auto proved = prove(state, code);
    if (!proved) {
        ASTRO_CHECK(core_.tell(act, proved.error().code));
        return Unexpected{proved.error()};
    }
    std::optional<TokenPair> pair;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(auto user, links_.find(w, proved->kind, proved->subject));
        if (!user) {
            ASTRO_TRY(user, links_.make_user(w, proved->kind, proved->subject));
        }
        act.actor = act.subject = to_text(*user);
        act.personal_of = *user;
        ASTRO_TRY(pair, sessions_.start(w, *user, {"oidc"}, caller));
        return {};
    });
    ASTRO_CHECK(done);
    return std::move(*pair);
}

Result<void> OidcSignIn::link(const UserId& user, std::string_view state, std::string_view code,
                              const Caller& caller) {
    const Act act{"sign_in.linked",     to_text(user), to_text(user),
                  {{"method", "oidc"}}, user,          caller};
    const auto proved = prove(state, code);
    if (!proved) {
        ASTRO_CHECK(core_.tell(act, proved.error().code));
        return Unexpected{proved.error()};
    }
    return core_.act(
        act, [&](store::Writer& w) { return links_.add(w, user, proved->kind, proved->subject); });
}

}  // namespace astro::identity
