#include "server/dialects/fix/frame.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "server/dialects/fix/fields.hpp"
#include "server/dialects/fix/logon.hpp"

namespace astro::fix {
namespace {

std::string message(std::string_view type, std::string_view text) {
    const std::string request = "49=KEY\00134=7\00152=20261130-02:13:49.123\001";
    return stray_logout(Fields(request), "ASTROLABE", std::string(type) + std::string(text),
                        TimeMs{1'796'004'829'123});
}

std::vector<std::string> all_of(Frames& frames) {
    std::vector<std::string> out;
    while (auto next = frames.next()) out.push_back(std::move(*next));
    return out;
}

TEST(FixFrames, AreTheSameHoweverTheBytesArrive) {
    const std::vector<std::string> sent{message("a", "one"), message("b", "two"),
                                        message("c", std::string(300, 'x'))};
    const std::string stream = "noise" + sent[0] + "8=FIX.4.4\0019=9999999\001" + sent[1] +
                               "8=FIX.4.2\0019=5\001" + sent[2];
    for (std::size_t step = 1; step < 40; ++step) {
        Frames frames;
        std::vector<std::string> got;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            frames.push(std::string_view(stream).substr(at, step));
            for (auto& next : all_of(frames)) got.push_back(std::move(next));
        }
        EXPECT_EQ(got, sent) << step;
    }
}

TEST(FixFrames, LeavesOutWhatIsNoMessageAndCountsIt) {
    Frames frames;
    frames.push(std::string(10'000, 'z'));
    EXPECT_FALSE(frames.next());
    EXPECT_EQ(frames.skipped(), 10'000U);
    frames.push(message("a", "one"));
    EXPECT_TRUE(frames.next());
    EXPECT_EQ(frames.skipped(), 0U);
}

TEST(FixFrames, TakesNoMessageThatIsTooLong) {
    Frames frames;
    frames.push("8=FIX.4.4\0019=8192\001");
    frames.push(std::string(8'192, 'x'));
    EXPECT_FALSE(frames.next());
    EXPECT_GT(frames.skipped(), 8'000U);
}

TEST(FixFields, KnowTheirNumbersAndData) {
    const Fields fields("35=A\00195=3\00196=a\001b\00198=0\00155=one\00155=two\001junk\00134=12");
    EXPECT_EQ(fields.text(96), "a\001b");
    EXPECT_EQ(fields.text(98), "0");
    EXPECT_EQ(fields.all(55), (std::vector<std::string_view>{"one", "two"}));
    EXPECT_EQ(fields.number(34), 12);
    EXPECT_FALSE(fields.number(35));
    EXPECT_FALSE(fields.find(99));
}

TEST(FixFields, TellTimeAsTheyReadIt) {
    for (const std::int64_t ms : {0LL, 951'782'400'000LL, 1'796'004'829'123LL, 4'102'444'799'999LL})
        EXPECT_EQ(parse_utc(utc_text(TimeMs{ms})), TimeMs{ms});
    EXPECT_EQ(parse_utc("20261130-02:13:49"), TimeMs{1'796'004'829'000});
    EXPECT_EQ(parse_utc("20261130-02:13:49.123456"), TimeMs{1'796'004'829'123});
    for (const char* wrong : {"", "20261130", "20261330-02:13:49", "20260230-02:13:49",
                              "20261130 02:13:49", "20261130-24:13:49", "20261130-02:13:49.1x3"})
        EXPECT_FALSE(parse_utc(wrong)) << wrong;
}

TEST(FixFields, CannotBeSmuggledIn) {
    EXPECT_EQ(Body().put(58, "a\00135=D\001\n").take(), "58=a 35=D  \001");
    EXPECT_EQ(Body().put(58, "").take(), "");
}

TEST(FixLogon, SaysWhatIsMissing) {
    const std::string good =
        "35=A\00149=KEY\00156=ASTROLABE\00134=1\00152=20261130-02:13:49.123\00198=0\001108=30\001"
        "95=3\00196=abc\001";
    const auto logon = parse_logon(Fields(good), "ASTROLABE");
    ASSERT_TRUE(logon) << logon.error().text();
    EXPECT_EQ(logon->proof.text, "20261130-02:13:49.123\0011\001KEY\001ASTROLABE");
    EXPECT_EQ(logon->proof.signature, "abc");
    EXPECT_FALSE(logon->cancels_on_disconnect);
    const auto without = [&](std::string_view field, std::string_view by) {
        std::string text = good;
        text.replace(text.find(field), field.size(), by);
        const auto refused = parse_logon(Fields(text), "ASTROLABE");
        return refused ? std::string() : refused.error().where;
    };
    EXPECT_EQ(without("56=ASTROLABE", "56=OTHER"), "56");
    EXPECT_EQ(without("52=2026", "52=1926"), "52");
    EXPECT_EQ(without("98=0", "98=1"), "98");
    EXPECT_EQ(without("108=30", "108=301"), "108");
    EXPECT_EQ(without("96=abc", "58=abc"), "96");
    EXPECT_EQ(without("98=0", "98=0\001553=other"), "553");
    EXPECT_EQ(without("98=0", "98=0\0011=first"), "1");
}

}  // namespace
}  // namespace astro::fix
