#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/net/server.hpp"
#include "server/gateway/access.hpp"
#include "server/gateway/live_filter.hpp"
#include "server/gateway/live_text.hpp"
#include "server/gateway/pace.hpp"

/// Who follows what on /ws/live: the hub's own bookkeeping.
namespace astro::gateway {

struct Topic;
struct LiveClient;

/// One client's interest in one channel, under the name the client used.
struct Follower : std::enable_shared_from_this<Follower> {
    LiveClient* client = nullptr;
    Topic* topic = nullptr;
    std::string name;
    LiveFilter filter;
    FilterValues values;  ///< of the filter, for a channel with a state
    std::string owner;    ///< sees only what has his tag; empty: all
    std::optional<std::uint64_t> snapshot;
    std::uint64_t base = 0;       ///< nothing up to here is sent any more
    std::uint64_t last_sent = 0;  ///< prev_seq of the next
    std::optional<std::uint64_t> missed_from{};
    bool awaits_state = false;  ///< nothing is sent until it has come
    bool gone = false;
    std::size_t index = 0;  ///< in topic->followers

    [[nodiscard]] bool matches(const Event& event) const;
};
using FollowerPtr = std::shared_ptr<Follower>;

struct Topic {
    Channel channel;
    std::uint64_t last_seq = 0;  ///< newest that the hub has taken from the bus
    std::vector<FollowerPtr> followers;
    bool busy = false;  ///< the delivery thread is somewhere in `followers`
    bool has_gone = false;
};

inline bool Follower::matches(const Event& event) const {
    return (owner.empty() || event.has_tag(topic->channel.owner_tag, owner)) &&
           filter.matches(event);
}

struct LiveClient {
    std::shared_ptr<Access> access;
    Access::Connection admitted;
    std::shared_ptr<net::WebSocket> socket{};
    std::map<std::string, FollowerPtr, std::less<>> followers{};
    std::size_t index = 0;  ///< in the hub's list
    Pace pace{};
};

/// The same event goes to many: encoded once for each name and prev_seq, which followers without a
/// filter share.
class Encodings {
  public:
    explicit Encodings(const Event& event) : event_(event) {}
    const live_text::Text& get(const Follower& follower) {
        for (const auto& known : known_)
            if (known.prev_seq == follower.last_sent && known.name == follower.name)
                return known.text;
        const bool canonical = follower.name == event_.stream;
        known_.push_back({follower.name, follower.last_sent,
                          live_text::event(follower.name, canonical ? event_.type : follower.name,
                                           event_, follower.last_sent)});
        if (known_.size() > kKnownMax) known_.erase(known_.begin());
        return known_.back().text;
    }

  private:
    static constexpr std::size_t kKnownMax = 16;
    struct Known {
        std::string name;
        std::uint64_t prev_seq;
        live_text::Text text;
    };
    const Event& event_;
    std::vector<Known> known_;
};

}  // namespace astro::gateway
