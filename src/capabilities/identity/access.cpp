#include "capabilities/identity/access.hpp"

#include <algorithm>
#include <charconv>

#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 86'400'000;
constexpr std::size_t kCookieBytesMax = 16 * 1024;

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

void add(std::vector<Charge>& charges, std::string name, const BucketRule& rule) {
    charges.push_back({std::move(name), rule});
}

BucketRule per(std::int64_t tokens, std::int64_t period_ms) {
    return {std::max<std::int64_t>(tokens, 1), std::max<std::int64_t>(tokens, 1), period_ms};
}

/// Strangers see what the first sees; those of one address have the last's connections together.
constexpr std::string_view kLeastTier = "free", kGreatestTier = "institution";

bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

gateway::Caller caller_of(const Principal& principal, bool by_cookie) {
    return {to_text(principal.user),
            principal.session ? to_text(*principal.session) : "",
            principal.key ? to_text(*principal.key) : "",
            principal.tier,
            principal.authenticated,
            by_cookie};
}

bool is_of_credentials(ErrorKind kind) {
    return kind != ErrorKind::unavailable && kind != ErrorKind::unknown;
}

}  // namespace

std::optional<std::string_view> cookie(const net::Request& request, std::string_view name) {
    const auto header = request.headers.find("cookie");
    if (!header || header->size() > kCookieBytesMax) return std::nullopt;
    for (std::string_view rest = *header; !rest.empty();) {
        const auto end = std::min(rest.find(';'), rest.size());
        const std::string_view pair = trim(rest.substr(0, end));
        const auto equals = pair.find('=');
        if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

std::string client_ip(const net::Request& request,
                      const std::vector<std::string>& trusted_proxies) {
    const std::string& peer = request.remote_address;
    const auto is_proxy = [&](std::string_view ip) {
        return !trusted_proxies.empty() && ip_allowed(trusted_proxies, ip);
    };
    const auto header = request.headers.find("x-forwarded-for");
    if (!header || !is_proxy(peer)) return peer;
    // From the right: each proxy appends who asked it, so the first that is not ours is the client,
    // and whatever he wrote himself stands further left.
    std::string_view rest = *header;
    std::string nearest = peer;
    while (!rest.empty()) {
        const auto comma = rest.rfind(',');
        const std::string_view ip = trim(comma == rest.npos ? rest : rest.substr(comma + 1));
        if (ip.empty() || !check_ip_range(ip) || ip.find('/') != ip.npos) break;
        nearest = ip;
        if (!is_proxy(ip) || comma == rest.npos) break;
        rest = rest.substr(0, comma);
    }
    return nearest;
}

Result<std::shared_ptr<ServiceAccess>> ServiceAccess::make(Service& service, Clock& clock,
                                                           AccessOptions options,
                                                           std::unique_ptr<Limits> limits) {
    for (const auto& range : options.trusted_proxies) ASTRO_CHECK(check_ip_range(range));
    ASTRO_TRY(const auto csrf, service.kept_key("csrf"));
    return std::shared_ptr<ServiceAccess>(
        new ServiceAccess(service, clock, std::move(options), std::move(limits), csrf));
}

std::string ServiceAccess::csrf_token(const SessionId& session) const {
    return to_base64url(crypto::hmac_sha256(csrf_key_.view(), session.view()).view());
}

ServiceAccess::Credentials ServiceAccess::credentials_of(const net::Request& request,
                                                         const gateway::Route& route) {
    Credentials out;
    out.is_signed = request.headers.find("x-astrolabe-key").has_value();
    const auto header = request.headers.find("authorization");
    if (header) {
        constexpr std::string_view kBearer = "bearer ";
        const bool is_bearer =
            header->size() > kBearer.size() &&
            net::equals_ignoring_case(header->substr(0, kBearer.size()), kBearer);
        const std::string_view value = is_bearer ? trim(header->substr(kBearer.size())) : *header;
        // A token has three parts, a key two; what is neither is refused as a token.
        (is_bearer && std::count(value.begin(), value.end(), '.') == 1 ? out.api_key : out.token) =
            value.empty() ? std::string_view("?") : value;
    }
    if (!out.none()) return out;
    // What is for everybody asks for no proof, though programs send their key with everything.
    if (route.proof != gateway::Proof::own && route.permission != gateway::kPublicPermission) {
        out.binance_key = request.headers.find("x-mbx-apikey");
        out.binance_signed = route.proof == gateway::Proof::binance;
        if (out.binance_key) return out;
    }
    if (const auto value = cookie(request, kSessionCookie); value && !value->empty()) {
        out.token = *value;
        out.by_cookie = true;
    }
    return out;
}

namespace {

struct SignedCall {
    SignedRequest request;
    std::string_view signature;
    std::int64_t window_ms = 0;
};

Result<SignedCall> read_signed(const net::Request& request) {
    const auto text = [&](std::string_view name) {
        return request.headers.find(name).value_or("");
    };
    const auto number = [&](std::string_view name, std::int64_t fallback) -> Result<std::int64_t> {
        const std::string_view digits = text(name);
        std::int64_t out = fallback;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), out);
        if (!digits.empty() && (error != std::errc{} || end != digits.data() + digits.size()))
            return unauthenticated("request_malformed", "needs whole milliseconds",
                                   std::string(name));
        return out;
    };
    SignedCall out;
    const auto key = parse_id<ApiKeyId>(text("x-astrolabe-key"));
    if (!key) return unauthenticated("key_unknown", "there is no such API key");
    out.request.key = *key;
    ASTRO_TRY(out.request.timestamp_ms, number("x-astrolabe-timestamp", 0));
    ASTRO_TRY(const auto window, number("x-astrolabe-window", kReceiveWindowDefaultMs));
    out.window_ms = std::clamp<std::int64_t>(window, 1, kReceiveWindowMaxMs);
    out.request.nonce = text("x-astrolabe-nonce");
    out.request.method = request.method;
    out.request.target = request.target;
    static const crypto::Sha256 kOfNothing = crypto::sha256({});
    out.request.body_hash =
        request.body.empty() ? kOfNothing : crypto::sha256(as_bytes(request.body));
    out.signature = text("x-astrolabe-signature");
    return out;
}

Result<ApiKeyId> read_binance_key(std::string_view text) {
    const auto key = parse_id<ApiKeyId>(text);
    if (!key) return unauthenticated("key_malformed", "an API key's id is 32 hex digits");
    return *key;
}

Result<BinanceSigned> read_binance(const net::Request& request, std::string_view key) {
    ASTRO_TRY(const auto id, read_binance_key(key));
    const std::string_view target = request.target;
    const auto question = target.find('?');
    ASTRO_TRY(auto out,
              read_binance_request(
                  id, question == target.npos ? std::string_view() : target.substr(question + 1),
                  request.body));
    if (!is_safe(request.method)) out.deed = request.method + " " + request.path;
    return out;
}

}  // namespace

