import { FINDING_KINDS, type FindingKind, type StatisticsItem } from '@/api/types';
import { parseRaw, SOL_DECIMALS, toNumber } from '@/domain/amount';
import { parseTime } from '@/domain/time';

export type Measure = 'profit' | 'count';
export type WindowName = '15m' | '1h' | '24h' | 'all';

/** How long a window reaches back and how finely the server counts in it. */
export const windows: Record<WindowName, { ms: number | null; bucket: string; bucketMs: number }> = {
  '15m': { ms: 15 * 60_000, bucket: '10s', bucketMs: 10_000 },
  '1h': { ms: 3_600_000, bucket: '1m', bucketMs: 60_000 },
  '24h': { ms: 86_400_000, bucket: '5m', bucketMs: 300_000 },
  all: { ms: null, bucket: '1h', bucketMs: 3_600_000 },
};

export interface Bucket {
  time: number;
  /** By kind, in SOL or in findings. */
  values: Partial<Record<FindingKind, number>>;
  gain: number;
  loss: number;
}

export interface PlacedBucket extends Bucket {
  /** In bucket widths from the left edge. */
  position: number;
}

export interface ChartLayout {
  buckets: PlacedBucket[];
  /** Where time was cut out because nothing happened in it, in bucket widths. */
  breaks: number[];
  width: number;
  top: number;
  bottom: number;
}

/** Longer silences than this many buckets are cut to kBreakWidth and drawn as a break. */
const kLongestSilence = 60;
const kBreakWidth = 3;

const valueOf = (item: StatisticsItem, measure: Measure): number =>
  measure === 'count' ? item.count : toNumber(parseRaw(item.profit_lamports) ?? 0n, SOL_DECIMALS);

export function toBuckets(items: readonly StatisticsItem[], measure: Measure): Bucket[] {
  const byTime = new Map<number, Bucket>();
  for (const item of items) {
    const time = parseTime(item.time);
    const value = valueOf(item, measure);
    if (time === null || value === 0) continue;
    const bucket = byTime.get(time) ?? { time, values: {}, gain: 0, loss: 0 };
    bucket.values[item.kind] = (bucket.values[item.kind] ?? 0) + value;
    byTime.set(time, bucket);
  }
  const buckets = [...byTime.values()].sort((a, b) => a.time - b.time);
  for (const bucket of buckets) {
    for (const kind of FINDING_KINDS) {
      const value = bucket.values[kind] ?? 0;
      if (value > 0) bucket.gain += value;
      else bucket.loss += value;
    }
  }
  return buckets;
}

/** Places buckets on a time axis; `from` … `to` are its ends when the window is bounded. */
export function layOut(buckets: readonly Bucket[], bucketMs: number, from: number | null, to: number | null): ChartLayout {
  const breaks: number[] = [];
  const placed: PlacedBucket[] = [];
  const first = buckets[0];
  let previous = from ?? first?.time ?? 0;
  let position = 0;
  const advance = (time: number) => {
    const step = Math.max(0, Math.round((time - previous) / bucketMs));
    const isSilence = from === null && step > kLongestSilence;
    if (isSilence) breaks.push(position + 1 + kBreakWidth / 2);
    position += isSilence ? kBreakWidth + 1 : step;
    previous = time;
  };
  for (const bucket of buckets) {
    advance(bucket.time);
    placed.push({ ...bucket, position });
  }
  if (from !== null && to !== null && to > previous) advance(to);
  return {
    buckets: placed,
    breaks,
    width: Math.max(position + 1, from === null ? 12 : 1),
    top: niceCeiling(Math.max(0, ...buckets.map((b) => b.gain))),
    bottom: -niceCeiling(Math.max(0, ...buckets.map((b) => -b.loss))),
  };
}

/** The next of 1, 2, 2.5, 5 × 10ⁿ; 0 stays 0. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 2.5, 5, 10]) if (value <= step * power * (1 + 1e-12)) return step * power;
  return 10 * power;
}

export interface Totals {
  count: number;
  profitable: number;
  profit: bigint;
  tips: bigint;
  victimLoss: bigint;
  byKind: Partial<Record<FindingKind, { count: number; profit: bigint }>>;
}

export function totalsOf(items: readonly StatisticsItem[]): Totals {
  const totals: Totals = { count: 0, profitable: 0, profit: 0n, tips: 0n, victimLoss: 0n, byKind: {} };
  for (const item of items) {
    const profit = parseRaw(item.profit_lamports) ?? 0n;
    totals.count += item.count;
    totals.profitable += item.profitable;
    totals.profit += profit;
    totals.tips += parseRaw(item.tips_lamports) ?? 0n;
    totals.victimLoss += parseRaw(item.victim_loss_lamports) ?? 0n;
    const kind = (totals.byKind[item.kind] ??= { count: 0, profit: 0n });
    kind.count += item.count;
    kind.profit += profit;
  }
  return totals;
}

/** "0.0125": for axes, where the exact amount is elsewhere. */
export function axisNumber(value: number): string {
  if (value === 0) return '0';
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 9 }).replace('-', '−');
}
