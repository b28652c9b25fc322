/** Amounts are integers in the token's smallest unit, as text; no floating point touches them. */

export type Raw = bigint;

/** Null for what is no integer. */
export function parseRaw(text: string | null | undefined): Raw | null {
  return typeof text === 'string' && /^-?\d{1,40}$/.test(text) ? BigInt(text) : null;
}

export const SOL_DECIMALS = 9;
export const USD_DECIMALS = 6;

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
export const group = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Rounds half away from zero to `places` decimals; `value` has `decimals`. */
function rounded(value: bigint, decimals: number, places: number): bigint {
  if (places >= decimals) return value * 10n ** BigInt(places - decimals);
  const unit = 10n ** BigInt(decimals - places);
  return (value + unit / 2n) / unit;
}

export interface FormatOptions {
  /** Digits after the point; default: all the token has. */
  places?: number;
  /** `always` puts + before gains. */
  sign?: 'always' | 'negative';
  /** Leave out zeros at the end. */
  trim?: boolean;
}

/** "1,234.500000"; something that rounds to zero but is not reads "<0.000001". */
export function formatRaw(value: bigint, decimals: number, options: FormatOptions = {}): string {
  const places = options.places ?? decimals;
  const size = rounded(abs(value), decimals, places);
  const sign = value < 0n ? '−' : options.sign === 'always' && value > 0n ? '+' : '';
  if (size === 0n && value !== 0n) return `${sign}<${places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`}`;
  const digits = size.toString().padStart(places + 1, '0');
  const whole = group(digits.slice(0, digits.length - places));
  let fraction = places > 0 ? digits.slice(-places) : '';
  if (options.trim) fraction = fraction.replace(/0+$/, '');
  return sign + whole + (fraction ? `.${fraction}` : '');
}

/** As many digits as help to compare: six or so that count, never more than the token has. */
export function formatCompact(value: bigint, decimals: number, sign: FormatOptions['sign'] = 'negative'): string {
  const wholeDigits = (abs(value) / 10n ** BigInt(decimals)).toString().length;
  const isSmall = abs(value) < 10n ** BigInt(decimals);
  const places = isSmall ? Math.min(decimals, 9) : Math.max(0, Math.min(decimals, 6 - wholeDigits));
  return formatRaw(value, decimals, { places, sign, trim: true });
}

const steps: [bigint, string][] = [[10n ** 12n, 'T'], [10n ** 9n, 'B'], [10n ** 6n, 'M'], [10n ** 3n, 'k']];

/** "3.02B": three digits or so, for pictures; the exact amount stands in the table beside. */
export function formatShort(value: bigint, decimals: number): string {
  const unit = 10n ** BigInt(decimals);
  for (const [size, letter] of steps) {
    if (abs(value) >= size * unit * 10n || (abs(value) >= size * unit && size > 1000n)) {
      return formatRaw(value / (size / 1000n), decimals + 3, { places: 2, trim: true }) + letter;
    }
  }
  if (abs(value) >= unit || value === 0n) return formatCompact(value, decimals);
  const zeros = decimals - abs(value).toString().length;
  return formatRaw(value, decimals, { places: Math.min(decimals, zeros + 4), trim: true });
}

/** For drawing only. */
export const toNumber = (value: bigint, decimals: number): number => Number(value) / 10 ** decimals;

/** "0.25" → 250000000 lamports; null when it is no plain decimal with at most `decimals` places. */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const match = /^([+-]?)(\d{0,15})(?:\.(\d*))?$/.exec(text.trim().replace('−', '-'));
  if (!match || (match[2] === '' && !match[3])) return null;
  const fraction = match[3] ?? '';
  if (fraction.length > decimals) return null;
  const size = BigInt((match[2] || '0') + fraction.padEnd(decimals, '0'));
  return match[1] === '-' ? -size : size;
}
