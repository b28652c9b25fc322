#include "foundation/store/sqlite_connection.hpp"

namespace astro::store {
namespace {

constexpr int kBusyMilliseconds = 5'000;

/// Rewinds and unbinds when a use of a cached statement ends.
class Use {
  public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    ~Use() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

  private:
    sqlite3_stmt* statement_;
};

int bind_one(sqlite3_stmt* s, int i, const Value& value) {
    struct Visitor {
        sqlite3_stmt* s;
        int i;
        int operator()(std::monostate) const { return sqlite3_bind_null(s, i); }
        int operator()(std::int64_t v) const { return sqlite3_bind_int64(s, i, v); }
        int operator()(double v) const { return sqlite3_bind_double(s, i, v); }
        int operator()(const std::string& v) const {
            return sqlite3_bind_text64(s, i, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        int operator()(const Bytes& v) const {
            // A null pointer would bind NULL, and an empty vector may have one.
            static const std::uint8_t none = 0;
            return sqlite3_bind_blob64(s, i, v.empty() ? &none : v.data(), v.size(), SQLITE_STATIC);
        }
    };
    return std::visit(Visitor{s, i}, value);
}

Value column(sqlite3_stmt* s, int i) {
    switch (sqlite3_column_type(s, i)) {
        case SQLITE_INTEGER:
            return std::int64_t{sqlite3_column_int64(s, i)};
        case SQLITE_FLOAT:
            return sqlite3_column_double(s, i);
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, i));
            return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(s, i)));
        }
        case SQLITE_BLOB: {
            const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(s, i));
            return Bytes(data, data + sqlite3_column_bytes(s, i));
        }
        default:
            return std::monostate{};
    }
}

Row read_row(sqlite3_stmt* statement) {
    const int columns = sqlite3_column_count(statement);
    Row row;
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(column(statement, i));
    return row;
}

bool is_blank(const char* text, const char* end) {
    return std::string_view(text, end).find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

}  // namespace

Unexpected sqlite_failure(int code, std::string_view text, std::string_view where) {
    const std::string message = std::string(text) + " [" + sqlite3_errstr(code) + "]";
    const auto at = std::string(where.substr(0, 120));
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return unavailable("disk_full", "the disk of the database is full: " + message, at);
        case SQLITE_READONLY:
            return unavailable("store_readonly", "the database can't be written: " + message, at);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return unavailable("store_corrupt", "the file is no sound database: " + message, at);
        case SQLITE_CANTOPEN:
            return unavailable("cannot_open", "the database file can't be opened: " + message, at);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return unavailable("store_busy", "the database is in use: " + message, at);
        case SQLITE_CONSTRAINT:
            return refusal("constraint", message, at);
        case SQLITE_IOERR:
        case SQLITE_NOMEM:
            return unavailable("store_io", "the database could not be read or written: " + message,
                               at);
        default:
            return refusal("bad_sql", message, at);
    }
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path,
                                                                 Mode mode) {
    const int flags = (mode == Mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
    if (code != SQLITE_OK)
        return sqlite_failure(code, db != nullptr ? sqlite3_errmsg(db) : "out of memory", path);
    sqlite3_busy_timeout(db, kBusyMilliseconds);
    return connection;
}

SqliteConnection::~SqliteConnection() {
    statements_.clear();
    sqlite3_close(db_);
}

Unexpected SqliteConnection::failure(int code, std::string_view sql) const {
    return sqlite_failure(code, sqlite3_errmsg(db_), sql);
}

Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql) {
    if (const auto at = by_sql_.find(sql); at != by_sql_.end()) {
        statements_.splice(statements_.begin(), statements_, at->second);
        return statements_.front().statement.get();
    }
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    Statement statement(raw);
    if (code != SQLITE_OK) return failure(code, sql);
    if (raw == nullptr) return refusal("bad_sql", "the statement is empty", std::string(sql));
    if (!is_blank(tail, sql.data() + sql.size()))
        return refusal("bad_sql", "one statement a call",
                       std::string(std::string_view(tail, sql.data() + sql.size()).substr(0, 40)));
    statements_.push_front({std::string(sql), std::move(statement)});
    by_sql_[statements_.front().sql] = statements_.begin();
    if (statements_.size() > kStatementsMax) {
        by_sql_.erase(statements_.back().sql);
        statements_.pop_back();
    }
    return statements_.front().statement.get();
}

Result<void> SqliteConnection::bind(sqlite3_stmt* statement, const std::vector<Value>& values) {
    const int expected = sqlite3_bind_parameter_count(statement);
    if (values.size() != static_cast<std::size_t>(expected))
        return refusal("bad_sql",
                       std::to_string(values.size()) + " values for " + std::to_string(expected) +
                           " placeholders",
                       sqlite3_sql(statement));
    for (int i = 0; i < expected; ++i)
        if (const int code = bind_one(statement, i + 1, values[static_cast<std::size_t>(i)]);
            code != SQLITE_OK)
            return failure(code, sqlite3_sql(statement));
    return {};
}

Result<void> SqliteConnection::step_to_end(sqlite3_stmt* statement) {
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    if (code != SQLITE_DONE) return failure(code, sqlite3_sql(statement));
    return {};
}

Result<std::vector<Row>> SqliteConnection::query(std::string_view sql,
                                                 const std::vector<Value>& values, bool read_only) {
    ASTRO_TRY(sqlite3_stmt * statement, prepare(sql));
    const Use use(statement);
    if (read_only && sqlite3_stmt_readonly(statement) == 0)
        return refusal("read_only", "queries may not write", std::string(sql));
    ASTRO_CHECK(bind(statement, values));
    std::vector<Row> rows;
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) rows.push_back(read_row(statement));
    if (code != SQLITE_DONE) return failure(code, sql);
    return rows;
}

Result<std::int64_t> SqliteConnection::execute(std::string_view sql,
                                               const std::vector<Value>& values) {
    ASTRO_TRY(sqlite3_stmt * statement, prepare(sql));
    const Use use(statement);
    ASTRO_CHECK(bind(statement, values));
    const std::int64_t before = sqlite3_total_changes64(db_);
    ASTRO_CHECK(step_to_end(statement));
    return sqlite3_total_changes64(db_) - before;
}

Result<std::int64_t> SqliteConnection::execute_many(std::string_view sql,
                                                    const std::vector<Row>& rows) {
    ASTRO_TRY(sqlite3_stmt * statement, prepare(sql));
    const std::int64_t before = sqlite3_total_changes64(db_);
    for (const auto& row : rows) {
        const Use use(statement);
        ASTRO_CHECK(bind(statement, row));
        ASTRO_CHECK(step_to_end(statement));
    }
    return sqlite3_total_changes64(db_) - before;
}

Result<void> SqliteConnection::run(const char* sql) {
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, sql);
    return {};
}

}  // namespace astro::store
