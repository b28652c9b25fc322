import { get, send, type Query } from './client';

/** The venue's private API (docs/exchange_api.md). Prices, sizes and money are decimal text. */

export type Side = 'buy' | 'sell';
export type Leg = 'net' | 'long' | 'short';
export type TriggerKind = 'stop' | 'take_profit' | 'trailing';
export type TriggerSource = 'mark' | 'index' | 'last';
export type TimeInForce = 'gtc' | 'gtt' | 'ioc' | 'fok';
export type PostOnly = 'no' | 'reject' | 'slide';
export type OrderStatus = 'open' | 'waiting' | 'closed';
export type CloseReason =
  | 'filled' | 'cancelled' | 'not_traded' | 'expired' | 'self_trade' | 'reduce_only' | 'amended' | 'liquidation' | 'triggered' | 'partner_done'
  | 'dead_man' | 'refused' | 'market';

export interface TriggerWish {
  kind: TriggerKind;
  source?: TriggerSource;
  price?: string;
  trail_bps?: number;
}

export interface OrderWish {
  account?: number;
  market: string;
  side: Side;
  size: string;
  type?: 'limit' | 'market';
  price?: string;
  time_in_force?: TimeInForce;
  post_only?: PostOnly;
  reduce_only?: boolean;
  leg?: Leg;
  display?: string;
  /** ISO 8601; makes it gtt. */
  expires?: string;
  client_id?: string;
  trigger?: TriggerWish;
  oco?: { trigger: TriggerWish; price?: string; size?: string };
  take_profit?: TriggerWish;
  stop_loss?: TriggerWish;
  peg?: { offset: string };
  auction?: { duration_ms?: number; start?: string; end?: string; oracle_relative?: boolean };
}

export interface OpenOrder {
  order_id: string;
  client_id: string | null;
  account: number;
  market: string;
  status: 'open' | 'waiting';
  side: Side;
  leg: Leg;
  reduce_only: boolean;
  /** "0": a market order that waits. */
  price: string;
  size: string;
  remaining: string;
  shown: string;
  trigger: { kind: TriggerKind; source: TriggerSource | null; price: string | null; trail_bps: number | null } | null;
  peg: { offset: string } | null;
  in_auction: boolean;
}

export interface PositionView {
  account: number;
  market: string;
  leg: Leg;
  /** Long is positive. */
  size: string;
  entry_price: string | null;
  liquidation_price: string | null;
  mark: string;
  notional: string;
  unrealized: string;
  funding_due: string;
  initial_requirement: string;
  maintenance_requirement: string;
  own_margin_bps: number;
  open_buy: string;
  open_sell: string;
}

export interface BalanceView {
  asset: string;
  amount: string;
  price: string;
  value: string;
}

export interface HealthView {
  collateral: string;
  requirement: string;
  free: string;
}

export interface AccountView {
  account: number;
  isolated: string | null;
  balances: BalanceView[];
  equity: string;
  initial: HealthView;
  maintenance: HealthView;
  /** At 1,000,000 it is liquidated. */
  margin_ratio_ppm: number | null;
  open_orders: number;
  waiting_orders: number;
  dead_man: string | null;
}

export interface FillView {
  trade_id: string;
  price: string;
  size: string;
  fee: string;
  liquidity: 'maker' | 'taker';
}

export interface Receipt {
  seq: number;
  time: string;
  repeated: boolean;
}
export interface OrderReceipt extends Receipt {
  order_id: string;
  client_id: string | null;
  account: number;
  market: string;
  status: OrderStatus;
  reason: CloseReason | null;
  side: Side;
  price: string;
  size: string;
  filled: string;
  remaining: string;
  average_price: string | null;
  fee: string;
  fills: FillView[];
  attached: string[];
}
export interface CancelReceipt extends Receipt {
  cancelled: string[];
}
export interface BalanceReceipt extends Receipt {
  account: number;
  asset: string;
  amount: string;
  balance: string;
}
export interface AccountReceipt extends Receipt {
  account: number;
  isolated: string | null;
}

export interface PreviewLevel {
  price: string;
  size: string;
  orders: number;
}

/** What entry and exit of a bracket come to, with the fees of both. */
export interface PreviewExits {
  stop_price: string | null;
  loss_at_stop: string | null;
  take_profit_price: string | null;
  gain_at_take_profit: string | null;
}

/** What an order would lead to if it came now, counted by the engine. */
export interface OrderPreview {
  refused: string | null;
  where: string | null;
  detail: string | null;
  needed: string | null;
  available: string | null;
  /** A value of `where` with which it would be taken. */
  nearest: string | null;
  waits: boolean;
  filled: string;
  average_price: string | null;
  mid: string | null;
  slippage_ppm: number | null;
  value: string;
  fee: string;
  builder_fee: string;
  taker_fee_ppm: number;
  maker_fee_ppm: number;
  levels: PreviewLevel[];
  levels_more: number;
  rests: string;
  rest_price: string | null;
  rest_fee: string;
  /** What it adds to the initial requirement. */
  margin: string;
  before: HealthView;
  after: HealthView;
  maintenance: HealthView;
  position: string;
  liquidation_before: string | null;
  /** With what would trade now, and with all of it traded. */
  liquidation_price: string | null;
  liquidation_filled: string | null;
  exits: PreviewExits | null;
}

