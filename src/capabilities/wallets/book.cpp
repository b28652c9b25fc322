#include "capabilities/wallets/book.hpp"

#include <algorithm>

#include "capabilities/wallets/engine/sealing.hpp"
#include "foundation/base/json.hpp"
#include "foundation/store/rows.hpp"

namespace astro::wallets {
namespace {

/// A row as it stands.
struct WalletRow {
    std::string id;
    std::string user_id;
    WalletKind kind = WalletKind::self_custody;
    Chain chain = Chain::stellar;
    std::string address;
    std::string name;
    bool archived = false;
    std::int64_t revision = 0;
    std::optional<std::string> envelope;
    TimestampNs created_ns;
    TimestampNs updated_ns;
};
BOOST_DESCRIBE_STRUCT(WalletRow, (),
                      (id, user_id, kind, chain, address, name, archived, revision, envelope,
                       created_ns, updated_ns))

constexpr std::string_view kTable = "wallets_wallets";

Unexpected unknown() {
    return not_found("wallet_unknown", "there is no such wallet");
}

Result<WalletView> to_view(const WalletRow& row) {
    WalletView out{row.id,       row.kind,     row.chain, row.address,    row.name,
                   row.archived, row.revision, {},        row.created_ns, row.updated_ns};
    if (row.envelope) {
        ASTRO_TRY(const auto envelope, envelope_of_text(*row.envelope));
        out.factors = factors_of(envelope);
    }
    return out;
}

Result<std::vector<WalletRow>> rows_of(store::Writer& w, std::string_view where,
                                       const std::vector<store::Value>& values) {
    ASTRO_TRY(const auto rows, w.query("SELECT " + store::column_names<WalletRow>() + " FROM " +
                                           std::string(kTable) + " WHERE " + std::string(where),
                                       values));
    std::vector<WalletRow> out;
    for (const auto& row : rows) {
        ASTRO_TRY(auto record, store::from_row<WalletRow>(row));
        out.push_back(std::move(record));
    }
    return out;
}

Result<WalletRow> row_of(store::Writer& w, const std::string& user, const std::string& wallet) {
    ASTRO_TRY(auto rows, rows_of(w, "user_id = ? AND id = ?", {user, wallet}));
    if (rows.empty()) return unknown();
    return std::move(rows[0]);
}

Result<WalletRow> row_of(store::Store& store, const std::string& user, const std::string& wallet) {
    ASTRO_TRY(auto rows, store::select<WalletRow>(store, kTable, "WHERE user_id = ? AND id = ?",
                                                  {user, wallet}));
    if (rows.empty()) return unknown();
    return std::move(rows[0]);
}

Result<void> check_name(std::string_view name) {
    const bool plain = std::ranges::none_of(
        name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (plain && !name.empty() && name.size() <= WalletBook::kNameBytesMax && name.front() != ' ' &&
        name.back() != ' ')
        return {};
    return refusal("wallet_name",
                   "a wallet's name is 1 to 64 bytes without control characters and without spaces "
                   "at its ends",
                   "name");
}

/// There is room for one more, and neither its id nor its address is there.
Result<void> check_new(store::Writer& w, const WalletRow& row) {
    ASTRO_TRY(const auto counted,
              w.query("SELECT COUNT(*) FROM wallets_wallets WHERE user_id = ?", {row.user_id}));
    if (store::to_int(counted[0][0]) >= WalletBook::kWalletsMax)
        return conflict("too_many_wallets", "at most " + std::to_string(WalletBook::kWalletsMax) +
                                                " are kept of a user");
    ASTRO_TRY(const auto known,
              rows_of(w, "id = ? OR (user_id = ? AND chain = ? AND address = ?)",
                      {row.id, row.user_id, store::to_value(row.chain), row.address}));
    if (known.empty()) return {};
    const bool own = known[0].user_id == row.user_id && known[0].address == row.address;
    return conflict("wallet_known", own ? "the address is there already, as \"" + known[0].name +
                                              "\"; rename that one, or bring it back"
                                        : "a wallet of this id is there already");
}

Result<void> insert(store::Writer& w, const WalletRow& row) {
    ASTRO_CHECK(w.execute(store::insert_sql<WalletRow>(kTable), store::to_row(row)));
    return {};
}

WalletRow sealed_row(const std::string& user, const NewSealedWallet& wanted,
                     const Envelope& envelope, TimestampNs now) {
    const Subject& subject = envelope.subject;
    return {.id = to_hex(subject.wallet.view()),
            .user_id = user,
            .kind = WalletKind::self_custody,
            .chain = subject.chain,
            .address = address_text(subject.chain, subject.address),
            .name = wanted.name,
            .archived = false,
            .revision = envelope.revision,
            .envelope = wanted.envelope,
            .created_ns = now,
            .updated_ns = now};
}

Result<void> check_owner(const Envelope& envelope, const std::string& user) {
    if (to_hex(envelope.subject.owner.view()) == user) return {};
    return refusal("wallet_envelope_elsewhere", "the sealed wallet is another user's", "envelope");
}

/// The next revision of this wallet, and nothing else.
Result<void> check_next(const WalletRow& now, const Envelope& next,
                        std::optional<std::int64_t> expected) {
    if (now.kind != WalletKind::self_custody)
        return conflict("wallet_watch_only", "nothing is sealed of a wallet that is only watched");
    ASTRO_TRY(const auto before, envelope_of_text(*now.envelope));
    if (next.subject != before.subject)
        return refusal("wallet_envelope_elsewhere", "the sealed wallet is another one", "envelope");
    if (expected.value_or(now.revision) != now.revision || next.revision != now.revision + 1)
        return conflict("wallet_changed", "it was changed meanwhile: it is at revision " +
                                              std::to_string(now.revision) +
                                              "; read it again, and change that");
    // A change of factors seals nothing anew: so an old copy opens to the same secret.
    if (next.secret != before.secret || next.nonce != before.nonce)
        return refusal("wallet_sealed_anew",
                       "what is sealed stays as it is; only what opens it may "
                       "change",
                       "envelope");
    return {};
}

}  // namespace

std::vector<store::Migration> migrations() {
    return {{"wallets", 1, R"sql(
CREATE TABLE wallets_wallets (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    chain TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    archived BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    envelope TEXT,
    created_ns BIGINT NOT NULL,
    updated_ns BIGINT NOT NULL,
    UNIQUE (user_id, chain, address)
);
CREATE INDEX wallets_wallets_user ON wallets_wallets (user_id, created_ns);
)sql"}};
}

Result<std::vector<WalletView>> WalletBook::list(const std::string& user, bool archived) {
    ASTRO_TRY(const auto rows,
              store::select<WalletRow>(store_, kTable, "WHERE user_id = ? ORDER BY created_ns, id",
                                       {user}));
    std::vector<WalletView> out;
    for (const auto& row : rows) {
        if (row.archived && !archived) continue;
        ASTRO_TRY(auto view, to_view(row));
        out.push_back(std::move(view));
    }
    return out;
}

Result<WalletView> WalletBook::get(const std::string& user, const std::string& wallet) {
    ASTRO_TRY(const auto row, row_of(store_, user, wallet));
    return to_view(row);
}

Result<WalletView> WalletBook::create(const std::string& user, const NewSealedWallet& wanted) {
    ASTRO_CHECK(check_name(wanted.name));
    ASTRO_TRY(const auto envelope, envelope_of_text(wanted.envelope));
    ASTRO_CHECK(check_owner(envelope, user));
    if (envelope.revision != 1)
        return refusal("wallet_revision", "a new wallet is at revision 1", "envelope");
    const WalletRow row = sealed_row(user, wanted, envelope, clock_.now());
    // An answer may have been lost on the way: the same once more is no second wallet.
    if (const auto known = row_of(store_, user, row.id); known && known->envelope == row.envelope)
        return to_view(*known);
    return change({"wallet.created", user, row.id, {{"chain", std::string(enum_name(row.chain))}}},
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(check_new(w, row));
                      return insert(w, row);
                  });
}

Result<WalletView> WalletBook::watch(const std::string& user, const NewWatchedWallet& wanted,
                                     const WalletId& id) {
    ASTRO_CHECK(check_name(wanted.name));
    ASTRO_TRY(const auto address, parse_address(wanted.chain, wanted.address));
    const TimestampNs now = clock_.now();
    const WalletRow row{.id = to_hex(id.view()),
                        .user_id = user,
                        .kind = WalletKind::watch_only,
                        .chain = wanted.chain,
                        .address = address_text(wanted.chain, address),
                        .name = wanted.name,
                        .archived = false,
                        .revision = 0,
                        .envelope = {},
                        .created_ns = now,
                        .updated_ns = now};
    return change({"wallet.watched", user, row.id, {{"chain", std::string(enum_name(row.chain))}}},
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(check_new(w, row));
                      return insert(w, row);
                  });
}

Result<SealedWallet> WalletBook::sealed(const std::string& user, const std::string& wallet) {
    ASTRO_TRY(const auto row, row_of(store_, user, wallet));
    if (!row.envelope)
        return conflict("wallet_watch_only", "nothing is sealed of a wallet that is only watched");
    return SealedWallet{row.id, row.revision, *row.envelope};
}

Result<WalletView> WalletBook::replace(const std::string& user, const std::string& wallet,
                                       const NewEnvelope& wanted,
                                       std::optional<std::int64_t> expected) {
    ASTRO_TRY(const auto envelope, envelope_of_text(wanted.envelope));
    return change(
        {"wallet.rewrapped", user, wallet, {{"revision", std::to_string(envelope.revision)}}},
        [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const auto now, row_of(w, user, wallet));
            ASTRO_CHECK(check_next(now, envelope, expected));
            ASTRO_CHECK(w.execute(
                "UPDATE wallets_wallets SET envelope = ?, revision = ?, "
                "updated_ns = ? WHERE id = ?",
                {wanted.envelope, std::int64_t{envelope.revision}, clock_.now().value(), wallet}));
            return {};
        });
}

