import { formatRaw, parseDecimal, type FormatOptions } from './amount';

/**
 * Prices, sizes and money of the venue as integers of 1e-9, which holds all of them; text in, text out.
 */
export type Nano = bigint;

export const kNanoPlaces = 9;
export const kNano = 10n ** BigInt(kNanoPlaces);

/** Null for what is no plain decimal number. */
export const nano = (text: string | null | undefined): Nano | null => (typeof text === 'string' ? parseDecimal(text, kNanoPlaces) : null);
/** Of text that the server has sent. */
export const nanoOr0 = (text: string | null | undefined): Nano => nano(text) ?? 0n;

/** "1.5": as requests have it, without needless zeros. */
export function plain(value: Nano): string {
  const size = value < 0n ? -value : value;
  const fraction = (size % kNano).toString().padStart(kNanoPlaces, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${size / kNano}${fraction ? `.${fraction}` : ''}`;
}

/** "1,234.50": as people read it. */
export const shownNano = (value: Nano, places: number, sign: FormatOptions['sign'] = 'negative'): string => formatRaw(value, kNanoPlaces, { places, sign });

export const absNano = (value: Nano): Nano => (value < 0n ? -value : value);

export function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by !== 0n && value < 0n !== by < 0n ? quotient - 1n : quotient;
}

/** Rounded down. */
export const times = (a: Nano, b: Nano): Nano => floorDiv(a * b, kNano);
/** Rounded toward zero; null by nothing. */
export const dividedBy = (a: Nano, b: Nano): Nano | null => (b === 0n ? null : (a * kNano) / b);

/** The nearest multiple of `step`, halves away from zero. */
export function nearest(value: Nano, step: Nano): Nano {
  if (step <= 0n) return value;
  const size = absNano(value);
  const rounded = ((size + step / 2n) / step) * step;
  return value < 0n ? -rounded : rounded;
}
/** The nearest multiple toward zero. */
export const toward0 = (value: Nano, step: Nano): Nano => (step <= 0n ? value : (value / step) * step);
