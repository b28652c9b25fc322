#include "server/dialects/fix/session_store.hpp"

#include <algorithm>

#include "foundation/base/binary.hpp"

namespace astro::fix {
namespace {

using dialects::OrderState;
using exchange::OrderStatus;
using store::Row;
using store::to_int;
using store::Writer;

constexpr std::int64_t kDayMs = 86'400'000;

const std::vector<store::Migration>& migrations() {
    static const std::vector<store::Migration> kMigrations{
        {"fix", 1,
         "CREATE TABLE fix_sessions (name TEXT PRIMARY KEY, account BIGINT NOT NULL, "
         "next_out BIGINT NOT NULL, next_in BIGINT NOT NULL, cancels BIGINT NOT NULL, "
         "connected BIGINT NOT NULL, logon_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL);"
         "CREATE TABLE fix_messages (name TEXT NOT NULL, number BIGINT NOT NULL, "
         "time_ms BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name, number));"
         "CREATE INDEX fix_messages_time ON fix_messages (time_ms);"
         "CREATE TABLE fix_orders (id BIGINT PRIMARY KEY, account BIGINT NOT NULL, "
         "state TEXT NOT NULL);"
         "CREATE TABLE fix_cursor (name TEXT PRIMARY KEY, sequence BIGINT NOT NULL)"}};
    return kMigrations;
}

/// What is told again when it is asked for. Market data of then is of no use now, and the session's
/// own messages are a gap.
bool is_kept(const std::string& message) {
    const auto at = message.find("\00135=");
    if (at == std::string::npos) return false;
    const auto end = message.find('\001', at + 4);
    const std::string type = message.substr(at + 4, end - at - 4);
    static const std::set<std::string> kGone{"0", "1", "2", "3", "4", "5",
                                             "A", "W", "X", "Y", "y", "f"};
    return !kGone.contains(type);
}

}  // namespace

// ── one session ─────────────────────────────────────────────────────────────────────────────────

void SessionRecord::set_next_out(int number) noexcept {
    next_out_ = number;
    is_changed_ = true;
}

void SessionRecord::set_next_in(int number) noexcept {
    next_in_ = number;
    is_changed_ = true;
}

void SessionRecord::keep(int number, const std::string& message) noexcept {
    if (is_kept(message)) written_.push_back({number, message});
}

std::vector<std::string> SessionRecord::kept(int from, int to) const noexcept {
    std::vector<std::string> out;
    const std::int64_t last = to == 0 ? INT32_MAX : to;
    if (!begins_anew_ && !is_new_) {
        const auto rows = store_->query(
            "SELECT text FROM fix_messages WHERE name = ? AND number >= ? AND number <= ? "
            "ORDER BY number",
            {name, std::int64_t{from}, last});
        if (rows)
            for (const Row& row : *rows) out.push_back(store::to_string(row[0]));
    }
    for (const Message& message : written_)
        if (message.number >= from && message.number <= last) out.push_back(message.text);
    return out;
}

void SessionRecord::begin_anew() noexcept {
    next_out_ = next_in_ = 1;
    written_.clear();
    held_.clear();
    begins_anew_ = is_changed_ = true;
}

void SessionRecord::release(const std::string& client_id) {
    if (held_.erase(client_id) > 0) is_changed_ = true;
}

int SessionRecord::safe_next_in() const {
    int out = next_in_;
    for (const auto& [client_id, number] : held_) out = std::min(out, number);
    return out;
}

// ── all of them ─────────────────────────────────────────────────────────────────────────────────

Result<std::unique_ptr<SessionStore>> SessionStore::open(store::SqliteOptions options,
                                                         StoreLimits limits, const Clock& clock) {
    ASTRO_TRY(auto store, store::open_sqlite(std::move(options)));
    ASTRO_CHECK(store->migrate(migrations()));
    std::unique_ptr<SessionStore> out(new SessionStore(std::move(store), limits, clock));
    ASTRO_CHECK(out->forget_old());
    ASTRO_CHECK(out->load());
    ASTRO_CHECK(out->load_orders());
    return out;
}

Result<void> SessionStore::load() {
    ASTRO_TRY(
        const auto rows,
        store_->query("SELECT name, account, next_out, next_in, cancels, connected, logon_ms, "
                      "used_ms FROM fix_sessions"));
    for (const Row& row : rows) {
        auto record = std::make_unique<SessionRecord>(store::to_string(row[0]));
        record->store_ = store_.get();
        record->account = AccountId{static_cast<AccountId::Rep>(to_int(row[1]))};
        record->next_out_ = static_cast<int>(to_int(row[2]));
        record->next_in_ = static_cast<int>(to_int(row[3]));
        record->cancels = to_int(row[4]) != 0;
        record->is_connected = to_int(row[5]) != 0;
        record->logon_ms = to_int(row[6]);
        record->used_ms = to_int(row[7]);
        sessions_.emplace(record->name, std::move(record));
    }
    ASTRO_TRY(const auto cursor, store_->query("SELECT sequence FROM fix_cursor"));
    if (!sessions_.empty() && !cursor.empty())
        told_ = static_cast<std::uint64_t>(to_int(cursor[0][0]));
    return {};
}

Result<void> SessionStore::load_orders() {
    ASTRO_TRY(const auto rows, store_->query("SELECT state FROM fix_orders ORDER BY id"));
    for (const Row& row : rows) {
        const auto bytes = parse_hex(store::to_string(row[0]));
        auto state = bytes
                         ? parse_binary<OrderState>(*bytes)
                         : Result<OrderState>(refusal("store_corrupt", "an order is no hex text"));
        if (!state) return refusal("store_corrupt", state.error().text(), "fix_orders");
        orders_.push_back(std::move(*state));
    }
    return {};
}

std::vector<SessionRecord*> SessionStore::sessions() const {
    std::vector<SessionRecord*> out;
    for (const auto& [name, record] : sessions_) out.push_back(record.get());
    return out;
}

SessionRecord* SessionStore::find(const std::string& name) const {
    const auto at = sessions_.find(name);
    return at == sessions_.end() ? nullptr : at->second.get();
}

Result<SessionRecord*> SessionStore::add(const std::string& name, AccountId account) {
    if (sessions_.size() >= limits_.sessions_max)
        return limited("too_many_sessions",
                       "at most " + std::to_string(limits_.sessions_max) +
                           " sessions are remembered; fix.sessions_max says how many");
    auto record = std::make_unique<SessionRecord>(name);
    record->store_ = store_.get();
    record->account = account;
    record->used_ms = clock_.now().value() / 1'000'000;
    record->is_new_ = record->is_changed_ = true;
    return sessions_.emplace(name, std::move(record)).first->second.get();
}

bool SessionStore::is_dirty() const {
    return std::ranges::any_of(sessions_, [](const auto& item) {
        return item.second->is_changed_ || !item.second->written_.empty();
    });
}

Result<void> SessionStore::write_session(Writer& writer, SessionRecord& record) const {
    const std::int64_t now = clock_.now().value() / 1'000'000;
    if (record.is_connected) record.used_ms = now;
    if (record.begins_anew_)
        ASTRO_CHECK(writer.execute("DELETE FROM fix_messages WHERE name = ?", {record.name}));
    ASTRO_CHECK(writer.execute(
        "INSERT INTO fix_sessions (name, account, next_out, next_in, cancels, connected, logon_ms, "
        "used_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
        "account = excluded.account, next_out = excluded.next_out, next_in = excluded.next_in, "
        "cancels = excluded.cancels, connected = excluded.connected, "
        "logon_ms = excluded.logon_ms, used_ms = excluded.used_ms",
        {record.name, std::int64_t{record.account.value()}, std::int64_t{record.next_out_},
         std::int64_t{record.safe_next_in()}, std::int64_t{record.cancels},
         std::int64_t{record.is_connected}, record.logon_ms, record.used_ms}));
    std::vector<Row> rows;
    for (const auto& message : record.written_)
        rows.push_back({record.name, std::int64_t{message.number}, now, message.text});
    if (!rows.empty())
        ASTRO_CHECK(writer.execute_many(
            "INSERT INTO fix_messages (name, number, time_ms, text) VALUES (?, ?, ?, ?)", rows));
    return {};
}

Result<void> SessionStore::commit(std::uint64_t told, const std::vector<OrderState>& changed) {
    std::vector<Row> open, closed;
    for (const OrderState& order : changed) {
        const auto id = static_cast<std::int64_t>(order.id.value());
        if (order.status == OrderStatus::closed)
            closed.push_back({id});
        else
            open.push_back({id, std::int64_t{order.account.value()}, to_hex(to_binary(order))});
    }
    const auto work = [&](Writer& writer) -> Result<void> {
        for (const auto& [name, record] : sessions_)
            if (record->is_changed_ || !record->written_.empty())
                ASTRO_CHECK(write_session(writer, *record));
        if (!open.empty())
            ASTRO_CHECK(
                writer.execute_many("INSERT INTO fix_orders (id, account, state) VALUES (?, ?, ?) "
                                    "ON CONFLICT (id) DO UPDATE SET state = excluded.state",
                                    open));
        if (!closed.empty())
            ASTRO_CHECK(writer.execute_many("DELETE FROM fix_orders WHERE id = ?", closed));
        ASTRO_CHECK(
            writer.execute("INSERT INTO fix_cursor (name, sequence) VALUES ('told', ?) "
                           "ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence",
                           {static_cast<std::int64_t>(told)}));
        return {};
    };
    ASTRO_CHECK(store_->write(work));
    told_ = told;
    for (const auto& [name, record] : sessions_) {
        record->written_.clear();
        record->is_new_ = record->is_changed_ = record->begins_anew_ = false;
    }
    return {};
}

Result<void> SessionStore::forget_old() {
    const std::int64_t before = clock_.now().value() / 1'000'000 - limits_.keep_days * kDayMs;
    return store_->write([&](Writer& writer) -> Result<void> {
        ASTRO_CHECK(writer.execute("DELETE FROM fix_messages WHERE time_ms < ?", {before}));
        ASTRO_CHECK(writer.execute("DELETE FROM fix_sessions WHERE used_ms < ? AND connected = 0",
                                   {before}));
        // Nobody hears any more of what becomes of these.
        ASTRO_CHECK(writer.execute(
            "DELETE FROM fix_orders WHERE account NOT IN (SELECT account FROM fix_sessions)"));
        return {};
    });
}

}  // namespace astro::fix
