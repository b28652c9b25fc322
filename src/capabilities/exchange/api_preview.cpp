#include "capabilities/exchange/average_price.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/engine/formulas/wide.hpp"
#include "capabilities/exchange/order_wish.hpp"
#include "capabilities/exchange/problem_member.hpp"
#include "capabilities/exchange/refusal_text.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// What an order would need, do and cost if it came now.
namespace astro::exchange {

struct OrderPreview {
    // As the problem document of the order itself would have it, when it would be refused.
    std::optional<std::string> refused{};  ///< the code
    std::optional<std::string> where{}, detail{}, needed{}, available{};
    std::optional<std::string> nearest{};  ///< a value of `where` with which it would be taken
    bool waits = false;                    ///< for its price, or for makers: nothing trades yet
    Base filled{};
    std::optional<Price> average_price{};
    std::optional<Price> mid{};
    std::optional<std::int64_t> slippage_ppm{};  ///< of the average against mid; positive is worse
    Quote value{};                               ///< of what would trade
    Quote fee{}, builder_fee{};
    std::int64_t taker_fee_ppm = 0, maker_fee_ppm = 0;  ///< of the account in this market
    std::vector<PreviewLevel> levels{};
    std::int64_t levels_more = 0;
    Base rests{};
    std::optional<Price> rest_price{};
    Quote rest_fee{};
    Quote margin{};                ///< what it adds to the initial requirement; below zero: frees
    HealthView before{}, after{};  ///< by initial margin
    HealthView maintenance{};      ///< after it
    Base position{};               ///< after it
    std::optional<Price> liquidation_before{}, liquidation_price{}, liquidation_filled{};
    std::optional<PreviewExits> exits{};
};
BOOST_DESCRIBE_STRUCT(OrderPreview, (),
                      (refused, where, detail, needed, available, nearest, waits, filled,
                       average_price, mid, slippage_ppm, value, fee, builder_fee, taker_fee_ppm,
                       maker_fee_ppm, levels, levels_more, rests, rest_price, rest_fee, margin,
                       before, after, maintenance, position, liquidation_before, liquidation_price,
                       liquidation_filled, exits))

namespace {

using gateway::Call;
using gateway::Route;

HealthView view_of(const Health& health) {
    return {Quote{health.collateral}, Quote{health.requirement}, Quote{health.free()}};
}

/// Rounded up.
std::optional<std::int64_t> slippage_of(Side side, const PreviewedOrder& seen) {
    if (!seen.mid || seen.filled == Base{0}) return std::nullopt;
    const Int128 fair = static_cast<Int128>(seen.mid->value()) * seen.filled.value();
    const Int128 paid = static_cast<Int128>(seen.quote.value()) * kBaseUnit;
    return formulas::saturate64(formulas::div_round((paid - fair) * sign_of(side) * 1'000'000, fair,
                                                    formulas::Rounding::ceil));
}

void tell_refusal(const Desk& desk, const PreviewedOrder& seen, OrderPreview& out) {
    const Refusal& refusal = seen.refusal;
    const RefusalRule& rule = rule_of(refusal.code);
    const AssetSettings settings = desk.directory.asset(kUsdc);
    const RefusalAsset of{settings.symbol, static_cast<int>(settings.decimals)};
    out.refused = std::string(enum_name(refusal.code));
    out.detail = refusal_sentence(refusal, of);
    if (!rule.field.empty()) out.where = std::string(rule.field);
    if (rule.sentence.find("{needed}") != rule.sentence.npos)
        out.needed = refusal_number(refusal, refusal.needed, of);
    if (rule.sentence.find("{available}") != rule.sentence.npos)
        out.available = refusal_number(refusal, refusal.available, of);
    if (seen.nearest_size) {
        out.where = "size";
        out.nearest = to_text(*seen.nearest_size);
    } else if (seen.nearest_price) {
        out.nearest = to_text(*seen.nearest_price);
    } else if (names_nearest(refusal.code)) {
        out.nearest = out.needed;
    }
}

OrderPreview view_of(const Desk& desk, Side side, const PreviewedOrder& seen) {
    OrderPreview out{.waits = seen.waits,
                     .filled = seen.filled,
                     .average_price = average_price(seen.quote, seen.filled),
                     .mid = seen.mid,
                     .slippage_ppm = slippage_of(side, seen),
                     .value = seen.quote,
                     .fee = seen.fee,
                     .builder_fee = seen.builder_fee,
                     .taker_fee_ppm = seen.taker_fee_ppm,
                     .maker_fee_ppm = seen.maker_fee_ppm,
                     .levels = seen.levels,
                     .levels_more = seen.levels_more,
                     .rests = seen.rests,
                     .margin = Quote{seen.after.requirement - seen.before.requirement},
                     .before = view_of(seen.before),
                     .after = view_of(seen.after),
                     .maintenance = view_of(seen.maintenance),
                     .position = seen.position,
                     .liquidation_before = seen.liquidation_before,
                     .liquidation_price = seen.liquidation,
                     .liquidation_filled = seen.liquidation_filled,
                     .exits = seen.exits};
    if (seen.rests > Base{0}) {
        out.rest_price = seen.rest_price;
        out.rest_fee = seen.rest_fee;
    }
    if (seen.refusal) tell_refusal(desk, seen, out);
    return out;
}

Answered preview(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto wish, read_json<OrderWish>(call.request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, call, number_of(wish.account)));
    ASTRO_TRY(const MarketId market, market_of(desk, wish.market));
    ASTRO_TRY(const auto command, command_of(wish, account, market));
    PreviewedOrder seen;
    desk.service.read([&](const Venue& venue) { seen = venue.preview(command); });
    if (!seen.is_too_deep) return net::json_response(to_json(view_of(desk, wish.side, seen)));
    const std::string most = to_text(seen.nearest_size.value_or(Base{0}));
    auto response =
        net::problem_response(422, "preview_too_deep",
                              "a preview looks at the first " + std::to_string(kPreviewOrdersMax) +
                                  " orders it would meet; the largest size for it is " + most,
                              "size", call.request().request_id);
    append_member(response.body, "needed", most);
    return response;
}

}  // namespace

std::vector<Route> preview_routes(Desk& desk) {
    std::vector<Route> out;
    out.push_back(reading_route(
        "/margin/preview",
        "What an order of any kind would trade, cost and need if it came now, where the account "
        "would be liquidated after it, or why it would be refused; nothing is done",
        json_document<OrderPreview>(), read_by(desk, preview)));
    out.back().method = "POST";
    out.back().body = json_document<OrderWish>();
    return out;
}

}  // namespace astro::exchange
