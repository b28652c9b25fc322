#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/gateway/document.hpp"
#include "server/gateway/openapi.hpp"

namespace astro::gateway {
namespace {

namespace bj = boost::json;

/// What clients may say, and what the server says beside events: name, then schema and example.
constexpr std::string_view kCommands = R"({
"subscribe": {"schema": {"type": "object", "required": ["op", "channel"], "properties": {
    "op": {"const": "subscribe"}, "id": {"type": "integer", "minimum": 0},
    "channel": {"type": "string"}, "filter": {"type": "object"},
    "snapshot": {"type": "integer", "minimum": 0, "maximum": 500},
    "resume_from": {"type": "integer", "minimum": 0}}},
  "example": {"op": "subscribe", "id": 1, "channel": "mev.opportunity",
    "filter": {"kind": "sandwich"}, "snapshot": 50}},
"unsubscribe": {"schema": {"type": "object", "required": ["op", "channel"], "properties": {
    "op": {"const": "unsubscribe"}, "id": {"type": "integer", "minimum": 0},
    "channel": {"type": "string"}}},
  "example": {"op": "unsubscribe", "id": 2, "channel": "mev.opportunity"}},
"ping": {"schema": {"type": "object", "required": ["op"], "properties": {
    "op": {"const": "ping"}, "id": {"type": "integer", "minimum": 0}}},
  "example": {"op": "ping", "id": 3}},
"call": {"schema": {"type": "object", "required": ["op", "id", "method", "path"], "properties": {
    "op": {"const": "call"}, "id": {"type": "integer", "minimum": 0},
    "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]}, "path": {"type": "string", "maxLength": 2048},
    "body": {"type": ["object", "array"]}, "idempotency_key": {"type": "string", "maxLength": 128}}},
  "example": {"op": "call", "id": 4, "method": "GET", "path": "/api/v1/status"}},
"at_close": {"schema": {"type": "object", "required": ["op", "id"], "properties": {
    "op": {"const": "at_close"}, "id": {"type": "integer", "minimum": 0},
    "slot": {"type": "integer", "minimum": 0, "maximum": 7},
    "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]}, "path": {"type": "string", "maxLength": 2048},
    "body": {"type": ["object", "array"]}, "idempotency_key": {"type": "string", "maxLength": 128}}},
  "example": {"op": "at_close", "id": 5, "method": "DELETE", "path": "/api/v1/exchange/orders?account=3"}}})";
constexpr std::string_view kAnswers = R"({
"welcome": {"schema": {"type": "object", "required": ["type", "version", "time", "heartbeat_seconds", "channels"],
  "properties": {"type": {"const": "welcome"}, "version": {"type": "string"}, "time": {"type": "string", "format": "date-time"},
    "heartbeat_seconds": {"type": "integer"}, "channels": {"type": "array", "items": {"type": "string"}}}},
  "example": {"type": "welcome", "version": "0.1.0", "time": "2026-11-20T12:00:00.000Z", "heartbeat_seconds": 15, "channels": ["mev.slot"]}},
"subscribed": {"schema": {"type": "object", "required": ["type", "id", "channel", "seq"],
  "properties": {"type": {"const": "subscribed"}, "id": {"type": "integer"}, "channel": {"type": "string"}, "seq": {"type": "integer"}}},
  "example": {"type": "subscribed", "id": 1, "channel": "mev.slot", "seq": 4711}},
"unsubscribed": {"schema": {"type": "object", "required": ["type", "id", "channel"],
  "properties": {"type": {"const": "unsubscribed"}, "id": {"type": "integer"}, "channel": {"type": "string"}}},
  "example": {"type": "unsubscribed", "id": 2, "channel": "mev.slot"}},
"gap": {"schema": {"type": "object", "required": ["type", "channel", "from_seq", "to_seq", "reason"],
  "properties": {"type": {"const": "gap"}, "channel": {"type": "string"}, "from_seq": {"type": "integer"},
    "to_seq": {"type": "integer"}, "reason": {"type": "string"}}},
  "example": {"type": "gap", "channel": "mev.slot", "from_seq": 4713, "to_seq": 4800, "reason": "slow_consumer"}},
"heartbeat": {"schema": {"type": "object", "required": ["type", "time", "seq"],
  "properties": {"type": {"const": "heartbeat"}, "time": {"type": "string", "format": "date-time"},
    "seq": {"type": "object", "additionalProperties": {"type": "integer"}}}},
  "example": {"type": "heartbeat", "time": "2026-11-20T12:00:00.000Z", "seq": {"mev.slot": 4712}}},
"pong": {"schema": {"type": "object", "required": ["type", "id", "time"],
  "properties": {"type": {"const": "pong"}, "id": {"type": "integer"}, "time": {"type": "string", "format": "date-time"}}},
  "example": {"type": "pong", "id": 3, "time": "2026-11-20T12:00:00.000Z"}},
"answer": {"schema": {"type": "object", "required": ["type", "id", "status"],
  "properties": {"type": {"const": "answer"}, "id": {"type": "integer"}, "status": {"type": "integer"},
    "retry_after": {"type": "string"}, "body": {"type": ["object", "array", "string"]}}},
  "example": {"type": "answer", "id": 4, "status": 200, "body": {}}},
"at_close_set": {"schema": {"type": "object", "required": ["type", "id", "calls"],
  "properties": {"type": {"const": "at_close"}, "id": {"type": "integer"}, "calls": {"type": "integer"}}},
  "example": {"type": "at_close", "id": 5, "calls": 1}},
"error": {"schema": {"type": "object", "required": ["type", "code", "message"],
  "properties": {"type": {"const": "error"}, "id": {"type": ["integer", "null"]}, "code": {"type": "string"},
    "message": {"type": "string"}, "where": {"type": "string"}}},
  "example": {"type": "error", "id": 1, "code": "unknown_channel", "message": "there is no such channel"}}})";

