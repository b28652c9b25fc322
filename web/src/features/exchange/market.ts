import { useEffect, useSyncExternalStore } from 'react';
import { venue, type BookDelta, type BookLevel, type BookSnapshot, type LiquidationNotice, type PublicTrade, type Ticker } from '@/api/venue';
import { FrameBatcher, Turns, liveStream, type LiveStream, type Subscription } from '@/stream';
import { Book } from './book';

/** How many are shown. */
export const kTrades = 60;
export const kLiquidations = 40;

export interface MarketView {
  symbol: string;
  /** Null until the book has come. */
  book: { bids: BookLevel[]; asks: BookLevel[]; seq: number; time: number } | null;
  /** Newest first; null until they have come. */
  trades: readonly PublicTrade[] | null;
  liquidations: readonly LiquidationNotice[] | null;
  /** How often the book had to be begun anew. */
  resyncs: number;
}

export interface Tickers {
  /** Of all markets, in the order of listing. */
  list: readonly Ticker[];
  simulated: boolean;
}

/** What a market's tapes were before anybody here listened. */
export interface MarketPast {
  trades(symbol: string): Promise<readonly PublicTrade[]>;
  liquidations(symbol: string): Promise<readonly LiquidationNotice[]>;
}

const empty = (symbol: string): MarketView => ({ symbol, book: null, trades: null, liquidations: null, resyncs: 0 });
const noTickers: Tickers = { list: [], simulated: false };
const newestFirst = (a: { seq: number }, b: { seq: number }) => b.seq - a.seq;
const idOfTrade = (trade: PublicTrade) => trade.trade;
const idOfNotice = (notice: LiquidationNotice) => `${notice.seq} ${notice.kind} ${notice.size} ${notice.price} ${notice.paid}`;

/** Both, each once, newest first; what has come already keeps its place. */
export function merged<T extends { seq: number }>(known: readonly T[], more: readonly T[], idOf: (item: T) => string, limit: number): T[] {
  const ids = new Set(known.map(idOf));
  return [...more.filter((item) => !ids.has(idOf(item))), ...known].sort(newestFirst).slice(0, limit);
}

/** One market as somebody here uses it. */
class Followed {
  users = 0;
  view: MarketView;
  next: MarketView;
  book: Book | null = null;
  bookTime = 0;
  isBookNew = false;
  readonly batcher: FrameBatcher;

  constructor(symbol: string, makeBatcher: (flush: () => void) => FrameBatcher, show: (market: Followed) => void) {
    this.view = this.next = empty(symbol);
    this.batcher = makeBatcher(() => show(this));
  }
}

const kSpacingMs = 100;
/** Two markets' books and trades drawn in one frame would hold up the next. */
const kApartMs = 25;

/**
 * All markets that anything on the screen shows, each counted by its users: one subscription a channel serves every panel
 * in every window. A book that is not the server's is begun anew.
 */
export class MarketData {
  private readonly markets = new Map<string, Followed>();
  private readonly listeners = new Set<() => void>();
  private readonly makeBatcher: (flush: () => void) => FrameBatcher;
  private readonly tickerBatcher: FrameBatcher;
  private tickers: Tickers = noTickers;
  private nextTickers: Tickers = noTickers;
  private tickerUsers = 0;
  private channels: Subscription[] = [];
  private prices: Subscription | null = null;
  private isSettling = false;

