#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// One JSON object a line on standard error, or plain text for people. Written by a thread of its
/// own from a bounded queue, so that a stuck terminal never stops the server; when the queue is
/// full, the oldest lines are lost.
namespace astro::gateway {

enum class LogLevel { trace, debug, info, warn, error };

using LogField = std::pair<std::string_view, std::variant<std::string_view, std::int64_t, double>>;

/// Once, before other threads log. `json` false writes "time level event name=value …".
void start_log(LogLevel least, bool json);
/// Writes what is queued.
void stop_log();
/// `event` is a stable dotted name: "http.request", "feed.gap".
void log(LogLevel level, std::string_view event, const std::vector<LogField>& fields = {});

}  // namespace astro::gateway