Result<Principal> ServiceAccess::authenticate_binance(const net::Request& request,
                                                      const Credentials& credentials) {
    if (!credentials.binance_signed) {
        ASTRO_TRY(const auto key, read_binance_key(*credentials.binance_key));
        return service_.api_keys.authenticate_again(key, ip_of(request));
    }
    ASTRO_TRY(const auto call, read_binance(request, *credentials.binance_key));
    return service_.api_keys.authenticate_binance(call, ip_of(request));
}

Result<Principal> ServiceAccess::authenticate_signed(const net::Request& request) {
    ASTRO_TRY(const auto call, read_signed(request));
    return service_.api_keys.authenticate_signed(call.request, call.signature, call.window_ms,
                                                 ip_of(request));
}

Result<Principal> ServiceAccess::authenticate(const net::Request& request,
                                              const Credentials& credentials) {
    if (credentials.is_signed) {
        if (!credentials.token.empty() || !credentials.api_key.empty())
            return unauthenticated("two_credentials", "sign the request or send a token, not both");
        return authenticate_signed(request);
    }
    if (credentials.binance_key) return authenticate_binance(request, credentials);
    if (!credentials.api_key.empty())
        return service_.api_keys.authenticate_bearer(credentials.api_key, ip_of(request));
    return service_.sessions.authenticate(credentials.token);
}

