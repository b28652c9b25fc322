#include "capabilities/exchange/margin_watch.hpp"

#include <algorithm>

#include "capabilities/exchange/caller_accounts.hpp"
#include "capabilities/exchange/trading_model.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {

/// What a subscription begins with.
struct AccountMargin {
    AccountId account{};
    std::optional<std::int64_t> margin_bps{};  ///< none: nothing is required
    Quote collateral{}, requirement{};
};
BOOST_DESCRIBE_STRUCT(AccountMargin, (), (account, margin_bps, collateral, requirement))
struct MarginState {
    std::vector<std::int64_t> thresholds_bps{};
    std::vector<AccountMargin> accounts{};
};
BOOST_DESCRIBE_STRUCT(MarginState, (), (thresholds_bps, accounts))

namespace {

constexpr std::int64_t kBps = 10'000, kWellAgainBps = 10'200;
constexpr std::int64_t kEveryMs = 100;
constexpr std::size_t kAtOnce = 256, kRetained = 1'000;

Health health_now(const Venue& venue, AccountId account) {
    return health_of(venue.margin_context(), venue.accounts()[account.value()],
                     MarginKind::maintenance);
}

std::int64_t margin_bps(const Health& health) {
    return static_cast<std::int64_t>(static_cast<Int128>(health.collateral) * kBps /
                                     health.requirement);
}

}  // namespace

Result<MarginThresholds> parse_margin_thresholds(std::string_view text) {
    MarginThresholds out;
    for (const auto part : gateway::split_list(text)) {
        std::int64_t percent = 0;
        const bool fits = parse_decimal(part, 0, percent) && percent > 100 && percent <= 10'000 &&
                          (out.empty() || percent * 100 < out.back());
        if (!fits || out.size() == kThresholdsMax)
            return refusal("bad_margin_alerts",
                           "needs 1 to 8 falling whole numbers of per cent, 101 to 10000, such as "
                           "150,120",
                           "exchange.margin_alerts");
        out.push_back(percent * 100);
    }
    return out;
}

std::size_t margin_level(const Health& maintenance, const MarginThresholds& thresholds,
                         std::size_t before) {
    if (maintenance.requirement <= 0) return 0;
    std::size_t level = 0;
    for (; level < thresholds.size(); ++level) {
        const Int128 most = static_cast<Int128>(thresholds[level]) *
                            (level < before ? kWellAgainBps : kBps) * maintenance.requirement;
        if (static_cast<Int128>(maintenance.collateral) * kBps * kBps >= most) break;
    }
    return level;
}

void MarginWatch::attach(Service& service) {
    service.read([&](const Venue&) {
        // Counting on from the millisecond of the start gives out no seq of an earlier run.
        bus_.declare(std::string(kMarginStream), kRetained,
                     static_cast<std::uint64_t>(to_time_ms(clock_.now()).value()));
        service_ = &service;
    });
}

void MarginWatch::on_applied(const Applied& applied) {
    sequence_ = applied.sequence;
    for (const Event& event : applied.events)
        if (std::holds_alternative<AccountOpened>(event)) accounts_changed_ = true;
}

void MarginWatch::on_group_end(const Venue& venue) {
    if (service_ == nullptr || venue.now().value() < looked_.value() + kEveryMs) return;
    looked_ = venue.now();
    gather();
    const std::size_t count = std::min(kAtOnce, watched_.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (next_ >= watched_.size()) next_ = 0;
        look_at(venue, watched_[next_++]);
    }
}

void MarginWatch::gather() {
    std::vector<AccountId> wanted;
    {
        const std::scoped_lock lock(mutex_);
        if (!followers_changed_ && (!accounts_changed_ || followers_.empty())) return;
        followers_changed_ = accounts_changed_ = false;
        for (const auto& [user, count] : followers_)
            for (const AccountId account : directory_.accounts_of(owner_of_user(user)))
                wanted.push_back(account);
    }
    std::ranges::sort(wanted);
    std::vector<Watched> all;
    for (const AccountId account : wanted) {
        const auto known = std::ranges::lower_bound(watched_, account, {}, &Watched::account);
        const bool is_known = known != watched_.end() && known->account == account;
        all.push_back(is_known ? *known : Watched{.account = account});
    }
    watched_ = std::move(all);
}

void MarginWatch::look_at(const Venue& venue, Watched& watched) {
    const Health health = health_now(venue, watched.account);
    const std::size_t before = watched.level;
    watched.level = margin_level(health, thresholds_, before);
    if (std::exchange(watched.is_new, false) || watched.level == before) return;
    const bool below = watched.level > before;
    encoder_.post(
        [this, alert = MarginAlert{
                   .account = watched.account,
                   .seq = sequence_,
                   .time = venue.now(),
                   .below = below,
                   .threshold_bps = thresholds_[below ? watched.level - 1 : watched.level],
                   .margin_bps = health.requirement > 0 ? margin_bps(health) : 0,
                   .collateral = Quote{health.collateral},
                   .requirement = Quote{health.requirement}}] { tell(alert); });
}

void MarginWatch::tell(const MarginAlert& alert) {
    const auto entry = directory_.account(alert.account);
    bus_.publish(kMarginStream, to_timestamp(alert.time), std::string(kMarginStream),
                 to_json(alert),
                 {{"owner", entry ? to_text(entry->owner) : ""},
                  {"account", std::to_string(alert.account.value())}});
}

void MarginWatch::follow(const std::string& user, bool begins) {
    const std::scoped_lock lock(mutex_);
    followers_changed_ = true;
    std::size_t& count = followers_[user];
    count = begins ? count + 1 : count - std::min<std::size_t>(count, 1);
    if (count == 0) followers_.erase(user);
}

Result<std::string> MarginWatch::state(const gateway::Caller& caller,
                                       const gateway::FilterValues& filter) const {
    MarginState out{thresholds_, {}};
    const auto accounts = followed_accounts(directory_, owner_of_user(caller.user), filter);
    service_->read([&](const Venue& venue) {
        for (const AccountId account : accounts) {
            const Health health = health_now(venue, account);
            out.accounts.push_back(
                {account, health.requirement > 0 ? std::optional(margin_bps(health)) : std::nullopt,
                 Quote{health.collateral}, Quote{health.requirement}});
        }
    });
    return to_json(out);
}

gateway::Channel MarginWatch::channel() {
    return {
        .stream = std::string(kMarginStream),
        .summary =
            "An account of the caller's has less margin than a share of what it is "
            "liquidated at, or has it again; begins with the margin of all his accounts",
        .filters = {account_filter()},
        .permission = "exchange.read",
        .data = json_document<MarginAlert>(),
        .owner_tag = "owner",
        .snapshot = [this](const gateway::Caller& caller,
                           const gateway::FilterValues& filter) { return state(caller, filter); },
        .on_follow = [this](const std::string& user, bool begins) { follow(user, begins); }};
}

}  // namespace astro::exchange
