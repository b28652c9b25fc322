const kSecond = 1000;
const kMinute = 60 * kSecond;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

const lengths = {
  '1s': kSecond,
  '1m': kMinute,
  '3m': 3 * kMinute,
  '5m': 5 * kMinute,
  '15m': 15 * kMinute,
  '30m': 30 * kMinute,
  '1h': kHour,
  '2h': 2 * kHour,
  '4h': 4 * kHour,
  '6h': 6 * kHour,
  '8h': 8 * kHour,
  '12h': 12 * kHour,
  '1d': kDay,
  '1w': 7 * kDay,
} as const;

export type Interval = keyof typeof lengths;

export const kIntervals = Object.keys(lengths) as Interval[];
export const lengthOf = (interval: Interval): number => lengths[interval];
export const isInterval = (text: unknown): text is Interval => typeof text === 'string' && Object.hasOwn(lengths, text);

/** 1970 began on a Thursday, candles of a week begin on Monday. */
const kFirstMonday = 4 * kDay;

/** The start of the candle that holds the moment. */
export function startOf(ms: number, interval: Interval): number {
  const length = lengths[interval];
  const offset = interval === '1w' ? kFirstMonday : 0;
  return Math.floor((ms - offset) / length) * length + offset;
}

export interface TypedInterval {
  interval: Interval | null;
  /** The one nearest to what was typed, when there is no such interval. */
  nearest: Interval;
}

/** What traders type: "5" and "240" are minutes, "1h", "4h", "1d", "1s" say it. Null for what is no length. */
export function typedInterval(text: string): TypedInterval | null {
  const match = /^(\d{1,5})\s*([smhdw]?)$/i.exec(text.trim());
  if (!match) return null;
  const units: Record<string, number> = { s: kSecond, m: kMinute, h: kHour, d: kDay, w: 7 * kDay };
  const ms = Number(match[1]) * units[match[2]!.toLowerCase() || 'm']!;
  const distance = (interval: Interval) => Math.abs(Math.log(lengths[interval] / Math.max(ms, 1)));
  const nearest = kIntervals.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  return { interval: lengths[nearest] === ms ? nearest : null, nearest };
}

/** "1:02:03" or "02:03" until the candle closes. */
export function countdown(nowMs: number, interval: Interval): string {
  const left = Math.ceil((startOf(nowMs, interval) + lengths[interval] - nowMs) / kSecond);
  const two = (n: number) => String(n).padStart(2, '0');
  const [days, hours, minutes, seconds] = [Math.floor(left / 86_400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}
