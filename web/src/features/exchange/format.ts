import { formatRaw, formatShort, parseDecimal } from '@/domain/amount';
import { kDecimals } from './book';

/** Decimals of "0.01": what a market's prices or sizes are shown with. */
export const placesOf = (step: string): number => step.split('.')[1]?.length ?? 0;

/** Decimal text with so many places. */
export function decimals(text: string, places: number, sign: 'always' | 'negative' = 'negative'): string {
  const value = parseDecimal(text, kDecimals);
  return value === null ? text : formatRaw(value, kDecimals, { places, sign });
}

export function short(text: string): string {
  const value = parseDecimal(text, kDecimals);
  return value === null ? text : formatShort(value, kDecimals);
}

/** "0.0000125" of a funding rate → "+0.0013 %". */
export function percent(rate: string, places = 4): string {
  const value = parseDecimal(rate, 12);
  return value === null ? rate : `${formatRaw(value, 10, { places, sign: 'always' })} %`;
}

/** 123 basis points → "+1.23 %". */
export const percentOfBps = (bps: number): string => `${formatRaw(BigInt(bps), 2, { sign: 'always' })} %`;

export const isZero = (text: string): boolean => /^-?0*(\.0*)?$/.test(text);
