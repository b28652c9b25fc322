import { get, send } from './client';

/** Risk and portfolio (docs/risk.md). Money is decimal text; changes are parts per million. */

export interface Standing {
  account: number;
  equity: string;
  collateral: string;
  requirement: string;
  margin_ratio_ppm: number | null;
  liquidated: boolean;
}
export interface AssetExposure {
  asset: string;
  delta: string;
  long_notional: string;
  short_notional: string;
  collateral_value: string;
}
export interface Exposure {
  gross: string;
  net: string;
  assets: AssetExposure[];
}
export interface TailRisk {
  confidence_ppm: number;
  hours: number;
  spans: number;
  tail: number;
  value_at_risk: string;
  expected_shortfall: string;
  worst: string;
}
export interface MarketShock {
  market: string;
  change_ppm: number;
  index: string;
  mark: string;
}
export interface AccountRisk {
  seq: number;
  time_ms: number;
  now: Standing;
  exposure: Exposure;
  grid: { change_ppm: number; standing: Standing }[];
  crashes: { crash: string; hours: number; standing: Standing }[];
  tail: TailRisk[];
  window: { from: string; to: string; hours: number };
}
export interface AccountStress {
  seq: number;
  markets: MarketShock[];
  before: Standing;
  after: Standing;
}
export interface Scenario {
  all_ppm?: number;
  crash?: string;
  changes_ppm?: Record<string, number>;
  volatility_ppm?: number;
  funding_ppm?: number;
}

export interface VenueStanding {
  accounts: number;
  equity: string;
  liquidated: number;
  liquidated_notional: string;
  bankrupt: number;
  bankrupt_amount: string;
  insurance: string;
  insurance_missing: string;
  worst: Standing[];
}
export interface Holders {
  count: number;
  herfindahl_ppm: number;
  largest: { account: number; size: string; share_ppm: number }[];
}
export interface Concentration {
  market: string;
  open_interest: string;
  notional: string;
  longs: Holders;
  shorts: Holders;
}
export interface VenueRisk {
  seq: number;
  time_ms: number;
  now: VenueStanding;
  exposure: Exposure;
  pools: { fees: string; insurance: string; treasury: string; funding: string; uncovered: string };
  concentration: Concentration[];
  grid: { change_ppm: number; standing: VenueStanding }[];
  crashes: { crash: string; hours: number; standing: VenueStanding }[];
}
export interface LiquidationRun {
  liquidated: number[];
  closed_on_book: string;
  taken_by_backstops: string;
  deleveraged: string;
  fund_before: string;
  fund_after: string;
  fund_paid: string;
  socialized: string;
  uncovered: string;
  guarded: string[];
}
export interface VenueStress {
  seq: number;
  markets: MarketShock[];
  before: VenueStanding;
  after: VenueStanding;
  run: LiquidationRun | null;
}
export interface RiskyAccount {
  standing: Standing;
  owner: string;
  gross: string;
}
export interface QueuedPosition {
  account: number;
  leg: string;
  size: string;
  rank: number;
  value: string;
}

export interface Earnings {
  realized: string;
  fees: string;
  funding: string;
  net: string;
  volume: string;
  fills: number;
  wins: number;
  losses: number;
}
export interface NamedEarnings {
  name: string;
  earnings: Earnings;
}
export interface EquityPoint {
  time: string;
  equity: string;
  pnl: string;
  drawdown: string;
  gross: string;
  net: string;
  margin_ratio_ppm: number | null;
}
export interface Portfolio {
  account: number;
  from: string;
  to: string;
  totals: {
    equity_from: string;
    equity_to: string;
    flows: string;
    pnl: string;
    earnings: Earnings;
    other: string;
    unrealized: string;
    drawdown_max: string;
    drawdown_max_ppm: number;
  };
  curve: EquityPoint[];
  by_market: NamedEarnings[];
  by_day: NamedEarnings[];
  by_strategy: NamedEarnings[];
}

const root = '/api/v1/exchange';
const of = (account: number | null) => (account === null ? '' : `?account=${account}`);

export const risk = {
  accounts: (signal?: AbortSignal) => get<{ accounts: { account: number; equity: string }[] }>(`${root}/accounts`, {}, signal),
  own: (account: number | null, signal?: AbortSignal) => get<AccountRisk>(`${root}/risk`, { account }, signal),
  stress: (account: number | null, scenario: Scenario) => send<AccountStress>('POST', `${root}/risk/stress${of(account)}`, scenario),
  portfolio: (account: number | null, from: string, signal?: AbortSignal) => get<Portfolio>(`${root}/portfolio`, { account, time_from: from }, signal),
  reportPath: (account: number | null, from: string, format: 'csv' | 'pdf') => `${root}/portfolio/report?format=${format}&time_from=${encodeURIComponent(from)}${account === null ? '' : `&account=${account}`}`,
  venue: (signal?: AbortSignal) => get<VenueRisk>(`${root}/risk/venue`, {}, signal),
  venueAccounts: (signal?: AbortSignal) => get<{ seq: number; accounts: RiskyAccount[] }>(`${root}/risk/venue/accounts`, { limit: 20 }, signal),
  queue: (market: string, side: 'long' | 'short', signal?: AbortSignal) => get<{ seq: number; positions: QueuedPosition[] }>(`${root}/risk/venue/adl-queue`, { market, side }, signal),
  venueStress: (scenario: Scenario, run: boolean) => send<VenueStress>('POST', `${root}/risk/venue/stress`, { scenario, run, book: 'empty' }),
};
