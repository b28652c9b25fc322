#include "chains/solana/input.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>

#include "chains/solana/test_data.hpp"

namespace astro::solana {
namespace {

namespace fs = std::filesystem;

class InputTest : public testing::Test {
  protected:
    InputTest()
        : folder_(fs::temp_directory_path() /
                  ("astro_input_" + std::to_string(::getpid()) + "_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::create_directories(folder_);
    }
    ~InputTest() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& bytes) {
        const std::string path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    std::string write_gzip(const std::string& name, const std::string& bytes) {
        const std::string path = (folder_ / name).string();
        gzFile file = gzopen(path.c_str(), "wb");
        EXPECT_EQ(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())),
                  static_cast<int>(bytes.size()));
        gzclose(file);
        return path;
    }

    /// "place text" or "! code place" of each item.
    static std::vector<std::string> read(std::vector<std::string> sources) {
        InputReader reader(std::move(sources));
        std::vector<std::string> out;
        while (const auto item = reader.next()) {
            const auto short_place = [](std::string place) {
                return place.substr(place.rfind('/') + 1);
            };
            if (*item)
                out.push_back(short_place((*item)->place()) + " " + std::string((*item)->json));
            else
                out.push_back("! " + std::string(item->error().code) + " " +
                              short_place(item->error().where));
        }
        return out;
    }

    fs::path folder_;
};

using Lines = std::vector<std::string>;

TEST_F(InputTest, SeveralSourcesOfSeveralKinds) {
    const auto lines = write("lines", "{\"a\":1}\n\n{\"a\":2}\n");
    const auto array = write("array", "[{\"a\":3},\n {\"a\":4}]");
    const auto zipped = write_gzip("zipped", "{\"a\":5}\n{\"a\":6}");
    const auto empty = write("empty", "");
    EXPECT_EQ(read({lines, array, zipped, empty}),
              (Lines{"lines:1 {\"a\":1}", "lines:3 {\"a\":2}", "array:1 {\"a\":3}",
                     "array:2 {\"a\":4}", "zipped:1 {\"a\":5}", "zipped:2 {\"a\":6}"}));
}

TEST_F(InputTest, AnErrorDoesNotEndTheReading) {
    const auto good = write("good", "{\"a\":1}");
    const auto missing = (folder_ / "missing").string();
    EXPECT_EQ(read({missing, good, folder_.string(), good}),
              (Lines{"! cannot_read missing", "good:1 {\"a\":1}",
                     "! cannot_read " + folder_.filename().string(), "good:1 {\"a\":1}"}));
}

TEST_F(InputTest, BrokenGzip) {
    const auto whole = write_gzip(
        "whole", std::string(100'000, ' ') + "{\"a\":1}" + std::string(100'000, ' ') + "{\"a\":2}");
    std::string bytes = test::read_file(whole);
    const auto cut = write("cut", bytes.substr(0, bytes.size() - 20));
    EXPECT_EQ(read({cut}), (Lines{"cut:1 {\"a\":1}", "! bad_gzip cut"}));
    bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
    const auto spoiled = read({write("spoiled", bytes)});
    ASSERT_FALSE(spoiled.empty());
    EXPECT_EQ(std::count(spoiled.begin(), spoiled.end(), "! bad_gzip spoiled"), 1);
}

TEST_F(InputTest, TwoGzipMembersAreOneStream) {
    const std::string a = test::read_file(write_gzip("a", "{\"a\":1}\n"));
    const std::string b = test::read_file(write_gzip("b", "{\"b\":2}\n"));
    EXPECT_EQ(read({write("ab", a + b)}), (Lines{"ab:1 {\"a\":1}", "ab:2 {\"b\":2}"}));
}

TEST_F(InputTest, ProgressEndsAtTheTotal) {
    const auto a = write("a", std::string(3'000'000, ' ') + "{}");
    const auto b = write("b", "{}");
    std::vector<std::uint64_t> done;
    std::uint64_t total = 0;
    InputReader reader({a, b}, [&](std::uint64_t d, std::uint64_t t) {
        done.push_back(d);
        total = t;
    });
    while (reader.next()) {
    }
    EXPECT_EQ(total, 3'000'004U);
    ASSERT_FALSE(done.empty());
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
    EXPECT_EQ(done.back(), total);
    EXPECT_GT(done.size(), 3U);
}

/// A document is handed out as soon as its line is there, while the writer is still open.
TEST_F(InputTest, FollowsAPipe) {
    const std::string path = (folder_ / "pipe").string();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    InputReader reader({"/dev/fd/" + std::to_string(ends[0])});
    for (const std::string document : {"{\"a\":1}", "{\"a\":2}"}) {
        const std::string line = document + "\n";
        ASSERT_EQ(::write(ends[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
        const auto item = reader.next();
        ASSERT_TRUE(item && *item);
        EXPECT_EQ((*item)->json, document);
    }
    ::close(ends[1]);
    EXPECT_FALSE(reader.next());
    ::close(ends[0]);
}

TEST_F(InputTest, RealBlocksGoThroughToTheParser) {
    const std::string block = test::share("blocks/block_285000037.json");
    const auto path = write("blocks", "[" + block + "," + block + "]");
    InputReader reader({path});
    BlockParser parser;
    std::size_t transactions = 0;
    while (const auto item = reader.next()) {
        ASSERT_TRUE(*item);
        const auto parsed = parser.parse_any((*item)->json);
        ASSERT_TRUE(parsed) << parsed.error().text();
        transactions += parsed->transactions.size();
    }
    EXPECT_EQ(transactions, 2U * 557U);
}

}  // namespace
}  // namespace astro::solana
