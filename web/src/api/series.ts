import { get, toQuery } from './client';

/** Series of trades (docs/market.md): "SOL-PERP" of the venue, "binance_spot:BTCUSDT" of a foreign exchange. */

export interface Candle {
  /** Milliseconds since 1970. */
  start: number;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  value: string;
  trades: number;
  first_trade: string;
  last_trade: string;
}

export interface CandlesAnswer {
  symbol: string;
  interval: string;
  /** Oldest first. */
  candles: Candle[];
  next: number | null;
}

export interface SeriesTicker {
  symbol: string;
  source: string;
  label: 'live' | 'replay' | 'synthetic';
  simulated: boolean;
  last: string;
}

export interface IndicatorsAnswer {
  symbol: string;
  interval: string;
  warm_up: number;
  starts: number[];
  indicators: { name: string; values: (number | null)[] }[];
}

export interface CandlesQuery {
  symbol: string;
  interval: string;
  from?: number;
  to?: number;
  limit?: number;
}

const root = '/api/v1/market';

export const series = {
  candles: (query: CandlesQuery, signal?: AbortSignal) => get<CandlesAnswer>(`${root}/candles`, { ...query }, signal),
  indicators: (query: CandlesQuery & { indicators: string }, signal?: AbortSignal) => get<IndicatorsAnswer>(`${root}/indicators`, { ...query }, signal),
  tickers: (signal?: AbortSignal) => get<{ tickers: SeriesTicker[] }>(`${root}/tickers`, {}, signal),
  /** The same as CSV, at most 100,000 rows. */
  csvPath: (query: CandlesQuery) => `${root}/candles/export${toQuery({ ...query })}`,
};

/** Of a foreign exchange; what the venue trades has its own channels and settings. */
export const isForeign = (symbol: string): boolean => symbol.includes(':');
