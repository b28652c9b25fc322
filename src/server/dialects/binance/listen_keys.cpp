#include "server/dialects/binance/listen_keys.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"
#include "server/dialects/binance/market_model.hpp"
#include "server/dialects/binance/order_lookup.hpp"

namespace astro::binance {

struct ListenKeyAnswer {
    std::string listenKey{};
};
BOOST_DESCRIBE_STRUCT(ListenKeyAnswer, (), (listenKey))

namespace {

constexpr DurationNs kLife = seconds(3'600);

/// An answer of a listen-key route, made at once.
using Act = std::function<Answered(const Around&, const Call&)>;
Route key_route(const Around& around, std::string method, std::string summary, JsonDocument answer,
                Act act) {
    // The API key's id alone is asked for: who knows it may read, and only read.
    const gateway::Parameter key{.name = "listenKey",
                                 .summary = "Not needed: the key's own is meant",
                                 .length_max = 64,
                                 .example = std::string(64, 'a')};
    Route out =
        own_route(around, "/fapi/v1/listenKey", std::move(summary), {key}, std::move(answer),
                  [act = std::move(act)](const Around& a, const Form&, const Call& call) {
                      return act(a, call);
                  });
    out.method = std::move(method);
    out.proof = gateway::Proof::binance_key;
    return out;
}

}  // namespace

TimestampNs ListenKeys::expiry() const {
    return clock_.now() + kLife;
}

ListenKeys::Keys::iterator ListenKeys::find(const gateway::Caller& caller) {
    return std::ranges::find_if(keys_, [&](const auto& entry) {
        return entry.second.caller.user == caller.user && entry.second.caller.key == caller.key;
    });
}

void ListenKeys::forget_expired() {
    std::erase_if(keys_, [now = clock_.now()](const auto& e) { return e.second.expires <= now; });
}

Result<std::string> ListenKeys::open(const gateway::Caller& caller, AccountId account) {
    const std::scoped_lock lock(mutex_);
    forget_expired();
    if (const auto at = find(caller); at != keys_.end()) {
        at->second.expires = expiry();
        at->second.account = account;
        return at->first;
    }
    if (keys_.size() >= kKeysMax)
        return limited("too_many_requests", "there are too many listen keys at this time");
    std::string key = to_hex(random_.bytes(32));
    keys_.emplace(key, Holder{caller, account, expiry()});
    return key;
}

Result<std::string> ListenKeys::prolong(const gateway::Caller& caller) {
    const std::scoped_lock lock(mutex_);
    forget_expired();
    const auto at = find(caller);
    if (at == keys_.end())
        return refusal(fault::kBadListenKey, "This listenKey does not exist.", "listenKey");
    at->second.expires = expiry();
    return at->first;
}

void ListenKeys::close(const gateway::Caller& caller) {
    const std::scoped_lock lock(mutex_);
    if (const auto at = find(caller); at != keys_.end()) keys_.erase(at);
}

std::optional<ListenKeys::Holder> ListenKeys::holder(std::string_view key) const {
    const std::scoped_lock lock(mutex_);
    const auto at = keys_.find(key);
    if (at == keys_.end() || at->second.expires <= clock_.now()) return std::nullopt;
    return at->second;
}

std::vector<Route> listen_key_routes(const Around& around, ListenKeys& keys, OrderMemory& orders) {
    const auto answer = json_document<ListenKeyAnswer>();
    std::vector<Route> out;
    out.push_back(
        key_route(around, "POST", "Opens the user's stream for an hour, or prolongs it", answer,
                  [&keys, &orders](const Around& a, const Call& call) -> Answered {
                      // From here on it is heard what happens to the account.
                      ASTRO_TRY(const AccountId account, watched_account(a, orders, call));
                      ASTRO_TRY(auto key, keys.open(call.caller(), account));
                      return json_answer(ListenKeyAnswer{std::move(key)});
                  }));
    out.push_back(key_route(around, "PUT", "Prolongs it by an hour", answer,
                            [&keys](const Around&, const Call& call) -> Answered {
                                ASTRO_TRY(auto key, keys.prolong(call.caller()));
                                return json_answer(ListenKeyAnswer{std::move(key)});
                            }));
    out.push_back(key_route(around, "DELETE", "Ends it", json_document<Nothing>(),
                            [&keys](const Around&, const Call& call) -> Answered {
                                keys.close(call.caller());
                                return json_answer(Nothing{});
                            }));
    return out;
}

}  // namespace astro::binance
