#include "server/gateway/live_text.hpp"

#include "foundation/base/json.hpp"

namespace astro::gateway::live_text {
namespace {

Text share(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

void append_member(std::string& out, std::string_view name, const auto& value) {
    out.append(",\"").append(name).append("\":");
    append_json(out, value);
}

std::string begin(std::string_view type) {
    return "{\"type\":\"" + std::string(type) + "\"";
}

}  // namespace

Text welcome(std::string_view version, TimestampNs now, int heartbeat_seconds,
             const std::vector<std::string>& channels) {
    auto out = begin("welcome");
    append_member(out, "version", version);
    append_member(out, "time", to_iso8601(now));
    append_member(out, "heartbeat_seconds", heartbeat_seconds);
    append_member(out, "channels", channels);
    return share(out + "}");
}

Text subscribed(std::uint64_t id, std::string_view channel, std::uint64_t seq) {
    auto out = begin("subscribed");
    append_member(out, "id", id);
    append_member(out, "channel", channel);
    append_member(out, "seq", seq);
    return share(out + "}");
}

Text unsubscribed(std::uint64_t id, std::string_view channel) {
    auto out = begin("unsubscribed");
    append_member(out, "id", id);
    append_member(out, "channel", channel);
    return share(out + "}");
}

Text snapshot(std::string_view channel, std::uint64_t seq, const std::vector<EventPtr>& items) {
    auto out = begin("snapshot");
    append_member(out, "channel", channel);
    append_member(out, "seq", seq);
    out.append(",\"items\":[");
    for (std::size_t i = 0; i < items.size(); ++i) {
        out.append(i == 0 ? "{\"seq\":" : ",{\"seq\":");
        append_json(out, items[i]->seq);
        append_member(out, "time", to_iso8601(items[i]->time));
        out.append(",\"data\":").append(items[i]->payload).append("}");
    }
    return share(out + "]}");
}

Text state(std::string_view channel, std::uint64_t seq, std::string_view state) {
    auto out = begin("snapshot");
    append_member(out, "channel", channel);
    append_member(out, "seq", seq);
    return share(out.append(",\"state\":").append(state).append("}"));
}

Text answer(std::uint64_t id, int status, std::string_view body, bool is_json,
            std::string_view retry_after) {
    auto out = begin("answer");
    append_member(out, "id", id);
    append_member(out, "status", status);
    if (!retry_after.empty()) append_member(out, "retry_after", retry_after);
    if (is_json && !body.empty())
        out.append(",\"body\":").append(body);
    else if (!body.empty())
        append_member(out, "body", body);
    return share(out + "}");
}

Text at_close(std::uint64_t id, std::size_t calls) {
    auto out = begin("at_close");
    append_member(out, "id", id);
    append_member(out, "calls", calls);
    return share(out + "}");
}

Text event(std::string_view channel, std::string_view event_name, const Event& event,
           std::uint64_t prev_seq) {
    std::string out;
    out.reserve(event.payload.size() + 200);
    out.append("{\"type\":\"event\"");
    append_member(out, "channel", channel);
    append_member(out, "event", event_name);
    append_member(out, "seq", event.seq);
    append_member(out, "prev_seq", prev_seq);
    append_member(out, "time", to_iso8601(event.time));
    out.append(",\"data\":").append(event.payload).push_back('}');
    return share(std::move(out));
}

Text gap(std::string_view channel, std::uint64_t from_seq, std::uint64_t to_seq,
         std::string_view reason) {
    auto out = begin("gap");
    append_member(out, "channel", channel);
    append_member(out, "from_seq", from_seq);
    append_member(out, "to_seq", to_seq);
    append_member(out, "reason", reason);
    return share(out + "}");
}

Text heartbeat(TimestampNs now, const std::vector<std::pair<std::string, std::uint64_t>>& seqs) {
    auto out = begin("heartbeat");
    append_member(out, "time", to_iso8601(now));
    out.append(",\"seq\":{");
    for (std::size_t i = 0; i < seqs.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_json_string(out, seqs[i].first);
        out.push_back(':');
        append_json(out, seqs[i].second);
    }
    return share(out + "}}");
}

Text pong(std::uint64_t id, TimestampNs now) {
    auto out = begin("pong");
    append_member(out, "id", id);
    append_member(out, "time", to_iso8601(now));
    return share(out + "}");
}

Text error(std::optional<std::uint64_t> id, const Error& error) {
    auto out = begin("error");
    append_member(out, "id", id);
    append_member(out, "code", error.code);
    append_member(out, "message", error.text());
    return share(out + "}");
}

}  // namespace astro::gateway::live_text
