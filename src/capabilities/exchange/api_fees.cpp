#include <algorithm>

#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// What an account pays and why; who has referred it, and which builders its orders may name.
namespace astro::exchange {

struct MarketRates {
    std::string market{};
    std::int64_t taker_fee_ppm = 0, maker_fee_ppm = 0;  ///< of the notional; negative: a rebate
};
BOOST_DESCRIBE_STRUCT(MarketRates, (), (market, taker_fee_ppm, maker_fee_ppm))

/// All accounts of an owner pay the same; volume and stake are those of all together.
struct FeeView {
    AccountId account{};
    Quote volume_30d{};          ///< of the thirty whole UTC days before today
    Quote volume_today{};        ///< counts from tomorrow on
    governance::Power staked{};  ///< of the governance asset
    std::optional<FeeTier> tier{}, next_tier{};
    std::optional<StakeTier> stake_tier{}, next_stake_tier{};
    std::optional<AccountId> referrer{};
    std::int64_t referral_discount_ppm = 0;  ///< 0 without a referrer
    std::int64_t taker_discount_ppm = 0;     ///< of a market's taker fee, all together
    std::int64_t maker_less_ppm = 0;         ///< of the notional, less than a market's maker fee
    std::vector<BuilderLimit> builders{};    ///< whom orders may name, up to which fee
    std::vector<MarketRates> markets{};
};
BOOST_DESCRIBE_STRUCT(FeeView, (),
                      (account, volume_30d, volume_today, staked, tier, next_tier, stake_tier,
                       next_stake_tier, referrer, referral_discount_ppm, taker_discount_ppm,
                       maker_less_ppm, builders, markets))

struct ReferrerWish {
    AccountId referrer{};
};
BOOST_DESCRIBE_STRUCT(ReferrerWish, (), (referrer))
struct BuilderWish {
    std::int64_t fee_max_ppm = 0;
};
BOOST_DESCRIBE_STRUCT(BuilderWish, (), (fee_max_ppm))

namespace {

using gateway::Call;
using gateway::Route;

constexpr std::int64_t kDayMs = 86'400'000;

/// The highest tier that is reached, and the one after it.
template <class Tier>
void find_tier(const std::vector<Tier>& tiers, const auto& is_reached, std::optional<Tier>& reached,
               std::optional<Tier>& next) {
    const auto beyond = std::ranges::find_if_not(tiers, is_reached);
    if (beyond != tiers.begin()) reached = *std::prev(beyond);
    if (beyond != tiers.end()) next = *beyond;
}

Quote volume_of(const VolumeDays& days, std::int64_t day) {
    return day == days.newest ? days.volumes[static_cast<std::size_t>(day) % days.volumes.size()]
                              : Quote{0};
}

FeeView view_of(const Venue& venue, AccountId account) {
    Owner owner = venue.owner_of(account);
    for (const AccountId id : owner.accounts) {
        const FeeRates& fees = venue.accounts()[id.value()].fees;
        owner.volume.add(fees.day, fees.volume_today);
    }
    const std::int64_t today = venue.now().value() / kDayMs;
    const FeeRates rates = venue.fee_rates_of(account);
    FeeView out{.account = account,
                .volume_30d = owner.volume.before(today),
                .volume_today = volume_of(owner.volume, today),
                .staked = owner.staked,
                .referrer = owner.referrer,
                .taker_discount_ppm = 1'000'000 - rates.taker_keep_ppm,
                .maker_less_ppm = rates.maker_less_ppm,
                .builders = owner.builders};
    if (owner.referrer) out.referral_discount_ppm = venue.settings().referral_discount_ppm;
    find_tier(
        venue.settings().fee_tiers,
        [&](const FeeTier& tier) { return out.volume_30d >= tier.volume_min; }, out.tier,
        out.next_tier);
    find_tier(
        venue.settings().stake_tiers,
        [&](const StakeTier& tier) { return out.staked >= tier.stake_min; }, out.stake_tier,
        out.next_stake_tier);
    for (const Market& market : venue.markets())
        out.markets.push_back({market.settings.symbol,
                               taker_rate_ppm(market.settings.taker_fee_ppm, rates),
                               market.settings.maker_fee_ppm - rates.maker_less_ppm});
    return out;
}

Answered fees(Desk& desk, const Call& call) {
    ASTRO_TRY(const AccountId account, own_account(desk, call, call.integer("account")));
    FeeView out;
    desk.service.read([&](const Venue& venue) { out = view_of(venue, account); });
    return net::json_response(to_json(out));
}

Result<void> set_referrer(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<ReferrerWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    if (!desk.directory.account(wish.referrer))
        return not_found("account_unknown", "there is no such account", "referrer");
    carry_out(desk, call, SetReferrer{account, wish.referrer}, kUsdc, std::move(done),
              plain_receipt);
    return {};
}

Result<void> approve_builder(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<BuilderWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    const AccountId builder{static_cast<AccountId::Rep>(*call->integer("builder"))};
    if (!desk.directory.account(builder))
        return not_found("account_unknown", "there is no such account", "builder");
    const std::int64_t most = desk.directory.venue()->builder_fee_max_ppm;
    if (wish.fee_max_ppm < 0 || wish.fee_max_ppm > most)
        return refusal("bad_body", "needs 0 to " + std::to_string(most), "fee_max_ppm");
    carry_out(desk, call, ApproveBuilder{account, builder, wish.fee_max_ppm}, kUsdc,
              std::move(done), plain_receipt);
    return {};
}

}  // namespace

std::vector<Route> fee_routes(Desk& desk) {
    const gateway::Answer done{.summary = "When it was done", .document = json_document<Receipt>()};
    const auto account = account_parameter("Number of an account");
    auto builder = account_parameter("Number of the builder's account");
    builder.name = "builder";
    std::vector<Route> out;
    out.push_back(reading_route("/fees",
                                "What an account pays, by volume, stake and referral, and what it "
                                "takes for the next tier",
                                json_document<FeeView>(), read_by(desk, fees)));
    out.back().parameters = {account_parameter("Whose; the caller's first account when absent")};
    out.push_back(writing_route("PUT", "/accounts/{account}/referrer",
                                "Says who has brought the account's owner here: once and for all",
                                json_document(ReferrerWish{AccountId{1}}), done,
                                begun_by(desk, set_referrer)));
    out.back().parameters = {account};
    out.push_back(writing_route("PUT", "/accounts/{account}/builders/{builder}",
                                "Allows orders of the account's owner to name a builder, up to a "
                                "fee; 0: no more",
                                json_document(BuilderWish{100}), done,
                                begun_by(desk, approve_builder)));
    out.back().parameters = {account, builder};
    return out;
}

}  // namespace astro::exchange
