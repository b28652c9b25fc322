#include "capabilities/mev/rows.hpp"

namespace astro::mev {

std::vector<store::Migration> migrations() {
    // Documents stand apart from the columns: a scan of a filter then reads 200 bytes a row, not 4
    // kB.
    return {{"mev", 1, R"sql(
CREATE TABLE mev_opportunities (
    seq BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    profitable BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    seen_slot BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    stored_ms BIGINT NOT NULL,
    net_lamports BIGINT,
    gain_lamports BIGINT NOT NULL,
    tip_lamports BIGINT NOT NULL,
    fee_lamports BIGINT NOT NULL,
    victim_loss_lamports BIGINT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    leader TEXT,
    synthetic BIGINT NOT NULL
);
CREATE INDEX mev_opportunities_kind ON mev_opportunities (kind, seq);
CREATE INDEX mev_opportunities_time ON mev_opportunities (time_ms);
CREATE INDEX mev_opportunities_slot ON mev_opportunities (slot);
CREATE INDEX mev_opportunities_seen_slot ON mev_opportunities (seen_slot);
CREATE INDEX mev_opportunities_leader ON mev_opportunities (leader, seq);
CREATE TABLE mev_opportunity_documents (
    seq BIGINT PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE mev_opportunity_keys (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    seq BIGINT NOT NULL,
    amount BIGINT,
    PRIMARY KEY (name, value, seq)
);
CREATE INDEX mev_opportunity_keys_seq ON mev_opportunity_keys (seq);
CREATE TABLE mev_swaps (
    seq BIGINT PRIMARY KEY,
    slot BIGINT NOT NULL,
    signature TEXT NOT NULL,
    ix_index BIGINT NOT NULL,
    inner_index BIGINT NOT NULL,
    protocol TEXT NOT NULL,
    pool TEXT NOT NULL,
    trader TEXT NOT NULL,
    mint_in TEXT NOT NULL,
    mint_out TEXT NOT NULL,
    verified BIGINT NOT NULL,
    stored_ms BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (signature, ix_index, inner_index, slot)
);
CREATE INDEX mev_swaps_slot ON mev_swaps (slot);
CREATE INDEX mev_swaps_pool ON mev_swaps (pool, seq);
CREATE INDEX mev_swaps_trader ON mev_swaps (trader, seq);
CREATE INDEX mev_swaps_mint_in ON mev_swaps (mint_in, seq);
CREATE INDEX mev_swaps_mint_out ON mev_swaps (mint_out, seq);
CREATE TABLE mev_slots (
    slot BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    stored_ms BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX mev_slots_seq ON mev_slots (seq);
CREATE TABLE mev_leaders (
    leader TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    slots BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    sandwiches BIGINT NOT NULL,
    arbitrages BIGINT NOT NULL,
    liquidations BIGINT NOT NULL,
    profit_lamports BIGINT NOT NULL,
    tips_lamports BIGINT NOT NULL
);
CREATE TABLE mev_streams (
    stream TEXT PRIMARY KEY,
    last_seq BIGINT NOT NULL
);
CREATE TABLE mev_cursors (
    feed TEXT NOT NULL,
    position BIGINT NOT NULL,
    cursor_text TEXT NOT NULL,
    PRIMARY KEY (feed, position)
);
CREATE TABLE mev_run (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
)sql"}};
}

}  // namespace astro::mev
