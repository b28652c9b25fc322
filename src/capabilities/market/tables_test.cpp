#include "capabilities/market/tables.hpp"

#include <gtest/gtest.h>

#include "capabilities/market/series_model.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::market {
namespace {

struct Line {
    TimeMs time{};
    Price price{};
    std::int64_t trades = 0;
    Side side = Side::buy;
};
BOOST_DESCRIBE_STRUCT(Line, (), (time, price, trades, side))

const std::vector<Line> kLines{{TimeMs{1'700'000'000'000}, Price{61'837'630'000}, 1, Side::buy},
                               {TimeMs{1'700'000'060'000}, Price{-1}, INT64_MAX, Side::sell}};

std::string hex_of(const std::string& bytes) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

TEST(Tables, CsvHasTheMembersAsColumns) {
    EXPECT_EQ(csv_table(kLines),
              "time,price,trades,side\n"
              "2023-11-14T22:13:20.000Z,61837.63,1,buy\n"
              "2023-11-14T22:14:20.000Z,-0.000001,9223372036854775807,sell\n");
    EXPECT_EQ(csv_table(std::vector<Line>{}), "time,price,trades,side\n");
}

/// Byte for byte a file that pyarrow 26 has read as these rows: times as timestamp[ms, UTC], prices
/// as decimal128(18, 6), the rest as int64 and string.
TEST(Tables, ParquetIsTheFileThatOtherProgramsRead) {
    std::vector<ParquetColumn> columns(4);
    using Kind = ParquetColumn::Kind;
    columns[0] = {"time",
                  Kind::timestamp_ms,
                  0,
                  {1'700'000'000'000, 1'700'000'060'000, 1'700'000'120'000},
                  {}};
    columns[1] = {"price", Kind::decimal, 6, {61'837'630'000, -1, 0}, {}};
    columns[2] = {"trades", Kind::number, 0, {1, 2, INT64_MAX}, {}};
    columns[3] = {"side", Kind::text, 0, {}, {"buy", "", "sell\xc3\xa9"}};
    EXPECT_EQ(
        hex_of(parquet_file(columns)),
        "504152311500153015302c150615001506150600000068e5cf8b0100006052e6cf8b010000c03ce7cf8b010000"
        "1500153015302c15061500150615060000305acf650e000000ffffffffffffffff000000000000000015001530"
        "15"
        "302c1506150015061506000001000000000000000200000000000000ffffffffffffff7f1500152a152a2c1506"
        "15"
        "0015061506000003000000627579000000000600000073656c6cc3a91502195c48057461626c65150800150425"
        "00"
        "180474696d652512001504250018057072696365250a150c152400150425001806747261646573252400150c25"
        "00"
        "1804736964652500001606191c194c26081c15041925000619180474696d65150016061652165226080000265a"
        "1c"
        "15041925000619180570726963651500160616521652265a000026ac011c150419250006191806747261646573"
        "15"
        "0016061652165226ac01000026fe011c150c192500061918047369646515001606164c164c26fe01000016c202"
        "16"
        "06002809617374726f6c61626500d800000050415231");
}

TEST(Tables, ParquetNamesTheKindsOfTheMembers) {
    const std::string file = parquet_table(kLines), none = parquet_table(std::vector<Line>{});
    for (const auto& each : {file, none}) {
        EXPECT_TRUE(each.starts_with("PAR1") && each.ends_with("PAR1"));
        for (const auto* name : {"time", "price", "trades", "side"})
            EXPECT_NE(each.find(name), each.npos) << name;
    }
    EXPECT_NE(file.find("sell"), file.npos);
    EXPECT_LT(none.size(), file.size());
}

}  // namespace
}  // namespace astro::market
