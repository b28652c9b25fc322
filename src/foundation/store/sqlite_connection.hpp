#pragma once

#include <sqlite3.h>

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "foundation/store/store.hpp"

/// SQLite's C interface in the house's terms. Internal to the room.
namespace astro::store {

/// One connection and its prepared statements. One thread at a time.
class SqliteConnection {
  public:
    enum class Mode { read_write, read_only };
    static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Mode mode);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    /// Rows of a query; refuses what writes when `read_only`.
    Result<std::vector<Row>> query(std::string_view sql, const std::vector<Value>& values,
                                   bool read_only);
    /// Number of rows changed.
    Result<std::int64_t> execute(std::string_view sql, const std::vector<Value>& values);
    Result<std::int64_t> execute_many(std::string_view sql, const std::vector<Row>& rows);
    /// PRAGMAs, BEGIN, COMMIT: no values, answers ignored.
    Result<void> run(const char* sql);
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

  private:
    static constexpr std::size_t kStatementsMax = 128;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
    struct Cached {
        std::string sql;
        Statement statement;
    };

    explicit SqliteConnection(sqlite3* db) : db_(db) {}
    Result<sqlite3_stmt*> prepare(std::string_view sql);
    Result<void> bind(sqlite3_stmt* statement, const std::vector<Value>& values);
    Result<void> step_to_end(sqlite3_stmt* statement);
    [[nodiscard]] Unexpected failure(int code, std::string_view sql) const;

    sqlite3* db_;
    std::list<Cached> statements_;  ///< most recently used first
    std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
};

/// What a result code means to a caller.
[[nodiscard]] Unexpected sqlite_failure(int code, std::string_view text, std::string_view where);

}  // namespace astro::store
