#include "capabilities/exchange/tables.hpp"

namespace astro::exchange {

std::vector<store::Migration> migrations() {
    return {
        // Settings of markets until the journal kept them; taken over when it is begun.
        {"exchange", 1,
         "CREATE TABLE exchange_markets (symbol TEXT PRIMARY KEY, settings TEXT NOT NULL)"},
        {"exchange", 2, R"sql(
CREATE TABLE exchange_orders (
    order_id BIGINT PRIMARY KEY,
    place BIGINT NOT NULL,
    time BIGINT NOT NULL,
    account BIGINT NOT NULL,
    market BIGINT NOT NULL,
    side TEXT NOT NULL,
    leg TEXT NOT NULL,
    reduce_only BIGINT NOT NULL,
    price BIGINT NOT NULL,
    size BIGINT NOT NULL,
    display BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    client_id TEXT,
    trigger_kind TEXT,
    trigger_source TEXT,
    trigger_price BIGINT,
    trail_bps BIGINT,
    status TEXT NOT NULL,
    open_size BIGINT NOT NULL,
    filled BIGINT NOT NULL,
    filled_quote BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    traded BIGINT NOT NULL,
    closed_reason TEXT,
    closed BIGINT,
    placed_id BIGINT,
    refused TEXT,
    changed BIGINT NOT NULL
);
CREATE INDEX exchange_orders_account ON exchange_orders (account, place);
CREATE INDEX exchange_orders_closed ON exchange_orders (traded, closed);
CREATE TABLE exchange_fills (
    place BIGINT NOT NULL,
    account BIGINT NOT NULL,
    maker BIGINT NOT NULL,
    time BIGINT NOT NULL,
    market BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    trade_id BIGINT NOT NULL,
    side TEXT NOT NULL,
    price BIGINT NOT NULL,
    size BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    PRIMARY KEY (place, account, maker)
);
CREATE INDEX exchange_fills_account ON exchange_fills (account, place);
CREATE INDEX exchange_fills_order ON exchange_fills (order_id, place);
CREATE TABLE exchange_trades (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    market BIGINT NOT NULL,
    trade_id BIGINT NOT NULL,
    price BIGINT NOT NULL,
    size BIGINT NOT NULL,
    taker_side TEXT NOT NULL,
    liquidation BOOLEAN NOT NULL
);
CREATE INDEX exchange_trades_market ON exchange_trades (market, place);
CREATE TABLE exchange_realized (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    account BIGINT NOT NULL,
    market BIGINT NOT NULL,
    leg TEXT NOT NULL,
    size BIGINT NOT NULL,
    entry_quote BIGINT NOT NULL,
    realized BIGINT NOT NULL
);
CREATE INDEX exchange_realized_account ON exchange_realized (account, place);
CREATE TABLE exchange_funding_payments (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    account BIGINT NOT NULL,
    market BIGINT NOT NULL,
    leg TEXT NOT NULL,
    received BIGINT NOT NULL
);
CREATE INDEX exchange_funding_payments_account ON exchange_funding_payments (account, place);
CREATE TABLE exchange_liquidations (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    account BIGINT NOT NULL,
    step TEXT NOT NULL,
    collateral BIGINT NOT NULL,
    requirement BIGINT NOT NULL,
    market BIGINT,
    leg TEXT,
    order_id BIGINT,
    side TEXT,
    size BIGINT,
    mark BIGINT,
    value_quote BIGINT,
    fee BIGINT,
    asset BIGINT,
    amount BIGINT,
    paid BIGINT,
    uncovered BIGINT,
    insurance BIGINT
);
CREATE INDEX exchange_liquidations_account ON exchange_liquidations (account, place);
CREATE TABLE exchange_deleveragings (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    market BIGINT NOT NULL,
    account BIGINT NOT NULL,
    against BIGINT NOT NULL,
    side TEXT NOT NULL,
    price BIGINT NOT NULL,
    size BIGINT NOT NULL,
    rank_bps BIGINT NOT NULL
);
CREATE INDEX exchange_deleveragings_against ON exchange_deleveragings (against, place);
CREATE TABLE exchange_transfers (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    account BIGINT NOT NULL,
    asset BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX exchange_transfers_account ON exchange_transfers (account, place);
CREATE TABLE exchange_funding (
    place BIGINT PRIMARY KEY,
    time BIGINT NOT NULL,
    market BIGINT NOT NULL,
    rate BIGINT NOT NULL,
    index_price BIGINT NOT NULL,
    per_base BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    period_end BIGINT NOT NULL
);
CREATE INDEX exchange_funding_market ON exchange_funding (market, place);
CREATE TABLE exchange_prices (
    market BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    index_price BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (market, minute)
);
CREATE TABLE exchange_candles (
    market BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    open_price BIGINT NOT NULL,
    high_price BIGINT NOT NULL,
    low_price BIGINT NOT NULL,
    close_price BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    volume_quote BIGINT NOT NULL,
    trades BIGINT NOT NULL,
    PRIMARY KEY (market, minute)
);
CREATE TABLE exchange_cursor (
    name TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);
)sql"},
        {"exchange", 3,
         "CREATE TABLE exchange_account_seqs (account BIGINT PRIMARY KEY, seq BIGINT NOT NULL)"},
        // Candles of all lengths, with the trades they begin and end with; the index is what short
        // ones are removed by.
        {"exchange", 4, R"sql(
DROP TABLE exchange_candles;
CREATE TABLE exchange_candles (
    market BIGINT NOT NULL,
    length_ms BIGINT NOT NULL,
    start BIGINT NOT NULL,
    open_price BIGINT NOT NULL,
    high_price BIGINT NOT NULL,
    low_price BIGINT NOT NULL,
    close_price BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    volume_quote BIGINT NOT NULL,
    trades BIGINT NOT NULL,
    first_trade BIGINT NOT NULL,
    last_trade BIGINT NOT NULL,
    PRIMARY KEY (market, length_ms, start)
);
CREATE INDEX exchange_candles_short ON exchange_candles (length_ms, start)
    WHERE length_ms < 3600000;
)sql"},
        {"exchange", 5, R"sql(
CREATE TABLE exchange_equity (
    account BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    time BIGINT NOT NULL,
    equity BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    collateral BIGINT NOT NULL,
    requirement BIGINT NOT NULL,
    PRIMARY KEY (account, bucket)
);
CREATE INDEX exchange_equity_bucket ON exchange_equity (bucket);
CREATE TABLE exchange_state_requests (
    id BIGINT PRIMARY KEY,
    market TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    decided_by TEXT,
    decided BIGINT,
    note TEXT NOT NULL
);
)sql"},
    };
}

}  // namespace astro::exchange
