#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "chains/solana/commands.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/store/store.hpp"

/// The tables of this capability and what goes into them: documents as they were published, beside
/// the columns and keys that filters look at. `seq` is that of the event, so that a stream goes on
/// over restarts.
namespace astro::mev {

[[nodiscard]] std::vector<store::Migration> migrations();

/// What a finding is filtered and summed by. Times are milliseconds since 1970.
struct FindingColumns {
    std::uint64_t seq = 0;
    std::string id;
    FindingKind kind{};
    FindingStatus status{};
    bool profitable = false;
    Slot slot;
    Slot seen_slot;  ///< of the block that completed it; decides what a fork withdraws
    std::int64_t time_ms = 0;
    std::int64_t stored_ms = 0;
    std::optional<Lamports> net_lamports;
    Lamports gain_lamports;  ///< counted in sums: net when it happened and has a price, held to
                             ///< ± 1,000,000 SOL so that no sum overflows
    Lamports tip_lamports, fee_lamports, victim_loss_lamports;
    double confidence = 0;
    std::optional<std::string> leader;
    bool synthetic = false;
};
BOOST_DESCRIBE_STRUCT(FindingColumns, (),
                      (seq, id, kind, status, profitable, slot, seen_slot, time_ms, stored_ms,
                       net_lamports, gain_lamports, tip_lamports, fee_lamports,
                       victim_loss_lamports, confidence, leader, synthetic))

/// A value that findings are looked up by: names "actor", "victim", "pool", "mint", "protocol",
/// "signature", "victim_signature". `amount`: a victim's own loss in lamports.
struct FindingKey {
    std::string name, value;
    std::optional<Lamports> amount{};
};

struct FindingRow {
    FindingColumns columns;
    std::vector<FindingKey> keys;
    EventPtr event;       ///< its payload is the document
    bool retold = false;  ///< the id was told before: this replaces it
};

/// Without seq: that is known once it is published.
[[nodiscard]] FindingRow row_of(const Finding& finding, Slot seen_slot, TimestampNs now);

using Tags = std::vector<std::pair<std::string, std::string>>;
/// What the live channel's filters see of a finding; the same whether fresh or stored.
[[nodiscard]] Tags tags_of(const FindingColumns& columns, const std::vector<FindingKey>& keys);
[[nodiscard]] Tags tags_of(const solana::SwapRow& swap);

struct SwapColumns {
    std::uint64_t seq = 0;
    Slot slot;
    Signature signature;
    std::uint16_t ix_index = 0;
    std::int16_t inner_index = -1;
    solana::Protocol protocol{};
    Pubkey pool, trader, mint_in, mint_out;
    bool verified = false;
    std::int64_t stored_ms = 0;
    std::string document;
};
BOOST_DESCRIBE_STRUCT(SwapColumns, (),
                      (seq, slot, signature, ix_index, inner_index, protocol, pool, trader, mint_in,
                       mint_out, verified, stored_ms, document))

/// What channel `mev.slot` carries: one a block, and one more when the chain drops it.
struct SlotSummary {
    Slot slot, parent_slot;
    std::optional<Pubkey> leader{};
    std::optional<TimestampNs> time{};
    std::uint64_t transactions = 0, swaps = 0, findings = 0;
    std::string label{};      ///< "live", "replay", "synthetic"
    std::string synthetic{};  ///< empty for real chain data; else what made it
    double processing_ms = 0;
    bool orphaned =
        false;  ///< the chain went another way: what was found in this slot is withdrawn
};
BOOST_DESCRIBE_STRUCT(SlotSummary, (),
                      (slot, parent_slot, leader, time, transactions, swaps, findings, label,
                       synthetic, processing_ms, orphaned))

/// What channel `mev.leader` carries: a leader's running totals.
struct LeaderTotals {
    std::string leader;
    std::uint64_t slots = 0, findings = 0, sandwiches = 0, arbitrages = 0, liquidations = 0;
    Lamports profit_lamports{}, tips_lamports{};
};
BOOST_DESCRIBE_STRUCT(LeaderTotals, (),
                      (leader, slots, findings, sandwiches, arbitrages, liquidations,
                       profit_lamports, tips_lamports))

/// All that one block adds.
struct BlockRows {
    Slot slot;
    std::int64_t stored_ms = 0;
    std::vector<FindingRow> findings;
    std::vector<std::string> superseded;
    std::vector<SwapColumns> swaps;
    EventPtr slot_event;
    std::optional<LeaderTotals> leader;
    std::uint64_t leader_seq = 0;
};

/// Each writes within the caller's transaction; saving the same block twice changes nothing.
[[nodiscard]] Result<void> save_block(store::Writer& writer, const BlockRows& rows);
[[nodiscard]] Result<void> save_stream_seq(store::Writer& writer, std::string_view stream,
                                           std::uint64_t seq);
/// Removes what block `slot` brought.
[[nodiscard]] Result<void> withdraw_slot(store::Writer& writer, Slot slot);

/// How much is kept; what exceeds either bound goes, the oldest first.
struct Retention {
    std::int64_t hours = 24 * 7;
    std::int64_t findings_max = 100'000;
    std::int64_t swaps_max = 200'000;
    std::int64_t slots_max = 100'000;
    std::int64_t leaders_max = 4'000;
};
/// Removes at most some thousands of rows a call, so that it never takes long.
[[nodiscard]] Result<void> prune(store::Writer& writer, const Retention& retention,
                                 TimestampNs now);

/// A feed's last cursors are kept, newest last; on a restart the feed begins some blocks back, so
/// that detectors have seen their window when the first new block comes.
inline constexpr std::size_t kCursorsKept = 16;
[[nodiscard]] Result<void> save_cursor(store::Writer& writer, std::string_view feed,
                                       std::string_view cursor);
/// The chain dropped the last block: so is its cursor, of every feed.
[[nodiscard]] Result<void> drop_newest_cursor(store::Writer& writer);
[[nodiscard]] Result<std::string> resume_at_cursor(store::Store& store, std::string_view feed);

/// What a restart begins with.
struct StoredState {
    std::map<std::string, std::uint64_t, std::less<>> stream_seqs;
    bool clean = true;  ///< the last run ended in order: nothing was published that is not stored
    std::vector<Slot> slots;                                      ///< newest, ascending
    std::vector<EventPtr> findings, slot_events;                  ///< newest, oldest first
    std::vector<std::pair<std::uint64_t, LeaderTotals>> leaders;  ///< with seq, ascending by it
};
[[nodiscard]] Result<StoredState> load_state(store::Store& store, std::size_t events);
/// From here to end_run() seqs may be given out that are not stored; the run begins after `seqs`.
[[nodiscard]] Result<void> begin_run(store::Writer& writer,
                                     const std::map<std::string, std::uint64_t, std::less<>>& seqs);
/// All that was published is stored.
[[nodiscard]] Result<void> end_run(store::Writer& writer);

}  // namespace astro::mev
