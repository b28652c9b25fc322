#pragma once

#include "server/feeds/feed.hpp"
#include "server/feeds/replay_node.hpp"

namespace astro::feeds {

/// make_replay_feed with the node's faults and the live path's limits at hand. `live` is what the
/// monitor uses; its URLs, mode, label and place in the chain are set here.
[[nodiscard]] Result<std::unique_ptr<Feed>> make_replay_feed_with(ReplayOptions options,
                                                                  ReplayNodeOptions node,
                                                                  LiveOptions live, Clock& clock);

}  // namespace astro::feeds
