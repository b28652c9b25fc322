#include "server/traders/venue_link.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "foundation/base/json.hpp"

namespace astro::traders {
namespace {

constexpr std::string_view kLivePath = "/ws/live";
constexpr DurationNs kAnswerWithin = seconds(10);
constexpr std::size_t kKeptMax = 10'000;
constexpr std::size_t kMessageBytesMax = 16U << 20;

const boost::json::value* find(const boost::json::value& object, std::string_view name) {
    const auto* members = object.if_object();
    return members == nullptr ? nullptr : members->if_contains({name.data(), name.size()});
}

LinkMessage::Kind kind_of(std::string_view type, const boost::json::value& message) {
    using Kind = LinkMessage::Kind;
    if (type == "answer") return Kind::answer;
    if (type == "snapshot" && find(message, "state") != nullptr) return Kind::state;
    if (type == "event") return Kind::event;
    if (type == "gap") return Kind::gap;
    return Kind::other;
}

/// Seconds, as in HTTP's header.
std::optional<DurationNs> parse_retry_after(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count < 0 || count > 86'400)
        return std::nullopt;
    return seconds(count);
}

}  // namespace

std::string text_of(const boost::json::value& object, std::string_view name) {
    const auto* value = find(object, name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::int64_t integer_of(const boost::json::value& object, std::string_view name) {
    const auto* value = find(object, name);
    if (value == nullptr) return 0;
    if (const auto* number = value->if_int64()) return *number;
    return 0;
}

const boost::json::array& list_of(const boost::json::value& object, std::string_view name) {
    static const boost::json::array kNone;
    const auto* value = find(object, name);
    const auto* list = value == nullptr ? nullptr : value->if_array();
    return list == nullptr ? kNone : *list;
}

std::string LinkMessage::problem_code() const {
    return text_of(body, "code");
}

std::string LinkMessage::problem() const {
    const std::string code = problem_code();
    return code.empty() ? "status " + std::to_string(status)
                        : code + ": " + text_of(body, "detail");
}

Result<LinkMessage> parse_link_message(std::string_view text) {
    boost::system::error_code error;
    auto message = boost::json::parse({text.data(), text.size()}, error);
    if (error || !message.is_object())
        return unavailable("bad_message", "the server sent what is no JSON object");
    LinkMessage out;
    out.kind = kind_of(text_of(message, "type"), message);
    out.channel = text_of(message, "channel");
    out.id = static_cast<std::uint64_t>(integer_of(message, "id"));
    out.status = static_cast<int>(integer_of(message, "status"));
    out.retry_after = parse_retry_after(text_of(message, "retry_after"));
    for (const auto* name : {"body", "state", "data"})
        if (auto* value = message.as_object().if_contains(name)) out.body = std::move(*value);
    return out;
}

Result<std::unique_ptr<VenueLink>> VenueLink::connect(const net::Url& url, const ApiKey& key,
                                                      const Clock& clock) {
    net::Url live = url;
    live.scheme = url.secure() ? "wss" : "ws";
    live.target = kLivePath;
    net::ClientOptions options;
    options.response_bytes = kMessageBytesMax;
    options.handshake = sign_request(key, "GET", kLivePath, {}, clock.now());
    ASTRO_TRY(auto socket, net::WebSocketClient::connect(live, std::move(options)));
    return std::unique_ptr<VenueLink>(new VenueLink(std::move(socket)));
}

Result<std::uint64_t> VenueLink::call(std::string_view method, std::string_view path,
                                      std::string_view body) {
    const std::uint64_t id = next_id_++;
    std::string text = R"({"op":"call","id":)" + std::to_string(id) + R"(,"method":)";
    append_json_string(text, method);
    text += R"(,"path":)";
    append_json_string(text, path);
    if (!body.empty()) text.append(R"(,"body":)").append(body);
    ASTRO_CHECK(socket_->send(text + "}"));
    return id;
}

Result<std::optional<LinkMessage>> VenueLink::next(DurationNs timeout) {
    ASTRO_TRY(const auto text, socket_->receive(timeout));
    if (!text) return std::optional<LinkMessage>{};
    ASTRO_TRY(auto message, parse_link_message(*text));
    return std::optional(std::move(message));
}

Result<LinkMessage> VenueLink::answer_of(std::uint64_t id) {
    for (auto at = kept_.begin(); at != kept_.end(); ++at)
        if (at->kind == LinkMessage::Kind::answer && at->id == id) {
            LinkMessage out = std::move(*at);
            kept_.erase(at);
            return out;
        }
    for (;;) {
        ASTRO_TRY(auto message, next(kAnswerWithin));
        if (!message) return unavailable("timeout", "the server does not answer");
        if (message->kind == LinkMessage::Kind::answer && message->id == id)
            return std::move(*message);
        if (kept_.size() == kKeptMax)
            return unavailable("too_much", "too many messages before the answer");
        kept_.push_back(std::move(*message));
    }
}

Result<LinkMessage> VenueLink::ask(std::string_view method, std::string_view path,
                                   std::string_view body) {
    ASTRO_TRY(const auto id, call(method, path, body));
    return answer_of(id);
}

Result<void> VenueLink::at_close(std::uint64_t slot, std::string_view method,
                                 std::string_view path) {
    std::string text = R"({"op":"at_close","id":)" + std::to_string(next_id_++) + R"(,"slot":)" +
                       std::to_string(slot) + R"(,"method":)";
    append_json_string(text, method);
    text += R"(,"path":)";
    append_json_string(text, path);
    return socket_->send(text + "}");
}

Result<void> VenueLink::subscribe(std::string_view channel, std::string_view filter) {
    std::string text = R"({"op":"subscribe","id":)" + std::to_string(next_id_++) + R"(,"channel":)";
    append_json_string(text, channel);
    if (!filter.empty()) text.append(R"(,"filter":)").append(filter);
    return socket_->send(text + "}");
}

Result<std::optional<LinkMessage>> VenueLink::receive(DurationNs timeout) {
    if (!kept_.empty()) {
        std::optional<LinkMessage> out(std::move(kept_.front()));
        kept_.pop_front();
        return out;
    }
    return next(timeout);
}

}  // namespace astro::traders
