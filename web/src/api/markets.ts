import { get, send } from './client';

export const kMarketStates = ['pre_open', 'open', 'reduce_only', 'halted', 'settling', 'closed'] as const;
export type MarketState = (typeof kMarketStates)[number];
export const kFundingFormulas = ['drift', 'dydx', 'hyperliquid', 'binance'] as const;

/** Settings of one market. Prices, sizes and amounts are decimal text, all else are whole numbers. */
export interface Market {
  symbol: string;
  base_asset: string;
  quote_asset: string;
  state: MarketState;
  /** Of these settings; a change sends the one it has read. */
  version: number;

  tick_size: string;
  price_max: string;
  lot_size: string;
  order_size_min: string;
  order_size_max: string;
  position_max: string;
  open_interest_max: string;
  order_notional_min: string;
  order_notional_max: string;

  initial_margin_bps: number;
  maintenance_margin_bps: number;
  imf_factor_ppm: number;
  unrealized_gain_initial_bps: number;

  maker_fee_ppm: number;
  taker_fee_ppm: number;
  liquidation_fee_ppm: number;
  insurance_fee_ppm: number;

  price_band_bps: number;
  pre_open_band_bps: number;
  reduce_only_band_bps: number;
  mark_band_bps: number;
  market_band_bps: number;

  funding_formula: (typeof kFundingFormulas)[number];
  funding_period_s: number;
  funding_sample_s: number;
  funding_interest_ppm: number;
  funding_clamp_ppm: number;
  funding_cap_ppm: number;
  impact_notional: string;

  oracle_stale_ms: number;
  oracle_confidence_bps: number;
  oracle_volatility_bps: number;
  oracle_divergence_bps: number;

  liquidation_buffer_bps: number;
  liquidation_band_bps: number;
  liquidation_step_bps: number;
  auction_ms: number;
}

const root = '/api/v1/exchange/markets';

export const exchange = {
  markets: (signal?: AbortSignal) => get<{ markets: Market[] }>(root, {}, signal),
  putMarket: (market: Market) => send<Market>('PUT', `${root}/${encodeURIComponent(market.symbol)}`, market),
};