std::shared_ptr<const Principal> ServiceAccess::known(const net::Request& request,
                                                      const Credentials& credentials) {
    if (credentials.is_signed) {
        if (!credentials.token.empty() || !credentials.api_key.empty()) return nullptr;
        const auto key = parse_id<ApiKeyId>(*request.headers.find("x-astrolabe-key"));
        return key ? service_.api_keys.known(*key, ip_of(request)) : nullptr;
    }
    if (credentials.binance_key) {
        const auto key = parse_id<ApiKeyId>(*credentials.binance_key);
        return key ? service_.api_keys.known(*key, ip_of(request)) : nullptr;
    }
    return credentials.token.empty() ? nullptr : service_.sessions.known(credentials.token);
}

bool ServiceAccess::is_signed_by_known(const net::Request& request,
                                       const Credentials& credentials) {
    if (credentials.binance_key) {
        if (!credentials.binance_signed) return true;
        const auto call = read_binance(request, *credentials.binance_key);
        return call && service_.api_keys.is_signed_by_known(*call);
    }
    const auto call = read_signed(request);
    return call &&
           service_.api_keys.is_signed_by_known(call->request, call->signature, call->window_ms);
}

std::optional<gateway::Admission> ServiceAccess::admit_at_once(const net::Request& request,
                                                               const gateway::Route& route) {
    if (options_.limits && limits_->blocks()) return std::nullopt;
    const Credentials credentials = credentials_of(request, route);
    if (credentials.none()) return stranger(request, route);
    const auto principal = known(request, credentials);
    // Refusals of somebody who is known are told in the audit, which is the store's.
    if (!principal || objection(request, route.permission, *principal, credentials.by_cookie))
        return std::nullopt;
    // Last, since it uses up the nonce.
    if ((credentials.is_signed || credentials.binance_key) &&
        !is_signed_by_known(request, credentials))
        return std::nullopt;
    return judge(request, route, *principal, credentials.by_cookie);
}

gateway::Admission ServiceAccess::admit(const net::Request& request, const gateway::Route& route) {
    const Credentials credentials = credentials_of(request, route);
    if (credentials.none()) return stranger(request, route);
    auto principal = authenticate(request, credentials);
    if (principal) return judge(request, route, *principal, credentials.by_cookie);
    // A browser sends its cookie whether it means to or not: what is for everybody, and signing in
    // again, must not fail by a session that has ended.
    if (credentials.by_cookie && route.permission == gateway::kPublicPermission &&
        is_of_credentials(principal.error().kind))
        return stranger(request, route);
    return wrong(request, std::move(principal).error());
}

Result<Principal> ServiceAccess::authenticate_again(const gateway::Caller& caller,
                                                    std::string_view ip) {
    if (!caller.key.empty()) {
        ASTRO_TRY(const auto key, parse_id<ApiKeyId>(caller.key));
        return service_.api_keys.authenticate_again(key, ip);
    }
    ASTRO_TRY(const auto user, parse_id<UserId>(caller.user));
    ASTRO_TRY(const auto session, parse_id<SessionId>(caller.session));
    ASTRO_TRY(auto principal, service_.sessions.authenticate_again(user, session));
    principal.authenticated = caller.authenticated;
    return principal;
}

gateway::Admission ServiceAccess::admit_caller(const gateway::Caller& caller,
                                               const net::Request& request,
                                               const gateway::Route& route) {
    if (caller.user.empty()) return stranger(request, route);
    const auto principal = authenticate_again(caller, ip_of(request));
    if (!principal) {
        gateway::Admission out;
        out.refusal = principal.error();
        return out;
    }
    // The handshake has shown that no other site's page opened the connection.
    return judge(request, route, *principal, false);
}

