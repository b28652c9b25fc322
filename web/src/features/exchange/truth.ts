import type { FeedLabel } from '@/api/types';
import type { OracleVerdict } from '@/api/venue';
import type { StreamState } from '@/stream';

/** A price comes at least every second; after this long it is no longer "now". */
const kStaleAfterMs = 5000;

export interface VenueTruthInput {
  phase: StreamState['phase'];
  /** When anything came last over the connection, and the price of this market, by the clock of `nowMs`. */
  lastMessageMs: number | null;
  lastPriceMs: number | null;
  nowMs: number;
  label: FeedLabel | null;
  isSimulated: boolean;
  verdict: OracleVerdict | null;
}

export interface VenueTruth {
  /** What the prices are. */
  label: FeedLabel | null;
  isSimulated: boolean;
  staleSeconds: number | null;
}

/** What a market's figures are, said wherever they are shown. */
export function venueTruthOf({ phase, lastMessageMs, lastPriceMs, nowMs, label, isSimulated, verdict }: VenueTruthInput): VenueTruth {
  const since = (at: number | null) => (at === null ? 0 : Math.max(0, nowMs - at));
  const isLost = phase !== 'open' && lastMessageMs !== null;
  const silentMs = isLost ? since(lastMessageMs) : since(lastPriceMs);
  const isStale = isLost || verdict === 'stale' || (lastPriceMs !== null && silentMs > kStaleAfterMs);
  return { label, isSimulated, staleSeconds: isStale ? Math.floor(silentMs / 1000) : null };
}
