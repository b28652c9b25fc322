/**
 * How long to wait before attempt `attempt` (1, 2, …): half of an exponentially growing span is
 * certain, half is random, so that many terminals do not return to a restarted server in one beat.
 */
export function reconnectDelayMs(attempt: number, random: () => number, firstMs = 400, longestMs = 8000): number {
  const span = Math.min(longestMs, firstMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(span / 2 + (span / 2) * random());
}