gateway::Admission ServiceAccess::wrong(const net::Request& request, Error error) {
    gateway::Admission out;
    if (is_of_credentials(error.kind))
        charge(out,
               {{"wrong " + network_of(ip_of(request)),
                 per(service_.limits.now()->wrong_per_minute, kMinuteMs)}},
               1);
    if (out.refusal) return out;
    out.headers.clear();
    if (error.kind == ErrorKind::refusal || error.kind == ErrorKind::not_found)
        error.kind = ErrorKind::unauthenticated;
    auto key = request.headers.find("x-astrolabe-key");
    if (!key) key = request.headers.find("x-mbx-apikey");
    const bool is_named = key && error.code != "key_unknown" && error.code != "key_malformed";
    if (is_named && is_of_credentials(error.kind)) {
        Act act{"api_key.refused", "anonymous", std::string(*key), {}, {}, {}};
        if (const auto told = service_.tell(act, error.code); !told) error = told.error();
    }
    out.refusal = std::move(error);
    return out;
}

gateway::Admission ServiceAccess::stranger(const net::Request& request,
                                           const gateway::Route& route) {
    gateway::Admission out;
    out.caller.history_from = history_from(service_.tiers.of(kLeastTier));
    const auto limits = service_.limits.now();
    const std::string ip = network_of(ip_of(request));
    std::vector<Charge> buckets;
    if (route.limit_class == gateway::RouteClass::sign_in)
        add(buckets, "sign_in " + ip, per(limits->sign_in_per_minute, kMinuteMs));
    add(buckets, "ip-minute " + ip, per(limits->stranger_per_minute, kMinuteMs));
    add(buckets, "ip-day " + ip, per(limits->stranger_per_day, kDayMs));
    charge(out, buckets, route.weight);
    if (!out.refusal && route.permission != gateway::kPublicPermission)
        out.refusal =
            unauthenticated("sign_in_needed", "sign in, or send an API key, to do this").error;
    return out;
}

std::optional<Error> ServiceAccess::objection(const net::Request& request,
                                              std::string_view permission,
                                              const Principal& principal, bool by_cookie) const {
    if (by_cookie && !is_safe(request.method)) {
        const auto sent = request.headers.find("x-csrf-token").value_or("");
        const std::string expected = principal.session ? csrf_token(*principal.session) : "";
        if (!crypto::equal_constant_time(as_bytes(sent), as_bytes(expected)))
            return forbidden("csrf_token",
                             "a page sends the text of its CSRF cookie in X-CSRF-Token",
                             "x-csrf-token")
                .error;
    }
    if (permission == gateway::kPublicPermission) return std::nullopt;
    if (permission == kSelfPermission) {
        if (principal.session) return std::nullopt;
        return forbidden("session_needed", "this is done by a person who signed in, not by a key")
            .error;
    }
    const auto needed = parse_permission(permission);
    if (needed && principal.may(*needed)) return std::nullopt;
    return forbidden("permission_missing", "this needs the permission " + std::string(permission) +
                                               (principal.key ? " within the key's scopes" : ""))
        .error;
}

gateway::Admission ServiceAccess::judge(const net::Request& request, const gateway::Route& route,
                                        const Principal& principal, bool by_cookie) {
    gateway::Admission out;
    out.caller = caller_of(principal, by_cookie);
    charge_user(out, request, route, principal);
    if (out.refusal) return out;
    out.refusal = objection(request, route.permission, principal, by_cookie);
    if (!out.refusal) return out;
    Act act{"request.refused",
            to_text(principal.user),
            principal.key ? to_text(*principal.key) : to_text(principal.user),
            {{"route", route.method + " " + route.path}},
            principal.user,
            {ip_of(request), std::string(request.headers.find("user-agent").value_or(""))}};
    if (const auto told = service_.tell(act, out.refusal->code); !told) out.refusal = told.error();
    return out;
}

