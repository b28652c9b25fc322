import type { Candle } from '@/api/series';
import { formatRaw } from '@/domain/amount';
import { absNano, kNano, kNanoPlaces, nano, nanoOr0, shownNano, type Nano } from '@/domain/decimal';
import { placesOf } from '@/features/exchange/format';

/** The multiple of the tick nearest to a place on the screen, as the venue wants it: "105.39". Never below one tick. */
export function snapToTick(price: number, tick: string): string {
  const step = nano(tick) ?? 1n;
  const raw = BigInt(Math.round(Math.max(0, price) * Number(kNano)));
  const ticks = (raw + step / 2n) / step;
  return plainText((ticks < 1n ? 1n : ticks) * step, placesOf(tick));
}

/** Some ticks above or below, never below one. */
export function moveByTicks(price: string, ticks: number, tick: string): string {
  const step = nano(tick) ?? 1n;
  const moved = nanoOr0(price) + BigInt(ticks) * step;
  return plainText(moved < step ? step : moved, placesOf(tick));
}

const plainText = (raw: Nano, places: number): string => shownNano(raw, places).replaceAll(',', '').replace('−', '-');

/** "105.39" of 0.01 is two; of a series without a known tick, the most that its prices have. */
export function placesOfBars(bars: readonly Candle[]): number {
  let places = 2;
  for (const bar of bars.slice(-50)) places = Math.max(places, placesOf(bar.close), placesOf(bar.open));
  return Math.min(places, kNanoPlaces);
}

export interface Change {
  /** Of the close against the close before. */
  amount: bigint;
  /** In hundredths of a per cent, rounded toward zero. */
  bps: bigint;
}

export function changeOfClose(before: string | undefined, close: string): Change | null {
  const from = nano(before);
  const to = nano(close);
  if (from === null || to === null || from === 0n) return null;
  return { amount: to - from, bps: ((to - from) * 10_000n) / from };
}

export const changeText = ({ amount, bps }: Change, places: number): string =>
  `${shownNano(amount, places, 'always')} (${formatRaw(bps, 2, { sign: 'always' })} %)`;

/** Profit of a position at a price, unrealised: (price − entry) × size, negative size for short. */
export function profitOf(entry: string, price: string, size: string, isLong: boolean): bigint | null {
  const [from, to, amount] = [entry, price, size].map(nano);
  if (from == null || to == null || amount == null) return null;
  const magnitude = absNano(amount);
  return ((to - from) * (isLong ? magnitude : -magnitude)) / kNano;
}
