import type { BookLevel } from '@/api/venue';
import { kNanoPlaces, nanoOr0, type Nano } from '@/domain/decimal';
import { toNumber } from '@/domain/amount';

/** A step of the curve: what could be traded up to this price. */
export interface DepthPoint {
  price: Nano;
  total: Nano;
}

/** The running total of a side, best first. */
export function curveOf(levels: readonly BookLevel[]): DepthPoint[] {
  let total = 0n;
  return levels.map(({ price, size }) => ({ price: nanoOr0(price), total: (total += nanoOr0(size)) }));
}

export interface DepthFrame {
  middle: Nano;
  /** Half of what is shown, in price. */
  reach: Nano;
  /** The largest total within it. */
  most: Nano;
}

/** What to show: as far as the nearer end of both sides goes, at most a share of the price given in bps. */
export function frameOf(bids: readonly DepthPoint[], asks: readonly DepthPoint[], limitBps: number): DepthFrame | null {
  const [bid, ask] = [bids[0], asks[0]];
  if (!bid || !ask) return null;
  const middle = (bid.price + ask.price) / 2n;
  const ends = [middle - bids.at(-1)!.price, asks.at(-1)!.price - middle].filter((end) => end > 0n);
  const limit = (middle * BigInt(limitBps)) / 10_000n;
  const widest = ends.reduce((a, b) => (a > b ? a : b), 0n);
  const reach = widest === 0n || widest > limit ? limit : widest;
  if (reach <= 0n) return null;
  const within = [...bids.filter(({ price }) => price >= middle - reach), ...asks.filter(({ price }) => price <= middle + reach)];
  return { middle, reach, most: within.reduce((most, { total }) => (total > most ? total : most), 0n) };
}

/** A staircase in the unit square: x is the price, y the total; for drawing only. */
export function stairs(points: readonly DepthPoint[], frame: DepthFrame, width: number, height: number): { x: number; y: number }[] {
  const low = frame.middle - frame.reach;
  const x = (price: Nano) => (toNumber(price - low, kNanoPlaces) / toNumber(2n * frame.reach, kNanoPlaces)) * width;
  const y = (total: Nano) => height - (frame.most === 0n ? 0 : (toNumber(total, kNanoPlaces) / toNumber(frame.most, kNanoPlaces)) * height);
  const out: { x: number; y: number }[] = [];
  let before = 0n;
  for (const { price, total } of points) {
    if (price < low || price > frame.middle + frame.reach) break;
    out.push({ x: x(price), y: y(before) }, { x: x(price), y: y(total) });
    before = total;
  }
  const last = out.at(-1);
  const first = points[0];
  if (last && first) out.push({ x: first.price < frame.middle ? 0 : width, y: last.y });
  return out;
}
