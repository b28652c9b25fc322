#pragma once

#include <optional>
#include <string>

#include "capabilities/exchange/engine/asset_settings.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/venue_settings.hpp"
#include "capabilities/governance/engine/model.hpp"

namespace astro::exchange {

using governance::ProposalId;

/// From the treasury to an account.
struct TreasuryPayment {
    AccountId account{};
    Quote amount{};
};
BOOST_DESCRIBE_STRUCT(TreasuryPayment, (), (account, amount))

/// What a proposal does when it is executed: exactly one of these. Of settings, what differs from
/// those in force when it is made; all else is then as it is when it is executed.
struct ProposalAction {
    std::optional<MarketSettings> market{};  ///< changes it, or lists it; `version` is not read
    std::optional<AssetSettings> asset{};    ///< the same of a collateral
    std::optional<VenueSettings> venue{};    ///< `version` is not read
    std::optional<TreasuryPayment> payment{};
    std::optional<governance::Settings> governance{};
};
BOOST_DESCRIBE_STRUCT(ProposalAction, (), (market, asset, venue, payment, governance))
/// How many of these it is.
[[nodiscard]] inline int count_of(const ProposalAction& action) {
    int out = 0;
    for_each_member(action, [&](std::string_view, const auto& one) { out += one ? 1 : 0; });
    return out;
}

inline constexpr std::size_t kTitleMax = 120, kTextMax = 2'000;  ///< bytes

struct Proposition {
    std::string title;  ///< one line, 1 to 120 bytes
    std::string text;   ///< why, up to 2,000 bytes
    ProposalAction action{};
};
BOOST_DESCRIBE_STRUCT(Proposition, (), (title, text, action))

/// `current`, with what `wanted` has otherwise than `base`.
template <class Settings>
[[nodiscard]] Settings with_changes(Settings current, const Settings& base,
                                    const Settings& wanted) {
    using Members = boost::describe::describe_members<Settings, boost::describe::mod_public>;
    boost::mp11::mp_for_each<Members>([&](auto member) {
        constexpr auto at = decltype(member)::pointer;
        if (wanted.*at != base.*at) current.*at = wanted.*at;
    });
    return current;
}
/// Whether each member is equal.
template <class Settings>
[[nodiscard]] bool are_equal(const Settings& a, const Settings& b) {
    using Members = boost::describe::describe_members<Settings, boost::describe::mod_public>;
    bool equal = true;
    boost::mp11::mp_for_each<Members>([&](auto member) {
        constexpr auto at = decltype(member)::pointer;
        equal = equal && a.*at == b.*at;
    });
    return equal;
}

}  // namespace astro::exchange
