#pragma once

#include <string>
#include <string_view>

#include "capabilities/exchange/engine/refusal_code.hpp"
#include "foundation/base/result.hpp"
#include "foundation/net/message.hpp"

/// What goes wrong, in Binance's numbers. An Error of the dialect has one of these names, which are
/// Binance's own, as its code; errors of the rest of the server and refusals of the venue are told
/// by the number that is nearest to them, in our words (docs/binance.md has the table).
namespace astro::binance {

namespace fault {
inline constexpr std::string_view kUnknown = "UNKNOWN";
inline constexpr std::string_view kIllegalCharacters = "ILLEGAL_CHARS";
inline constexpr std::string_view kTooManyParameters = "TOO_MANY_PARAMETERS";
inline constexpr std::string_view kMissing = "MANDATORY_PARAM_EMPTY_OR_MALFORMED";
inline constexpr std::string_view kUnread = "UNREAD_PARAMETERS";
inline constexpr std::string_view kEmpty = "PARAM_EMPTY";
inline constexpr std::string_view kNotRequired = "PARAM_NOT_REQUIRED";
inline constexpr std::string_view kBadAsset = "BAD_ASSET";
inline constexpr std::string_view kBadPrecision = "BAD_PRECISION";
inline constexpr std::string_view kBadTimeInForce = "INVALID_TIF";
inline constexpr std::string_view kBadOrderType = "INVALID_ORDER_TYPE";
inline constexpr std::string_view kBadSide = "INVALID_SIDE";
inline constexpr std::string_view kBadInterval = "BAD_INTERVAL";
inline constexpr std::string_view kBadSymbol = "BAD_SYMBOL";
inline constexpr std::string_view kBadListenKey = "INVALID_LISTEN_KEY";
inline constexpr std::string_view kBadCombination = "OPTIONAL_PARAMS_BAD_COMBO";
inline constexpr std::string_view kBadParameter = "INVALID_PARAMETER";
inline constexpr std::string_view kBadResponseType = "INVALID_NEW_ORDER_RESP_TYPE";
inline constexpr std::string_view kCancelRejected = "CANCEL_REJECTED";
inline constexpr std::string_view kNoSuchOrder = "NO_SUCH_ORDER";
inline constexpr std::string_view kBadClientIdLength = "INVALID_CL_ORD_ID_LEN";
inline constexpr std::string_view kBadDepthLimit = "INVALID_DEPTH_LIMIT";
inline constexpr std::string_view kBadLeverage = "INVALID_LEVERAGE";
inline constexpr std::string_view kMarginTypeIsSo = "NO_NEED_TO_CHANGE_MARGIN_TYPE";
inline constexpr std::string_view kPositionSideIsSo = "NO_NEED_TO_CHANGE_POSITION_SIDE";
inline constexpr std::string_view kPositionSideMixed = "POSITION_SIDE_NOT_MATCH";
inline constexpr std::string_view kPositionSideOpen = "POSITION_SIDE_CHANGE_EXISTS_QUANTITY";
inline constexpr std::string_view kUseAlgo = "STOP_ORDER_SWITCH_ALGO";
inline constexpr std::string_view kNoIsolated = "MULTI_ASSETS_NO_ISOLATED";
inline constexpr std::string_view kAssetModeIsSo = "NO_NEED_TO_CHANGE_ASSET_MODE";
inline constexpr std::string_view kAssetModeFixed = "ASSET_MODE_FIXED";
inline constexpr std::string_view kNoNeedToModify = "NO_NEED_MODIFY_ORDER";
inline constexpr std::string_view kTooManyItems = "BATCH_TOO_LARGE";
}  // namespace fault

/// What an answer of refusal says.
struct FaultAnswer {
    std::int64_t code = -1000;
    std::string msg{};
};
BOOST_DESCRIBE_STRUCT(FaultAnswer, (), (code, msg))

/// The answer that an Error is, with the status that Binance gives it.
[[nodiscard]] net::Response answer_of(const Error& error, const net::Request& request);
/// Its number and words alone: of an item of a batch.
[[nodiscard]] FaultAnswer fault_of(const Error& error);

/// What the venue refused to do with an order.
enum class Deed { place, amend, cancel, other };
/// The number of a refusal; -2010 where Binance has none for it.
[[nodiscard]] std::int64_t number_of(exchange::RefusalCode code, Deed deed);
[[nodiscard]] FaultAnswer fault_of(const exchange::Refusal& refusal, Deed deed);
[[nodiscard]] net::Response answer_of(const exchange::Refusal& refusal, Deed deed);

/// "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."
[[nodiscard]] Unexpected missing(std::string_view name);
/// "Parameter 'price' sent when not required."
[[nodiscard]] Unexpected not_required(std::string_view name, std::string_view why = {});
/// "Data sent for parameter 'limit' is not valid: …"
[[nodiscard]] Unexpected invalid(std::string_view name, std::string_view why);

}  // namespace astro::binance
