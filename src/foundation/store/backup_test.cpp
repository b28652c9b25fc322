#include "foundation/store/backup.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "foundation/crypto/random.hpp"
#include "foundation/store/store.hpp"

namespace astro::store {
namespace {

namespace fs = std::filesystem;

struct BackupTest : testing::Test {
    BackupTest() {
        std::string pattern = (fs::temp_directory_path() / "astro_backup_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~BackupTest() override { fs::remove_all(folder); }
    std::string at(const std::string& name) const { return folder + "/" + name; }
    static std::string read(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static void write(const std::string& path, const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
    }
    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "ok" : std::string(result.error().code);
    }
    /// Two files, one of several pieces.
    std::string make() {
        std::string big(200'000, '?');
        for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>(i * 31 + i / 256);
        write(at("big"), big);
        write(at("small"), "a text that nobody may read");
        const auto done =
            write_backup(at("backup"), {{"big.bin", at("big")}, {"small.txt", at("small")}}, key);
        EXPECT_TRUE(done) << done.error().text();
        return read(at("backup"));
    }

    std::string folder;
    crypto::SecretKey key = crypto::SystemRandom().secret_key();
};

TEST_F(BackupTest, RestoresWhatWasWrittenToTheByte) {
    const std::string text = make();
    EXPECT_EQ(text.find("nobody may"), std::string::npos);
    const auto files = restore_backup(at("backup"), key, at("restored"));
    ASSERT_TRUE(files) << files.error().text();
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ((*files)[0].bytes, 200'000);
    EXPECT_EQ(read(at("restored/big.bin")), read(at("big")));
    EXPECT_EQ(read(at("restored/small.txt")), read(at("small")));
    EXPECT_EQ(fs::status(at("restored/small.txt")).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(BackupTest, DamageIsNamedAndNothingIsWritten) {
    const std::string whole = make();
    const auto verdict = [&](const std::string& bytes) {
        write(at("damaged"), bytes);
        const auto done = restore_backup(at("damaged"), key, at("restored"));
        EXPECT_FALSE(fs::exists(at("restored")));
        return done ? "ok" : std::string(done.error().code) + " " + done.error().where;
    };
    for (const std::size_t at : {45UL, 5'000UL, 100'000UL, whole.size() - 1}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 4);
        EXPECT_TRUE(verdict(changed).starts_with("backup_damaged")) << at;
    }
    std::string changed = whole;
    changed[150'000] = static_cast<char>(changed[150'000] ^ 4);
    EXPECT_TRUE(verdict(changed).starts_with("backup_damaged big.bin, byte 131"))
        << verdict(changed);
    for (std::size_t size = 8; size < whole.size(); size += 997)
        EXPECT_TRUE(verdict(whole.substr(0, size)).starts_with("backup_damaged")) << size;
    EXPECT_TRUE(verdict(whole + "x").starts_with("backup_damaged small.txt"));
    EXPECT_TRUE(verdict("").starts_with("not_a_backup"));
    EXPECT_TRUE(verdict(std::string(100, 'x')).starts_with("not_a_backup"));
    EXPECT_EQ(code(check_backup(at("backup"), crypto::SystemRandom().secret_key())), "backup_key");
    EXPECT_EQ(code(check_backup(at("nowhere"), key)), "backup_io");
}

TEST_F(BackupTest, NothingIsWrittenOver) {
    make();
    EXPECT_EQ(code(write_backup(at("backup"), {}, key)), "file_exists");
    fs::create_directories(at("full"));
    write(at("full/x"), "mine");
    EXPECT_EQ(code(restore_backup(at("backup"), key, at("full"))), "folder_not_empty");
    EXPECT_EQ(read(at("full/x")), "mine");
    EXPECT_EQ(code(write_backup(at("new"), {{"gone", at("gone")}}, key)), "backup_io");
    EXPECT_FALSE(fs::exists(at("new")) || fs::exists(at("new.unfinished")));
}

/// Money moves between two accounts all the while: every copy holds the same sum.
TEST_F(BackupTest, ADatabaseIsCopiedAtOneMomentWhileItIsWritten) {
    const auto database = open_sqlite({.path = at("live.db")}).value();
    ASSERT_TRUE(
        database->migrate({{"t", 1,
                            "CREATE TABLE t (id BIGINT PRIMARY KEY, amount BIGINT NOT NULL);"
                            "INSERT INTO t VALUES (1, 500), (2, 500)"}}));
    std::atomic<bool> ends{false};
    std::atomic<int> moved{0};
    std::thread writer([&] {
        while (!ends) {
            (void)database->write([](Writer& w) -> Result<void> {
                ASTRO_CHECK(w.execute("UPDATE t SET amount = amount - 1 WHERE id = 1"));
                ASTRO_CHECK(w.execute("UPDATE t SET amount = amount + 1 WHERE id = 2"));
                return {};
            });
            ++moved;
        }
    });
    for (int i = 0; i < 10; ++i) {
        const int before = moved;
        while (moved == before) std::this_thread::yield();
        const std::string copy = at("copy" + std::to_string(i));
        const auto done = copy_sqlite(at("live.db"), copy);
        EXPECT_TRUE(done) << done.error().text();
        const auto opened = open_sqlite({.path = copy}).value();
        EXPECT_EQ(to_int(opened->query("SELECT SUM(amount) FROM t").value()[0][0]), 1000);
    }
    ends = true;
    writer.join();
    EXPECT_EQ(code(copy_sqlite(at("live.db"), at("copy0"))), "file_exists");
    EXPECT_EQ(code(copy_sqlite(at("no.db"), at("copy"))), "backup_io");
}

}  // namespace
}  // namespace astro::store
