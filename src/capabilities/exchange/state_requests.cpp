#include "capabilities/exchange/state_requests.hpp"

#include <algorithm>

#include "foundation/store/rows.hpp"

namespace astro::exchange {
namespace {

constexpr std::string_view kAll = "*";
constexpr std::string_view kTable = "exchange_state_requests";

bool is_for(MarketState state) {
    return state == MarketState::halted || state == MarketState::reduce_only ||
           state == MarketState::open;
}

bool trades(const MarketSettings& market) {
    return market.state == MarketState::open || market.state == MarketState::reduce_only ||
           market.state == MarketState::pre_open;
}

/// One that was not decided in time, as it is shown.
StateRequest as_of(StateRequest request, TimestampNs now) {
    if (request.outcome == RequestState::waiting && now >= request.expires)
        request.outcome = RequestState::expired;
    return request;
}

}  // namespace

bool is_for_one(MarketState before, MarketState after) {
    return before == after || (before == MarketState::pre_open && after == MarketState::open) ||
           (before == MarketState::halted && after == MarketState::settling) ||
           (before == MarketState::settling && after == MarketState::closed);
}

Result<std::vector<StateRequest>> StateRequests::list() const {
    ASTRO_TRY(auto out,
              store::select<StateRequest>(store_, kTable, "ORDER BY id DESC LIMIT ?", {kShown}));
    for (auto& request : out) request = as_of(std::move(request), clock_.now());
    return out;
}

Result<StateRequest> StateRequests::find(std::int64_t id) const {
    ASTRO_TRY(auto found, store::select<StateRequest>(store_, kTable, "WHERE id = ?", {id}));
    if (found.empty()) return not_found("request_unknown", "there is no such request", "request");
    return as_of(std::move(found[0]), clock_.now());
}

Result<StateRequest> StateRequests::ask(const std::string& user, const StateWish& wish) {
    if (!is_for(wish.state))
        return refusal("bad_request_state", "is one of halted, reduce_only, open", "state");
    if (wish.reason.empty() || wish.reason.size() > kReasonBytesMax)
        return refusal("bad_reason",
                       "says why, in 1 to " + std::to_string(kReasonBytesMax) + " bytes", "reason");
    const auto known = markets_.all();
    if (wish.market == kAll
            ? wish.state == MarketState::open
            : std::ranges::find(*known, wish.market, &MarketSettings::symbol) == known->end())
        return not_found("market_unknown", "needs a market's symbol, or * to stop all that trade",
                         "market");
    StateRequest out{.market = wish.market,
                     .state = wish.state,
                     .reason = wish.reason,
                     .asked_by = user,
                     .asked = clock_.now(),
                     .expires = clock_.now() + seconds(kLifeSeconds)};
    ASTRO_CHECK(audit_(
        {.actor = user,
         .action = "exchange.state_asked",
         .subject = wish.market,
         .detail = {{"state", std::string(enum_name(wish.state))}, {"reason", wish.reason}}}));
    const auto kept = store_.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto last,
                  w.query("SELECT COALESCE(MAX(id), 0) FROM exchange_state_requests"));
        out.id = store::to_int(last[0][0]) + 1;
        ASTRO_CHECK(w.execute_many(store::insert_sql<StateRequest>(kTable), {store::to_row(out)}));
        return {};
    });
    ASTRO_CHECK(kept);
    return out;
}

Result<void> StateRequests::close(const std::string& user, StateRequest& request,
                                  RequestState outcome) {
    request.outcome = outcome;
    request.decided_by = user;
    request.decided = clock_.now();
    return store_.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(
            const auto changed,
            w.execute("UPDATE exchange_state_requests SET outcome = ?, decided_by = ?, "
                      "decided = ? WHERE id = ? AND outcome = 'waiting'",
                      {store::to_value(outcome), user, request.decided->value(), request.id}));
        if (changed == 0)
            return conflict("request_closed", "somebody has decided it already", "request");
        return {};
    });
}

Result<StateRequest> StateRequests::confirm(const std::string& user, std::int64_t id) {
    ASTRO_TRY(auto request, find(id));
    if (request.outcome != RequestState::waiting)
        return conflict("request_closed",
                        "it is " + std::string(enum_name(request.outcome)) + " already", "request");
    if (persons_ > 1 && request.asked_by == user)
        return forbidden("same_person", "another operator confirms what you have asked for");
    ASTRO_CHECK(
        audit_({.actor = user,
                .action = "exchange.state_confirmed",
                .subject = request.market,
                .detail = {{"request", std::to_string(id)}, {"asked_by", request.asked_by}}}));
    ASTRO_CHECK(close(user, request, RequestState::done));
    const auto done = carry_out(user, request);
    if (done) return request;
    request.outcome = RequestState::refused;
    request.note = done.error().text();
    const auto kept = store_.write([&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute(
            "UPDATE exchange_state_requests SET outcome = 'refused', note = ? WHERE id = ?",
            {request.note, id}));
        return {};
    });
    ASTRO_CHECK(kept);
    return request;
}

Result<void> StateRequests::carry_out(const std::string& user, const StateRequest& request) {
    Result<void> out;
    for (const auto& market : *markets_.all()) {
        const bool meant =
            request.market == kAll ? trades(market) : market.symbol == request.market;
        if (!meant || market.state == request.state) continue;
        MarketSettings changed = market;
        changed.state = request.state;
        // One that refuses keeps none of the others from being stopped.
        if (const auto put = markets_.put(user, std::move(changed)); !put)
            out = Unexpected{{put.error().kind, put.error().code,
                              market.symbol + ": " + put.error().message, put.error().where}};
    }
    return out;
}

Result<StateRequest> StateRequests::withdraw(const std::string& user, std::int64_t id) {
    ASTRO_TRY(auto request, find(id));
    if (request.outcome != RequestState::waiting)
        return conflict("request_closed",
                        "it is " + std::string(enum_name(request.outcome)) + " already", "request");
    ASTRO_CHECK(audit_({.actor = user,
                        .action = "exchange.state_withdrawn",
                        .subject = request.market,
                        .detail = {{"request", std::to_string(id)}}}));
    ASTRO_CHECK(close(user, request, RequestState::withdrawn));
    return request;
}

}  // namespace astro::exchange
