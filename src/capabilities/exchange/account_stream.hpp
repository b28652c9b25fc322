#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "capabilities/exchange/account_mentions.hpp"
#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/service.hpp"
#include "capabilities/exchange/work_queue.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/store/store.hpp"
#include "server/gateway/route.hpp"

namespace astro::exchange {

inline constexpr std::string_view kAccountStream = "exchange.account";

/// The private stream: all that happens to an account, each event with its number in the account.
/// The numbers count what the journal holds, so that they are the same after a restart and on every
/// machine; how far they have been counted stands in the store, and the journal tells the rest
/// again. What is told again is on the bus again, so that a client resumes across a restart.
///
/// The applying thread only counts; names are looked up and text is written by another.
class AccountStream final : public Listener {
  public:
    /// All outlive it. "store_corrupt".
    [[nodiscard]] static Result<std::unique_ptr<AccountStream>> open(store::Store& store, Bus& bus,
                                                                     const Directory& directory,
                                                                     WorkQueue& encoder);
    /// What the service has to tell it again.
    [[nodiscard]] journal::Sequence wanted_from() const {
        return journal::Sequence{counted_.value() + 1};
    }
    /// Declares the stream. From here on events are told; the directory knows all names.
    void attach(Service& service);

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue&) override {}

    /// Orders, positions and balances, with the number that they reach.
    [[nodiscard]] gateway::Channel channel();
    /// After the service and its encoder: notes how far it has counted.
    Result<void> save();

  private:
    struct Told {
        journal::Sequence sequence{};
        TimeMs time{};
        std::shared_ptr<const Events> events;
        std::vector<Mention> mentions;
        std::vector<std::uint64_t> numbers;  ///< of each mention
    };
    AccountStream(store::Store& store, Bus& bus, const Directory& directory, WorkQueue& encoder)
        : store_(store), bus_(bus), directory_(directory), encoder_(encoder) {}
    /// What is to be kept of the counting.
    struct Counted {
        journal::Sequence sequence{};
        std::uint64_t total = 0;
        std::vector<std::pair<AccountId, std::uint64_t>> counts;
    };
    Result<void> load();
    [[nodiscard]] Counted take_changed();
    Result<void> keep(const Counted& counted);
    void tell(const Told& told);
    [[nodiscard]] Result<std::string> state(const gateway::Caller& caller,
                                            const gateway::FilterValues& filter) const;

    store::Store& store_;
    Bus& bus_;
    const Directory& directory_;
    WorkQueue& encoder_;
    Service* service_ = nullptr;

    // Of the applying thread.
    journal::Sequence counted_{0};
    std::uint64_t total_ = 0;  ///< of all accounts: the stream's seq
    std::vector<std::uint64_t> counts_;
    std::vector<bool> is_changed_;  ///< since they were kept
    std::vector<AccountId> changed_;
    std::uint64_t kept_total_ = 0;
    std::deque<Told> early_;  ///< told again before there was a directory
    std::size_t early_mentions_ = 0;
};

}  // namespace astro::exchange