  constructor(
    private readonly stream: Pick<LiveStream, 'subscribe'>,
    private readonly past: MarketPast,
    later?: (run: () => void, ms: number) => void,
  ) {
    const turns = new Turns(kApartMs);
    this.makeBatcher = (flush) => new FrameBatcher(flush, kSpacingMs, undefined, later, turns);
    this.tickerBatcher = this.makeBatcher(() => {
      this.tickers = this.nextTickers;
      this.tell();
    });
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly getTickers = (): Tickers => this.tickers;

  view(symbol: string): MarketView {
    let unused = this.unused.get(symbol);
    if (!unused) this.unused.set(symbol, (unused = empty(symbol)));
    return this.markets.get(symbol)?.view ?? unused;
  }
  private readonly unused = new Map<string, MarketView>();

  /** Follows the market until the answer is called. */
  use(symbol: string): () => void {
    let market = this.markets.get(symbol);
    if (!market) {
      this.markets.set(symbol, (market = new Followed(symbol, this.makeBatcher, (followed) => this.show(followed))));
      void this.readPast(market);
      this.settle();
    }
    market.users++;
    let isUsed = true;
    return () => {
      if (!isUsed) return;
      isUsed = false;
      market.users--;
      this.settle();
    };
  }

  useTickers(): () => void {
    if (this.tickerUsers++ === 0) this.followPrices();
    let isUsed = true;
    return () => {
      if (!isUsed) return;
      isUsed = false;
      if (--this.tickerUsers > 0) return;
      this.prices?.close();
      this.prices = null;
    };
  }

  /** One change of the subscriptions for all that mount and unmount together. */
  private settle(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    queueMicrotask(() => {
      this.isSettling = false;
      const before = this.channels.length === 0 ? '' : this.subscribed;
      for (const [symbol, market] of this.markets) if (market.users === 0) this.markets.delete(symbol);
      const symbols = [...this.markets.keys()].sort();
      if (symbols.join() !== before) this.follow(symbols);
    });
  }
  private subscribed = '';

  private follow(symbols: string[]): void {
    this.subscribed = symbols.join();
    if (symbols.length === 0) {
      for (const channel of this.channels) channel.close();
      this.channels = [];
      return;
    }
    const filter = { market: symbols };
    const requests = [1, kTrades, kLiquidations].map((snapshot) => ({ filter, snapshot }));
    if (this.channels.length > 0) {
      this.channels.forEach((channel, i) => channel.change(requests[i]!));
      return;
    }
    this.channels = [
      this.stream.subscribe<BookDelta>('exchange.book', requests[0]!, {
        onSnapshot: () => {},
        onState: (state) => (state as { books: BookSnapshot[] }).books.forEach((book) => this.beginBook(book)),
        onEvent: ({ data }) => this.takeDelta(data),
      }),
      this.stream.subscribe<PublicTrade>('exchange.trade', requests[1]!, {
        onSnapshot: (items) => items.forEach(({ data }) => this.takeTrade(data)),
        onEvent: ({ data }) => this.takeTrade(data),
        onGap: () => this.readAllPast(),
      }),
      this.stream.subscribe<LiquidationNotice>('exchange.liquidation', requests[2]!, {
        onSnapshot: (items) => items.forEach(({ data }) => this.takeNotice(data)),
        onEvent: ({ data }) => this.takeNotice(data),
      }),
    ];
  }

  private followPrices(): void {
    this.prices = this.stream.subscribe<Ticker>('exchange.price', { snapshot: 1 }, {
      onSnapshot: () => {},
      onState: (state) => {
        const { tickers, simulated } = state as { simulated: boolean; tickers: Ticker[] };
        this.nextTickers = { list: tickers, simulated };
        this.tickerBatcher.mark();
      },
      onEvent: ({ data }) => this.takeTicker(data),
    });
  }

  private readAllPast(): void {
    for (const market of this.markets.values()) void this.readPast(market);
  }

  /** A quiet market's tape does not come with the channel's newest, which are those of all. */
  private async readPast(market: Followed): Promise<void> {
    const { symbol } = market.next;
    const [trades, liquidations] = await Promise.all([this.past.trades(symbol).catch(() => []), this.past.liquidations(symbol).catch(() => [])]);
    market.next = {
      ...market.next,
      trades: merged(market.next.trades ?? [], trades, idOfTrade, kTrades),
      liquidations: merged(market.next.liquidations ?? [], liquidations, idOfNotice, kLiquidations),
    };
    market.batcher.mark();
  }

  private takeTrade(trade: PublicTrade): void {
    const market = this.markets.get(trade.market);
    if (!market) return;
    market.next = { ...market.next, trades: withNewest(market.next.trades ?? [], trade, idOfTrade, kTrades) };
    market.batcher.mark();
  }

  private takeNotice(notice: LiquidationNotice): void {
    for (const market of notice.market === null ? this.markets.values() : [this.markets.get(notice.market)]) {
      if (!market) continue;
      market.next = { ...market.next, liquidations: withNewest(market.next.liquidations ?? [], notice, idOfNotice, kLiquidations) };
      market.batcher.mark();
    }
  }

  private beginBook(snapshot: BookSnapshot): void {
    const market = this.markets.get(snapshot.market);
    if (!market) return;
    market.book = new Book();
    market.book.begin(snapshot);
    market.bookTime = snapshot.time;
    market.isBookNew = true;
    market.batcher.mark();
  }

  private takeDelta(delta: BookDelta): void {
    const market = this.markets.get(delta.market);
    if (!market?.book) return;
    if (market.book.take(delta) === 'hole') this.beginAnew(market);
    market.bookTime = delta.time;
    market.isBookNew = true;
    market.batcher.mark();
  }

  private beginAnew(market: Followed): void {
    market.book = null;
    market.next = { ...market.next, resyncs: market.next.resyncs + 1 };
    this.channels[0]?.change({ filter: { market: this.subscribed.split(',') }, snapshot: 1 });
  }

  private takeTicker(ticker: Ticker): void {
    const { list, simulated } = this.nextTickers;
    const at = list.findIndex((known) => known.market === ticker.market);
    this.nextTickers = { list: at < 0 ? [...list, ticker] : list.with(at, ticker), simulated };
    this.tickerBatcher.mark();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private show(market: Followed): void {
    if (this.markets.get(market.next.symbol) !== market) return;
    const levels = market.isBookNew ? market.book?.levels() : undefined;
    if (levels && !market.book!.isRight(levels)) this.beginAnew(market);
    market.isBookNew = false;
    // A book that is begun anew stays as it was until the new one has come.
    const book = levels && market.book ? { ...levels, seq: market.book.seq, time: market.bookTime } : market.view.book;
    const { trades, liquidations, resyncs } = market.next;
    const { view } = market;
    if (book === view.book && trades === view.trades && liquidations === view.liquidations && resyncs === view.resyncs) return;
    market.view = { ...market.next, book };
    this.tell();
  }
}

/** Almost always it is the newest. */
function withNewest<T extends { seq: number }>(known: readonly T[], item: T, idOf: (item: T) => string, limit: number): readonly T[] {
  const first = known[0];
  return first === undefined || item.seq > first.seq ? [item, ...known].slice(0, limit) : merged(known, [item], idOf, limit);
}

/** The terminal's: every panel of every window shows from it. */
export const marketData = new MarketData(liveStream, {
  trades: async (symbol) => (await venue.trades(symbol, kTrades)).trades,
  liquidations: async (symbol) => (await venue.liquidations(symbol, kLiquidations)).liquidations,
});

/** A part of one market's data; the component is drawn again when that part has changed. */
export function useMarketView<T = MarketView>(symbol: string, pick: (view: MarketView) => T = (view) => view as T): T {
  useEffect(() => (symbol === '' ? undefined : marketData.use(symbol)), [symbol]);
  return useSyncExternalStore(marketData.listen, () => pick(marketData.view(symbol)));
}

/** The figures of all markets. */
export function useTickers(): Tickers {
  useEffect(() => marketData.useTickers(), []);
  return useSyncExternalStore(marketData.listen, marketData.getTickers);
}

export const useTicker = (symbol: string): Ticker | undefined => useTickers().list.find((ticker) => ticker.market === symbol);
