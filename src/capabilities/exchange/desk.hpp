#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "capabilities/exchange/audit.hpp"
#include "capabilities/exchange/caller_accounts.hpp"
#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/faucet.hpp"
#include "capabilities/exchange/service.hpp"
#include "capabilities/exchange/trading_model.hpp"
#include "capabilities/exchange/work_queue.hpp"
#include "foundation/store/store.hpp"
#include "server/gateway/route.hpp"

/// What the private routes have in common: who may use which account, how a request becomes a
/// command, how the venue's refusal becomes an answer.
namespace astro::exchange {

using Answered = Result<net::Response>;
using CallPtr = std::shared_ptr<const gateway::Call>;

inline const std::string kExchangePrefix = "/api/v1/exchange";

struct Desk {
    Service& service;
    Directory& directory;
    store::Store& store;
    const Clock& clock;
    WorkQueue& answers;
    Faucet& faucet;
    const Audit& audit;
    bool is_paper = false;          ///< its money is play money
    std::size_t accounts_max = 20;  ///< of one owner
};

[[nodiscard]] inline OwnerId owner_of(const gateway::Call& call) {
    return owner_of_user(call.caller().user);
}
/// The account if it is the caller's; without a number his first one. "account_unknown", whether
/// it is somebody else's or nobody's.
[[nodiscard]] Result<AccountId> own_account(const Desk& desk, const gateway::Call& call,
                                            std::optional<std::int64_t> account);
[[nodiscard]] inline std::optional<std::int64_t> number_of(
    const std::optional<AccountId>& account) {
    return account ? std::optional<std::int64_t>(account->value()) : std::nullopt;
}
/// That of the parameter "account", or all of the caller's.
[[nodiscard]] Result<std::vector<AccountId>> own_accounts(const Desk& desk,
                                                          const gateway::Call& call);
[[nodiscard]] Result<MarketId> market_of(const Desk& desk, std::string_view symbol);
[[nodiscard]] Result<std::optional<MarketId>> market_parameter(const Desk& desk,
                                                               const gateway::Call& call);
[[nodiscard]] Result<AssetId> asset_of(const Desk& desk, std::string_view symbol);
/// "bad_amount" unless it is a decimal number above zero that the asset can hold.
[[nodiscard]] Result<Amount> amount_of(const Desk& desk, AssetId asset, std::string_view text);
/// That of the path. "order_unknown"
[[nodiscard]] Result<OrderId> order_of(const gateway::Call& call);
/// "venue_not_paper"
[[nodiscard]] Result<void> check_paper(const Desk& desk);
/// Keeps in the audit, as "exchange.<action>", what the caller is about to change. Waits for the
/// store.
[[nodiscard]] Result<void> note(const Desk& desk, const gateway::Call& call,
                                const std::string& action, std::string subject,
                                std::map<std::string, std::string> detail);
[[nodiscard]] std::string amount_text(const Desk& desk, AssetId asset, Amount amount);

/// The balance of that account as the command left it.
[[nodiscard]] BalanceReceipt balance_receipt(const Desk& desk, const Outcome& outcome,
                                             AccountId account, AssetId asset);

/// The problem document of a refusal, with its numbers as members.
[[nodiscard]] net::Response refusal_response(const Desk& desk, const Refusal& refusal,
                                             AssetId asset, const std::string& request_id);

/// Submits a command and tells on the desk's own thread what it has led to, once it is durable and
/// done. Refusals of the service itself are answered at once.
[[nodiscard]] Result<void> hand_in(Desk& desk, Submission submission,
                                   std::function<void(const Result<Outcome>&)> done);

/// What becomes of a command that was done.
using Render = std::function<Answered(const Outcome& outcome)>;
/// Submits the command under the request's Idempotency-Key and answers when it is durable and
/// done. `asset`: what amounts of a refusal are of. "bad_idempotency_key".
void carry_out(Desk& desk, const CallPtr& call, CommandBody body, AssetId asset,
               gateway::Route::Done done, Render render);

/// A Receipt: when it was done.
[[nodiscard]] Answered plain_receipt(const Outcome& outcome);

/// The handler of a route, bound to the desk.
template <class Act>
[[nodiscard]] auto begun_by(Desk& desk, Act act) {
    return [&desk, act](const CallPtr& call, gateway::Route::Done done) {
        return act(desk, call, std::move(done));
    };
}
template <class Act>
[[nodiscard]] auto read_by(Desk& desk, Act act) {
    return [&desk, act](const gateway::Call& call) { return act(desk, call); };
}

/// A writing route.
[[nodiscard]] gateway::Route writing_route(
    std::string method, std::string path, std::string summary, JsonDocument body,
    gateway::Answer answer,
    std::function<Result<void>(const CallPtr&, gateway::Route::Done)> begin);
[[nodiscard]] gateway::Route reading_route(std::string path, std::string summary,
                                           JsonDocument answer,
                                           std::function<Answered(const gateway::Call&)> handler);

/// The same, for operators.
[[nodiscard]] gateway::Route operating(gateway::Route route);
/// The same, of what is kept in the audit: not on the event loop.
[[nodiscard]] gateway::Route audited(gateway::Route route);

[[nodiscard]] gateway::Parameter order_parameter();
[[nodiscard]] gateway::Parameter account_parameter(std::string summary);
[[nodiscard]] gateway::Parameter market_parameter();
[[nodiscard]] gateway::Parameter time_from_parameter(std::string summary);
[[nodiscard]] gateway::Parameter time_to_parameter(std::string summary);

// The routes, by subject.
[[nodiscard]] std::vector<gateway::Route> account_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> order_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> preview_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> order_view_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> history_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> operator_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> withdrawal_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> batch_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> auction_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> insurance_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> fee_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> backstop_routes(Desk& desk);
[[nodiscard]] std::vector<gateway::Route> settings_routes(Desk& desk);

template <class T>
T with_outcome(T receipt, const Outcome& outcome) {
    receipt.seq = outcome.sequence.value();
    receipt.time = to_timestamp(outcome.time);
    receipt.repeated = outcome.repeated;
    return receipt;
}

}  // namespace astro::exchange
