import { describe, expect, it } from 'vitest';
import { at, figuresOf, listAt, listsOf, parsePath } from './paths';

const answer = {
  seq: 7,
  feed: { slot: 285, label: 'replay' },
  prices: [
    { asset: 'SOL', index: '109.7', sources: ['a', 'b'] },
    { asset: 'BTC', index: '61822.0', sources: [] },
  ],
  counters: { swaps: 3, failed: 0 },
};

describe('paths into an answer', () => {
  it.each([
    ['seq', 7],
    ['feed.slot', 285],
    ['prices[1].index', '61822.0'],
    ['prices[asset=BTC].index', '61822.0'],
    ['prices[asset=SOL].sources[1]', 'b'],
    ['prices[asset=XLM].index', undefined],
    ['feed.slot.deeper', undefined],
    ['', answer],
    ['constructor', undefined],
    ['prices.length', undefined],
  ])('%s', (path, value) => {
    expect(at(answer, path)).toEqual(value);
  });

  it.each(['.', 'a.', '.a', 'a..b', 'a[', 'a[x', 'a]b', 'a[-1]', '[=x]', 'a{}'])('%s is none', (path) => {
    expect(parsePath(path)).toBeNull();
    expect(at(answer, path)).toBeUndefined();
  });

  it('a list, an answer that is one, and the members of an object', () => {
    expect(listAt(answer, 'prices')).toHaveLength(2);
    expect(listAt([1, 2], '')).toEqual([1, 2]);
    expect(listAt(answer, 'counters{}')).toEqual([{ name: 'swaps', value: 3 }, { name: 'failed', value: 0 }]);
    expect(listAt(answer, 'feed')).toBeNull();
    expect(listAt(answer, 'seq{}')).toBeNull();
  });

  it('offers every figure by a path that leads to it', () => {
    const found = figuresOf(answer, true);
    expect(found.map(({ path }) => path)).toEqual([
      'seq', 'feed.slot', 'feed.label', 'prices[asset=SOL].asset', 'prices[asset=SOL].index', 'prices[asset=SOL].sources[0]', 'prices[asset=SOL].sources[1]',
      'prices[asset=BTC].asset', 'prices[asset=BTC].index', 'counters.swaps', 'counters.failed',
    ]);
    for (const { path, value } of found) expect(at(answer, path)).toBe(value);
    expect(figuresOf(answer.prices[0]).map(({ path }) => path)).toEqual(['asset', 'index', 'sources[0]', 'sources[1]']);
  });

  it('offers lists before objects of figures', () => {
    expect(listsOf(answer).map(({ path }) => path)).toEqual(['prices', 'feed{}', 'counters{}']);
    expect(listsOf([[1, 2]])).toEqual([{ path: '', rows: 1 }]);
  });
});
