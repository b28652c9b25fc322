#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/named_json.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Money that leaves the venue: at once where it is play money, else by request.
namespace astro::exchange {

struct DecisionWish {
    bool approved = false;
};
BOOST_DESCRIBE_STRUCT(DecisionWish, (), (approved))

/// What has become of one on its chain.
struct ReportWish {
    WithdrawalState state = WithdrawalState::sent;  ///< sent, confirmed or failed
    std::optional<std::string> transaction{};       ///< its id, up to 64 bytes in hexadecimal
};
BOOST_DESCRIBE_STRUCT(ReportWish, (), (state, transaction))

namespace {

using gateway::Call;
using gateway::Route;

/// The state in which a command has left a withdrawal; without one, money has gone at once.
Answered withdrawal_receipt(const Desk& desk, const Outcome& outcome, AccountId account,
                            AssetId asset) {
    for (const Event& event : *outcome.events)
        if (const auto* changed = std::get_if<WithdrawalChanged>(&event)) {
            std::string out;
            append_named(desk.directory, out, *changed->withdrawal);
            return net::json_response(std::move(out), 201);
        }
    return net::json_response(to_json(balance_receipt(desk, outcome, account, asset)), 201);
}

Result<void> withdraw(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<WithdrawalWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    ASTRO_TRY(const AssetId asset, asset_of(desk, wish.asset));
    ASTRO_TRY(const Amount amount, amount_of(desk, asset, wish.amount));
    const auto render = [&desk, account, asset](const Outcome& outcome) {
        return withdrawal_receipt(desk, outcome, account, asset);
    };
    const Chain chain = wish.chain.value_or(Chain::none);
    const std::string address = wish.address.value_or("");
    if ((chain == Chain::none) != address.empty())
        return refusal("bad_address", "a chain and an address, or neither", "address");
    if (chain == Chain::none) {
        carry_out(desk, call, Withdraw{account, asset, amount}, asset, std::move(done), render);
        return {};
    }
    const std::string memo = wish.memo.value_or("");
    if (address.size() > kAddressMax || memo.size() > kMemoMax)
        return refusal("bad_address",
                       "an address has at most " + std::to_string(kAddressMax) +
                           " bytes, a memo at most " + std::to_string(kMemoMax),
                       address.size() > kAddressMax ? "address" : "memo");
    carry_out(desk, call,
              RequestWithdrawal(WithdrawalRequest{account, asset, amount, chain, address, memo}),
              asset, std::move(done), render);
    return {};
}

Result<WithdrawalId> withdrawal_of(const Call& call) {
    std::int64_t id = 0;
    if (!parse_decimal(*call.text("withdrawal"), 0, id) || id <= 0)
        return not_found("withdrawal_unknown", "a withdrawal's id is a whole number", "withdrawal");
    return WithdrawalId{static_cast<WithdrawalId::Rep>(id)};
}

Result<void> cancel(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    ASTRO_TRY(const WithdrawalId id, withdrawal_of(*call));
    carry_out(desk, call, CancelWithdrawal{account, id}, kUsdc, std::move(done), plain_receipt);
    return {};
}

Result<void> decide(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<DecisionWish>(call->request().body));
    ASTRO_TRY(const WithdrawalId id, withdrawal_of(*call));
    ASTRO_CHECK(note(desk, *call, "withdrawal_decided", std::to_string(id.value()),
                     {{"approved", wish.approved ? "true" : "false"}}));
    carry_out(desk, call, DecideWithdrawal{id, wish.approved}, kUsdc, std::move(done),
              plain_receipt);
    return {};
}

/// A Solana signature, or a Stellar transaction's hash with zeros behind it.
Result<ChainTransaction> transaction_of(const std::optional<std::string>& text) {
    ChainTransaction out;
    const auto bytes = parse_hex(text.value_or(""));
    if (!bytes || bytes->size() > out.bytes.size())
        return refusal("bad_body", "needs up to 64 bytes in hexadecimal", "transaction");
    std::ranges::copy(*bytes, out.bytes.begin());
    return out;
}

Result<void> report(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<ReportWish>(call->request().body));
    ASTRO_TRY(const WithdrawalId id, withdrawal_of(*call));
    ASTRO_TRY(const ChainTransaction transaction, transaction_of(wish.transaction));
    ASTRO_CHECK(note(desk, *call, "withdrawal_reported", std::to_string(id.value()),
                     {{"state", std::string(enum_name(wish.state))}}));
    carry_out(desk, call, ReportWithdrawal{id, wish.state, transaction}, kUsdc, std::move(done),
              plain_receipt);
    return {};
}

