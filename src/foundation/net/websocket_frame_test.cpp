#include "foundation/net/websocket_frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"
#include "foundation/net/websocket_handshake.hpp"

namespace astro::net::websocket {
namespace {

std::string frame(Opcode opcode, std::string payload, bool final, bool masked) {
    const std::array<char, 4> mask{'\x12', '\x34', '\x56', '\x78'};
    std::string out(
        encode_header(opcode, payload.size(), masked ? std::optional(mask) : std::nullopt).view());
    if (!final) out[0] = static_cast<char>(out[0] & 0x7F);
    if (masked) apply_mask(payload.data(), payload.size(), mask);
    return out + payload;
}

struct Seen {
    std::vector<std::string> lines;
    std::optional<CloseStatus> wrong;
};

/// Feeds `bytes` in the given pieces.
Seen read(std::string_view bytes, const std::vector<std::size_t>& cuts, Role role = Role::server,
          std::size_t max = 1U << 20) {
    FrameReader reader(role, max);
    Seen seen;
    const auto on_event = [&](const Event& event) {
        constexpr std::array<std::string_view, 4> kNames{"message ", "ping ", "pong ", "close "};
        seen.lines.push_back(std::string(kNames[static_cast<std::size_t>(event.kind)]) +
                             (event.kind == Event::Kind::close
                                  ? std::to_string(event.close.code) + event.close.reason
                                  : std::string(event.payload)));
        return true;
    };
    std::size_t at = 0;
    for (std::size_t i = 0; at < bytes.size() && !seen.wrong; ++i) {
        const std::size_t size = i < cuts.size() ? cuts[i] + 1 : bytes.size();
        seen.wrong = reader.feed(bytes.substr(at, size), on_event);
        at += size;
    }
    return seen;
}

TEST(FrameHeader, HasTheShortestLength) {
    const auto text = [](std::size_t size) {
        return std::string(encode_header(Opcode::text, size).view());
    };
    EXPECT_EQ(text(125), "\x81\x7D");
    EXPECT_EQ(text(126), std::string("\x81\x7E\x00\x7E", 4));
    EXPECT_EQ(text(65535), "\x81\x7E\xFF\xFF");
    EXPECT_EQ(text(65536), std::string("\x81\x7F\0\0\0\0\0\1\0\0", 10));
    EXPECT_EQ(encode_header(Opcode::ping, 0, std::array<char, 4>{'a', 'b', 'c', 'd'}).view(),
              "\x89\x80"
              "abcd");
}

TEST(FrameReader, ReadsTheExamplesOfTheRfc) {
    // RFC 6455 §5.7.
    EXPECT_EQ(read("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", {}).lines,
              std::vector<std::string>{"message Hello"});
    EXPECT_EQ(read("\x81\x05Hello", {}, Role::client).lines,
              std::vector<std::string>{"message Hello"});
    EXPECT_EQ(read("\x01\x03Hel\x80\x02lo", {}, Role::client).lines,
              std::vector<std::string>{"message Hello"});
}

TEST(FrameReader, StopsWhenTold) {
    FrameReader reader(Role::client, 100);
    int events = 0;
    EXPECT_FALSE(
        reader.feed("\x81\x01"
                    "a\x81\x01"
                    "b",
                    [&](const Event&) {
                        ++events;
                        return false;
                    }));
    EXPECT_EQ(events, 1);
}

TEST(CloseFrame, ReasonIsCutAtACharacter) {
    std::string reason(122, 'a');
    reason += "\xC3\xA4";
    const std::string payload = encode_close(1000, reason);
    EXPECT_EQ(payload.size(), 124U);
    EXPECT_TRUE(is_utf8(std::string_view(payload).substr(2)));
    EXPECT_EQ(encode_close(1000, std::string(500, 'b')).size(), 125U);
}

TEST(Handshake, TokensOfLists) {
    EXPECT_TRUE(has_token("keep-alive, Upgrade", "upgrade"));
    EXPECT_TRUE(has_token("upgrade", "upgrade"));
    EXPECT_FALSE(has_token("upgrades,x", "upgrade"));
    EXPECT_FALSE(has_token("", "upgrade"));
}

RC_GTEST_PROP(FrameReader, PiecesDoNotMatter, ()) {
    // Messages, fragmented anywhere, with pings in between, cut anywhere.
    const auto texts =
        *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
    const bool masked = *rc::gen::arbitrary<bool>();
    std::string bytes;
    std::vector<std::string> expected;
    for (std::string text : texts) {
        for (char& c : text) c = static_cast<char>(c & 0x7F);
        const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
        const bool ping = *rc::gen::arbitrary<bool>();
        bytes += frame(Opcode::text, text.substr(0, cut), false, masked);
        if (ping) {
            bytes += frame(Opcode::ping, "p", true, masked);
            expected.push_back("ping p");
        }
        bytes += frame(Opcode::continuation, text.substr(cut), true, masked);
        expected.push_back("message " + text);
    }
    const auto cuts =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 20));
    const Seen seen = read(bytes, cuts, masked ? Role::server : Role::client);
    RC_ASSERT(!seen.wrong);
    RC_ASSERT(seen.lines == expected);
}

RC_GTEST_PROP(Mask, WorksInAnyPieces, (std::string text)) {
    const std::array<char, 4> mask{'\x01', '\x80', '\xFF', '\x7E'};
    std::string slow = text;
    for (std::size_t i = 0; i < slow.size(); ++i)
        slow[i] = static_cast<char>(slow[i] ^ mask[i & 3]);
    const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    apply_mask(text.data(), cut, mask);
    apply_mask(text.data() + cut, text.size() - cut, mask, cut & 3);
    RC_ASSERT(text == slow);
}

}  // namespace
}  // namespace astro::net::websocket
