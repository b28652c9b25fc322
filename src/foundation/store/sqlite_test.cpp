// What is SQLite's alone: files, and what the operating system says about them.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "foundation/store/sqlite_connection.hpp"

namespace astro::store {
namespace {

namespace fs = std::filesystem;

class SqliteTest : public testing::Test {
  protected:
    SqliteTest() {
        std::string pattern = (fs::temp_directory_path() / "sqlite_test_XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~SqliteTest() override { fs::remove_all(folder_); }
    std::string path() const { return (folder_ / "test.db").string(); }
    fs::path folder_;
};

TEST_F(SqliteTest, AFolderThatIsNotThereIsNamed) {
    const auto store = open_sqlite({.path = "/nonexistent/x.db"});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, "cannot_open");
    EXPECT_EQ(store.error().where, "/nonexistent/x.db");
}

TEST_F(SqliteTest, AFileThatIsNoDatabaseIsRefusedAndKept) {
    std::ofstream(path()) << std::string(4096, 'x');
    const auto store = open_sqlite({.path = path()});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, "store_corrupt");
    EXPECT_EQ(fs::file_size(path()), 4096U);
}

TEST_F(SqliteTest, AFullDiskSaysSoAndKeepsWhatWasCommitted) {
    auto connection = SqliteConnection::open(path(), SqliteConnection::Mode::read_write);
    ASSERT_TRUE(connection);
    SqliteConnection& db = **connection;
    ASSERT_TRUE(db.execute("CREATE TABLE t (x TEXT)", {}));
    ASSERT_TRUE(db.execute("INSERT INTO t VALUES ('kept')", {}));
    ASSERT_TRUE(db.run("PRAGMA max_page_count=3"));  // a disk of three pages
    const auto full = db.execute("INSERT INTO t VALUES (?)", {std::string(100'000, 'x')});
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "disk_full");
    EXPECT_EQ(full.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(db.query("SELECT x FROM t", {}, true)->size(), 1U);
}

TEST_F(SqliteTest, AReadOnlyDatabaseSaysSo) {
    {
        ASSERT_TRUE(open_sqlite({.path = path()}));
    }
    auto reader = SqliteConnection::open(path(), SqliteConnection::Mode::read_only);
    ASSERT_TRUE(reader);
    const auto result = (*reader)->execute("CREATE TABLE t (x TEXT)", {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "store_readonly");
}

TEST_F(SqliteTest, OnlyTheWriterCheckpoints) {
    auto store = open_sqlite({.path = path(), .readers = 1});
    ASSERT_TRUE(store);
    EXPECT_EQ(to_int((**store).query("PRAGMA wal_autocheckpoint")->at(0)[0]), 0);
    ASSERT_TRUE((**store).write([](Writer& w) -> Result<void> {
        ASTRO_TRY(const auto rows, w.query("PRAGMA wal_autocheckpoint"));
        EXPECT_GT(to_int(rows[0][0]), 0);
        ASTRO_TRY(const auto mode, w.query("PRAGMA journal_mode"));
        EXPECT_EQ(to_string(mode[0][0]), "wal");
        return {};
    }));
}

TEST_F(SqliteTest, DurabilityDecidesWhatACommitWaitsFor) {
    const auto synchronous = [&](Durability durability) {
        auto store = open_sqlite({.path = path(), .readers = 0, .durability = durability});
        return to_int((**store).query("PRAGMA synchronous")->at(0)[0]);
    };
    EXPECT_EQ(synchronous(Durability::process_crash), 1);  // NORMAL
    EXPECT_EQ(synchronous(Durability::power_loss), 2);     // FULL
}

TEST_F(SqliteTest, ADurableWriteWaitsForTheDiskAndTheNextDoesNot) {
    const auto store = open_sqlite({.path = path()}).value();
    std::int64_t during = 0, after = 0;
    const auto read_into = [](std::int64_t& level) {
        return [&level](Writer& w) -> Result<void> {
            ASTRO_TRY(const auto rows, w.query("PRAGMA synchronous"));
            level = to_int(rows[0][0]);
            return {};
        };
    };
    ASSERT_TRUE(store->write_durably(read_into(during)));
    ASSERT_TRUE(store->write(read_into(after)));
    EXPECT_EQ(during, 2) << "FULL";
    EXPECT_EQ(after, 1) << "NORMAL";
    EXPECT_FALSE(store->write_durably([](Writer&) -> Result<void> { return refusal("no", "no"); }));
    ASSERT_TRUE(store->write(read_into(after)));
    EXPECT_EQ(after, 1);
}

TEST_F(SqliteTest, ACheckpointEmptiesTheLog) {
    auto store = open_sqlite({.path = path()});
    ASSERT_TRUE((**store).write([](Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("CREATE TABLE t (x TEXT)"));
        return {};
    }));
    EXPECT_GT(fs::file_size(path() + "-wal"), 0U);
    ASSERT_TRUE((**store).checkpoint());
    EXPECT_EQ(fs::file_size(path() + "-wal"), 0U);
}

TEST_F(SqliteTest, MemoryIsADatabaseToo) {
    auto store = open_sqlite({.path = ":memory:"});
    ASSERT_TRUE(store);
    ASSERT_TRUE((**store).migrate({{"alpha", 1, "CREATE TABLE t (x TEXT)"}}));
    EXPECT_EQ((**store).query("SELECT * FROM t")->size(), 0U);
}

}  // namespace
}  // namespace astro::store
