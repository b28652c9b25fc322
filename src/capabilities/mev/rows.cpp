#include "capabilities/mev/rows.hpp"

#include <algorithm>
#include <set>

#include "foundation/base/json.hpp"
#include "foundation/store/rows.hpp"

namespace astro::mev {
namespace {

using store::Row;
using store::Value;
using store::Writer;

constexpr std::int64_t kMillisecond = 1'000'000;          // ns
constexpr std::int64_t kGainMax = 1'000'000'000'000'000;  // lamports: 1,000,000 SOL
constexpr std::int64_t kPruneRows = 5'000;                // a table, a call

std::int64_t to_ms(TimestampNs t) {
    return t.value() / kMillisecond;
}
std::int64_t to_i64(std::uint64_t n) {
    return static_cast<std::int64_t>(n);
}
Lamports held(Lamports value) {
    return Lamports{std::clamp(value.value(), -kGainMax, kGainMax)};
}

Lamports counted_gain(const Finding& finding) {
    const bool happened = finding.status != FindingStatus::open;
    return happened && finding.net_lamports ? held(*finding.net_lamports) : Lamports{0};
}

Lamports victims_loss(const Finding& finding) {
    Lamports sum{0};
    for (const auto& loss : finding.losses)
        if (loss.loss_lamports) sum = held(sum + held(*loss.loss_lamports));
    return sum;
}

/// Keys in order, each (name, value) once.
class KeyCollector {
  public:
    void add(std::string_view name, std::string value, std::optional<Lamports> amount = {}) {
        if (value.empty()) return;
        if (seen_.emplace(std::string(name), value).second)
            keys_.push_back({std::string(name), std::move(value), amount});
    }
    void add(std::string_view name, const Pubkey& key, std::optional<Lamports> amount = {}) {
        if (!key.is_zero()) add(name, to_text(key), amount);
    }
    std::vector<FindingKey> take() { return std::move(keys_); }

