#include "capabilities/exchange/desk.hpp"

#include <algorithm>

#include "capabilities/exchange/problem_member.hpp"
#include "capabilities/exchange/refusal_text.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using gateway::Call;
using gateway::Route;

constexpr std::size_t kIdempotencyKeyMax = 64;

Unexpected account_unknown() {
    return not_found("account_unknown",
                     "you have no such account; POST /api/v1/exchange/accounts opens one",
                     "account");
}

/// "<user>:<key>"; empty without a key.
Result<std::string> key_of(const Call& call) {
    const auto key = call.request().headers.find("idempotency-key");
    if (!key) return std::string();
    const auto is_plain = [](char c) { return c > ' ' && c <= '~'; };
    if (key->empty() || key->size() > kIdempotencyKeyMax || !std::ranges::all_of(*key, is_plain))
        return refusal("bad_idempotency_key",
                       "an Idempotency-Key has 1 to " + std::to_string(kIdempotencyKeyMax) +
                           " printable characters without blanks",
                       "idempotency-key");
    return call.caller().user + ":" + std::string(*key);
}

}  // namespace

Result<AccountId> own_account(const Desk& desk, const Call& call,
                              std::optional<std::int64_t> account) {
    const OwnerId owner = owner_of(call);
    if (!account) {
        const auto own = desk.directory.accounts_of(owner);
        if (own.empty() || owner.is_zero()) return account_unknown();
        return own.front();
    }
    if (*account < 0 || *account > std::numeric_limits<AccountId::Rep>::max())
        return account_unknown();
    const AccountId id{static_cast<AccountId::Rep>(*account)};
    const auto known = desk.directory.account(id);
    if (!known || known->owner != owner || owner.is_zero()) return account_unknown();
    return id;
}

Result<std::vector<AccountId>> own_accounts(const Desk& desk, const Call& call) {
    if (!call.integer("account")) return desk.directory.accounts_of(owner_of(call));
    ASTRO_TRY(const AccountId account, own_account(desk, call, call.integer("account")));
    return std::vector{account};
}

Result<MarketId> market_of(const Desk& desk, std::string_view symbol) {
    const auto market = desk.directory.market(symbol);
    if (!market)
        return not_found("market_unknown",
                         "there is no such market; GET " + kExchangePrefix + "/markets lists them",
                         "market");
    return *market;
}

Result<std::optional<MarketId>> market_parameter(const Desk& desk, const Call& call) {
    const auto symbol = call.text("market");
    if (!symbol) return std::optional<MarketId>();
    ASTRO_TRY(const MarketId market, market_of(desk, *symbol));
    return std::optional(market);
}

Result<AssetId> asset_of(const Desk& desk, std::string_view symbol) {
    const auto asset = desk.directory.asset(symbol);
    if (!asset) return not_found("asset_unknown", "there is no such asset", "asset");
    return *asset;
}

Result<Amount> amount_of(const Desk& desk, AssetId asset, std::string_view text) {
    const AssetSettings settings = desk.directory.asset(asset);
    std::int64_t amount = 0;
    if (!parse_decimal(text, static_cast<int>(settings.decimals), amount) || amount <= 0)
        return refusal("bad_amount",
                       "an amount is a decimal number above zero with at most " +
                           std::to_string(settings.decimals) + " decimals",
                       "amount");
    return Amount{amount};
}

Result<OrderId> order_of(const Call& call) {
    std::int64_t id = 0;
    if (!parse_decimal(*call.text("order"), 0, id) || id <= 0)
        return not_found("order_unknown", "an order's id is a whole number", "order");
    return OrderId{static_cast<OrderId::Rep>(id)};
}

Result<void> check_paper(const Desk& desk) {
    if (desk.is_paper) return {};
    return conflict("venue_not_paper", "prices are set by hand only where money is play money");
}

Result<void> note(const Desk& desk, const Call& call, const std::string& action,
                  std::string subject, std::map<std::string, std::string> detail) {
    return desk.audit({.actor = call.caller().user,
                       .action = "exchange." + action,
                       .subject = std::move(subject),
                       .detail = std::move(detail)});
}

std::string amount_text(const Desk& desk, AssetId asset, Amount amount) {
    return decimal_text(amount.value(), static_cast<int>(desk.directory.asset(asset).decimals));
}

BalanceReceipt balance_receipt(const Desk& desk, const Outcome& outcome, AccountId account,
                               AssetId asset) {
    BalanceReceipt receipt{.account = account, .asset = desk.directory.asset(asset).symbol};
    for (const Event& event : *outcome.events)
        if (const auto* changed = std::get_if<BalanceChanged>(&event);
            changed != nullptr && changed->account == account && changed->asset == asset) {
            receipt.amount = amount_text(desk, asset, changed->change);
            receipt.balance = amount_text(desk, asset, changed->balance);
        }
    return with_outcome(std::move(receipt), outcome);
}

