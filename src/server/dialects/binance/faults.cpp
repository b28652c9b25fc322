#include "server/dialects/binance/faults.hpp"

#include <algorithm>
#include <array>

#include "capabilities/exchange/refusal_text.hpp"
#include "foundation/base/json.hpp"

namespace astro::binance {
namespace {

struct Number {
    std::string_view name;
    std::int64_t code;
    int status = 400;
};

constexpr Number kUnknownNumber{fault::kUnknown, -1000, 500};

/// The dialect's own, under Binance's names.
constexpr std::array kNumbers{
    kUnknownNumber,
    Number{fault::kIllegalCharacters, -1100},
    Number{fault::kTooManyParameters, -1101},
    Number{fault::kMissing, -1102},
    Number{fault::kUnread, -1104},
    Number{fault::kEmpty, -1105},
    Number{fault::kNotRequired, -1106},
    Number{fault::kBadAsset, -1108},
    Number{fault::kBadPrecision, -1111},
    Number{fault::kBadTimeInForce, -1115},
    Number{fault::kBadOrderType, -1116},
    Number{fault::kBadSide, -1117},
    Number{fault::kBadInterval, -1120},
    Number{fault::kBadSymbol, -1121},
    Number{fault::kBadListenKey, -1125},
    Number{fault::kBadCombination, -1128},
    Number{fault::kBadParameter, -1130},
    Number{fault::kBadResponseType, -1136},
    Number{fault::kCancelRejected, -2011},
    Number{fault::kNoSuchOrder, -2013},
    Number{fault::kBadClientIdLength, -4015},
    Number{fault::kBadDepthLimit, -4021},
    Number{fault::kBadLeverage, -4028},
    Number{fault::kMarginTypeIsSo, -4046},
    Number{fault::kPositionSideIsSo, -4059},
    Number{fault::kPositionSideMixed, -4061},
    Number{fault::kPositionSideOpen, -4068},
    Number{fault::kTooManyItems, -4082},
    Number{fault::kUseAlgo, -4120},
    Number{fault::kAssetModeFixed, -4167},
    Number{fault::kNoIsolated, -4168},
    Number{fault::kAssetModeIsSo, -4171},
    Number{fault::kNoNeedToModify, -5027},
};

/// What the rest of the server refuses with.
constexpr std::array kServersNumbers{
    Number{"no_such_route", -5000, 404},
    Number{"method_not_allowed", -5000, 405},
    Number{"too_many_requests", -1003, 429},
    Number{"venue_busy", -1008, 503},
    Number{"venue_stopped", -1016, 503},
    Number{"stopping", -1016, 503},
    Number{"account_unknown", -4109},
    Number{"market_unknown", -1121},
    Number{"asset_unknown", -1108},
    Number{"bad_body", -1130},
    Number{"bad_json", -1130},
    Number{"bad_escape", -1130},
    Number{"bad_utf8", -1130},
    // Who calls.
    Number{"sign_in_needed", -2014, 401},
    Number{"key_malformed", -2014, 401},
    Number{"timestamp_missing", -1102},
    Number{"signature_missing", -1102},
    Number{"receive_window", -1131},
    Number{"request_too_old", -1021},
    Number{"request_from_future", -1021},
    Number{"bad_signature", -1022},
    Number{"nonce_replayed", -1022},
};

using exchange::RefusalCode;

struct RefusalNumber {
    RefusalCode code;
    std::int64_t number;
};
constexpr std::int64_t kOrderRejected = -2010;

constexpr std::array kRefusals{
    RefusalNumber{RefusalCode::account_unknown, -4109},
    RefusalNumber{RefusalCode::market_unknown, -1121},
    RefusalNumber{RefusalCode::asset_unknown, -1108},
    RefusalNumber{RefusalCode::market_not_open, -4140},
    RefusalNumber{RefusalCode::market_reduce_only, -4140},
    RefusalNumber{RefusalCode::market_gathers, -4140},
    RefusalNumber{RefusalCode::market_state, -4140},
    RefusalNumber{RefusalCode::bad_amount, -4003},
    RefusalNumber{RefusalCode::price_not_tick, -4014},
    RefusalNumber{RefusalCode::size_not_lot, -4023},
    RefusalNumber{RefusalCode::price_out_of_range, -4002},
    RefusalNumber{RefusalCode::price_out_of_band, -4016},
    RefusalNumber{RefusalCode::size_too_small, -4004},
    RefusalNumber{RefusalCode::size_too_large, -4005},
    RefusalNumber{RefusalCode::notional_too_small, -4164},
    RefusalNumber{RefusalCode::position_too_large, -2027},
    RefusalNumber{RefusalCode::order_inconsistent, -1128},
    RefusalNumber{RefusalCode::expiry_passed, -5040},
    RefusalNumber{RefusalCode::client_id_duplicate, -4116},
    RefusalNumber{RefusalCode::too_many_orders, -2025},
    RefusalNumber{RefusalCode::would_trade, -5022},
    RefusalNumber{RefusalCode::not_fillable, -5021},
    RefusalNumber{RefusalCode::nothing_to_reduce, -2022},
    RefusalNumber{RefusalCode::margin_insufficient, -2019},
    RefusalNumber{RefusalCode::balance_insufficient, -2018},
    RefusalNumber{RefusalCode::would_trigger, -2021},
};

Number number_for(const Error& error) {
    for (const Number& known : kNumbers)
        if (known.name == error.code) return known;
    for (const Number& known : kServersNumbers)
        if (known.name == error.code) return known;
    switch (error.kind) {
        case ErrorKind::unauthenticated:
        case ErrorKind::forbidden:
            return {error.code, -2015, 401};
        case ErrorKind::limited:
            return {error.code, -1003, 429};
        case ErrorKind::unavailable:
            return {error.code, -1016, 503};
        case ErrorKind::unknown:
            return {error.code, -1007, 503};
        case ErrorKind::refusal:
        case ErrorKind::not_found:
        case ErrorKind::conflict:
            break;
    }
    return {error.code, -1130, 400};
}

}  // namespace

FaultAnswer fault_of(const Error& error) {
    const Number number = number_for(error);
    if (number.status >= 500)
        return {number.code, error.kind == ErrorKind::unknown
                                 ? "Send status unknown; execution status unknown."
                                 : "This can't be answered now; try again later."};
    if (number.code == -1102 && error.code != fault::kMissing)
        return {number.code, missing(error.where).error.message};
    if (number.code == -2014) return {number.code, "API-key format invalid."};
    if (number.code == -2015)
        return {number.code,
                "Invalid API-key, IP, or permissions for action: " + error.message + "."};
    return {number.code, error.message};
}

net::Response answer_of(const Error& error, const net::Request&) {
    const Number number = number_for(error);
    auto response = net::json_response(to_json(fault_of(error)), number.status);
    if (number.status == 503) response.headers.set("retry-after", "1");
    if (number.status == 401) response.headers.set("www-authenticate", "Bearer");
    return response;
}

std::int64_t number_of(RefusalCode code, Deed deed) {
    if (code == RefusalCode::order_unknown) return deed == Deed::cancel ? -2011 : -2013;
    const auto at = std::ranges::find(kRefusals, code, &RefusalNumber::code);
    return at == kRefusals.end() ? kOrderRejected : at->number;
}

FaultAnswer fault_of(const exchange::Refusal& refusal, Deed deed) {
    std::string words = exchange::refusal_sentence(refusal, {});
    // Programs look for these words of Binance's.
    if (refusal.code == RefusalCode::order_unknown)
        words = deed == Deed::cancel ? "Unknown order sent." : "Order does not exist.";
    return {number_of(refusal.code, deed), std::move(words)};
}

net::Response answer_of(const exchange::Refusal& refusal, Deed deed) {
    return net::json_response(to_json(fault_of(refusal, deed)), 400);
}

Unexpected missing(std::string_view name) {
    return refusal(fault::kMissing,
                   "Mandatory parameter '" + std::string(name) +
                       "' was not sent, was empty/null, or malformed.",
                   std::string(name));
}

Unexpected not_required(std::string_view name, std::string_view why) {
    return refusal(fault::kNotRequired,
                   "Parameter '" + std::string(name) + "' sent when not required" +
                       (why.empty() ? "." : ": " + std::string(why) + "."),
                   std::string(name));
}

Unexpected invalid(std::string_view name, std::string_view why) {
    return refusal(
        fault::kBadParameter,
        "Data sent for parameter '" + std::string(name) + "' is not valid: " + std::string(why),
        std::string(name));
}

}  // namespace astro::binance
