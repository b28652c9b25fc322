#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// SQL behind one interface: SQLite now, PostgreSQL later; both run the same tests. Statements use
/// "?" placeholders and the SQL both dialects share; what differs is asked of Store::dialect().
///
/// One writer connection, which is also the only checkpointer (SQLite before 3.51.3 corrupts its
/// WAL when two connections write or checkpoint at once), and read-only readers beside it.
namespace astro::store {

using Value = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;
using Row = std::vector<Value>;

enum class Dialect { sqlite, postgresql };

/// Inside a transaction; valid only during the call that received it.
class Writer {
  public:
    virtual ~Writer() = default;
    /// Number of rows changed.
    virtual Result<std::int64_t> execute(std::string_view sql,
                                         const std::vector<Value>& values = {}) = 0;
    /// Rows changed in total; one prepared statement, many rows.
    virtual Result<std::int64_t> execute_many(std::string_view sql,
                                              const std::vector<Row>& rows) = 0;
    virtual Result<std::vector<Row>> query(std::string_view sql,
                                           const std::vector<Value>& values = {}) = 0;
};

struct Migration {
    std::string capability;  ///< owner of the tables; versions count per capability
    int version = 1;
    std::string sql;  ///< statements separated by ";"
};

class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual Dialect dialect() const = 0;
    /// Applies what has not been applied, in order, each in its own transaction; refuses when the
    /// database is newer than the program ("migration_newer") or an applied one was changed
    /// ("migration_changed", by its hash).
    virtual Result<void> migrate(const std::vector<Migration>& migrations) = 0;
    /// All or nothing; `work` returning an error rolls back. Thread-safe, serialised.
    virtual Result<void> write(const std::function<Result<void>(Writer&)>& work) = 0;
    /// The same; this commit and all before it survive a power loss too, whatever the store's
    /// durability: for what something outside of the store relies on.
    virtual Result<void> write_durably(const std::function<Result<void>(Writer&)>& work) = 0;
    /// On a reader; sees the last commit. Thread-safe. Refuses statements that write.
    virtual Result<std::vector<Row>> query(std::string_view sql,
                                           const std::vector<Value>& values = {}) = 0;
    virtual Result<void> checkpoint() = 0;
};

/// What a commit survives. Observations (blocks and what was found in them) can be fetched again
/// from the cursor that is committed with them, so losing the last commits costs nothing and the
/// default is `process_crash` (SQLite: synchronous=NORMAL; power loss may undo the last commits,
/// never corrupts). What someone was told is done needs `power_loss` (synchronous=FULL, about a
/// third of the small transactions per second).
enum class Durability { process_crash, power_loss };

struct SqliteOptions {
    std::string path;  ///< made when missing; ":memory:" for tests
    unsigned readers = 4;
    Durability durability = Durability::process_crash;
};

/// Codes of all calls: "disk_full", "store_readonly", "store_corrupt", "cannot_open", "store_busy",
/// "store_io" (at commit: outcome unknown), "constraint", "bad_sql", "read_only".
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options);

[[nodiscard]] inline std::int64_t to_int(const Value& v) {
    return std::get<std::int64_t>(v);
}
[[nodiscard]] inline const std::string& to_string(const Value& v) {
    return std::get<std::string>(v);
}
[[nodiscard]] inline bool is_null(const Value& v) {
    return std::holds_alternative<std::monostate>(v);
}

}  // namespace astro::store