Result<WalletView> WalletBook::rename(const std::string& user, const std::string& wallet,
                                      const std::string& name) {
    ASTRO_CHECK(check_name(name));
    return change({"wallet.renamed", user, wallet}, [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(row_of(w, user, wallet));
        ASTRO_CHECK(w.execute("UPDATE wallets_wallets SET name = ?, updated_ns = ? WHERE id = ?",
                              {name, clock_.now().value(), wallet}));
        return {};
    });
}

Result<WalletView> WalletBook::archive(const std::string& user, const std::string& wallet,
                                       bool archived) {
    return change({archived ? "wallet.archived" : "wallet.brought_back", user, wallet},
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(row_of(w, user, wallet));
                      ASTRO_CHECK(w.execute(
                          "UPDATE wallets_wallets SET archived = ?, updated_ns = ? WHERE id = ?",
                          {std::int64_t{archived}, clock_.now().value(), wallet}));
                      return {};
                  });
}

Result<void> WalletBook::tell_export(const std::string& user, const std::string& wallet) {
    return act_({"wallet.exported", user, wallet}, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto row, row_of(w, user, wallet));
        if (row.kind == WalletKind::self_custody) return {};
        return conflict("wallet_watch_only", "nothing is sealed of a wallet that is only watched");
    });
}

Result<std::string> WalletBook::export_of(const std::string& user) {
    ASTRO_TRY(const auto rows,
              store::select<WalletRow>(store_, kTable, "WHERE user_id = ? ORDER BY created_ns, id",
                                       {user}));
    return to_json(rows);
}

Result<void> WalletBook::erase(store::Writer& w, const std::string& user) {
    ASTRO_CHECK(w.execute("DELETE FROM wallets_wallets WHERE user_id = ?", {user}));
    return {};
}

Result<WalletView> WalletBook::change(const Change& change, const Work& work) {
    ASTRO_CHECK(act_(change, work));
    return get(change.user, change.wallet);
}

}  // namespace astro::wallets
