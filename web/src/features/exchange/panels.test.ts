import { describe, expect, it } from 'vitest';
import type { BookLevel, Ticker } from '@/api/venue';
import { nanoOr0 } from '@/domain/decimal';
import { alertOf, reached } from './alerts';
import { bidShare, grouped, stepsOf, withTotals } from './book';
import { curveOf, frameOf, stairs } from './depth';
import { venueTruthOf, type VenueTruthInput } from './truth';
import { kSortKeys, sortedBy, sortedTickers } from './watchlist';

const levels = (...pairs: [string, string][]): BookLevel[] => pairs.map(([price, size]) => ({ price, size }));
const bids = levels(['100.07', '1'], ['100.05', '2'], ['100', '3'], ['99.99', '4']);
const asks = levels(['100.1', '1'], ['100.11', '2'], ['100.15', '3'], ['100.2', '4']);

describe('grouping', () => {
  it('puts each level where it is no better than those it holds', () => {
    expect(grouped(bids, nanoOr0('0.05'), 'bid')).toEqual(levels(['100.05', '3'], ['100', '3'], ['99.95', '4']));
    expect(grouped(asks, nanoOr0('0.05'), 'ask')).toEqual(levels(['100.1', '1'], ['100.15', '5'], ['100.2', '4']));
  });
  it('keeps what there is, in order, whatever the step', () => {
    const total = (list: BookLevel[]) => withTotals(list, 99).at(-1)!.total;
    for (const step of ['0.01', '0.02', '0.1', '1', '7']) {
      for (const [side, all] of [['bid', bids], ['ask', asks]] as const) {
        const some = grouped(all, nanoOr0(step), side);
        expect(total(some)).toBe(total(all));
        const prices = some.map(({ price }) => nanoOr0(price));
        expect(prices).toEqual([...prices].sort((a, b) => (side === 'bid' ? Number(b - a) : Number(a - b))));
        expect(prices.every((price) => price % nanoOr0(step) === 0n)).toBe(true);
        expect(side === 'bid' ? prices[0]! <= nanoOr0(all[0]!.price) : prices[0]! >= nanoOr0(all[0]!.price)).toBe(true);
      }
    }
  });
  it('offers no step that would swallow the price, and always the tick', () => {
    expect(stepsOf(nanoOr0('0.01'), nanoOr0('104')).map(Number)).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].map((x) => Math.round(x * 1e9)));
    expect(stepsOf(nanoOr0('1'), nanoOr0('3'))).toEqual([nanoOr0('1')]);
  });
  it('weighs the sides', () => {
    expect(bidShare(withTotals(bids, 4), withTotals(asks, 4))).toBe(500);
    expect(bidShare(withTotals(bids, 1), [])).toBe(1000);
    expect(bidShare([], [])).toBeNull();
  });
});

describe('depth', () => {
  const [bid, ask] = [curveOf(bids), curveOf(asks)];
  it('runs up on both sides of the middle and never leaves the picture', () => {
    const frame = frameOf(bid, ask, 1000)!;
    expect(frame.middle).toBe(nanoOr0('100.085'));
    expect(frame.most).toBe(nanoOr0('10'));
    for (const [points, isLeft] of [[bid, true], [ask, false]] as const) {
      const line = stairs(points, frame, 200, 100);
      expect(line.every(({ x, y }) => x >= 0 && x <= 200 && y >= 0 && y <= 100 && (isLeft ? x <= 100 : x >= 100))).toBe(true);
      expect(line.map(({ y }) => y)).toEqual([...line.map(({ y }) => y)].sort((a, b) => b - a));
      expect(line.at(-1)!.x).toBe(isLeft ? 0 : 200);
    }
  });
  it('shows no further than asked for, and nothing of one side', () => {
    expect(frameOf(bid, ask, 2)!.reach).toBe((nanoOr0('100.085') * 2n) / 10_000n);
    expect(frameOf(bid, [], 100)).toBeNull();
  });
});

const ticker = (market: string, change: Partial<Ticker> = {}) =>
  ({ market, mark: '1', change_24h_bps: 0, value_24h: '0', open_interest: '0', funding_rate: '0', ...change }) as Ticker;

describe('watchlist', () => {
  const list = [ticker('B', { mark: '9', value_24h: '5' }), ticker('A', { mark: '10', value_24h: '5' }), ticker('C', { mark: '2', value_24h: '7' })];
  const names = (by: (typeof kSortKeys)[number], isDown: boolean) => sortedTickers(list, { by, isDown }).map(({ market }) => market).join('');
  it('sorts by value, not by text, and equal ones by name', () => {
    expect(names('mark', true)).toBe('ABC');
    expect(names('mark', false)).toBe('CBA');
    expect(names('volume', true)).toBe('CAB');
    expect(names('market', false)).toBe('ABC');
  });
  it('a column asked for again turns around', () => {
    expect(sortedBy({ by: 'mark', isDown: true }, 'mark')).toEqual({ by: 'mark', isDown: false });
    expect(sortedBy({ by: 'mark', isDown: true }, 'market')).toEqual({ by: 'market', isDown: false });
    expect(sortedBy({ by: 'market', isDown: false }, 'volume')).toEqual({ by: 'volume', isDown: true });
  });
});

describe('price alerts', () => {
  it('wait on the side where the price is', () => {
    expect(alertOf('A', '10.50', '9', 1)).toMatchObject({ price: '10.5', side: 'above' });
    expect(alertOf('A', '8', '9', 1)?.side).toBe('below');
    for (const bad of ['', 'x', '0', '-1', '9.0']) expect(alertOf('A', bad, '9', 1), bad).toBeNull();
  });
  it('are reached once, at the price or beyond, by a price there is', () => {
    const alert = alertOf('A', '10', '9', 1)!;
    expect(reached([alert], [ticker('A', { mark: '9.99' })])).toEqual([]);
    expect(reached([alert], [ticker('A', { mark: '10' })])).toEqual([alert]);
    expect(reached([{ ...alert, hit: 5 }], [ticker('A', { mark: '11' })])).toEqual([]);
    expect(reached([alertOf('A', '8', '9', 1)!], [ticker('A', { mark: '0' }), ticker('B', { mark: '1' })])).toEqual([]);
  });
});

describe('truth of a market', () => {
  const good: VenueTruthInput = { phase: 'open', lastMessageMs: 9_900, lastPriceMs: 9_500, nowMs: 10_000, label: 'replay', isSimulated: true, verdict: 'valid' };
  it('says what the prices are', () => expect(venueTruthOf(good)).toEqual({ label: 'replay', isSimulated: true, staleSeconds: null }));
  it.each<[string, Partial<VenueTruthInput>, number]>([
    ['no price for long', { lastPriceMs: 2_000 }, 8],
    ['a lost connection', { phase: 'waiting', lastMessageMs: 7_000 }, 3],
    ["the oracle's verdict", { verdict: 'stale' }, 0],
  ])('is stale after %s', (_, change, seconds) => expect(venueTruthOf({ ...good, ...change }).staleSeconds).toBe(seconds));
  it('is not stale before the first price', () => expect(venueTruthOf({ ...good, lastPriceMs: null, label: null }).staleSeconds).toBeNull());
});
