import { describe, expect, it } from 'vitest';
import type { BookDelta, LiquidationNotice, PublicTrade, Ticker } from '@/api/venue';
import type { ChannelHandlers } from '@/stream';
import { bookChecksum } from './checksum';
import { MarketData, merged } from './market';

interface Request {
  filter?: { market?: string[] };
}

/** The channels as they were asked for. */
class FakeStream {
  handlers = new Map<string, ChannelHandlers<unknown>>();
  /** "channel: markets" of every subscription and change. */
  asked: string[] = [];
  closed: string[] = [];
  subscribe = (name: string, request: unknown, handlers: unknown) => {
    this.handlers.set(name, handlers as ChannelHandlers<unknown>);
    this.note(name, request as Request);
    return { change: (next: unknown) => this.note(name, next as Request), close: () => void this.closed.push(name) };
  };
  private note(name: string, { filter }: Request) {
    this.asked.push(`${name}: ${filter?.market?.join() ?? 'all'}`);
  }
  asksOf = (name: string) => this.asked.filter((text) => text.startsWith(`${name}:`)).map((text) => text.slice(name.length + 2));
  event = (channel: string, data: unknown) => this.handlers.get(channel)!.onEvent({ seq: 1, time: '', data });
  state = (channel: string, state: unknown) => this.handlers.get(channel)!.onState!(state, 1);
}

const settled = () => new Promise<void>((done) => setTimeout(done, 0));
const bids = [{ price: '10', size: '1' }];
const bookOf = (market: string, seq = 5) => ({ market, seq, time: 0, checksum: bookChecksum(bids, []), bids, asks: [] });
const delta = (change: Partial<BookDelta>): BookDelta => ({ market: 'SOL-PERP', seq: 6, prev_seq: 5, time: 1, checksum: 0, bids: [], asks: [], ...change });
const trade = (n: number, market = 'SOL-PERP') => ({ trade: String(n), seq: n, market }) as PublicTrade;

function made(past: readonly PublicTrade[] = []) {
  const stream = new FakeStream();
  const data = new MarketData(stream as never, { trades: async () => past, liquidations: async () => [] }, (run) => run());
  return { stream, data };
}

async function opened(past: readonly PublicTrade[] = []) {
  const { stream, data } = made(past);
  data.use('SOL-PERP');
  await settled();
  stream.state('exchange.book', { books: [bookOf('SOL-PERP')] });
  return { stream, data, view: () => data.view('SOL-PERP') };
}

describe('market data', () => {
  it('shows the book as it is told', async () => {
    const { stream, view } = await opened();
    expect(view().book?.bids).toEqual(bids);
    const asks = [{ price: '11', size: '2' }];
    stream.event('exchange.book', delta({ asks, checksum: bookChecksum(bids, asks) }));
    expect(view().book).toMatchObject({ asks, seq: 6 });
    expect(view().resyncs).toBe(0);
  });
  it.each([
    ['a hole', delta({ seq: 9, prev_seq: 7 })],
    ['a wrong checksum', delta({ checksum: 1 })],
  ])('begins the book anew after %s and shows the last good one meanwhile', async (_, bad) => {
    const { stream, view } = await opened();
    stream.event('exchange.book', bad);
    expect(stream.asksOf('exchange.book')).toHaveLength(2);
    expect(view()).toMatchObject({ resyncs: 1, book: { seq: 5 } });
    stream.event('exchange.book', delta({ seq: 10, prev_seq: 9 }));
    expect(view().book?.seq).toBe(5);
    stream.state('exchange.book', { books: [bookOf('SOL-PERP', 12)] });
    expect(view().book?.seq).toBe(12);
  });
  it('keeps trades newest first and a limit of them, those of before among them', async () => {
    const { stream, view } = await opened([trade(2), trade(1)]);
    stream.handlers.get('exchange.trade')!.onSnapshot([2, 3].map((n) => ({ seq: n, time: '', data: trade(n) })), 3);
    expect(view().trades!.map((each) => each.trade)).toEqual(['3', '2', '1']);
    for (let n = 4; n < 100; ++n) stream.event('exchange.trade', trade(n));
    expect(view().trades!.length).toBe(60);
    expect(view().trades![0]!.trade).toBe('99');
  });
  it('tells a liquidation that concerns no market to all', async () => {
    const { stream, data, view } = await opened();
    data.use('BTC-PERP');
    stream.event('exchange.liquidation', { seq: 1, market: null, kind: 'deficit' } as LiquidationNotice);
    expect(view().liquidations).toHaveLength(1);
    expect(data.view('BTC-PERP').liquidations).toHaveLength(1);
  });
  it('a view stays the same object when nothing of its market has changed', async () => {
    const { stream, data, view } = await opened();
    data.use('BTC-PERP');
    await settled();
    const before = view();
    stream.event('exchange.trade', trade(7, 'BTC-PERP'));
    expect(view()).toBe(before);
    expect(data.view('BTC-PERP').trades).toHaveLength(1);
  });
});

