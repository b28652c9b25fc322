import { describe, expect, it } from 'vitest';
import type { Candle, CandlesAnswer, CandlesQuery } from '@/api/series';
import { BarStore, kPage } from './history';
import type { CandleListener } from './live';

const bar = (start: number, close = '1'): Candle => ({ start, open: '1', high: '1', low: '1', close, volume: '1', value: '1', trades: 1, first_trade: '1', last_trade: '1' });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => bar(from + i));

/** A server with bars 0 … size − 1 of which each request is answered when the test says so. */
function world(size: number) {
  const server = range(0, size);
  const asked: { query: CandlesQuery; answer: () => void; fail: () => void }[] = [];
  let listener: CandleListener | null = null;
  const read = (query: CandlesQuery) =>
    new Promise<CandlesAnswer>((done, refuse) => {
      const { from, to = Infinity, limit = 500 } = query;
      const page = (candles: Candle[]) => {
        const within = candles.filter(({ start }) => start >= (from ?? -Infinity) && start < to);
        return from === undefined ? within.slice(-limit) : within.slice(0, limit);
      };
      const candles = page(server);
      asked.push({ query, answer: () => done({ symbol: 'A', interval: '1s', candles, next: null }), fail: () => refuse(new Error('gone')) });
    });
  const hub = { listen: (_symbol: string, _interval: string, heard: CandleListener) => ((listener = heard), () => (listener = null)) };
  const store = new BarStore('A', '1s', read, hub, (run) => run());
  store.start();
  const settle = () => new Promise((next) => setTimeout(next));
  return { server, asked, store, live: (candle: Candle) => listener?.onCandle(candle), doubt: () => listener?.onDoubt(), settle, starts: () => store.getView().bars.map((each) => each.start) };
}

describe('the bars of a chart', () => {
  it('begin with a page and go on with what is told, each interval once', async () => {
    const w = world(900);
    expect(w.store.getView().state).toBe('loading');
    w.asked[0]!.answer();
    await w.settle();
    expect(w.store.getView().state).toBe('ready');
    expect(w.starts()).toEqual(range(900 - kPage, 900).map((each) => each.start));
    w.live(bar(899, '7'));
    w.live(bar(900, '8'));
    w.live(bar(900, '9'));
    expect(w.store.getView().bars.slice(-2).map((each) => each.close)).toEqual(['7', '9']);
    expect(new Set(w.starts()).size).toBe(w.starts().length);
  });

  it('keep what was told while the page was on its way: the page is the older one', async () => {
    const w = world(10);
    w.live(bar(9, 'new'));
    w.live(bar(10, 'newer'));
    w.asked[0]!.answer();
    await w.settle();
    expect(w.store.getView().bars.slice(-2).map((each) => each.close)).toEqual(['new', 'newer']);
    expect(w.starts()).toEqual(range(0, 11).map((each) => each.start));
  });

  it('go back page by page until there are no more', async () => {
    const w = world(kPage + 20);
    w.asked[0]!.answer();
    await w.settle();
    void w.store.readOlder();
    expect(w.store.getView().isLoadingOlder).toBe(true);
    // Asked again while it is under way: once is enough.
    void w.store.readOlder();
    expect(w.asked).toHaveLength(2);
    expect(w.asked[1]!.query.to).toBe(20);
    w.asked[1]!.answer();
    await w.settle();
    expect(w.starts()).toEqual(range(0, kPage + 20).map((each) => each.start));
    expect(w.store.getView()).toMatchObject({ isComplete: true, isLoadingOlder: false });
    void w.store.readOlder();
    expect(w.asked).toHaveLength(2);
  });

  it('are read again where the stream may have left something out, also what was corrected meanwhile', async () => {
    const w = world(30);
    w.asked[0]!.answer();
    await w.settle();
    w.server.push(...range(30, 40));
    w.server[25] = bar(25, 'corrected');
    w.doubt();
    w.asked[1]!.answer();
    await w.settle();
    expect(w.starts()).toEqual(range(0, 40).map((each) => each.start));
    expect(w.store.getView().bars[25]!.close).toBe('corrected');
  });

  it('are read once more when the doubt comes while a page is under way', async () => {
    const w = world(5);
    w.doubt();
    expect(w.asked).toHaveLength(1);
    w.server.push(bar(5));
    w.asked[0]!.answer();
    await w.settle();
    expect(w.asked).toHaveLength(2);
    w.asked[1]!.answer();
    await w.settle();
    expect(w.starts()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('fail in words, and stay when only something newer could not be read', async () => {
    const w = world(5);
    w.asked[0]!.fail();
    await w.settle();
    expect(w.store.getView().state).toBe('failed');
    void w.store.readNewest();
    w.asked[1]!.answer();
    await w.settle();
    expect(w.store.getView()).toMatchObject({ state: 'ready', error: null });
    w.doubt();
    w.asked[2]!.fail();
    await w.settle();
    expect(w.store.getView().state).toBe('ready');
    expect(w.store.getView().error).not.toBeNull();
    expect(w.starts()).toHaveLength(5);
  });
});