/// Those that have not come to their end, oldest first.
Answered open_withdrawals(Desk& desk, const std::vector<AccountId>* accounts) {
    std::vector<Withdrawal> found;
    desk.service.read([&](const Venue& venue) {
        for (const auto& [id, withdrawal] : venue.withdrawals())
            if (accounts == nullptr ||
                std::ranges::find(*accounts, withdrawal.account) != accounts->end())
                found.push_back(withdrawal);
    });
    std::string out = "{\"items\":[";
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_named(desk.directory, out, found[i]);
    }
    return net::json_response(out + "]}");
}

std::string list_schema(SchemaBook& book) {
    return R"({"type":"object","properties":{"items":{"type":"array","items":)" +
           named_schema<Withdrawal>(book) + "}}}";
}

const JsonDocument kList{&list_schema, R"({"items":[]})"};
const gateway::Parameter kWithdrawal{
    .name = "withdrawal", .summary = "Its id", .length_max = 20, .example = "1"};

Route moving_value(Route route, std::string permission) {
    route.permission = std::move(permission);
    return route;
}

}  // namespace

std::vector<Route> withdrawal_routes(Desk& desk) {
    const gateway::Answer done{.summary = "When it was done", .document = json_document<Receipt>()};
    const auto account = account_parameter("Whose; the caller's first account when absent");
    std::vector<Route> out;
    out.push_back(moving_value(
        writing_route("POST", "/withdrawals",
                      "Takes money out: at once without a chain (play money), else by request",
                      json_document(WithdrawalWish{{}, "USDC", "100", {}, {}, {}}),
                      {.status = 201,
                       .summary = "The balance, or the request",
                       .document = json_document<BalanceReceipt>()},
                      begun_by(desk, withdraw)),
        "exchange.wallet"));
    out.push_back(moving_value(
        writing_route("DELETE", "/withdrawals/{withdrawal}",
                      "Takes back one that has not been sent", {}, done, begun_by(desk, cancel)),
        "exchange.wallet"));
    out.back().parameters = {kWithdrawal, account};
    out.push_back(reading_route("/withdrawals", "Those of the caller that are open", kList,
                                [&desk](const Call& call) -> Answered {
                                    ASTRO_TRY(const auto accounts, own_accounts(desk, call));
                                    return open_withdrawals(desk, &accounts);
                                }));
    out.back().parameters = {account_parameter("Only of this account")};
    out.push_back(moving_value(
        reading_route("/operate/withdrawals", "All that are open", kList,
                      [&desk](const Call&) { return open_withdrawals(desk, nullptr); }),
        "exchange.operate"));
    out.push_back(
        audited(writing_route("POST", "/operate/withdrawals/{withdrawal}/decide",
                              "Approves one that needs it, or rejects it and gives the money back",
                              json_document(DecisionWish{true}), done, begun_by(desk, decide))));
    out.back().parameters = {kWithdrawal};
    out.push_back(audited(writing_route(
        "POST", "/operate/withdrawals/{withdrawal}/report",
        "Says what has become of one that is ready: it was sent, is confirmed, or has failed",
        json_document<ReportWish>(), done, begun_by(desk, report))));
    out.back().parameters = {kWithdrawal};
    return out;
}

}  // namespace astro::exchange
