import { describe, expect, it } from 'vitest';
import type { Candle } from '@/api/series';
import { alignedTo, changeOf, kGapSlotsMax, mergeBars, momentAt, placeOf, slotAt, withGaps } from './bars';

const bar = (start: number, close = '1'): Candle => ({ start, open: '1', high: '2', low: '1', close, volume: '1', value: '1', trades: 1, first_trade: '1', last_trade: '1' });
const starts = (list: readonly { start: number }[]) => list.map((each) => each.start);

describe('bars from pages and from the stream', () => {
  it('are there once each, in order, whatever came first', () => {
    // Against the obvious: a map, sorted.
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    let merged: Candle[] = [];
    const reference = new Map<number, Candle>();
    for (let round = 0; round < 300; round++) {
      const first = random(80);
      const came = Array.from({ length: 1 + random(6) }, (_, i) => bar(first + i, String(round)));
      merged = mergeBars(merged, came);
      for (const each of came) reference.set(each.start, each);
      expect(merged).toEqual([...reference.values()].sort((a, b) => a.start - b.start));
    }
  });

  it('take a correction of a bar that is long past', () => {
    expect(mergeBars([bar(1), bar(2), bar(3)], [bar(2, '9')]).map((each) => each.close)).toEqual(['1', '9', '1']);
  });
});

describe('a gap', () => {
  it('is as wide as it is long', () => {
    const { slots, cuts } = withGaps([bar(10), bar(13), bar(14)], 1);
    expect(slots.map(({ start, bar: own }) => [start, own !== null])).toEqual([[10, true], [11, false], [12, false], [13, true], [14, true]]);
    expect(cuts).toEqual([]);
  });

  it('is cut when it is longer than what can be looked at, and says how much is missing', () => {
    const end = 1000;
    const { slots, cuts } = withGaps([bar(0), bar(end)], 1);
    expect(slots).toHaveLength(kGapSlotsMax + 2);
    expect(starts(slots)).toEqual([...new Set(starts(slots))].sort((a, b) => a - b));
    expect(cuts).toEqual([{ start: end - kGapSlotsMax / 2, missing: end - 1 - kGapSlotsMax }]);
    expect(slots.some((slot) => slot.start === cuts[0]!.start)).toBe(true);
  });

  it('just short enough is drawn whole', () => {
    const { slots, cuts } = withGaps([bar(0), bar(kGapSlotsMax + 1)], 1);
    expect(cuts).toEqual([]);
    expect(starts(slots)).toEqual(Array.from({ length: kGapSlotsMax + 2 }, (_, i) => i));
  });
});

describe('places on the axis', () => {
  const { slots } = withGaps([bar(0), bar(10), bar(20), bar(5000)], 10);

  it('lead back to their moment, before, within and behind the bars', () => {
    for (const ms of [-35, 0, 4, 10, 17, 300, 2500, 4999, 5000, 5030]) expect(momentAt(slots, 10, placeOf(slots, 10, ms)!)).toBeCloseTo(ms, 6);
  });

  it('grow with time', () => {
    let before = -Infinity;
    for (let ms = -50; ms < 5100; ms += 5) {
      const place = placeOf(slots, 10, ms)!;
      expect(place).toBeGreaterThan(before);
      before = place;
    }
  });

  it('are none without bars', () => {
    expect(placeOf([], 10, 1)).toBeNull();
    expect(momentAt([], 10, 1)).toBeNull();
  });

  it('are found by the last slot that has begun', () => {
    expect([-1, 0, 9, 10, 9999].map((ms) => slotAt(slots, ms))).toEqual([-1, 0, 0, 1, slots.length - 1]);
  });

  it('of another series are those of the first: its own times add none', () => {
    expect(alignedTo([{ start: 1 }, { start: 2 }, { start: 4 }], [bar(2), bar(3), bar(4)]).map((each) => each?.start ?? null)).toEqual([null, 2, 4]);
  });
});

describe('what changed', () => {
  const known = [bar(1), bar(2), bar(3)];
  it.each([
    ['nothing', [...known], 'none'],
    ['the running bar', mergeBars(known, [bar(3, '5')]), 'last'],
    ['a bar more', mergeBars(known, [bar(4)]), 'next'],
    ['a bar more, behind a gap', mergeBars(known, [bar(9)]), 'next'],
    ['a correction', mergeBars(known, [bar(2, '5')]), 'all'],
    ['a bar more with a correction', mergeBars(known, [bar(3, '5'), bar(4)]), 'all'],
    ['older ones', mergeBars(known, [bar(0)]), 'all'],
    ['fewer', known.slice(1), 'all'],
  ] as const)('%s', (_, after, change) => expect(changeOf(known, after)).toBe(change));
  it('is all at the beginning', () => {
    expect(changeOf([], known)).toBe('all');
    expect(changeOf([], [])).toBe('none');
  });
});
