#include "foundation/net/http_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::net {
namespace {

ParserLimits small_limits() {
    return {.header_bytes = 256, .header_fields = 8, .body_bytes = 64};
}

/// Feeds `bytes` in pieces of `piece`, keeping what was not used, as a session does.
void feed_all(HttpParser& parser, std::string_view bytes, std::size_t piece) {
    std::string kept;
    for (std::size_t at = 0; at < bytes.size() && !parser.failure() && !parser.done();
         at += piece) {
        kept.append(bytes.substr(at, piece));
        for (std::size_t used = 1; used > 0 && !kept.empty(); kept.erase(0, used))
            used = parser.feed(kept);
    }
}

/// The status that a request is refused with, the same in whatever pieces it comes; 0 when not.
int refusal_of(std::string_view bytes) {
    std::optional<int> status;
    for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
        RequestParser parser(small_limits());
        feed_all(parser, bytes, piece);
        const int got = parser.failure() ? parser.failure()->status : 0;
        EXPECT_EQ(status.value_or(got), got) << bytes << " in pieces of " << piece;
        status = got;
    }
    return *status;
}

TEST(RequestParser, AcceptsWhatIsWellFormed) {
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    EXPECT_EQ(refusal_of("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\n\r\n"), 0);
    EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 64\r\n\r\n" +
                         std::string(64, 'x')),
              0);
    EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2"
                         "\r\n\r\nab"),
              0);
}

TEST(RequestParser, RefusesByStatus) {
    const std::string host = " HTTP/1.1\r\nHost: h\r\n";
    EXPECT_EQ(refusal_of("GET /" + std::string(300, 'a')), 431);
    EXPECT_EQ(refusal_of("GET /" + host + "X: " + std::string(300, 'a') + "\r\n\r\n"), 431);
    std::string many = "GET /" + host;
    for (int i = 0; i < 8; ++i) many += "A: b\r\n";
    EXPECT_EQ(refusal_of(many + "\r\n"), 431);
    EXPECT_EQ(refusal_of("POST /" + host + "Content-Length: 65\r\n\r\n"), 413);
    EXPECT_EQ(refusal_of("POST /" + host + "Transfer-Encoding: chunked\r\n\r\n41\r\n"), 413);
    EXPECT_EQ(refusal_of("POST /" + host + "Transfer-Encoding: chunked\r\n\r\n30\r\n" +
                         std::string(48, 'x') + "\r\n30\r\n"),
              413);
    EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
    EXPECT_EQ(refusal_of("GET /" + host + "Host: i\r\n\r\n"), 400) << "two Hosts";
    EXPECT_EQ(refusal_of("GET /" + host + "bad header\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of("GET /" + host + "X : y\r\n\r\n"), 400) << "space before the colon";
    EXPECT_EQ(refusal_of("\x16\x03\x01 hello\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nX: a\x01z\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesWhatSmugglesRequests) {
    const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
    EXPECT_EQ(refusal_of(post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Content-Length: -1\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Content-Length: 0x5\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: xchunked\r\n\r\n"), 501);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
              400);
    EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), 400);
    EXPECT_EQ(refusal_of(post + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"), 400);
}

TEST(RequestParser, AnEndlessChunkLineIsCut) {
    EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                         std::string(600, 'a')),
              431);
}

TEST(RequestParser, TrailersAreLimitedWhateverThePieces) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";
    const auto with_trailers = [&](std::size_t size) {  // with the line of the last chunk
        const std::string begin = "0\r\nX: ", end = "\r\n\r\n";
        return head + begin + std::string(size - begin.size() - end.size(), 'x') + end;
    };
    const std::size_t most = small_limits().header_bytes - 2;  // the end of the chunk before
    EXPECT_EQ(refusal_of(with_trailers(most)), 0);
    EXPECT_EQ(refusal_of(with_trailers(most + 1)), 431);
    EXPECT_EQ(refusal_of(with_trailers(600)), 431);
    EXPECT_EQ(refusal_of(head + "1;" + std::string(600, 'a') + "\r\na\r\n0\r\n\r\n"), 431);
}

TEST(RequestParser, ChunkExtensionsEndWithTheirLine) {
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(refusal_of(head + "3;x=\"a \\\" b\";y\r\n\"\"\"\r\n0;z=\"\"\r\n\r\n"), 0);
    EXPECT_EQ(refusal_of(head + "3;x=\"a\r\nabc\r\n0\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(head + "30;x=\"a\r\n" + std::string(48, 'b')), 400) << "counted once";
    EXPECT_EQ(refusal_of(head + "3\r\nabc\r\n0;x=\"a\\\"\r\n\r\n"), 400);
}

TEST(RequestParser, ABodyOfNoChunksEndsInWhateverPieces) {
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string tail : {"0\r\n\r\n", "00\r\n\r\n", "0\r\nX: y\r\n\r\n",
                                   "1\r\n0\r\n0\r\n\r\n", "3\r\n000\r\n0\r\n\r\n"})
        for (std::size_t piece = 1; piece <= tail.size(); ++piece) {
            RequestParser parser(small_limits());
            ASSERT_EQ(parser.feed(head), head.size());
            feed_all(parser, tail, piece);
            EXPECT_TRUE(parser.done()) << tail << " in pieces of " << piece;
            EXPECT_EQ(parser.take().body.find_first_not_of('0'), std::string::npos);
        }
    EXPECT_EQ(refusal_of(head + "0\r\nno field\r\n\r\n"), 400);
    EXPECT_EQ(refusal_of(head + "0\r\nabTc\r\n\n\r\n"), 0) << "no end of the trailers yet";
}

TEST(RequestParser, TrailersAddNoHeaders) {
    RequestParser parser(small_limits());
    feed_all(parser,
             "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\nab\r\n0\r\nX-Admin: yes\r\n\r\n",
             5);
    ASSERT_TRUE(parser.done());
    const Request request = parser.take();
    EXPECT_EQ(request.body, "ab");
    EXPECT_EQ(request.headers.find("x-admin"), std::nullopt);
}

TEST(RequestParser, EndInTheMiddleIsAFailure) {
    RequestParser parser(small_limits());
    parser.feed("GET / HTTP/1.1\r\nHo");
    parser.feed_end();
    EXPECT_EQ(parser.failure()->status, 400);
}

RC_GTEST_PROP(RequestParser, PiecesDoNotMatter, ()) {
    const auto body = *rc::gen::container<std::string>(64, rc::gen::arbitrary<char>());
    const auto piece = *rc::gen::inRange<std::size_t>(1, 80);
    const bool chunked = *rc::gen::arbitrary<bool>();
    std::string bytes = "POST /p?q HTTP/1.1\r\nHost: h\r\nX-A: b\r\n";
    if (chunked)
        bytes += "Transfer-Encoding: chunked\r\n\r\n1f\r\n" + body.substr(0, 31) + "\r\n21\r\n" +
                 body.substr(31) + "\r\n0\r\n\r\n";
    else
        bytes += "Content-Length: 64\r\n\r\n" + body;
    RequestParser parser(small_limits());
    for (int round = 0; round < 2; ++round) {
        feed_all(parser, bytes, piece);
        RC_ASSERT(!parser.failure());
        RC_ASSERT(parser.done());
        RC_ASSERT(parser.keep_alive());
        const Request request = parser.take();
        RC_ASSERT(request.body == body);
        RC_ASSERT(request.target == "/p?q");
        RC_ASSERT(request.headers.find("x-a") == std::optional<std::string_view>("b"));
        parser.reset();
    }
}

}  // namespace
}  // namespace astro::net
