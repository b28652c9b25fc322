import { describe, expect, it } from 'vitest';
import type { BookDelta, PublicTrade, Ticker } from '@/api/venue';
import type { ChannelHandlers } from '@/stream';
import { bookChecksum } from './checksum';
import { MarketStore } from './market';

/** The channels as the store has asked for them, and a clock that runs at once. */
class FakeStream {
  handlers = new Map<string, ChannelHandlers<unknown>>();
  changes: string[] = [];
  closed: string[] = [];
  subscribe = (name: string, _request: unknown, handlers: unknown) => {
    this.handlers.set(name, handlers as ChannelHandlers<unknown>);
    return { change: () => void this.changes.push(name), close: () => void this.closed.push(name) };
  };
  event = (channel: string, data: unknown) => this.handlers.get(channel)!.onEvent({ seq: 1, time: '', data });
}

function opened() {
  const stream = new FakeStream();
  const store = new MarketStore(stream as never, (run) => run());
  store.open('SOL-PERP');
  const bids = [{ price: '10', size: '1' }];
  const state = { market: 'SOL-PERP', seq: 5, time: 0, checksum: bookChecksum(bids, []), bids, asks: [] };
  stream.handlers.get('exchange.book')!.onState!({ books: [state] }, 1);
  return { stream, store, state };
}
const delta = (change: Partial<BookDelta>): BookDelta => ({ market: 'SOL-PERP', seq: 6, prev_seq: 5, time: 1, checksum: 0, bids: [], asks: [], ...change });

describe('market store', () => {
  it('shows the book as it is told', () => {
    const { stream, store } = opened();
    expect(store.getView().book?.bids).toEqual([{ price: '10', size: '1' }]);
    const asks = [{ price: '11', size: '2' }];
    stream.event('exchange.book', delta({ asks, checksum: bookChecksum([{ price: '10', size: '1' }], asks) }));
    expect(store.getView().book).toMatchObject({ asks, seq: 6 });
    expect(store.getView().resyncs).toBe(0);
  });
  it.each([
    ['a hole', delta({ seq: 9, prev_seq: 7 })],
    ['a wrong checksum', delta({ checksum: 1 })],
  ])('begins the book anew after %s and shows the last good one meanwhile', (_, bad) => {
    const { stream, store, state } = opened();
    stream.event('exchange.book', bad);
    expect(stream.changes).toEqual(['exchange.book']);
    expect(store.getView()).toMatchObject({ resyncs: 1, book: { seq: 5 } });
    stream.event('exchange.book', delta({ seq: 10, prev_seq: 9 }));
    expect(store.getView().book?.seq).toBe(5);
    stream.handlers.get('exchange.book')!.onState!({ books: [{ ...state, seq: 12 }] }, 2);
    expect(store.getView().book?.seq).toBe(12);
  });
  it('keeps trades newest first and a limit of them', () => {
    const { stream, store } = opened();
    const trade = (n: number) => ({ trade: String(n) }) as PublicTrade;
    stream.handlers.get('exchange.trade')!.onSnapshot([1, 2].map((n) => ({ seq: n, time: '', data: trade(n) })), 2);
    for (let n = 3; n < 100; ++n) stream.event('exchange.trade', trade(n));
    const trades = store.getView().trades!;
    expect(trades.length).toBe(60);
    expect(trades[0]!.trade).toBe('99');
  });
  it('follows the prices of all markets and closes what it opened', () => {
    const { stream, store } = opened();
    const ticker = (market: string, mark: string) => ({ market, mark }) as Ticker;
    stream.handlers.get('exchange.price')!.onState!({ simulated: true, tickers: [ticker('SOL-PERP', '1'), ticker('BTC-PERP', '2')] }, 1);
    stream.event('exchange.price', ticker('BTC-PERP', '3'));
    expect(store.getView().simulated).toBe(true);
    expect(store.getView().tickers.map(({ mark }) => mark)).toEqual(['1', '3']);
    store.close();
    expect(stream.closed.sort()).toEqual(['exchange.book', 'exchange.liquidation', 'exchange.price', 'exchange.trade']);
  });
});