net::Response refusal_response(const Desk& desk, const Refusal& refusal, AssetId asset,
                               const std::string& request_id) {
    const RefusalRule& rule = rule_of(refusal.code);
    const AssetSettings settings = desk.directory.asset(asset);
    const RefusalAsset of{settings.symbol, static_cast<int>(settings.decimals)};
    auto response = net::problem_response(rule.status, enum_name(refusal.code),
                                          refusal_sentence(refusal, of), rule.field, request_id);
    for (const auto& [name, number] :
         {std::pair{"needed", refusal.needed}, std::pair{"available", refusal.available}})
        if (rule.sentence.find("{" + std::string(name) + "}") != rule.sentence.npos)
            append_member(response.body, name, refusal_number(refusal, number, of));
    if (rule.status == 503) response.headers.set("retry-after", "1");
    return response;
}

namespace {

/// Of an atomic batch it says which item it was.
net::Response refused_response(const Desk& desk, const Refused& refused, AssetId asset,
                               const std::string& request_id) {
    auto response = refusal_response(desk, refused.refusal, asset, request_id);
    if (refused.item) append_member(response.body, "item", *refused.item);
    return response;
}

}  // namespace

Result<void> hand_in(Desk& desk, Submission submission,
                     std::function<void(const Result<Outcome>&)> done) {
    return desk.service.submit(std::move(submission),
                               [&desk, done = std::move(done)](const Result<Outcome>& outcome) {
                                   desk.answers.post([done, outcome] { done(outcome); });
                               });
}

void carry_out(Desk& desk, const CallPtr& call, CommandBody body, AssetId asset, Route::Done done,
               Render render) {
    auto key = key_of(*call);
    if (!key) return done(Unexpected{std::move(key).error()});
    const auto answer = [&desk, call, asset, done,
                         render = std::move(render)](const Result<Outcome>& outcome) {
        if (!outcome) return done(Unexpected{outcome.error()});
        if (const auto* refused = outcome->events->empty()
                                      ? nullptr
                                      : std::get_if<Refused>(&outcome->events->front()))
            return done(refused_response(desk, *refused, asset, call->request().request_id));
        done(render(*outcome));
    };
    const auto taken = hand_in(desk, {std::move(*key), std::move(body)}, answer);
    if (!taken) done(Unexpected{taken.error()});
}

Answered plain_receipt(const Outcome& outcome) {
    return net::json_response(to_json(with_outcome(Receipt{}, outcome)));
}

Route writing_route(std::string method, std::string path, std::string summary, JsonDocument body,
                    gateway::Answer answer,
                    std::function<Result<void>(const CallPtr&, Route::Done)> begin) {
    return {.method = std::move(method),
            .path = kExchangePrefix + std::move(path),
            .summary = std::move(summary),
            .body = std::move(body),
            .answers = {std::move(answer)},
            .refusals = {404, 409, 422, 429},
            .permission = "exchange.trade",
            .limit_class = gateway::RouteClass::write,
            .blocking = false,
            .begin = [begin = std::move(begin)](const CallPtr& call, const Route::Done& done) {
                if (const auto begun = begin(call, done); !begun) done(Unexpected{begun.error()});
            }};
}

Route reading_route(std::string path, std::string summary, JsonDocument answer,
                    std::function<Answered(const Call&)> handler) {
    return {.path = kExchangePrefix + std::move(path),
            .summary = std::move(summary),
            .answers = {{.document = std::move(answer)}},
            .refusals = {404},
            .permission = "exchange.read",
            .handler = std::move(handler)};
}

Route operating(Route route) {
    route.permission = "exchange.operate";
    return route;
}

Route audited(Route route) {
    route.blocking = true;
    return operating(std::move(route));
}

gateway::Parameter order_parameter() {
    return {.name = "order", .summary = "Id of an order", .length_max = 20, .example = "16777216"};
}

gateway::Parameter time_from_parameter(std::string summary) {
    return {.name = "time_from",
            .type = gateway::ParameterType::time,
            .summary = std::move(summary),
            .example = "2026-11-20T12:00:00Z"};
}

gateway::Parameter time_to_parameter(std::string summary) {
    return {.name = "time_to",
            .type = gateway::ParameterType::time,
            .summary = std::move(summary),
            .example = "2026-11-21T12:00:00Z"};
}

gateway::Parameter account_parameter(std::string summary) {
    return {.name = "account",
            .type = gateway::ParameterType::integer,
            .summary = std::move(summary),
            .minimum = 0,
            .maximum = std::numeric_limits<AccountId::Rep>::max(),
            .example = "0"};
}

gateway::Parameter market_parameter() {
    return {
        .name = "market", .summary = "Symbol of a market", .length_max = 32, .example = "SOL-PERP"};
}

}  // namespace astro::exchange