export interface MarginAssetTerm {
  asset: number;
  symbol: string;
  /** In the asset's smallest units. */
  balance: string;
  interest: string;
  price: string;
  weight_bps: number;
  value: string;
}
export interface MarginPositionTerm {
  market: number;
  symbol: string;
  leg: Leg;
  size: string;
  mark: string;
  notional: string;
  entry_quote: string;
  funding: string;
  unrealized: string;
  gain_weight_bps: number;
  counted_profit: string;
  open_buy: string;
  open_sell: string;
  charged_size: string;
  charged_value: string;
  base_ratio_ppm: number;
  premium_ppm: number;
  own_ratio_ppm: number;
  ratio_ppm: number;
  deduction: string;
  open_orders_loss: string;
  requirement: string;
  liquidation: string | null;
}
export interface MarginSide {
  assets: MarginAssetTerm[];
  positions: MarginPositionTerm[];
  collateral: string;
  requirement: string;
  free: string;
}
export interface MarginExplanation {
  initial: MarginSide;
  maintenance: MarginSide;
  margin_ratio_ppm: number | null;
}

export interface FeeTier {
  volume_min: string;
  taker_discount_ppm: number;
  maker_less_ppm: number;
}
export interface FeeAnswer {
  account: number;
  volume_30d: string;
  volume_today: string;
  staked: string;
  tier: FeeTier | null;
  next_tier: FeeTier | null;
  stake_tier: { stake_min: string; taker_discount_ppm: number } | null;
  next_stake_tier: { stake_min: string; taker_discount_ppm: number } | null;
  referrer: number | null;
  referral_discount_ppm: number;
  markets: { market: string; taker_fee_ppm: number; maker_fee_ppm: number }[];
}

// ── what has happened, newest first ────────────────────────────────────────────────────────────────

interface Placed {
  place: string;
  time: string;
  account: number;
}
export interface OrderRecord extends Placed {
  order_id: string;
  market: string;
  side: Side;
  leg: Leg;
  reduce_only: boolean;
  price: string;
  size: string;
  display: string;
  client_id?: string;
  trigger_kind?: TriggerKind;
  trigger_price?: string;
  trail_bps?: number;
  open_size: string;
  filled: string;
  filled_quote: string;
  fee: string;
  closed_reason?: CloseReason;
  closed?: string;
  placed_id?: string;
  refused?: string;
}
export interface FillRecord extends Placed {
  maker: boolean;
  market: string;
  order_id: string;
  trade_id: string;
  side: Side;
  price: string;
  size: string;
  fee: string;
}
export interface FundingRecord extends Placed {
  market: string;
  leg: Leg;
  received: string;
}
export interface TransferRecord extends Placed {
  asset: string;
  amount: string;
  balance: string;
  reason: string;
}
export interface LiquidationRecord extends Placed {
  step: 'started' | 'closed' | 'collateral_sold' | 'deficit_covered' | 'ended';
  collateral: string;
  requirement: string;
  market?: string;
  side?: Side;
  size?: string;
  mark?: string;
  value_quote?: string;
  fee?: string;
  asset?: string;
  amount?: string;
  paid?: string;
  uncovered?: string;
  insurance?: string;
}
export interface DeleveragingRecord extends Placed {
  market: string;
  against: number;
  side: Side;
  price: string;
  size: string;
  rank_bps: number;
}
export interface RealizedRecord extends Placed {
  market: string;
  leg: Leg;
  size: string;
  entry_quote: string;
  realized: string;
}
export interface HistoryPage<T> {
  items: T[];
  next_cursor: string | null;
}

export interface AssetItem {
  settings: { symbol: string; decimals: number };
  price: string;
}

export const kExchange = '/api/v1/exchange';

export const trading = {
  accounts: (signal?: AbortSignal) => get<{ accounts: AccountView[] }>(`${kExchange}/accounts`, {}, signal),
  account: (account: number, signal?: AbortSignal) => get<AccountView>(`${kExchange}/accounts/${account}`, {}, signal),
  positions: (account: number, signal?: AbortSignal) => get<{ positions: PositionView[] }>(`${kExchange}/positions`, { account }, signal),
  orders: (account: number, signal?: AbortSignal) => get<{ orders: OpenOrder[] }>(`${kExchange}/orders`, { account }, signal),
  explain: (account: number, signal?: AbortSignal) => get<MarginExplanation>(`${kExchange}/margin/explain`, { account }, signal),
  fees: (account: number, signal?: AbortSignal) => get<FeeAnswer>(`${kExchange}/fees`, { account }, signal),
  assets: (signal?: AbortSignal) => get<{ assets: AssetItem[] }>(`${kExchange}/assets`, {}, signal),
  preview: (wish: OrderWish) => send<OrderPreview>('POST', `${kExchange}/margin/preview`, wish),
  history: <T>(path: string, query: Query, signal?: AbortSignal) => get<HistoryPage<T>>(`${kExchange}/${path}`, query, signal),
};
