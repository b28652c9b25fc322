#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"

/// What clients say on a stream's connection, and what they are answered.
namespace astro::binance {

struct StreamMessage {
    enum class Method { subscribe, unsubscribe, list_subscriptions, set_property, get_property };
    Method method = Method::subscribe;
    std::string id;  ///< as it was sent: JSON text of a number, a string or null
    std::vector<std::string> params;
};

/// Why a message is not understood, in Binance's numbers for it: 0 unknown property, 1 wrong type,
/// 2 invalid request, 3 invalid JSON.
struct StreamFault {
    int code = 2;
    std::string msg;
    std::string id{"null"};
};
struct ParsedMessage {
    std::optional<StreamMessage> message{};
    StreamFault fault{};  ///< when there is none
};
[[nodiscard]] ParsedMessage parse_stream_message(std::string_view text);

[[nodiscard]] std::string result_text(std::string_view id);  ///< {"result":null,"id":1}
[[nodiscard]] std::string result_text(std::string_view id, const std::vector<std::string>& names);
[[nodiscard]] std::string combined_property_text(std::string_view id, bool combined);
[[nodiscard]] std::string fault_text(const StreamFault& fault);
/// {"stream":"…","data":…}
[[nodiscard]] std::string combined_text(std::string_view stream, std::string_view data);

}  // namespace astro::binance
