#include "foundation/store/migrations.hpp"

#include <map>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::store {
namespace {

constexpr std::string_view kMakeTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "capability TEXT NOT NULL, version BIGINT NOT NULL, hash TEXT NOT NULL, "
    "PRIMARY KEY (capability, version))";

using Applied = std::map<std::pair<std::string, std::int64_t>, std::string>;

std::string hash_of(const Migration& migration) {
    return to_hex(crypto::sha256(as_bytes(migration.sql)).view());
}

std::string name_of(std::string_view capability, std::int64_t version) {
    return std::string(capability) + " " + std::to_string(version);
}

Result<std::map<std::string, int>> newest_known(const std::vector<Migration>& migrations) {
    std::map<std::string, int> newest;
    for (const auto& m : migrations)
        if (m.version != ++newest[m.capability])
            return refusal(
                "migration_order",
                "expected version " + std::to_string(newest[m.capability]) + " of " + m.capability,
                name_of(m.capability, m.version));
    return newest;
}

Result<void> make_table(Writer& writer) {
    ASTRO_CHECK(writer.execute(kMakeTable));
    return {};
}

Result<Applied> load_applied(Store& store) {
    ASTRO_CHECK(store.write(make_table));
    ASTRO_TRY(const auto rows,
              store.query("SELECT capability, version, hash FROM schema_migrations"));
    Applied applied;
    for (const auto& row : rows) applied[{to_string(row[0]), to_int(row[1])}] = to_string(row[2]);
    return applied;
}

Result<void> refuse_newer(const Applied& applied, const std::map<std::string, int>& newest) {
    for (const auto& [key, hash] : applied) {
        const auto known = newest.find(key.first);
        if (known == newest.end() || key.second > known->second)
            return refusal("migration_newer",
                           "the database was written by a newer program; start that one, or give "
                           "another data folder",
                           name_of(key.first, key.second));
    }
    return {};
}

Result<void> apply(Store& store, const Migration& m) {
    return store.write([&](Writer& w) -> Result<void> {
        for (const auto& statement : split_statements(m.sql)) ASTRO_CHECK(w.execute(statement));
        ASTRO_CHECK(
            w.execute("INSERT INTO schema_migrations (capability, version, hash) VALUES (?, ?, ?)",
                      {m.capability, std::int64_t{m.version}, hash_of(m)}));
        return {};
    });
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
    std::vector<std::string> statements;
    std::string current;
    bool has_content = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.substr(i, 2) == "--") {
            while (i < sql.size() && sql[i] != '\n') ++i;
            current.push_back('\n');
            continue;
        }
        if (const char quote = sql[i]; quote == '\'' || quote == '"') {
            const auto end = std::min(sql.find(quote, i + 1), sql.size() - 1);
            current.append(sql.substr(i, end - i + 1));
            has_content = true;
            i = end;
            continue;
        }
        if (sql[i] == ';') {
            if (has_content) statements.push_back(std::move(current));
            current.clear();
            has_content = false;
            continue;
        }
        has_content =
            has_content || std::string_view(" \t\r\n").find(sql[i]) == std::string_view::npos;
        current.push_back(sql[i]);
    }
    if (has_content) statements.push_back(std::move(current));
    return statements;
}

Result<void> apply_migrations(Store& store, const std::vector<Migration>& migrations) {
    ASTRO_TRY(const auto newest, newest_known(migrations));
    ASTRO_TRY(const auto applied, load_applied(store));
    ASTRO_CHECK(refuse_newer(applied, newest));
    for (const auto& m : migrations) {
        const auto done = applied.find({m.capability, m.version});
        if (done == applied.end()) {
            ASTRO_CHECK(apply(store, m));
        } else if (done->second != hash_of(m)) {
            return refusal("migration_changed",
                           "this migration was applied with another text; write a new version "
                           "instead of changing it",
                           name_of(m.capability, m.version));
        }
    }
    return {};
}

}  // namespace astro::store
