// What outlives a run beside the findings: cursors, the streams' seqs, and the newest events.
#include <algorithm>

#include "capabilities/mev/rows.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev {
namespace {

using store::Row;
using store::Store;
using store::to_int;
using store::Writer;

std::uint64_t to_seq(const store::Value& value) {
    return static_cast<std::uint64_t>(to_int(value));
}

EventPtr stored_event(std::string_view stream, const Row& row, Tags tags) {
    return std::make_shared<Event>(
        Event{std::string(stream), to_seq(row[0]), TimestampNs{to_int(row[1]) * 1'000'000},
              std::string(stream), store::to_string(row[2]), std::move(tags)});
}

using KeysBySeq = std::map<std::int64_t, std::vector<FindingKey>>;

Result<KeysBySeq> load_keys(Store& store, std::int64_t from_seq) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT seq, name, value FROM mev_opportunity_keys WHERE seq >= ?",
                          {from_seq}));
    KeysBySeq out;
    for (const auto& row : rows)
        out[to_int(row[0])].push_back({store::to_string(row[1]), store::to_string(row[2])});
    return out;
}

FindingColumns columns_of(const Row& row) {
    FindingColumns c;
    (void)enum_from_name(store::to_string(row[3]), c.kind);
    (void)enum_from_name(store::to_string(row[4]), c.status);
    c.profitable = to_int(row[5]) != 0;
    c.slot = Slot{to_seq(row[6])};
    if (!store::is_null(row[7])) c.net_lamports = Lamports{to_int(row[7])};
    c.confidence = std::get<double>(row[8]);
    if (!store::is_null(row[9])) c.leader = store::to_string(row[9]);
    c.synthetic = to_int(row[10]) != 0;
    return c;
}

Result<std::vector<EventPtr>> load_findings(Store& store, std::size_t count) {
    ASTRO_TRY(auto rows,
              store.query("SELECT o.seq, o.stored_ms, d.document, o.kind, o.status, o.profitable, "
                          "o.slot, o.net_lamports, o.confidence, o.leader, o.synthetic "
                          "FROM mev_opportunities o JOIN mev_opportunity_documents d "
                          "ON d.seq = o.seq ORDER BY o.seq DESC LIMIT ?",
                          {static_cast<std::int64_t>(count)}));
    std::vector<EventPtr> events;
    if (rows.empty()) return events;
    std::ranges::reverse(rows);
    ASTRO_TRY(auto keys, load_keys(store, to_int(rows[0][0])));
    for (const auto& row : rows)
        events.push_back(
            stored_event("mev.opportunity", row, tags_of(columns_of(row), keys[to_int(row[0])])));
    return events;
}

Result<void> load_slots(Store& store, std::size_t count, StoredState& state) {
    ASTRO_TRY(auto rows, store.query("SELECT seq, stored_ms, document, slot FROM mev_slots "
                                     "ORDER BY seq DESC LIMIT ?",
                                     {static_cast<std::int64_t>(count)}));
    std::ranges::reverse(rows);
    for (const auto& row : rows) {
        state.slots.push_back(Slot{to_seq(row[3])});
        state.slot_events.push_back(stored_event("mev.slot", row, {}));
    }
    std::ranges::sort(state.slots);
    return {};
}

Result<void> load_leaders(Store& store, StoredState& state) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT seq, leader, slots, findings, sandwiches, arbitrages, "
                          "liquidations, profit_lamports, tips_lamports FROM mev_leaders "
                          "ORDER BY seq"));
    for (const auto& row : rows) {
        LeaderTotals totals{store::to_string(row[1]), to_seq(row[2]),          to_seq(row[3]),
                            to_seq(row[4]),           to_seq(row[5]),          to_seq(row[6]),
                            Lamports{to_int(row[7])}, Lamports{to_int(row[8])}};
        state.leaders.emplace_back(to_seq(row[0]), std::move(totals));
    }
    return {};
}

Result<void> mark_clean(Writer& w, bool clean) {
    ASTRO_CHECK(
        w.execute("INSERT INTO mev_run (name, value) VALUES ('clean', ?) "
                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  {std::int64_t{clean ? 1 : 0}}));
    return {};
}

}  // namespace

Result<void> save_cursor(Writer& w, std::string_view feed, std::string_view cursor) {
    const std::string name(feed);
    ASTRO_TRY(const auto last,
              w.query("SELECT COALESCE(MAX(position), 0) FROM mev_cursors WHERE feed = ?", {name}));
    const auto position = to_int(last[0][0]) + 1;
    ASTRO_CHECK(w.execute("INSERT INTO mev_cursors (feed, position, cursor_text) VALUES (?, ?, ?)",
                          {name, position, std::string(cursor)}));
    ASTRO_CHECK(w.execute("DELETE FROM mev_cursors WHERE feed = ? AND position <= ?",
                          {name, position - static_cast<std::int64_t>(kCursorsKept)}));
    return {};
}

Result<void> drop_newest_cursor(Writer& w) {
    ASTRO_CHECK(
        w.execute("DELETE FROM mev_cursors WHERE position = (SELECT MAX(c.position) FROM "
                  "mev_cursors c WHERE c.feed = mev_cursors.feed)"));
    return {};
}

Result<std::string> resume_at_cursor(Store& store, std::string_view feed) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT cursor_text, position FROM mev_cursors WHERE feed = ? ORDER BY "
                          "position LIMIT 1",
                          {std::string(feed)}));
    if (rows.empty()) return std::string();
    // What comes after it is gone through again and saved again. Were it kept, a run that ends soon
    // would push out the oldest, and the next would begin with too few blocks behind it.
    const auto dropped = store.write([&](Writer& w) -> Result<void> {
        ASTRO_CHECK(w.execute("DELETE FROM mev_cursors WHERE feed = ? AND position > ?",
                              {std::string(feed), rows[0][1]}));
        return {};
    });
    ASTRO_CHECK(dropped);
    return store::to_string(rows[0][0]);
}

Result<void> begin_run(Writer& w, const std::map<std::string, std::uint64_t, std::less<>>& seqs) {
    for (const auto& [stream, seq] : seqs) ASTRO_CHECK(save_stream_seq(w, stream, seq));
    return mark_clean(w, false);
}

Result<void> end_run(Writer& w) {
    return mark_clean(w, true);
}

Result<StoredState> load_state(Store& store, std::size_t events) {
    StoredState state;
    ASTRO_TRY(const auto run, store.query("SELECT value FROM mev_run WHERE name = 'clean'"));
    state.clean = run.empty() || to_int(run[0][0]) != 0;
    ASTRO_TRY(const auto seqs, store.query("SELECT stream, last_seq FROM mev_streams"));
    for (const auto& row : seqs) state.stream_seqs[store::to_string(row[0])] = to_seq(row[1]);
    ASTRO_TRY(state.findings, load_findings(store, events));
    ASTRO_CHECK(load_slots(store, events, state));
    ASTRO_CHECK(load_leaders(store, state));
    return state;
}

}  // namespace astro::mev
