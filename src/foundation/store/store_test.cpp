// What every store must do, whatever engine is behind it: one suite, one factory an engine.
#include "foundation/store/store.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <thread>

#include "foundation/store/migrations.hpp"

namespace astro::store {
namespace {

/// A place where a database can be opened again and again; removed at the end.
class Place {
  public:
    virtual ~Place() = default;
    virtual std::unique_ptr<Store> open() = 0;
};
struct Engine {
    std::string name;
    std::function<std::unique_ptr<Place>()> make_place;
};

class SqlitePlace final : public Place {
  public:
    SqlitePlace() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "store_test_XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~SqlitePlace() override { std::filesystem::remove_all(folder_); }
    std::unique_ptr<Store> open() override {
        auto store = open_sqlite({.path = (folder_ / "test.db").string(), .readers = 3});
        EXPECT_TRUE(store) << store.error().text();
        return std::move(*store);
    }

  private:
    std::filesystem::path folder_;
};

class StoreTest : public testing::TestWithParam<Engine> {
  protected:
    StoreTest() : place_(GetParam().make_place()), store_(place_->open()) {}

    void must_migrate(const std::vector<Migration>& migrations) {
        const auto done = store_->migrate(migrations);
        ASSERT_TRUE(done) << done.error().text();
    }
    std::vector<Row> must_query(std::string_view sql, const std::vector<Value>& values = {}) {
        auto rows = store_->query(sql, values);
        EXPECT_TRUE(rows) << rows.error().text();
        return rows ? std::move(*rows) : std::vector<Row>{};
    }
    std::int64_t count(std::string_view table) {
        return to_int(must_query("SELECT COUNT(*) FROM " + std::string(table))[0][0]);
    }

    std::unique_ptr<Place> place_;
    std::unique_ptr<Store> store_;
};

const Migration kPairs{"alpha", 1, "CREATE TABLE alpha_pairs (k BIGINT PRIMARY KEY, v BIGINT)"};
const Migration kNames{
    "alpha", 2,
    "CREATE TABLE alpha_names (n TEXT); -- the ';' here is no end\n"
    "INSERT INTO alpha_names VALUES ('a;b'); CREATE INDEX i ON alpha_names (n);"};
const Migration kOther{"beta", 1, "CREATE TABLE beta_things (t TEXT)"};

TEST_P(StoreTest, MigratingTwiceChangesNothing) {
    must_migrate({kPairs, kNames, kOther});
    must_migrate({kPairs, kNames, kOther});
    EXPECT_EQ(count("alpha_names"), 1);
    store_.reset();
    store_ = place_->open();
    must_migrate({kPairs, kNames, kOther});
    EXPECT_EQ(to_string(must_query("SELECT n FROM alpha_names")[0][0]), "a;b");
}

TEST_P(StoreTest, LaterVersionsAreAddedToAnOlderDatabase) {
    must_migrate({kPairs});
    must_migrate({kPairs, kOther, kNames});
    EXPECT_EQ(count("beta_things"), 0);
}

TEST_P(StoreTest, ANewerDatabaseIsRefused) {
    must_migrate({kPairs, kNames});
    const auto older = store_->migrate({kPairs});
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, "migration_newer");
    EXPECT_EQ(older.error().where, "alpha 2");
    EXPECT_EQ(store_->migrate({kOther}).error().code, "migration_newer") << "unknown capability";
}

TEST_P(StoreTest, AChangedMigrationIsRefused) {
    must_migrate({kPairs});
    Migration changed = kPairs;
    changed.sql += " ";
    const auto result = store_->migrate({changed});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "migration_changed");
    EXPECT_EQ(result.error().where, "alpha 1");
}

TEST_P(StoreTest, VersionsMustCountUp) {
    EXPECT_EQ(store_->migrate({kNames}).error().code, "migration_order");
    EXPECT_EQ(store_->migrate({kPairs, kPairs}).error().code, "migration_order");
}

TEST_P(StoreTest, AFailingMigrationLeavesNothingBehind) {
    const Migration broken{"alpha", 1,
                           "CREATE TABLE alpha_half (x BIGINT); INSERT INTO nowhere VALUES (1)"};
    const auto result = store_->migrate({broken});
    ASSERT_FALSE(result);
    EXPECT_FALSE(store_->query("SELECT * FROM alpha_half"));
    must_migrate({kPairs});
}

TEST_P(StoreTest, AFailedTransactionIsRolledBackWhole) {
    must_migrate({kPairs});
    const auto result = store_->write([](Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("INSERT INTO alpha_pairs VALUES (1, 1)"));
        ASTRO_TRY(const auto inside, w.query("SELECT COUNT(*) FROM alpha_pairs"));
        EXPECT_EQ(to_int(inside[0][0]), 1) << "a writer sees its own rows";
        return refusal("changed_my_mind", "no");
    });
    EXPECT_EQ(result.error().code, "changed_my_mind");
    EXPECT_EQ(count("alpha_pairs"), 0);
}

TEST_P(StoreTest, ConstraintsAreRefusals) {
    must_migrate({kPairs});
    const auto twice = store_->write([](Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute_many(
            "INSERT INTO alpha_pairs VALUES (?, ?)",
            {{std::int64_t{1}, std::int64_t{1}}, {std::int64_t{1}, std::int64_t{2}}}));
        return {};
    });
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, "constraint");
    EXPECT_EQ(twice.error().kind, ErrorKind::refusal);
    EXPECT_EQ(count("alpha_pairs"), 0);
}

