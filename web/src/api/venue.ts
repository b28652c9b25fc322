import { get } from './client';
import type { Market, MarketState } from './markets';

/** The venue's public data (docs/exchange_api.md). Prices, sizes and money are decimal text, times milliseconds. */

export interface BookLevel {
  price: string;
  size: string;
}

export interface BookSnapshot {
  market: string;
  seq: number;
  time: number;
  checksum: number;
  bids: BookLevel[];
  asks: BookLevel[];
}

export interface BookDelta extends BookSnapshot {
  prev_seq: number;
}

export interface PublicTrade {
  trade: string;
  market: string;
  seq: number;
  time: number;
  price: string;
  size: string;
  side: 'buy' | 'sell';
  liquidation: boolean;
}

export const kOracleVerdicts = ['non_positive', 'too_volatile', 'too_uncertain', 'stale', 'insufficient_sources', 'divergent', 'aging', 'valid'] as const;
export type OracleVerdict = (typeof kOracleVerdicts)[number];

export interface Ticker {
  market: string;
  seq: number;
  time: number;
  state: MarketState;
  index: string;
  mark: string;
  last: string;
  best_bid: string | null;
  best_ask: string | null;
  oracle: OracleVerdict;
  funding_rate: string;
  funding_rate_last: string;
  funding_at: number;
  open_interest: string;
  open_24h: string;
  high_24h: string;
  low_24h: string;
  change_24h_bps: number;
  volume_24h: string;
  value_24h: string;
  trades_24h: number;
}

export type LiquidationKind = 'liquidation' | 'deleveraging' | 'backstop' | 'collateral_sale' | 'deficit' | 'socialized_loss';

export interface LiquidationNotice {
  kind: LiquidationKind;
  seq: number;
  time: number;
  market: string | null;
  side: 'buy' | 'sell' | null;
  price: string | null;
  mark: string | null;
  size: string | null;
  value: string | null;
  fee: string | null;
  collateral: string | null;
  requirement: string | null;
  rank: number | null;
  asset: string | null;
  paid: string | null;
  uncovered: string | null;
  insurance: string | null;
}

export interface MarketAnswer {
  simulated: boolean;
  settings: Market;
  ticker: Ticker;
}

const root = '/api/v1/exchange';

export const venue = {
  market: (symbol: string, signal?: AbortSignal) => get<MarketAnswer>(`${root}/markets/${encodeURIComponent(symbol)}`, {}, signal),
  trades: (symbol: string, limit: number, signal?: AbortSignal) => get<{ trades: PublicTrade[] }>(`${root}/trades`, { market: symbol, limit }, signal),
  liquidations: (symbol: string, limit: number, signal?: AbortSignal) =>
    get<{ liquidations: LiquidationNotice[] }>(`${root}/liquidations`, { market: symbol, limit }, signal),
  tickers: (signal?: AbortSignal) => get<{ simulated: boolean; tickers: Ticker[] }>(`${root}/tickers`, {}, signal),
};