describe('users of markets', () => {
  it('several share one subscription a channel, changed once for all that come together', async () => {
    const { stream, data } = made();
    for (const symbol of ['SOL-PERP', 'BTC-PERP', 'SOL-PERP']) data.use(symbol);
    await settled();
    for (const name of ['exchange.book', 'exchange.trade', 'exchange.liquidation']) expect(stream.asksOf(name)).toEqual(['BTC-PERP,SOL-PERP']);
    data.use('ETH-PERP');
    await settled();
    expect(stream.asksOf('exchange.book').at(-1)).toBe('BTC-PERP,ETH-PERP,SOL-PERP');
  });
  it('a market is followed until its last user has gone, and nothing when nobody is left', async () => {
    const { stream, data } = made();
    const first = data.use('SOL-PERP');
    const second = data.use('SOL-PERP');
    const other = data.use('BTC-PERP');
    await settled();
    first();
    first();
    await settled();
    expect(stream.asksOf('exchange.book')).toHaveLength(1);
    second();
    await settled();
    expect(stream.asksOf('exchange.book').at(-1)).toBe('BTC-PERP');
    expect(stream.closed).toEqual([]);
    other();
    await settled();
    expect(stream.closed.sort()).toEqual(['exchange.book', 'exchange.liquidation', 'exchange.trade']);
    data.use('SOL-PERP');
    await settled();
    expect(stream.asksOf('exchange.book').at(-1)).toBe('SOL-PERP');
  });
  it('a change of market in one go is no churn', async () => {
    const { stream, data } = made();
    const leave = data.use('SOL-PERP');
    await settled();
    leave();
    data.use('BTC-PERP');
    await settled();
    expect(stream.asksOf('exchange.book')).toEqual(['SOL-PERP', 'BTC-PERP']);
    expect(stream.closed).toEqual([]);
  });
  it('follows the prices of all markets while anybody asks for them', () => {
    const { stream, data } = made();
    const ticker = (market: string, mark: string) => ({ market, mark }) as Ticker;
    const leave = [data.useTickers(), data.useTickers()];
    stream.state('exchange.price', { simulated: true, tickers: [ticker('SOL-PERP', '1'), ticker('BTC-PERP', '2')] });
    stream.event('exchange.price', ticker('BTC-PERP', '3'));
    expect(data.getTickers().simulated).toBe(true);
    expect(data.getTickers().list.map(({ mark }) => mark)).toEqual(['1', '3']);
    expect(stream.asksOf('exchange.price')).toEqual(['all']);
    leave.forEach((each) => each());
    expect(stream.closed).toEqual(['exchange.price']);
  });
});

it('merging keeps each once, newest first', () => {
  const ids = (list: PublicTrade[]) => list.map((each) => each.trade).join();
  expect(ids(merged([trade(5), trade(3)], [trade(4), trade(3), trade(1)], (each) => each.trade, 9))).toBe('5,4,3,1');
  expect(ids(merged([trade(2)], [trade(9)], (each) => each.trade, 1))).toBe('9');
});
