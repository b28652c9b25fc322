#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/base/result.hpp"

/// What clients say on /ws/live (docs/api.md). Foreign text comes in here and nowhere else.
namespace astro::gateway {

inline constexpr std::size_t kLiveFilterMembersMax = 16;
inline constexpr std::size_t kLiveValuesMax = 64;  ///< of one filter member
inline constexpr std::uint64_t kLiveSnapshotMax = 500;
inline constexpr std::size_t kLivePathMax = 2'048;   ///< of a call, with its query
inline constexpr std::uint64_t kLiveAtCloseMax = 8;  ///< calls that one connection leaves behind

/// A request of the REST interface that comes over the WebSocket.
struct LiveCall {
    std::string method, path;
    std::string body;  ///< JSON text; empty: none
    std::string idempotency_key;
};

struct LiveMessage {
    enum class Op { subscribe, unsubscribe, ping, call, at_close };
    Op op = Op::ping;
    std::uint64_t id = 0;
    std::string channel;
    /// Each member's values as text; booleans as "true" and "false".
    std::vector<std::pair<std::string, std::vector<std::string>>> filter;
    std::optional<std::uint64_t> snapshot;
    std::optional<std::uint64_t> resume_from;
    std::optional<LiveCall> call;  ///< of `at_close`: none takes away what was left behind
    std::uint64_t slot = 0;        ///< of `at_close`: which of those calls
};

/// Codes: "bad_json", "bad_message" (a missing, unknown or wrong member: `where` names it),
/// "unknown_op".
[[nodiscard]] Result<LiveMessage> parse_live_message(std::string_view text);

/// The id of a message that is otherwise wrong, so that its error can be told apart.
[[nodiscard]] std::optional<std::uint64_t> live_message_id(std::string_view text);

}  // namespace astro::gateway
