/** The server's data, as docs/api.md says it: 64-bit amounts are strings, slots and counts numbers. */

export const FINDING_KINDS = ['arbitrage', 'sandwich', 'liquidation', 'price_gap', 'near_liquidation'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const FINDING_STATUSES = ['realised', 'attempted', 'open'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

export type LegRole = 'hop' | 'front' | 'victim' | 'back' | 'repay' | 'seize';
export type LossMethod = 'exact' | 'bound' | 'unknown';

/** What went into a pool or market and what came out, in one instruction. */
interface Exchange {
  slot: number;
  signature: string;
  tx_index: number;
  ix_index: number;
  inner_index: number;
  protocol: string;
  pool: string;
  trader: string;
  mint_in: string;
  amount_in: string;
  mint_out: string;
  amount_out: string;
  verified: boolean;
}

/** One swap, repayment or seizure that is evidence of a finding. */
export interface Leg extends Exchange {
  role: LegRole;
  /** Null when the block does not say them. */
  decimals_in?: number | null;
  decimals_out?: number | null;
}

export interface VictimLoss {
  signature: string;
  trader: string;
  mint: string;
  loss_raw: string | null;
  loss_lamports: string | null;
  method: LossMethod;
}

export interface Finding {
  id: string;
  kind: FindingKind;
  status: FindingStatus;
  profitable: boolean;
  slot: number;
  time: string | null;
  signatures: string[];
  victims: string[];
  actor: string;
  cluster: string[];
  pools: string[];
  start_mint: string;
  profit_raw: string;
  fee_lamports: string;
  tip_lamports: string;
  net_lamports: string | null;
  net_usd_micros: string | null;
  confidence: number;
  reasons: string[];
  backrun: boolean;
  backrun_of: string | null;
  protocol: string;
  losses: VictimLoss[];
  merged: string[];
  legs: Leg[];
  leader: string | null;
  /** Empty for real chain data; else what made it. */
  synthetic: string;
}

export interface Swap extends Exchange {
  program: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface TransactionAnswer {
  signature: string;
  known: boolean;
  slot: number | null;
  sandwiched: boolean;
  loss_lamports: string | null;
  findings: Finding[];
  swaps: Swap[];
}

/** Sums of one kind. For a victim, `victim_loss_lamports` is that wallet's own loss. */
export interface KindTotals {
  kind: FindingKind;
  count: number;
  profitable: number;
  profit_lamports: string;
  tips_lamports: string;
  fees_lamports: string;
  victim_loss_lamports: string;
}

export interface WalletAnswer extends Page<Finding> {
  address: string;
  as_actor: KindTotals[];
  as_victim: KindTotals[];
}

export interface PoolAnswer extends Page<Finding> {
  address: string;
  totals: KindTotals[];
  swaps: number;
}

export interface StatisticsItem {
  time: string;
  kind: FindingKind;
  count: number;
  profitable: number;
  profit_lamports: string;
  tips_lamports: string;
  fees_lamports: string;
  victim_loss_lamports: string;
}

export interface Statistics {
  bucket: string;
  items: StatisticsItem[];
}

export type FeedLabel = 'live' | 'replay' | 'synthetic' | 'stale';

export interface EndpointStatus {
  url: string;
  state: string;
  last_error: string;
  calls: number;
  failures: number;
  rate_limited: number;
  latency_ms: number;
}

export interface FeedStatus {
  mode: string;
  label: FeedLabel;
  state: string;
  detail: string;
  slot: number;
  tip_slot: number;
  blocks: number;
  skipped_slots: number;
  forks: number;
  duplicates: number;
  gaps_found: number;
  gaps_filled: number;
  slots_lost: number;
  first_by_websocket: number;
  first_by_polling: number;
  reconnects: number;
  endpoints: EndpointStatus[];
}

export interface ServerStatus {
  version: string;
  started_at: string;
  uptime_seconds: number;
  feed: FeedStatus;
  store: Record<string, unknown>;
  streams: { name: string; last_seq: number }[];
}

/** One a block, on channel mev.slot. */
export interface SlotEvent {
  slot: number;
  parent_slot: number;
  leader: string | null;
  time: string | null;
  transactions: number;
  swaps: number;
  findings: number;
  label: FeedLabel;
  synthetic: string;
  processing_ms: number;
  /** The chain went another way: what was found in this slot is withdrawn. */
  orphaned?: boolean;
}