TEST_P(StoreTest, QueriesMayNotWrite) {
    must_migrate({kPairs});
    EXPECT_EQ(store_->query("INSERT INTO alpha_pairs VALUES (1, 1)").error().code, "read_only");
    EXPECT_EQ(count("alpha_pairs"), 0);
}

TEST_P(StoreTest, BadStatementsSayWhatIsWrong) {
    EXPECT_EQ(store_->query("SELEC 1").error().code, "bad_sql");
    EXPECT_EQ(store_->query("SELECT 1; SELECT 2").error().code, "bad_sql");
    EXPECT_EQ(store_->query("").error().code, "bad_sql");
    const auto missing = store_->query("SELECT ?", {});
    EXPECT_NE(missing.error().message.find("0 values for 1"), std::string::npos);
}

TEST_P(StoreTest, ReadersSeeTheLastCommitOnly) {
    must_migrate({kPairs});
    const auto done = store_->write([&](Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("INSERT INTO alpha_pairs VALUES (1, 1)"));
        EXPECT_EQ(count("alpha_pairs"), 0) << "not committed";
        return {};
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(count("alpha_pairs"), 1);
}

TEST_P(StoreTest, ReadersNeverSeeHalfATransactionWhileWritingGoesOn) {
    must_migrate({kPairs});
    std::atomic<bool> writing{true};
    std::atomic<int> torn{0}, reads{0};
    std::vector<std::thread> readers;
    for (int r = 0; r < 4; ++r)
        readers.emplace_back([&] {
            do {
                const auto rows = store_->query("SELECT COALESCE(SUM(v), 0) FROM alpha_pairs");
                if (!rows || to_int((*rows)[0][0]) != 0) ++torn;
                ++reads;
            } while (writing);
        });
    for (std::int64_t i = 0; i < 200; ++i) {
        const auto done = store_->write([&](Writer& w) -> Result<void> {
            ASTRO_CHECK(w.execute("INSERT INTO alpha_pairs VALUES (?, ?)", {2 * i, i}));
            ASTRO_CHECK(w.execute("INSERT INTO alpha_pairs VALUES (?, ?)", {2 * i + 1, -i}));
            return {};
        });
        EXPECT_TRUE(done) << done.error().text();
        if (i % 50 == 0) {
            EXPECT_TRUE(store_->checkpoint());
        }
    }
    writing = false;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(torn, 0);
    EXPECT_GE(reads, 4);
    EXPECT_EQ(count("alpha_pairs"), 400);
}

TEST_P(StoreTest, ConcurrentWritersTakeTurns) {
    must_migrate({{"alpha", 1,
                   "CREATE TABLE alpha_counter (n BIGINT); INSERT INTO alpha_counter VALUES (0)"}});
    std::vector<std::thread> writers;
    for (int t = 0; t < 4; ++t)
        writers.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                const auto done = store_->write([](Writer& w) -> Result<void> {
                    ASTRO_TRY(const auto rows, w.query("SELECT n FROM alpha_counter"));
                    ASTRO_CHECK(
                        w.execute("UPDATE alpha_counter SET n = ?", {to_int(rows[0][0]) + 1}));
                    return {};
                });
                EXPECT_TRUE(done);
            }
        });
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(to_int(must_query("SELECT n FROM alpha_counter")[0][0]), 200);
}

TEST_P(StoreTest, ValuesComeBackAsTheyWere) {
    must_migrate({{"alpha", 1,
                   "CREATE TABLE alpha_values (i BIGINT, d DOUBLE PRECISION, t TEXT, n BIGINT)"}});
    rc::check([&](std::int64_t i, double d, std::string t) {
        t.erase(std::remove(t.begin(), t.end(), '\0'), t.end());  // no engine's TEXT has NUL
        const Row row{i, d, t, std::monostate{}};
        const auto done = store_->write([&](Writer& w) -> Result<void> {
            ASTRO_CHECK(w.execute("DELETE FROM alpha_values"));
            ASTRO_TRY(const auto changed,
                      w.execute("INSERT INTO alpha_values VALUES (?, ?, ?, ?)", row));
            RC_ASSERT(changed == 1);
            return {};
        });
        RC_ASSERT(done.has_value());
        const auto rows = store_->query("SELECT i, d, t, n FROM alpha_values");
        RC_ASSERT(rows.has_value());
        RC_ASSERT((*rows)[0] == row);
    });
}

TEST_P(StoreTest, ManyDifferentStatementsStayWithinTheCache) {
    for (int i = 0; i < 500; ++i)
        ASSERT_EQ(to_int(must_query("SELECT " + std::to_string(i))[0][0]), i);
    EXPECT_EQ(to_int(must_query("SELECT 0")[0][0]), 0) << "one that was thrown out";
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest,
                         testing::Values(Engine{"sqlite",
                                                [] { return std::make_unique<SqlitePlace>(); }}),
                         [](const auto& suite) { return suite.param.name; });

TEST(SplitStatements, RespectsQuotesAndComments) {
    EXPECT_EQ(split_statements("a; b"), (std::vector<std::string>{"a", " b"}));
    EXPECT_EQ(split_statements(" ;; \n"), std::vector<std::string>{});
    EXPECT_EQ(split_statements("x ';' \";\" ;y"), (std::vector<std::string>{"x ';' \";\" ", "y"}));
    EXPECT_EQ(split_statements("x -- ;\n;"), (std::vector<std::string>{"x \n"}));
    EXPECT_EQ(split_statements("x 'open;"), (std::vector<std::string>{"x 'open;"}));
    EXPECT_EQ(split_statements("-- only a comment").size(), 0U);
}

}  // namespace
}  // namespace astro::store
