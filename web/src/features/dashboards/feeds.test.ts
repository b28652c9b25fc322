import { describe, expect, it } from 'vitest';
import type { ChannelHandlers } from '@/stream';
import { BoardFeeds, kFiltersMax } from './feeds';

class Stream {
  channels = new Map<string, { filter: unknown; handlers: ChannelHandlers<unknown> }>();
  isStopped = false;
  subscribe<T>(name: string, { filter }: { filter?: unknown }, handlers: ChannelHandlers<T>) {
    if (this.channels.has(name)) throw new Error(`${name} twice on one connection`);
    this.channels.set(name, { filter, handlers: handlers as ChannelHandlers<unknown> });
    return { change: () => {}, close: () => void this.channels.delete(name) };
  }
  start() {}
  stop() {
    this.isStopped = true;
  }
  state = {} as never;
  onState = () => () => {};
}

function made() {
  const streams: Stream[] = [];
  const feeds = new BoardFeeds(
    () => {
      streams.push(new Stream());
      return streams.at(-1)!;
    },
    (run) => run(),
  );
  return { streams, feeds };
}
const item = (seq: number, data: unknown) => ({ seq, time: '2026-11-20T12:00:00.000Z', data });

describe('the channels of a board', () => {
  it('are shared by widgets of the same filter, and take another connection for another filter', () => {
    const { streams, feeds } = made();
    const first = feeds.follow('exchange.price', { market: ['SOL-PERP'] }, () => {});
    const same = feeds.follow('exchange.price', { market: ['SOL-PERP'] }, () => {});
    feeds.follow('exchange.price', { market: ['BTC-PERP'] }, () => {});
    feeds.follow('mev.slot', {}, () => {});
    expect(streams.map(({ channels }) => [...channels].map(([name, { filter }]) => [name, filter]))).toEqual([
      [['exchange.price', { market: ['SOL-PERP'] }], ['mev.slot', {}]],
      [['exchange.price', { market: ['BTC-PERP'] }]],
    ]);
    first();
    expect(streams[0]!.channels.has('exchange.price')).toBe(true);
    same();
    expect(streams[0]!.channels.has('exchange.price')).toBe(false);
    feeds.follow('exchange.price', { market: ['ETH-PERP'] }, () => {});
    expect(streams[0]!.channels.get('exchange.price')?.filter).toEqual({ market: ['ETH-PERP'] });
    feeds.stop();
    expect(streams.every(({ isStopped }) => isStopped)).toBe(true);
  });

  it('refuse more filters of one channel than the limit, in words', () => {
    const { streams, feeds } = made();
    for (let i = 0; i <= kFiltersMax; ++i) feeds.follow('market.price', { asset: `A${i}` }, () => {});
    expect(streams).toHaveLength(kFiltersMax);
    expect(feeds.view(BoardFeeds.keyOf('market.price', { asset: `A${kFiltersMax}` })).refusal?.code).toBe('too_many_filters');
  });

  it('begin with a snapshot or a state, go on with events, and count what was missed', () => {
    const { streams, feeds } = made();
    let told = 0;
    feeds.follow('mev.slot', {}, () => ++told);
    const key = BoardFeeds.keyOf('mev.slot', {});
    const { handlers } = streams[0]!.channels.get('mev.slot')!;
    handlers.onSnapshot([item(1, { slot: 1 })], 1);
    handlers.onEvent(item(2, { slot: 2 }));
    handlers.onGap?.({ from_seq: 3, to_seq: 4, reason: 'slow_consumer' });
    expect(feeds.view(key)).toMatchObject({ isReady: true, gaps: 1, rows: [{ value: { slot: 1 } }, { value: { slot: 2 } }] });
    handlers.onState?.({ slot: 9 }, 9);
    expect(feeds.view(key).rows.map(({ value }) => value)).toEqual([{ slot: 9 }]);
    handlers.onState?.({ tickers: [{ market: 'A' }, { market: 'B' }], simulated: true }, 10);
    expect(feeds.view(key).rows.map(({ value }) => value)).toEqual([{ market: 'A' }, { market: 'B' }]);
    handlers.onRefused?.('sign_in_needed', 'sign in');
    expect(feeds.view(key).refusal).toEqual({ code: 'sign_in_needed', message: 'sign in' });
    expect(told).toBeGreaterThan(0);
  });
});
