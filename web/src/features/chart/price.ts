import type { Candle } from '@/api/series';
import { formatRaw, parseDecimal } from '@/domain/amount';

/** Prices and sizes have at most nine decimals. */
const kDecimals = 9;
const kUnit = 10 ** kDecimals;

const placesOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/** The multiple of the tick nearest to a place on the screen, as the venue wants it: "105.39". Never below one tick. */
export function snapToTick(price: number, tick: string): string {
  const step = parseDecimal(tick, kDecimals) ?? 1n;
  const raw = BigInt(Math.round(Math.max(0, price) * kUnit));
  const ticks = (raw + step / 2n) / step;
  return plainText((ticks < 1n ? 1n : ticks) * step, placesOf(tick));
}

/** Some ticks above or below, never below one. */
export function moveByTicks(price: string, ticks: number, tick: string): string {
  const step = parseDecimal(tick, kDecimals) ?? 1n;
  const moved = (parseDecimal(price, kDecimals) ?? 0n) + BigInt(ticks) * step;
  return plainText(moved < step ? step : moved, placesOf(tick));
}

const plainText = (raw: bigint, places: number): string => formatRaw(raw, kDecimals, { places }).replaceAll(',', '').replace('−', '-');

/** "105.39" of 0.01 is two; of a series without a known tick, the most that its prices have. */
export function placesOfBars(bars: readonly Candle[]): number {
  let places = 2;
  for (const bar of bars.slice(-50)) places = Math.max(places, placesOf(bar.close), placesOf(bar.open));
  return Math.min(places, kDecimals);
}

export interface Change {
  /** Of the close against the close before. */
  amount: bigint;
  /** In hundredths of a per cent, rounded toward zero. */
  bps: bigint;
}

export function changeOfClose(before: string | undefined, close: string): Change | null {
  const from = before === undefined ? null : parseDecimal(before, kDecimals);
  const to = parseDecimal(close, kDecimals);
  if (from === null || to === null || from === 0n) return null;
  return { amount: to - from, bps: ((to - from) * 10_000n) / from };
}

export const changeText = ({ amount, bps }: Change, places: number): string =>
  `${formatRaw(amount, kDecimals, { places, sign: 'always' })} (${formatRaw(bps, 2, { sign: 'always' })} %)`;

/** Profit of a position at a price, unrealised: (price − entry) × size, negative size for short. */
export function profitOf(entry: string, price: string, size: string, isLong: boolean): bigint | null {
  const [from, to, amount] = [entry, price, size].map((text) => parseDecimal(text, kDecimals));
  if (from == null || to == null || amount == null) return null;
  const magnitude = amount < 0n ? -amount : amount;
  return ((to - from) * (isLong ? magnitude : -magnitude)) / 10n ** BigInt(kDecimals);
}