bj::object reference(const std::string& to) {
    return {{"$ref", to}};
}

/// Adds the messages to the components and to the channel's messages.
void add_messages(std::string_view declared, bj::object& components, bj::object& channel) {
    const auto messages = bj::parse({declared.data(), declared.size()});
    for (const auto& [name, message] : messages.as_object()) {
        const auto& parts = message.as_object();
        components[name] =
            bj::object{{"name", name},
                       {"payload", parts.at("schema")},
                       {"examples", bj::array{bj::object{{"payload", parts.at("example")}}}}};
        channel[name] = reference("#/components/messages/" + std::string(name));
    }
}

/// What subscribing to a channel brings: {"type":"event",…,"data":…} and snapshots of such.
bj::object event_message(const Channel& channel, SchemaBook& book) {
    const auto data = channel.data ? bj::parse(channel.data.schema(book)) : bj::value(bj::object{});
    const auto sample = channel.data ? bj::parse(channel.data.example) : bj::value(bj::object{});
    const bj::object integer{{"type", "integer"}};
    const bj::object text{{"type", "string"}};
    const bj::object time{{"type", "string"}, {"format", "date-time"}};
    bj::object payload{
        {"type", "object"},
        {"required", bj::array{"type", "channel", "event", "seq", "prev_seq", "time", "data"}},
        {"properties", bj::object{{"type", bj::object{{"const", "event"}}},
                                  {"channel", text},
                                  {"event", text},
                                  {"seq", integer},
                                  {"prev_seq", integer},
                                  {"time", time},
                                  {"data", data}}}};
    bj::object example{{"type", "event"},         {"channel", channel.stream},
                       {"event", channel.stream}, {"seq", 4712},
                       {"prev_seq", 4711},        {"time", "2026-11-20T12:00:00.000Z"},
                       {"data", sample}};
    return {{"name", channel.stream},
            {"summary", channel.summary},
            {"payload", std::move(payload)},
            {"examples", bj::array{bj::object{{"payload", std::move(example)}}}}};
}

bj::object snapshot_message(const Channel& channel) {
    const bj::object integer{{"type", "integer"}};
    const std::string data = "#/components/messages/" + channel.stream + "/payload/properties/data";
    bj::object item{{"type", "object"},
                    {"required", bj::array{"seq", "time", "data"}},
                    {"properties", bj::object{{"seq", integer},
                                              {"time", bj::object{{"type", "string"}}},
                                              {"data", reference(data)}}}};
    return {
        {"name", channel.stream + ".snapshot"},
        {"summary", channel.snapshot ? "The state that a subscription begins with"
                                     : "What a subscription begins with, oldest first"},
        {"payload",
         bj::object{
             {"type", "object"},
             {"required",
              bj::array{"type", "channel", "seq", channel.snapshot ? "state" : "items"}},
             {"properties",
              bj::object{{"type", bj::object{{"const", "snapshot"}}},
                         {"channel", bj::object{{"type", "string"}}},
                         {"seq", integer},
                         {"state", bj::object{{"type", "object"}}},
                         {"items", bj::object{{"type", "array"}, {"items", std::move(item)}}}}}}}};
}

/// How the channel is asked for; AsyncAPI has no word for it.
bj::object subscription_of(const Channel& channel) {
    bj::object filters;
    for (const auto& filter : channel.filters) {
        auto schema = parameter_schema(filter.parameter);
        schema["description"] = filter.parameter.summary;
        filters[filter.parameter.name] = std::move(schema);
    }
    return {{"summary", channel.summary},
            {"permission", channel.permission},
            {"own_only", !channel.owner_tag.empty()},
            {"aliases", bj::array(channel.aliases.begin(), channel.aliases.end())},
            {"filter", bj::object{{"type", "object"},
                                  {"additionalProperties", false},
                                  {"properties", std::move(filters)}}}};
}

}  // namespace

std::string asyncapi_document(const std::vector<Channel>& channels, std::string_view version) {
    SchemaBook book;
    bj::object components, said, subscriptions;
    add_messages(kCommands, components, said);
    const auto commands = said;
    add_messages(kAnswers, components, said);
    for (const auto& channel : channels) {
        components[channel.stream] = event_message(channel, book);
        components[channel.stream + ".snapshot"] = snapshot_message(channel);
        for (const auto& name : {channel.stream, channel.stream + ".snapshot"})
            said[name] = reference("#/components/messages/" + name);
        subscriptions[channel.stream] = subscription_of(channel);
    }
    bj::array received, sent;
    for (const auto& [name, message] : said) {
        const bool from_client = commands.contains(name);
        (from_client ? received : sent)
            .push_back(reference("#/channels/live/messages/" + std::string(name)));
    }
    const auto channel = reference("#/channels/live");
    const bj::object document{
        {"asyncapi", "3.0.0"},
        {"info", bj::object{{"title", "Astrolabe, live"},
                            {"version", bj::string_view(version.data(), version.size())}}},
        {"channels", bj::object{{"live", bj::object{{"address", "/ws/live"},
                                                    {"messages", said},
                                                    {"x-subscriptions", subscriptions}}}}},
        {"operations",
         bj::object{
             {"listen",
              bj::object{{"action", "receive"}, {"channel", channel}, {"messages", received}}},
             {"tell", bj::object{{"action", "send"}, {"channel", channel}, {"messages", sent}}}}},
        {"components",
         bj::object{{"messages", std::move(components)}, {"schemas", schema_components(book)}}}};
    return bj::serialize(document);
}

}  // namespace astro::gateway
