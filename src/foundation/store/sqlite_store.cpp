#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "foundation/store/migrations.hpp"
#include "foundation/store/sqlite_connection.hpp"

namespace astro::store {
namespace {

using Connection = std::unique_ptr<SqliteConnection>;

class SqliteWriter final : public Writer {
  public:
    explicit SqliteWriter(SqliteConnection& connection) : connection_(connection) {}
    Result<std::int64_t> execute(std::string_view sql, const std::vector<Value>& values) override {
        return connection_.execute(sql, values);
    }
    Result<std::int64_t> execute_many(std::string_view sql, const std::vector<Row>& rows) override {
        return connection_.execute_many(sql, rows);
    }
    Result<std::vector<Row>> query(std::string_view sql,
                                   const std::vector<Value>& values) override {
        return connection_.query(sql, values, false);
    }

  private:
    SqliteConnection& connection_;
};

/// Connections that are lent one caller at a time; callers wait for a free one.
class ReaderPool {
  public:
    void add(Connection connection) { free_.push_back(std::move(connection)); }
    Connection take() {
        std::unique_lock lock(mutex_);
        returned_.wait(lock, [&] { return !free_.empty(); });
        Connection connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }
    void give_back(Connection connection) {
        {
            const std::scoped_lock lock(mutex_);
            free_.push_back(std::move(connection));
        }
        returned_.notify_one();
    }

  private:
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<Connection> free_;
};

Result<void> set_durability(SqliteConnection& connection, Durability durability) {
    return connection.run(durability == Durability::power_loss ? "PRAGMA synchronous=FULL"
                                                               : "PRAGMA synchronous=NORMAL");
}

class SqliteStore final : public Store {
  public:
    /// Without `readers` queries go to the writer (a database in memory has but one connection).
    SqliteStore(Connection writer, std::unique_ptr<ReaderPool> readers, Durability durability)
        : writer_(std::move(writer)), readers_(std::move(readers)), durability_(durability) {}

    Dialect dialect() const override { return Dialect::sqlite; }

    Result<void> migrate(const std::vector<Migration>& migrations) override {
        return apply_migrations(*this, migrations);
    }

    Result<void> write(const std::function<Result<void>(Writer&)>& work) override {
        ASTRO_ASSERT(writing_thread_ != std::this_thread::get_id());  // write() inside of write()
        const std::scoped_lock lock(write_mutex_);
        return write_locked(work);
    }

    Result<void> write_durably(const std::function<Result<void>(Writer&)>& work) override {
        ASTRO_ASSERT(writing_thread_ != std::this_thread::get_id());
        const std::scoped_lock lock(write_mutex_);
        // A synced commit syncs the log, and with it whatever was committed before.
        ASTRO_CHECK(set_durability(*writer_, Durability::power_loss));
        auto result = write_locked(work);
        (void)set_durability(*writer_, durability_);  // staying with the stronger one does no harm
        return result;
    }

    Result<std::vector<Row>> query(std::string_view sql,
                                   const std::vector<Value>& values) override {
        if (!readers_) {
            const std::scoped_lock lock(write_mutex_);
            return writer_->query(sql, values, true);
        }
        Connection reader = readers_->take();
        auto rows = reader->query(sql, values, true);
        readers_->give_back(std::move(reader));
        return rows;
    }

    Result<void> checkpoint() override {
        const std::scoped_lock lock(write_mutex_);
        // TRUNCATE reports a reader in the way as a row, not as an error: it shortens what it can.
        return writer_->run("PRAGMA wal_checkpoint(TRUNCATE)");
    }

  private:
    Result<void> write_locked(const std::function<Result<void>(Writer&)>& work) {
        writing_thread_ = std::this_thread::get_id();
        auto result = transaction(work);
        writing_thread_ = std::thread::id{};
        return result;
    }

    Result<void> transaction(const std::function<Result<void>(Writer&)>& work) {
        ASTRO_CHECK(writer_->run("BEGIN IMMEDIATE"));
        SqliteWriter writer(*writer_);
        auto result = work(writer);
        if (!result) {
            // Some failures (a full disk) have rolled back already.
            if (writer_->in_transaction()) (void)writer_->run("ROLLBACK");
            return result;
        }
        auto committed = writer_->run("COMMIT");
        if (committed) return {};
        Error error = std::move(committed).error();
        if (writer_->in_transaction()) (void)writer_->run("ROLLBACK");
        if (error.code == "store_io") error.kind = ErrorKind::unknown;
        return Unexpected{std::move(error)};
    }

    std::mutex write_mutex_;
    std::atomic<std::thread::id> writing_thread_{};
    Connection writer_;
    std::unique_ptr<ReaderPool> readers_;
    const Durability durability_;
};

/// In WAL mode without autocheckpoint of its own: see the class comment of store.hpp.
Result<Connection> open_reader(const std::string& path) {
    ASTRO_TRY(auto reader, SqliteConnection::open(path, SqliteConnection::Mode::read_only));
    ASTRO_CHECK(reader->run("PRAGMA wal_autocheckpoint=0; PRAGMA query_only=1"));
    return reader;
}

Result<Connection> open_writer(const SqliteOptions& options) {
    ASTRO_TRY(auto writer,
              SqliteConnection::open(options.path, SqliteConnection::Mode::read_write));
    ASTRO_CHECK(writer->run("PRAGMA journal_mode=WAL"));
    ASTRO_CHECK(set_durability(*writer, options.durability));
    // The log is cut back to this after a checkpoint, so that one long read does not cost disk for
    // ever.
    ASTRO_CHECK(writer->run("PRAGMA journal_size_limit=67108864"));
    ASTRO_CHECK(writer->run("PRAGMA foreign_keys=1; PRAGMA cache_size=-16384"));
    return writer;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options) {
    ASTRO_TRY(auto writer, open_writer(options));
    std::unique_ptr<ReaderPool> readers;
    if (options.path != ":memory:" && options.readers > 0) {
        readers = std::make_unique<ReaderPool>();
        for (unsigned i = 0; i < options.readers; ++i) {
            ASTRO_TRY(auto reader, open_reader(options.path));
            readers->add(std::move(reader));
        }
    }
    return std::unique_ptr<Store>(
        std::make_unique<SqliteStore>(std::move(writer), std::move(readers), options.durability));
}

}  // namespace astro::store
