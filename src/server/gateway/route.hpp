#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/json_schema.hpp"
#include "foundation/base/time.hpp"
#include "foundation/net/message.hpp"

/// What a capability offers to clients, declared once: routing, checking of parameters, live
/// channels and documentation all read these. The only header of the gateway that capabilities see.
namespace astro::gateway {

enum class ParameterType { text, integer, decimal, boolean, time };

/// A query parameter, or a "{name}" of the path. Values are checked before the handler runs.
struct Parameter {
    std::string name;
    ParameterType type = ParameterType::text;
    std::string summary{};
    std::int64_t minimum = INT64_MIN, maximum = INT64_MAX;  ///< of integers
    std::size_t length_max = 128;                           ///< of texts, bytes
    std::vector<std::string> choices{};                     ///< of texts; empty = any
    bool several = false;  ///< texts separated by commas, each a choice
    /// A further check of a text (an address, a signature); null = none.
    Result<void> (*check)(std::string_view) = nullptr;
    std::string example{};  ///< for the documentation; may be empty where the type says enough
};

/// Refuses a value that the declaration does not allow. Code "bad_parameter".
[[nodiscard]] Result<void> check_parameter(const Parameter& parameter, std::string_view value);

/// Who makes a request, as the access check found (access.hpp). Ids are empty for strangers.
struct Caller {
    std::string user;
    std::string session;
    std::string key;  ///< the API key's id, when one signed or carried the request
    std::string tier;
    TimestampNs authenticated{};  ///< last full proof of identity, of a session
    bool by_cookie = false;       ///< a browser's own doing, so it must also prove the page's
    /// Nothing that was stored before may be shown to him; none = all there is.
    std::optional<TimestampNs> history_from{};
};

/// A request whose parameters have been checked: the getters can't fail, only be absent.
class Call {
  public:
    explicit Call(const net::Request& request, const Caller& caller = nobody())
        : request_(request), caller_(caller) {}

    [[nodiscard]] const net::Request& request() const { return request_; }
    [[nodiscard]] const Caller& caller() const { return caller_; }
    /// How far back a route of `history` may read for this caller; none = all there is.
    [[nodiscard]] std::optional<TimestampNs> history_from() const { return caller_.history_from; }
    [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const {
        const auto in_path = request_.path_param(name);
        return in_path ? in_path : request_.query_value(name);
    }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const {
        const auto value = text(name);
        if (!value) return std::nullopt;
        std::int64_t number = 0;
        std::from_chars(value->data(), value->data() + value->size(), number);
        return number;
    }
    [[nodiscard]] std::optional<double> decimal(std::string_view name) const {
        const auto value = text(name);
        if (!value) return std::nullopt;
        double number = 0;
        std::from_chars(value->data(), value->data() + value->size(), number);
        return number;
    }
    [[nodiscard]] std::optional<bool> flag(std::string_view name) const {
        const auto value = text(name);
        return value ? std::optional(*value == "true") : std::nullopt;
    }
    [[nodiscard]] std::optional<TimestampNs> time(std::string_view name) const {
        const auto value = text(name);
        if (!value) return std::nullopt;
        auto time = parse_iso8601(*value);
        return time ? std::optional(*time) : std::nullopt;
    }

  private:
    static const Caller& nobody() {
        static const Caller caller;
        return caller;
    }

    const net::Request& request_;
    const Caller& caller_;
};

/// The values of a parameter that takes several, separated by commas.
[[nodiscard]] inline std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto comma = text.find(',');
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

/// What everybody may do, without an account.
inline constexpr std::string_view kPublicPermission = "public.read";

/// What a request counts for against its limits.
enum class RouteClass {
    read,
    write,
    sign_in,  ///< guessing must be slow: limited by address, however small the plan
};

/// How a program may prove who calls.
enum class Proof {
    own,          ///< as docs/security.md says of every route
    binance,      ///< that, or X-MBX-APIKEY with a signature over the parameters, as at Binance
    binance_key,  ///< that, or X-MBX-APIKEY alone: knowing the key's id is enough
};

/// An API in another form than ours, beneath a prefix of its own.
struct Dialect {
    std::string prefix;  ///< "/fapi/"
    /// Says in its way what went wrong.
    std::function<net::Response(const Error&, const net::Request&)> refuse;
    JsonDocument error{};  ///< what that answers
};

/// An answer that is not a refusal.
struct Answer {
    int status = 200;
    std::string summary{};
    JsonDocument document{};  ///< none: the answer is empty, or text of another kind
    std::string content_type{"application/json"};
};

struct Route {
    std::string method = "GET";
    std::string path;  ///< "/api/v1/mev/pools/{address}"
    std::string summary;
    std::vector<Parameter> parameters{};
    JsonDocument body{};  ///< json_document<T>() when the handler reads one by read_json<T>()
    std::vector<Answer> answers{};  ///< those of success, for documentation and clients
    std::vector<int> refusals{};    ///< statuses that the handler refuses with, beside 400 and 5xx
    /// Who may call; every caller has "public.read".
    std::string permission{kPublicPermission};
    RouteClass limit_class = RouteClass::read;
    std::int64_t weight = 1;  ///< tokens of the caller's budget, 1 to 1000
    Proof proof = Proof::own;
    std::shared_ptr<const Dialect> dialect{};  ///< whose errors it answers; null: problem documents
    /// Reads the store or the disk: runs on the pool, not on the event loop.
    bool blocking = true;
    /// The answers carry an ETag, and to who has it already the answer is 304.
    bool tagged = false;
    /// Reads what was stored earlier, and nothing older than Call::history_from(), which the
    /// answer then says in X-History-Since.
    bool history = false;
    /// An Error becomes the problem document its kind and code say.
    std::function<Result<net::Response>(const Call&)> handler{};
    /// Instead of `handler`, for what ends on another thread: begins it without waiting and calls
    /// `done` once, from any thread. A WebSocket's calls of such routes begin in the order sent.
    using Done = std::function<void(Result<net::Response>)>;
    std::function<void(std::shared_ptr<const Call>, Done)> begin{};
    /// A WebSocket may leave a call of it behind for when it ends ("at_close" in docs/api.md): it
    /// only takes away what is the caller's own, so it may come late. With `begin` only.
    bool at_close = false;
};

/// How a filter's value is held against the tags of an event.
enum class Match {
    any_of,    ///< one of the values equals one of the tags of that name
    at_least,  ///< the number of the tag is not smaller
    at_most,
};

struct ChannelFilter {
    Parameter parameter;
    Match match = Match::any_of;
    std::string tag;
};

/// The values of a subscription's filter, by member.
using FilterValues = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// A stream of the bus that clients may follow on the WebSocket.
struct Channel {
    std::string stream;  ///< also the channel's name
    std::vector<std::string> aliases{};
    std::string summary;
    std::vector<ChannelFilter> filters{};
    std::string permission{kPublicPermission};
    JsonDocument data{};  ///< of each event
    /// Of a channel in which everybody sees his own only: the tag that holds the user's id.
    /// Strangers are refused.
    std::string owner_tag{};
    /// What a subscriber is told first, instead of the newest events: the state that the events
    /// change, as one item of JSON, with whatever says to which event it reaches. An event that it
    /// already has may follow. Thread-safe; may wait briefly. Null: the newest events.
    std::function<Result<std::string>(const Caller&, const FilterValues&)> snapshot{};
    /// Told when a user's subscription begins and when it ends, also with its connection. On event
    /// loops: brief. Thread-safe. Null: nobody asks.
    std::function<void(const std::string& user, bool begins)> on_follow{};
};

}  // namespace astro::gateway
