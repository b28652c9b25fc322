import { formatRaw, parseDecimal, USD_DECIMALS } from '@/domain/amount';

/** "1,234.50"; of what is no number a dash. */
export function money(text: string, sign: 'always' | 'negative' = 'negative'): string {
  const value = parseDecimal(text, USD_DECIMALS);
  return value === null ? '–' : formatRaw(value, USD_DECIMALS, { places: 2, sign });
}

export function directionOf(text: string): 'up' | 'down' | 'muted' {
  const value = parseDecimal(text, USD_DECIMALS) ?? 0n;
  return value > 0n ? 'up' : value < 0n ? 'down' : 'muted';
}

/** Parts per million as "-12.5%". */
export function ppmText(ppm: number, sign: 'always' | 'negative' = 'negative'): string {
  return `${formatRaw(BigInt(ppm), 4, { places: 4, sign, trim: true })}%`;
}

/** "-30" or "-30%" in parts per million; null when it is none that a price can change by. */
export function parsePercent(text: string): number | null {
  const value = parseDecimal(text.replace(/%$/, '').trim(), 4);
  if (value === null || value < -999_999n || value > 10_000_000n) return null;
  return Number(value);
}

/** How many days back, as the beginning of a time that is asked for. To the minute, so that one answer serves for it. */
export function daysAgo(days: number, now: number): string {
  const minute = 60_000;
  return `${new Date(Math.floor(now / minute) * minute - days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
