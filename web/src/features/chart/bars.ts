import type { Candle } from '@/api/series';

/** Both sorted by start, once each; where both have one, `came` is right: it is a correction. */
export function mergeBars(known: readonly Candle[], came: readonly Candle[]): Candle[] {
  if (came.length === 0) return [...known];
  if (known.length === 0 || known.at(-1)!.start < came[0]!.start) return [...known, ...came];
  const merged = new Map(known.map((bar) => [bar.start, bar]));
  for (const bar of came) merged.set(bar.start, bar);
  return [...merged.values()].sort((a, b) => a.start - b.start);
}

/** A place on the axis: a bar, or an interval in which nothing was traded. */
export interface Slot {
  start: number;
  bar: Candle | null;
}

/** A gap that is longer than what is drawn of it. */
export interface Cut {
  /** The first slot behind the cut. */
  start: number;
  missing: number;
}

export interface Slots {
  slots: Slot[];
  cuts: Cut[];
}

/** Gaps up to so many intervals are drawn in their true width. */
export const kGapSlotsMax = 60;

/**
 * The axis: a gap is a gap. Of one that is longer than kGapSlotsMax so many slots are left, half before
 * and half behind the cut, so that a night without trades does not push the day off the screen.
 */
export function withGaps(bars: readonly Candle[], lengthMs: number): Slots {
  const slots: Slot[] = [];
  const cuts: Cut[] = [];
  let next: number | null = null;
  for (const bar of bars) {
    if (next !== null && bar.start > next) addGap(next, bar.start, lengthMs, slots, cuts);
    slots.push({ start: bar.start, bar });
    next = bar.start + lengthMs;
  }
  return { slots, cuts };
}

function addGap(from: number, to: number, lengthMs: number, slots: Slot[], cuts: Cut[]): void {
  const count = Math.round((to - from) / lengthMs);
  const half = kGapSlotsMax / 2;
  const isCut = count > kGapSlotsMax;
  for (let i = 0; i < count; i++) {
    if (isCut && i >= half && i < count - half) {
      cuts.push({ start: to - half * lengthMs, missing: count - kGapSlotsMax });
      i = count - half;
    }
    slots.push({ start: from + i * lengthMs, bar: null });
  }
}

/** The last slot that begins at or before the moment; -1 when all begin later. */
export function slotAt(slots: readonly { start: number }[], ms: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slots[middle]!.start <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where a moment stands on the axis, in slots; also before the first and behind the last. */
export function placeOf(slots: readonly { start: number }[], lengthMs: number, ms: number): number | null {
  if (slots.length === 0) return null;
  const at = slotAt(slots, ms);
  if (at < 0) return (ms - slots[0]!.start) / lengthMs;
  const start = slots[at]!.start;
  const end = slots[at + 1]?.start;
  // Across a cut the axis runs faster.
  return at + (ms - start) / (end === undefined ? lengthMs : end - start);
}

/** The inverse of placeOf. */
export function momentAt(slots: readonly { start: number }[], lengthMs: number, place: number): number | null {
  if (slots.length === 0) return null;
  const last = slots.length - 1;
  if (place < 0) return slots[0]!.start + place * lengthMs;
  if (place >= last) return slots[last]!.start + (place - last) * lengthMs;
  const at = Math.floor(place);
  const start = slots[at]!.start;
  return start + (place - at) * (slots[at + 1]!.start - start);
}

/** For each slot the value of the bar that begins there, for a second series on the same axis. */
export function alignedTo<T extends { start: number }>(slots: readonly { start: number }[], others: readonly T[]): (T | null)[] {
  const known = new Map(others.map((each) => [each.start, each]));
  return slots.map((slot) => known.get(slot.start) ?? null);
}

/** What is different: nothing, the last bar, one bar more, or anything else. */
export function changeOf(before: readonly Candle[], after: readonly Candle[]): 'none' | 'last' | 'next' | 'all' {
  const [a, b] = [before.length, after.length];
  if (a === 0) return b === 0 ? 'none' : 'all';
  if (b < a || b > a + 1) return 'all';
  for (let i = 0; i < a - 1; i++) if (before[i] !== after[i]) return 'all';
  const isLastSame = before[a - 1] === after[a - 1];
  if (b > a) return isLastSame ? 'next' : 'all';
  if (isLastSame) return 'none';
  return before[a - 1]!.start === after[a - 1]!.start ? 'last' : 'all';
}
