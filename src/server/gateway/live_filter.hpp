#pragma once

#include <string>
#include <vector>

#include "foundation/bus/bus.hpp"
#include "server/gateway/live_message.hpp"
#include "server/gateway/route.hpp"

namespace astro::gateway {

/// What one subscription lets through: all of its conditions hold for the event's tags. A text
/// value may list several by comma, as in REST.
class LiveFilter {
  public:
    /// Checks names and values against what the channel offers. Codes: "unknown_filter",
    /// "bad_filter".
    [[nodiscard]] static Result<LiveFilter> compile(const std::vector<ChannelFilter>& offered,
                                                    const LiveMessage& message);
    [[nodiscard]] bool matches(const Event& event) const;

  private:
    struct Condition {
        Match match;
        std::string tag;
        std::vector<std::string> values;
    };
    static bool holds(const Condition& condition, const Event& event);
    std::vector<Condition> conditions_;
};

}  // namespace astro::gateway