  private:
    std::set<std::pair<std::string, std::string>> seen_;
    std::vector<FindingKey> keys_;
};

std::vector<FindingKey> keys_of(const Finding& finding) {
    KeyCollector keys;
    keys.add("actor", finding.actor);
    for (const auto& wallet : finding.cluster) keys.add("actor", wallet);
    for (const auto& signature : finding.signatures) keys.add("signature", to_text(signature));
    for (const auto& signature : finding.victims) keys.add("victim_signature", to_text(signature));
    std::map<Pubkey, Lamports> losses;
    for (const auto& loss : finding.losses) {
        Lamports& sum = losses[loss.trader];
        if (loss.loss_lamports) sum = held(sum + held(*loss.loss_lamports));
    }
    for (const auto& [trader, loss] : losses) keys.add("victim", trader, loss);
    for (const auto& pool : finding.pools) keys.add("pool", pool);
    keys.add("mint", finding.start_mint);
    keys.add("protocol", finding.protocol);
    for (const auto& leg : finding.legs) {
        keys.add("mint", leg.mint_in);
        keys.add("mint", leg.mint_out);
        keys.add("pool", leg.pool);
        keys.add("protocol", leg.protocol);
        if (leg.role == LegRole::victim) keys.add("victim", leg.trader);
    }
    return keys.take();
}

/// The name that filters know a key by.
std::string_view tag_name(std::string_view key) {
    if (key == "actor" || key == "victim") return "wallet";
    return key == "victim_signature" ? "signature" : key;
}

Result<void> delete_findings(Writer& w, std::string_view condition, const Row& values) {
    const std::string which =
        " WHERE seq IN (SELECT seq FROM mev_opportunities WHERE " + std::string(condition) + ")";
    ASTRO_CHECK(w.execute("DELETE FROM mev_opportunity_documents" + which, values));
    ASTRO_CHECK(w.execute("DELETE FROM mev_opportunity_keys" + which, values));
    ASTRO_CHECK(w.execute("DELETE FROM mev_opportunities WHERE " + std::string(condition), values));
    return {};
}

Result<void> save_findings(Writer& w, const std::vector<FindingRow>& findings) {
    static const auto kInsert = store::insert_sql<FindingColumns>("mev_opportunities");
    constexpr std::string_view kInsertDocument =
        "INSERT INTO mev_opportunity_documents (seq, document) VALUES (?, ?)";
    constexpr std::string_view kInsertKey =
        "INSERT INTO mev_opportunity_keys (name, value, seq, amount) VALUES (?, ?, ?, ?)";
    std::vector<Row> keys;
    for (const auto& finding : findings) {
        // The same id told again replaces what was said before.
        ASTRO_CHECK(delete_findings(w, "id = ?", {finding.columns.id}));
        ASTRO_CHECK(w.execute(kInsert, store::to_row(finding.columns)));
        const auto seq = to_i64(finding.columns.seq);
        ASTRO_CHECK(w.execute(kInsertDocument, {seq, finding.event->payload}));
        keys.clear();
        for (const auto& key : finding.keys)
            keys.push_back({key.name, key.value, seq, store::to_value(key.amount)});
        ASTRO_CHECK(w.execute_many(kInsertKey, keys));
    }
    return {};
}

Result<void> save_leader(Writer& w, const LeaderTotals& totals, std::uint64_t seq) {
    ASTRO_CHECK(w.execute("DELETE FROM mev_leaders WHERE leader = ?", {totals.leader}));
    auto row = store::to_row(totals);
    row.emplace_back(to_i64(seq));
    ASTRO_CHECK(
        w.execute("INSERT INTO mev_leaders (leader, slots, findings, sandwiches, arbitrages, "
                  "liquidations, profit_lamports, tips_lamports, seq) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  row));
    return {};
}

/// The seq below which rows of `table` go: older than the age, or beyond the count.
Result<std::int64_t> prune_below(Writer& w, const std::string& table, std::int64_t rows_max,
                                 std::int64_t oldest_ms) {
    std::int64_t below = 0;
    ASTRO_TRY(
        const auto nth,
        w.query("SELECT seq FROM " + table + " ORDER BY seq DESC LIMIT 1 OFFSET ?", {rows_max}));
    if (!nth.empty()) below = store::to_int(nth[0][0]) + 1;
    // Rows are stored in order of seq, so age only has to be looked at from the old end.
    ASTRO_TRY(
        const auto oldest,
        w.query("SELECT seq, stored_ms FROM " + table + " ORDER BY seq LIMIT ?", {kPruneRows}));
    std::int64_t last = 0;
    for (const auto& row : oldest) {
        last = store::to_int(row[0]) + 1;
        if (store::to_int(row[1]) < oldest_ms) below = std::max(below, last);
    }
    return std::min(below, last);
}

}  // namespace

FindingRow row_of(const Finding& finding, Slot seen_slot, TimestampNs now) {
    FindingRow row;
    auto& c = row.columns;
    c.id = finding.id;
    c.kind = finding.kind;
    c.status = finding.status;
    c.profitable = finding.profitable;
    c.slot = finding.slot;
    c.seen_slot = seen_slot;
    c.time_ms = to_ms(finding.time.value_or(now));
    c.stored_ms = to_ms(now);
    c.net_lamports = finding.net_lamports;
    c.gain_lamports = counted_gain(finding);
    const bool happened = finding.status != FindingStatus::open;
    c.tip_lamports = happened ? held(finding.tip_lamports) : Lamports{0};
    c.fee_lamports = happened ? held(finding.fee_lamports) : Lamports{0};
    c.victim_loss_lamports = victims_loss(finding);
    c.confidence = finding.confidence;
    if (finding.leader) c.leader = to_text(*finding.leader);
    c.synthetic = !finding.synthetic.empty();
    row.keys = keys_of(finding);
    return row;
}

Tags tags_of(const FindingColumns& c, const std::vector<FindingKey>& keys) {
    Tags tags{{"kind", std::string(enum_name(c.kind))},
              {"status", std::string(enum_name(c.status))},
              {"profitable", c.profitable ? "true" : "false"},
              {"slot", std::to_string(c.slot.value())},
              {"confidence", to_json(c.confidence)},
              {"synthetic", c.synthetic ? "true" : "false"}};
    if (c.net_lamports) tags.emplace_back("net_lamports", std::to_string(c.net_lamports->value()));
    if (c.leader) tags.emplace_back("leader", *c.leader);
    for (const auto& key : keys) tags.emplace_back(tag_name(key.name), key.value);
    return tags;
}

Tags tags_of(const solana::SwapRow& swap) {
    return {{"protocol", std::string(enum_name(swap.protocol))},
            {"pool", to_text(swap.pool)},
            {"mint", to_text(swap.mint_in)},
            {"mint", to_text(swap.mint_out)},
            {"trader", to_text(swap.trader)},
            {"signature", to_text(swap.signature)},
            {"verified", swap.verified ? "true" : "false"},
            {"slot", std::to_string(swap.slot.value())}};
}

Result<void> save_stream_seq(Writer& w, std::string_view stream, std::uint64_t seq) {
    ASTRO_CHECK(
        w.execute("INSERT INTO mev_streams (stream, last_seq) VALUES (?, ?) "
                  "ON CONFLICT (stream) DO UPDATE SET last_seq = excluded.last_seq",
                  {std::string(stream), to_i64(seq)}));
    return {};
}

Result<void> save_block(Writer& w, const BlockRows& rows) {
    static const auto kInsertSwap =
        store::insert_sql<SwapColumns>("mev_swaps") + " ON CONFLICT DO NOTHING";
    for (const auto& id : rows.superseded) ASTRO_CHECK(delete_findings(w, "id = ?", {id}));
    ASTRO_CHECK(save_findings(w, rows.findings));
    std::vector<Row> swaps;
    swaps.reserve(rows.swaps.size());
    for (const auto& swap : rows.swaps) swaps.push_back(store::to_row(swap));
    ASTRO_CHECK(w.execute_many(kInsertSwap, swaps));
    ASTRO_CHECK(
        w.execute("INSERT INTO mev_slots (slot, seq, stored_ms, document) "
                  "VALUES (?, ?, ?, ?) ON CONFLICT (slot) DO UPDATE SET seq = excluded.seq, "
                  "stored_ms = excluded.stored_ms, document = excluded.document",
                  {to_i64(rows.slot.value()), to_i64(rows.slot_event->seq), rows.stored_ms,
                   rows.slot_event->payload}));
    ASTRO_CHECK(save_stream_seq(w, "mev.slot", rows.slot_event->seq));
    if (rows.leader) {
        ASTRO_CHECK(save_leader(w, *rows.leader, rows.leader_seq));
        ASTRO_CHECK(save_stream_seq(w, "mev.leader", rows.leader_seq));
    }
    if (!rows.findings.empty())
        ASTRO_CHECK(save_stream_seq(w, "mev.opportunity", rows.findings.back().columns.seq));
    if (!rows.swaps.empty()) ASTRO_CHECK(save_stream_seq(w, "mev.swap", rows.swaps.back().seq));
    return {};
}

Result<void> withdraw_slot(Writer& w, Slot slot) {
    const auto number = to_i64(slot.value());
    ASTRO_CHECK(delete_findings(w, "slot = ? OR seen_slot = ?", {number, number}));
    ASTRO_CHECK(w.execute("DELETE FROM mev_swaps WHERE slot = ?", {number}));
    ASTRO_CHECK(w.execute("DELETE FROM mev_slots WHERE slot = ?", {number}));
    return {};
}

Result<void> prune(Writer& w, const Retention& retention, TimestampNs now) {
    const auto oldest_ms = to_ms(now) - retention.hours * 3'600'000;
    ASTRO_TRY(const auto findings,
              prune_below(w, "mev_opportunities", retention.findings_max, oldest_ms));
    ASTRO_CHECK(delete_findings(w, "seq < ?", {findings}));
    ASTRO_TRY(const auto swaps, prune_below(w, "mev_swaps", retention.swaps_max, oldest_ms));
    ASTRO_CHECK(w.execute("DELETE FROM mev_swaps WHERE seq < ?", {swaps}));
    ASTRO_TRY(const auto slots, prune_below(w, "mev_slots", retention.slots_max, oldest_ms));
    ASTRO_CHECK(w.execute("DELETE FROM mev_slots WHERE seq < ?", {slots}));
    ASTRO_TRY(const auto leaders, w.query("SELECT seq FROM mev_leaders ORDER BY seq DESC LIMIT 1 "
                                          "OFFSET ?",
                                          {retention.leaders_max}));
    if (!leaders.empty())
        ASTRO_CHECK(w.execute("DELETE FROM mev_leaders WHERE seq <= ?", {leaders[0][0]}));
    return {};
}

}  // namespace astro::mev
