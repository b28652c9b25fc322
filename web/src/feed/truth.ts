import type { FeedLabel, FeedStatus, SlotEvent } from '@/api/types';
import type { StreamState } from '@/stream';

/** What the data on the screen is, said at all times. */
export interface Truth {
  label: FeedLabel | null;
  /** Seconds since the last block arrived; set only when that is too long ago. */
  staleSeconds: number | null;
}

/** A block comes every 0.4 s; five seconds without one is no longer "now". */
const kStaleAfterMs = 5000;

export interface TruthInput {
  phase: StreamState['phase'];
  feed: FeedStatus | null;
  lastSlot: SlotEvent | null;
  /** When the last block came and the time now, by the same clock. */
  lastArrivalMs: number | null;
  nowMs: number;
}

export function truthOf({ phase, feed, lastSlot, lastArrivalMs, nowMs }: TruthInput): Truth {
  const label = lastSlot?.label ?? feed?.label ?? null;
  const silentMs = lastArrivalMs === null ? null : nowMs - lastArrivalMs;
  const isConnected = phase === 'open';
  // A replay that has come to its end is complete, not late.
  if (isConnected && feed?.state === 'finished') return { label, staleSeconds: null };
  const isLate = silentMs !== null && silentMs > kStaleAfterMs;
  if (isLate || feed?.label === 'stale') return { label, staleSeconds: Math.floor((silentMs ?? 0) / 1000) };
  return { label, staleSeconds: null };
}
