#include "foundation/pdf/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/pdf/winansi.hpp"

namespace astro::pdf {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(WinAnsi, HasLatinLettersAndTheMarksOfOffices) {
    EXPECT_EQ(to_winansi("Ab 1,5"), "Ab 1,5");
    EXPECT_EQ(to_winansi("Zürich"), "Z\xFCrich");
    EXPECT_EQ(to_winansi("€ – “x” …"), "\x80 \x96 \x93x\x94 \x85");
}

TEST(WinAnsi, WhatItHasNotIsAQuestionMark) {
    EXPECT_EQ(to_winansi("日本"), "??");
    EXPECT_EQ(to_winansi("a\nb"), "a?b");
    EXPECT_EQ(to_winansi("😀!"), "?!");
    EXPECT_EQ(to_winansi("\xC3"), "?") << "cut off";
    EXPECT_EQ(to_winansi("\xFF\xFE"
                         "a"),
              "??a");
    EXPECT_EQ(to_winansi(std::string_view("\0x", 2)), "?x") << "a text does not end there";
}

std::string drawn(const std::string& word, TimestampNs created) {
    Pages pages("A title", created);
    pages.add();
    pages.text({40, 40}, word, {.size = 12, .weight = Weight::bold});
    pages.line({40, 50}, {200, 50}, 1, 0xFF0000);
    pages.fill({40, 60}, {60, 80}, 0x00FF00);
    pages.add();
    pages.select(0);
    EXPECT_EQ(pages.count(), 2U);
    return pages.finish().value();
}

TEST(PdfPages, TheSameCallsGiveTheSameBytes) {
    const TimestampNs time{1'764'417'600'000'000'000};
    const std::string once = drawn("word", time);
    EXPECT_EQ(once, drawn("word", time));
    EXPECT_NE(once, drawn("other", time));
    EXPECT_NE(once, drawn("word", time + seconds(1)));
    EXPECT_THAT(once, StartsWith("%PDF-1."));
    EXPECT_THAT(once, HasSubstr("D:20251129120000Z"));
}

TEST(PdfPages, TextHasTheWidthOfItsFont) {
    Pages pages("", TimestampNs{0});
    EXPECT_EQ(pages.width_of("100", {}), 0) << "there is no page to measure it for";
    pages.add();
    // All digits of Helvetica are 556 thousandths wide.
    EXPECT_NEAR(pages.width_of("0918", {.size = 10}), 4 * 5.56, 0.01);
    EXPECT_GT(pages.width_of("total", {.weight = Weight::bold}), pages.width_of("total", {}));
}

}  // namespace
}  // namespace astro::pdf
