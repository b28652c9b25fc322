/** The geometry of drawings: pixels of the price pane, nothing else. */

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  width: number;
  height: number;
}

export type Segment = [Point, Point];

/** How near the pointer must come to take hold of something. */
export const kReachPx = 6;

export function distanceToSegment(p: Point, [a, b]: Segment): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / square));
  return Math.hypot(p.x - a.x - share * dx, p.y - a.y - share * dy);
}

/** From `a` through `b` to the edge of the box. */
export function rayOf(a: Point, b: Point, { width, height }: Box): Segment {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  if (dx === 0 && dy === 0) return [a, b];
  // How many times the way to b until each edge is left behind.
  const times = (from: number, step: number, size: number) => (step > 0 ? (size - from) / step : step < 0 ? -from / step : Infinity);
  const t = Math.max(1, Math.min(times(a.x, dx, width), times(a.y, dy, height)));
  return [a, { x: a.x + t * dx, y: a.y + t * dy }];
}

export const rectangleSides = (a: Point, b: Point): Segment[] => {
  const [c, d] = [{ x: b.x, y: a.y }, { x: a.x, y: b.y }];
  return [[a, c], [c, b], [b, d], [d, a]];
};

export const isWithin = (p: Point, a: Point, b: Point, margin = 0): boolean =>
  p.x >= Math.min(a.x, b.x) - margin && p.x <= Math.max(a.x, b.x) + margin && p.y >= Math.min(a.y, b.y) - margin && p.y <= Math.max(a.y, b.y) + margin;

/** The levels of a retracement, in thousandths of the way back from the second point to the first. */
export const kRetracements = [0, 236, 382, 500, 618, 786, 1000] as const;

export const retracementY = (a: Point, b: Point, thousandths: number): number => b.y + ((a.y - b.y) * thousandths) / 1000;
