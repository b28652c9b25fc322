import type { OpenOrder } from '@/api/trading';
import type { BookLevel } from '@/api/venue';
import { floorDiv, nano, nanoOr0, nearest, type Nano } from '@/domain/decimal';

/** Prices in steps, one row each; a row has all of what is offered in its step. */

export const kLadderSteps = [1, 2, 5, 10, 50, 100] as const;

/** The highest price first; none at or below zero. */
export function rowsAround(centre: Nano, step: Nano, count: number): Nano[] {
  const middle = nearest(centre, step);
  const above = BigInt(Math.floor(count / 2));
  return Array.from({ length: count }, (_, i) => middle + (above - BigInt(i)) * step).filter((price) => price > 0n);
}

/** A bid belongs to the row at or below it, an ask to the one at or above: nobody is shown better than he is. */
export const rowOf = (price: Nano, step: Nano, side: 'bid' | 'ask'): Nano => (side === 'bid' ? floorDiv(price, step) * step : -floorDiv(-price, step) * step);

export function sizesByRow(levels: readonly BookLevel[], step: Nano, side: 'bid' | 'ask'): Map<Nano, Nano> {
  const out = new Map<Nano, Nano>();
  for (const level of levels) {
    const row = rowOf(nanoOr0(level.price), step, side);
    out.set(row, (out.get(row) ?? 0n) + nanoOr0(level.size));
  }
  return out;
}

/** Orders that rest; those that wait have no place in the book. */
export function ordersByRow(orders: readonly OpenOrder[], step: Nano): Map<Nano, OpenOrder[]> {
  const out = new Map<Nano, OpenOrder[]>();
  for (const order of orders) {
    if (order.status !== 'open') continue;
    const row = rowOf(nanoOr0(order.price), step, order.side === 'buy' ? 'bid' : 'ask');
    out.set(row, [...(out.get(row) ?? []), order]);
  }
  return out;
}

/** Between the best prices; without either, the mark price. */
export function middleOf(bid: string | undefined, ask: string | undefined, mark: Nano): Nano {
  const [low, high] = [nano(bid), nano(ask)];
  if (low !== null && high !== null) return (low + high) / 2n;
  return low ?? high ?? mark;
}

/** The middle has gone so far from the centre that the rows should follow. */
export function isFar(middle: Nano, centre: Nano, step: Nano, count: number): boolean {
  const distance = middle > centre ? middle - centre : centre - middle;
  return distance > step * BigInt(Math.max(1, Math.floor(count / 4)));
}
