#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/bus/bus.hpp"

/// What the server says on /ws/live, as JSON text (docs/api.md).
namespace astro::gateway::live_text {

using Text = std::shared_ptr<const std::string>;

[[nodiscard]] Text welcome(std::string_view version, TimestampNs now, int heartbeat_seconds,
                           const std::vector<std::string>& channels);
[[nodiscard]] Text subscribed(std::uint64_t id, std::string_view channel, std::uint64_t seq);
[[nodiscard]] Text unsubscribed(std::uint64_t id, std::string_view channel);
[[nodiscard]] Text snapshot(std::string_view channel, std::uint64_t seq,
                            const std::vector<EventPtr>& items);
[[nodiscard]] Text event(std::string_view channel, std::string_view event_name, const Event& event,
                         std::uint64_t prev_seq);
[[nodiscard]] Text gap(std::string_view channel, std::uint64_t from_seq, std::uint64_t to_seq,
                       std::string_view reason);
[[nodiscard]] Text heartbeat(TimestampNs now,
                             const std::vector<std::pair<std::string, std::uint64_t>>& seqs);
[[nodiscard]] Text pong(std::uint64_t id, TimestampNs now);
[[nodiscard]] Text error(std::optional<std::uint64_t> id, const Error& error);

}  // namespace astro::gateway::live_text
