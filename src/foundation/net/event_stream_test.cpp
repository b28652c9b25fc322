#include "foundation/net/event_stream.hpp"

#include <gtest/gtest.h>

#include "foundation/net/net_test_support.hpp"

namespace astro::net {
namespace {

std::string events_of(std::string_view bytes, std::size_t piece = SIZE_MAX) {
    EventStreamParser parser;
    std::vector<ServerEvent> events;
    while (!bytes.empty()) {
        EXPECT_TRUE(parser.feed(bytes.substr(0, piece), events));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    std::string out;
    for (const auto& event : events) out += event.type + "=" + event.data + ";";
    return out;
}

struct StreamCase {
    std::string_view bytes, events;
};

TEST(EventStreamParser, ReadsWhatTheStandardSays) {
    const StreamCase cases[] = {
        {"data: one\n\n", "message=one;"},
        {"data:one\r\n\r\ndata:two\r\r", "message=one;message=two;"},
        {"data: YHOO\ndata: +2\ndata: 10\n\n", "message=YHOO\n+2\n10;"},
        {": comment\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n",
         "message=first;message=second;message= third;"},
        {"data\n\ndata\ndata\n\ndata:", "message=;message=\n;"},
        {"event: price\ndata: 1\n\ndata: 2\n\n", "price=1;message=2;"},
        {"event: only\n\n", ""},
        {"\xEF\xBB\xBF"
         "data: marked\n\n",
         "message=marked;"},
        {"unknown: x\ndata: 1\n\n", "message=1;"},
        {"data: unfinished\n", ""},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(events_of(c.bytes), c.events) << c.bytes;
        for (std::size_t piece = 1; piece < 8; ++piece)
            EXPECT_EQ(events_of(c.bytes, piece), c.events) << c.bytes << " in " << piece;
    }
}

TEST(EventStreamParser, KeepsIdAndRetryWhenTheyAreGood) {
    EventStreamParser parser;
    std::vector<ServerEvent> events;
    ASSERT_TRUE(parser.feed("id: 41\nretry: 2500\n\n", events));
    EXPECT_EQ(parser.last_id(), "41");
    EXPECT_EQ(parser.retry(), milliseconds(2'500));
    ASSERT_TRUE(parser.feed(
        std::string_view("id: 4\0 2\nretry: -1\nretry: 1e3\nretry: 99999999999\n\n", 49), events));
    EXPECT_EQ(parser.last_id(), "41");
    EXPECT_EQ(parser.retry(), milliseconds(2'500));
}

TEST(EventStreamParser, RefusesAnEventWithoutEnd) {
    EventStreamParser parser(64);
    std::vector<ServerEvent> events;
    ASSERT_TRUE(parser.feed("data: short\n\n", events));
    Result<void> fed;
    for (int i = 0; i < 64 && fed; ++i) fed = parser.feed("data: x\n", events);
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().code, "too_large");
    EXPECT_FALSE(parser.feed("\n\n", events));
    EXPECT_EQ(events.size(), 1U);
}

Url url_of(std::uint16_t port) {
    return parse_url("http://127.0.0.1:" + std::to_string(port) + "/stream?x=1").value();
}
TEST(EventStreamClient, GivesEventsAsTheyComeAndTellsTheEnd) {
    test::RawServer server([](int socket, int) {
        EXPECT_NE(test::RawServer::read_request(socket), "");
        test::RawServer::write(socket,
                               "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                               "transfer-encoding: chunked\r\n\r\n7\r\ndata: a\r\n");
        test::RawServer::write(socket, "d\r\n\n\ndata: b\n\nda\r\n7\r\nta: c\n\n\r\n0\r\n\r\n");
    });
    auto client = EventStreamClient::connect(url_of(server.port())).value();
    for (const auto* expected : {"a", "b", "c"}) {
        const auto event = client->receive(seconds(20));
        ASSERT_TRUE(event && *event);
        EXPECT_EQ((*event)->data, expected);
    }
    const auto end = client->receive(seconds(20));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, "connection_closed");
}

TEST(EventStreamClient, RefusesOtherAnswersByTheirStatusAndKind) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n", "http_429"},
        {"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", "http_error"},
        {"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n", "not_a_stream"},
        {"what is this\r\n\r\n", "connection_closed"},
    };
    for (const auto& [answer, code] : cases) {
        test::RawServer server([&, text = answer](int socket, int) {
            EXPECT_NE(test::RawServer::read_request(socket), "");
            test::RawServer::write(socket, text);
        });
        const auto client = EventStreamClient::connect(url_of(server.port()));
        ASSERT_FALSE(client) << answer;
        EXPECT_EQ(client.error().code, code);
    }
}

TEST(EventStreamClient, IsInterruptedFromAnotherThread) {
    test::RawServer server([](int socket, int) {
        test::RawServer::write(socket,
                               "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
        test::RawServer::wait_for_end(socket);
    });
    auto client = EventStreamClient::connect(url_of(server.port())).value();
    std::thread other([&] { client->interrupt(); });
    const auto event = client->receive(seconds(20));
    other.join();
    client.reset();
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, "interrupted");
}

}  // namespace
}  // namespace astro::net
