import type { Finding, Leg } from '@/api/types';

/** The picture of a finding, before it is drawn. */
export interface CycleEdge {
  from: string;
  to: string;
  amountIn: bigint;
  amountOut: bigint;
  legs: Leg[];
}

export interface SequenceRow {
  leg: Leg;
  /** Lane of the one who trades. */
  side: 'actor' | 'victim';
}

export type Flow =
  | { shape: 'cycle'; edges: CycleEdge[] }
  | { shape: 'sequence'; rows: SequenceRow[]; omittedVictims: number; hasVictims: boolean }
  | { shape: 'none' };

/** More corners than this can't be labelled legibly on a ring. */
const kCycleMost = 6;
const kVictimsMost = 5;

const amount = (text: string): bigint => (/^\d+$/.test(text) ? BigInt(text) : 0n);

/** Legs of the same exchange (a split route) become one edge; null when they do not close a ring. */
export function toCycle(legs: readonly Leg[]): CycleEdge[] | null {
  const edges: CycleEdge[] = [];
  for (const leg of legs) {
    const same = edges.find((edge) => edge.from === leg.mint_in && edge.to === leg.mint_out);
    if (same) {
      same.amountIn += amount(leg.amount_in);
      same.amountOut += amount(leg.amount_out);
      same.legs.push(leg);
    } else {
      edges.push({ from: leg.mint_in, to: leg.mint_out, amountIn: amount(leg.amount_in), amountOut: amount(leg.amount_out), legs: [leg] });
    }
  }
  const closes = edges.length >= 2 && edges.every((edge, i) => edge.to === edges[(i + 1) % edges.length]!.from);
  const mints = new Set(edges.map((edge) => edge.from));
  return closes && mints.size === edges.length && edges.length <= kCycleMost ? edges : null;
}

/** Rows in order of execution; of many victims the largest ones are kept, in their order. */
function toSequence(legs: readonly Leg[]): Flow {
  const victims = legs.filter((leg) => leg.role === 'victim');
  const largest = [...victims].sort((a, b) => (amount(b.amount_in) > amount(a.amount_in) ? 1 : -1)).slice(0, kVictimsMost);
  const rows = legs
    .filter((leg) => leg.role !== 'victim' || largest.includes(leg))
    .map((leg): SequenceRow => ({ leg, side: leg.role === 'victim' ? 'victim' : 'actor' }));
  return { shape: 'sequence', rows, omittedVictims: victims.length - largest.length, hasVictims: victims.length > 0 };
}

export const byExecution = (a: Leg, b: Leg): number =>
  a.slot - b.slot || a.tx_index - b.tx_index || a.ix_index - b.ix_index || a.inner_index - b.inner_index;

export function flowOf(finding: Finding, hasRoomForRing = true): Flow {
  if (finding.legs.length === 0) return { shape: 'none' };
  const isRing = finding.kind === 'arbitrage' || finding.kind === 'price_gap';
  // A ring keeps the order of the evidence; a price gap has not been executed at all.
  const cycle = isRing && hasRoomForRing ? toCycle(finding.legs) : null;
  if (cycle) return { shape: 'cycle', edges: cycle };
  return toSequence(isRing ? finding.legs : [...finding.legs].sort(byExecution));
}

export interface Point {
  x: number;
  y: number;
}

/** Corner `i` of `n` on an ellipse, clockwise from the top. */
export function onEllipse(i: number, n: number, centre: Point, rx: number, ry: number): Point {
  const angle = -Math.PI / 2 + (2 * Math.PI * i) / n;
  return { x: centre.x + rx * Math.cos(angle), y: centre.y + ry * Math.sin(angle) };
}
