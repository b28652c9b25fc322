#include "capabilities/exchange/book_mirror.hpp"

#include <gtest/gtest.h>

namespace astro::exchange {
namespace {

BookLevel level(std::string_view price, std::string_view size) {
    BookLevel out;
    EXPECT_TRUE(from_text(price, out.price)) << price;
    EXPECT_TRUE(from_text(size, out.size)) << size;
    return out;
}

TEST(BookChecksum, IsOfTheBestLevelsInTurnAsTheyAreSent) {
    const std::vector<BookLevel> bids{level("99.99", "5"), level("99.98", "1.000000001"),
                                      level("99", "7")};
    const std::vector<BookLevel> asks{level("100.01", "2.5"), level("100.02", "0.1")};
    EXPECT_EQ(checksum_text(bids, asks), "99.99:5:100.01:2.5:99.98:1.000000001:100.02:0.1:99:7");
    EXPECT_EQ(book_checksum(bids, asks), 2401194804U);
    EXPECT_EQ(book_checksum({}, std::vector{level("0.1", "3")}), 2554242910U);
    EXPECT_EQ(book_checksum({}, {}), 0U);
}

TEST(BookChecksum, LooksAt25LevelsOfEachSide) {
    std::vector<BookLevel> bids;
    for (int i = 0; i < 26; ++i) bids.push_back({Price{1'000'000 - i}, Base{1}});
    const auto all = book_checksum(bids, {});
    bids[25].size = Base{2};
    EXPECT_EQ(book_checksum(bids, {}), all);
    bids[24].size = Base{2};
    EXPECT_NE(book_checksum(bids, {}), all);
}

TEST(BookMirror, GivesWhatReallyDiffers) {
    BookMirror book;
    book.set(Side::buy, Price{10}, Base{5});
    book.set(Side::buy, Price{11}, Base{1});
    book.set(Side::sell, Price{13}, Base{2});
    book.set(Side::sell, Price{12}, Base{0});  // came and went
    auto changed = book.commit();
    EXPECT_EQ(changed.bids, (std::vector<BookLevel>{{Price{11}, Base{1}}, {Price{10}, Base{5}}}));
    EXPECT_EQ(changed.asks, (std::vector<BookLevel>{{Price{13}, Base{2}}}));

    book.set(Side::buy, Price{10}, Base{7});
    book.set(Side::buy, Price{10}, Base{5});  // and back again
    book.set(Side::buy, Price{11}, Base{0});
    EXPECT_TRUE(book.has_pending());
    EXPECT_EQ(book.levels(Side::buy).size(), 2U) << "what was told stands until it is told anew";
    changed = book.commit();
    EXPECT_EQ(changed.bids, (std::vector<BookLevel>{{Price{11}, Base{0}}}));
    EXPECT_TRUE(changed.asks.empty());
    EXPECT_FALSE(book.has_pending());
    EXPECT_EQ(book.levels(Side::buy), (std::vector<BookLevel>{{Price{10}, Base{5}}}));
    EXPECT_EQ(book.checksum(), book_checksum(book.levels(Side::buy), book.levels(Side::sell)));
}

}  // namespace
}  // namespace astro::exchange
