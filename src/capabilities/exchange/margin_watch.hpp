#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/service.hpp"
#include "capabilities/exchange/work_queue.hpp"
#include "foundation/bus/bus.hpp"
#include "server/gateway/route.hpp"

/// Tells whoever listens that an account's margin has become small, before it is liquidated.
namespace astro::exchange {

inline constexpr std::string_view kMarginStream = "exchange.margin";

/// Shares of the maintenance requirement in basis points, falling, each above 10,000: at that an
/// account is liquidated.
using MarginThresholds = std::vector<std::int64_t>;
inline constexpr std::size_t kThresholdsMax = 8;

/// "150,120", in per cent. "bad_margin_alerts"
[[nodiscard]] Result<MarginThresholds> parse_margin_thresholds(std::string_view text);

/// How many of the thresholds the collateral is below. One that it was below already (`before` of
/// them) counts until the collateral is a fiftieth above it, so that an account at a threshold is
/// not told of it with every price.
[[nodiscard]] std::size_t margin_level(const Health& maintenance,
                                       const MarginThresholds& thresholds, std::size_t before);

/// An account's margin has crossed a threshold; of several at once the last.
struct MarginAlert {
    AccountId account{};
    journal::Sequence seq{};  ///< of the venue's last command then
    TimeMs time{};
    bool below = true;                  ///< it has become small; else it is well again
    std::int64_t threshold_bps = 0;     ///< of the requirement
    std::int64_t margin_bps = 0;        ///< what the collateral is of the requirement
    Quote collateral{}, requirement{};  ///< by maintenance margin
};
BOOST_DESCRIBE_STRUCT(MarginAlert, (),
                      (account, seq, time, below, threshold_bps, margin_bps, collateral,
                       requirement))

/// Looks, at the end of a group, at accounts whose owners follow the channel, and at no others: at
/// most 256 a time and each tenth of a second of the venue's time, one after the other. What it
/// tells follows from the venue's state, so it never asks a clock.
///
/// It has a channel of its own since the numbers of exchange.account follow from the journal, and
/// who listens does not.
class MarginWatch final : public Listener {
  public:
    /// All outlive it.
    MarginWatch(Bus& bus, const Clock& clock, const Directory& directory, WorkQueue& encoder,
                MarginThresholds thresholds)
        : bus_(bus),
          clock_(clock),
          directory_(directory),
          encoder_(encoder),
          thresholds_(std::move(thresholds)) {}
    /// Declares the stream; from here on it is looked and told.
    void attach(Service& service);

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue& venue) override;

    /// Begins with the margin of the caller's accounts.
    [[nodiscard]] gateway::Channel channel();

  private:
    struct Watched {
        AccountId account{};
        std::size_t level = 0;
        bool is_new = true;  ///< its level is not known yet: the first look tells nothing
    };
    void follow(const std::string& user, bool begins);
    /// Of all who follow, keeping what is known of them.
    void gather();
    void look_at(const Venue& venue, Watched& watched);
    void tell(const MarginAlert& alert);
    [[nodiscard]] Result<std::string> state(const gateway::Caller& caller,
                                            const gateway::FilterValues& filter) const;

    Bus& bus_;
    const Clock& clock_;
    const Directory& directory_;
    WorkQueue& encoder_;
    const MarginThresholds thresholds_;
    Service* service_ = nullptr;

    std::mutex mutex_;
    std::map<std::string, std::size_t> followers_;  ///< subscriptions by user
    bool followers_changed_ = false;

    // Of the applying thread.
    journal::Sequence sequence_{};
    TimeMs looked_{};
    bool accounts_changed_ = false;
    std::vector<Watched> watched_;  ///< by account
    std::size_t next_ = 0;          ///< of them
};

}  // namespace astro::exchange
