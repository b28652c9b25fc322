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

struct LiveMessage {
    enum class Op { subscribe, unsubscribe, ping };
    Op op = Op::ping;
    std::uint64_t id = 0;
    std::string channel;
    /// Each member's values as text; booleans as "true" and "false".
    std::vector<std::pair<std::string, std::vector<std::string>>> filter;
    std::optional<std::uint64_t> snapshot;
    std::optional<std::uint64_t> resume_from;
};

/// Codes: "bad_json", "bad_message" (a missing, unknown or wrong member: `where` names it),
/// "unknown_op".
[[nodiscard]] Result<LiveMessage> parse_live_message(std::string_view text);

/// The id of a message that is otherwise wrong, so that its error can be told apart.
[[nodiscard]] std::optional<std::uint64_t> live_message_id(std::string_view text);

}  // namespace astro::gateway
