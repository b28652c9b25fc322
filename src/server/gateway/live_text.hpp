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
/// Of a channel with a state: `state` is JSON text.
[[nodiscard]] Text state(std::string_view channel, std::uint64_t seq, std::string_view state);
/// What a call has led to: `body` is JSON text, or other text when not `is_json`; empty: none.
[[nodiscard]] Text answer(std::uint64_t id, int status, std::string_view body, bool is_json,
                          std::string_view retry_after);
/// How many calls the connection now leaves behind.
[[nodiscard]] Text at_close(std::uint64_t id, std::size_t calls);
[[nodiscard]] Text event(std::string_view channel, std::string_view event_name, const Event& event,
                         std::uint64_t prev_seq);
[[nodiscard]] Text gap(std::string_view channel, std::uint64_t from_seq, std::uint64_t to_seq,
                       std::string_view reason);
[[nodiscard]] Text heartbeat(TimestampNs now,
                             const std::vector<std::pair<std::string, std::uint64_t>>& seqs);
[[nodiscard]] Text pong(std::uint64_t id, TimestampNs now);
[[nodiscard]] Text error(std::optional<std::uint64_t> id, const Error& error);

}  // namespace astro::gateway::live_text