TimestampNs ServiceAccess::history_from(const Tier& tier) const {
    const std::int64_t depth = seconds(tier.history_days * 86'400).value();
    return TimestampNs{std::max<std::int64_t>(clock_.now().value() - depth, 0)};
}

void ServiceAccess::charge_user(gateway::Admission& admission, const net::Request& request,
                                const gateway::Route& route, const Principal& principal) {
    const Tier tier = service_.tiers.of(principal.tier);
    admission.caller.history_from = history_from(tier);
    const std::string user = to_text(principal.user);
    std::vector<Charge> buckets;
    if (route.limit_class == gateway::RouteClass::sign_in)
        add(buckets, "sign_in " + network_of(ip_of(request)),
            per(service_.limits.now()->sign_in_per_minute, kMinuteMs));
    // One key has at most half of the plan, so that a program that runs away leaves the page
    // usable; writes have half of it too.
    if (principal.key)
        add(buckets, "key " + to_text(*principal.key),
            per(tier.requests_per_minute / 2, kMinuteMs));
    if (route.limit_class == gateway::RouteClass::write)
        add(buckets, "write " + user, per(tier.requests_per_minute / 2, kMinuteMs));
    add(buckets, "day " + user, per(tier.requests_per_day, kDayMs));
    add(buckets, "minute " + user, per(tier.requests_per_minute, kMinuteMs));
    charge(admission, buckets, route.weight);
}

void ServiceAccess::charge(gateway::Admission& admission, const std::vector<Charge>& buckets,
                           std::int64_t weight) {
    if (!options_.limits) return;
    const std::int64_t now_ms = clock_.now().value() / 1'000'000;
    std::optional<BucketAnswer> tightest;
    for (const auto& answer : limits_->take(buckets, weight, now_ms)) {
        if (!tightest || !answer.allowed || answer.remaining < tightest->remaining)
            tightest = answer;
        if (answer.allowed) continue;
        admission.refusal = limited("too_many_requests",
                                    "too much in too short a time; Retry-After says when to go on")
                                .error;
        break;
    }
    if (tightest) admission.headers = rate_limit_headers(*tightest);
}

bool ServiceAccess::may_follow(const gateway::Caller& caller, const gateway::Channel& channel) {
    if (channel.permission == gateway::kPublicPermission) return true;
    const auto needed = parse_permission(channel.permission);
    const auto user = parse_id<UserId>(caller.user);
    if (!needed || !user) return false;
    const auto key = parse_id<ApiKeyId>(caller.key);
    const auto principal =
        key ? service_.api_keys.principal_of(*key) : service_.roles.principal_of(*user);
    return principal && principal->may(*needed);
}

gateway::Access::Connection ServiceAccess::connect(const net::Request& request) {
    static const gateway::Route handshake{.path = "/ws/live", .summary = "The WebSocket"};
    Connection out;
    out.admission = admit(request, handshake);
    if (out.admission.refusal) return out;
    const Tier tier = service_.tiers.of(out.admission.caller.tier);
    out.subscriptions_max = tier.subscriptions;
    const bool is_stranger = out.admission.caller.user.empty();
    const std::string name =
        is_stranger ? "ip " + network_of(ip_of(request)) : out.admission.caller.user;
    // Strangers of one address may be an office: they have the greatest plan's share together.
    const std::int64_t most = is_stranger ? service_.tiers.of(kGreatestTier).websocket_connections
                                          : tier.websocket_connections;
    if (is_stranger) out.subscriptions_max = 100;
    const std::lock_guard lock(*connections_mutex_);
    auto& open = (*connections_)[name];
    if (options_.limits && open >= most) {
        out.admission.refusal =
            limited("too_many_connections",
                    "your plan allows " + std::to_string(most) + " connections at once")
                .error;
        return out;
    }
    ++open;
    out.released = std::shared_ptr<void>(
        nullptr, [counts = connections_, mutex = connections_mutex_, name](void*) {
            const std::lock_guard inner(*mutex);
            if (--(*counts)[name] == 0) counts->erase(name);
        });
    return out;
}

}  // namespace astro::identity
