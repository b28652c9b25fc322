#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// What holds for the whole venue and for each asset; what operators do with it. Each change is in
/// the audit before it is done.
namespace astro::exchange {

struct AssetAnswer {
    AssetSettings settings{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(AssetAnswer, (), (settings, price))
struct AssetList {
    std::vector<AssetAnswer> assets{};
};
BOOST_DESCRIBE_STRUCT(AssetList, (), (assets))

struct AssetPriceWish {
    std::string asset{};
    Price price{};
};
BOOST_DESCRIBE_STRUCT(AssetPriceWish, (), (asset, price))
struct SettlementWish {
    std::optional<Price> price{};  ///< none: the oracle's average of five minutes
};
BOOST_DESCRIBE_STRUCT(SettlementWish, (), (price))
struct PaymentWish {
    AccountId account{};
    Quote amount{};
    std::optional<std::uint32_t> reference{};  ///< of the decision
};
BOOST_DESCRIBE_STRUCT(PaymentWish, (), (account, amount, reference))

namespace {

using gateway::Call;
using gateway::Route;

Answered settings(Desk& desk, const Call&) {
    return net::json_response(to_json(*desk.directory.venue()));
}

Answered assets(Desk& desk, const Call&) {
    AssetList out;
    desk.service.read([&](const Venue& venue) {
        for (const Collateral& asset : venue.assets())
            out.assets.push_back({asset.settings, asset.price});
    });
    return net::json_response(to_json(out));
}

/// `version` is the one that was read, as with a market.
Result<void> put_settings(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(auto wish, read_json<VenueSettings>(call->request().body));
    ASTRO_CHECK(check_venue(wish));
    const auto before = desk.directory.venue();
    if (wish.version != before->version)
        return conflict("version_conflict",
                        "it has been changed since: version " + std::to_string(before->version) +
                            " is in force, not " + std::to_string(wish.version),
                        "version");
    ++wish.version;
    ASTRO_CHECK(note(desk, *call, "venue_changed", "venue", changed_members(*before, wish)));
    carry_out(desk, call, SetVenue{wish}, kUsdc, std::move(done),
              [wish](const Outcome&) -> Answered { return net::json_response(to_json(wish)); });
    return {};
}

Result<void> put_asset(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<AssetSettings>(call->request().body));
    if (wish.symbol != *call->text("asset"))
        return refusal("bad_asset", "the address names another asset", "symbol");
    ASTRO_CHECK(check_asset(wish));
    const auto known = desk.directory.asset(wish.symbol);
    const AssetSettings before = known ? desk.directory.asset(*known) : AssetSettings{};
    ASTRO_CHECK(note(desk, *call, "asset_changed", wish.symbol, changed_members(before, wish)));
    carry_out(desk, call, SetAsset{wish}, kUsdc, std::move(done),
              [wish](const Outcome&) -> Answered { return net::json_response(to_json(wish)); });
    return {};
}

Result<void> put_asset_price(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<AssetPriceWish>(call->request().body));
    ASTRO_TRY(const AssetId asset, asset_of(desk, wish.asset));
    ASTRO_CHECK(check_paper(desk));
    carry_out(desk, call, SetAssetPrice{asset, wish.price}, asset, std::move(done), plain_receipt);
    return {};
}

Result<void> settle_market(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<SettlementWish>(call->request().body));
    ASTRO_TRY(const MarketId market, market_of(desk, *call->text("market")));
    const Price price = wish.price.value_or(Price{});
    ASTRO_CHECK(note(desk, *call, "market_settled", desk.directory.symbol(market),
                     {{"price", wish.price ? to_text(price) : "the oracle's average"}}));
    carry_out(desk, call, SettleMarket{market, price}, kUsdc, std::move(done), plain_receipt);
    return {};
}

Result<void> pay(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<PaymentWish>(call->request().body));
    if (!desk.directory.account(wish.account))
        return not_found("account_unknown", "there is no such account", "account");
    ASTRO_CHECK(note(desk, *call, "treasury_paid", std::to_string(wish.account.value()),
                     {{"amount", to_text(wish.amount)}}));
    carry_out(desk, call, PayTreasury{wish.account, wish.amount, wish.reference.value_or(0)}, kUsdc,
              std::move(done), [&desk, account = wish.account](const Outcome& outcome) -> Answered {
                  return net::json_response(to_json(balance_receipt(desk, outcome, account, kUsdc)),
                                            201);
              });
    return {};
}

void add_looks(Desk& desk, std::vector<Route>& out) {
    out.push_back(reading_route("/settings",
                                "What holds for the whole venue: tiers of fees, shares of revenue, "
                                "withdrawals",
                                json_document<VenueSettings>(), read_by(desk, settings)));
    out.back().permission = gateway::kPublicPermission;
    out.push_back(reading_route("/assets", "Collaterals, their settings and prices",
                                json_document<AssetList>(), read_by(desk, assets)));
    out.back().permission = gateway::kPublicPermission;
}

}  // namespace

std::vector<Route> settings_routes(Desk& desk) {
    const gateway::Answer done{.summary = "When it was done", .document = json_document<Receipt>()};
    std::vector<Route> out;
    add_looks(desk, out);
    out.push_back(audited(writing_route(
        "PUT", "/operate/settings",
        "Changes what holds for the whole venue; `version` is the one that was read",
        json_document<VenueSettings>(),
        {.summary = "The settings in force", .document = json_document<VenueSettings>()},
        begun_by(desk, put_settings))));
    out.push_back(audited(writing_route(
        "PUT", "/operate/assets/{asset}", "Changes a collateral, or lists a new one",
        json_document<AssetSettings>(),
        {.summary = "The settings in force", .document = json_document<AssetSettings>()},
        begun_by(desk, put_asset))));
    out.back().parameters = {
        {.name = "asset", .summary = "Symbol of the asset", .length_max = 32, .example = "SOL"}};
    out.push_back(operating(writing_route("PUT", "/operate/asset-prices",
                                          "Sets a collateral's price by hand, on a paper venue",
                                          json_document(AssetPriceWish{"SOL", Price{100'000'000}}),
                                          done, begun_by(desk, put_asset_price))));
    out.push_back(audited(
        writing_route("POST", "/operate/markets/{market}/settle",
                      "Ends a market that is settling: closes all its positions at a price",
                      json_document<SettlementWish>(), done, begun_by(desk, settle_market))));
    out.back().parameters = {market_parameter()};
    out.push_back(audited(writing_route(
        "POST", "/operate/treasury/payments", "Pays out of the treasury into an account",
        json_document(PaymentWish{AccountId{0}, Quote{1'000'000}, {}}),
        {.status = 201,
         .summary = "The account's balance after it",
         .document = json_document<BalanceReceipt>()},
        begun_by(desk, pay))));
    return out;
}

}  // namespace astro::exchange
