#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/market_book.hpp"
#include "foundation/base/clock.hpp"

/// Stopping and starting markets by two persons: one asks, another confirms.
namespace astro::exchange {

enum class RequestState {
    waiting,
    done,     ///< confirmed, and every market that it is about has the state
    refused,  ///< confirmed, and the venue did not take it; `note` says why
    withdrawn,
    expired  ///< nobody confirmed it in time
};
BOOST_DESCRIBE_ENUM(RequestState, waiting, done, refused, withdrawn, expired)

struct StateWish {
    std::string market;  ///< a symbol; "*": all that trade
    MarketState state = MarketState::halted;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(StateWish, (), (market, state, reason))

struct StateRequest {
    std::int64_t id = 0;
    std::string market;
    MarketState state = MarketState::halted;
    std::string reason;
    std::string asked_by;  ///< a user's id
    TimestampNs asked{}, expires{};
    RequestState outcome = RequestState::waiting;
    std::optional<std::string> decided_by{};
    std::optional<TimestampNs> decided{};
    std::string note{};
};
BOOST_DESCRIBE_STRUCT(StateRequest, (),
                      (id, market, state, reason, asked_by, asked, expires, outcome, decided_by,
                       decided, note))

/// Whether one operator may change a market's state with its other settings: to open what gathers
/// orders, and to end what is halted. What else changes is asked for by one and confirmed by
/// another.
[[nodiscard]] bool is_for_one(MarketState before, MarketState after);

/// Kept in the store, so that a restart forgets none. Each step is in the audit before it is done.
/// Thread-safe.
class StateRequests {
  public:
    static constexpr std::int64_t kLifeSeconds = 900;
    static constexpr std::int64_t kShown = 50;
    static constexpr std::size_t kReasonBytesMax = 500;

    /// All outlive it. With `persons` 1 an operator confirms what he has asked for himself.
    StateRequests(store::Store& store, MarketBook& markets, const Clock& clock, Audit audit,
                  std::int64_t persons = 2)
        : store_(store),
          markets_(markets),
          clock_(clock),
          audit_(std::move(audit)),
          persons_(persons) {}

    /// The newest first.
    [[nodiscard]] Result<std::vector<StateRequest>> list() const;
    /// "market_unknown", "bad_request_state" for a state that this is not for, "bad_reason"
    [[nodiscard]] Result<StateRequest> ask(const std::string& user, const StateWish& wish);
    /// Does it, when somebody else asked. "request_unknown", "request_closed", "same_person"
    [[nodiscard]] Result<StateRequest> confirm(const std::string& user, std::int64_t id);
    /// By anybody who may ask. "request_unknown", "request_closed"
    [[nodiscard]] Result<StateRequest> withdraw(const std::string& user, std::int64_t id);

  private:
    [[nodiscard]] Result<StateRequest> find(std::int64_t id) const;
    /// From `waiting` to `outcome`, once.
    [[nodiscard]] Result<void> close(const std::string& user, StateRequest& request,
                                     RequestState outcome);
    [[nodiscard]] Result<void> carry_out(const std::string& user, const StateRequest& request);

    store::Store& store_;
    MarketBook& markets_;
    const Clock& clock_;
    const Audit audit_;
    const std::int64_t persons_;
};

}  // namespace astro::exchange
