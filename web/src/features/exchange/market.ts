import type { BookDelta, BookLevel, BookSnapshot, LiquidationNotice, PublicTrade, Ticker } from '@/api/venue';
import { FrameBatcher, type LiveStream, type Subscription } from '@/stream';
import { Book } from './book';

/** How many are shown. */
export const kTrades = 60;
export const kLiquidations = 40;

export interface MarketView {
  symbol: string | null;
  /** Of all markets, in the order of listing. */
  tickers: readonly Ticker[];
  simulated: boolean;
  /** Null until the book has come. */
  book: { bids: BookLevel[]; asks: BookLevel[]; seq: number; time: number } | null;
  /** Newest first; null until they have come. */
  trades: readonly PublicTrade[] | null;
  liquidations: readonly LiquidationNotice[] | null;
  /** How often the book had to be begun anew. */
  resyncs: number;
}

const empty: MarketView = { symbol: null, tickers: [], simulated: false, book: null, trades: null, liquidations: null, resyncs: 0 };

/** One market as it is told by the channels; a book that is not the server's is begun anew. */
export class MarketStore {
  private view: MarketView = empty;
  private next: MarketView = empty;
  private book: Book | null = null;
  private bookTime = 0;
  private subscriptions: Subscription[] = [];
  private bookSubscription: Subscription | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly batcher: FrameBatcher;

  constructor(
    private readonly stream: Pick<LiveStream, 'subscribe'>,
    later?: (run: () => void, ms: number) => void,
  ) {
    this.batcher = new FrameBatcher(() => this.flush(), 100, undefined, later);
  }

  readonly getView = (): MarketView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  open(symbol: string): void {
    this.close();
    this.next = { ...empty, symbol, tickers: this.next.tickers, simulated: this.next.simulated };
    const filter = { market: symbol };
    this.bookSubscription = this.stream.subscribe<BookDelta>('exchange.book', { filter, snapshot: 1 }, {
      onSnapshot: () => {},
      onState: (state) => this.beginBook((state as { books: BookSnapshot[] }).books[0]),
      onEvent: ({ data }) => this.takeDelta(data),
    });
    const trades = this.stream.subscribe<PublicTrade>('exchange.trade', { filter, snapshot: kTrades }, {
      onSnapshot: (items) => this.set({ trades: items.map((item) => item.data).reverse() }),
      onEvent: ({ data }) => this.set({ trades: [data, ...(this.next.trades ?? [])].slice(0, kTrades) }),
    });
    const liquidations = this.stream.subscribe<LiquidationNotice>('exchange.liquidation', { filter, snapshot: kLiquidations }, {
      onSnapshot: (items) => this.set({ liquidations: items.map((item) => item.data).reverse() }),
      onEvent: ({ data }) => this.set({ liquidations: [data, ...(this.next.liquidations ?? [])].slice(0, kLiquidations) }),
    });
    const prices = this.stream.subscribe<Ticker>('exchange.price', { snapshot: 1 }, {
      onSnapshot: () => {},
      onState: (state) => this.set(state as { simulated: boolean; tickers: Ticker[] }),
      onEvent: ({ data }) => this.takeTicker(data),
    });
    this.subscriptions = [this.bookSubscription, trades, liquidations, prices];
    this.flush();
  }

  close(): void {
    for (const subscription of this.subscriptions) subscription.close();
    this.subscriptions = [];
    this.bookSubscription = null;
    this.book = null;
  }

  private set(change: Partial<MarketView>): void {
    this.next = { ...this.next, ...change };
    this.batcher.mark();
  }

  private beginBook(snapshot: BookSnapshot | undefined): void {
    if (!snapshot || snapshot.market !== this.next.symbol) return;
    this.book = new Book();
    this.book.begin(snapshot);
    this.bookTime = snapshot.time;
    this.batcher.mark();
  }

  private takeDelta(delta: BookDelta): void {
    if (!this.book || delta.market !== this.next.symbol) return;
    if (this.book.take(delta) === 'hole') this.beginAnew();
    this.bookTime = delta.time;
    this.batcher.mark();
  }

  private beginAnew(): void {
    this.book = null;
    this.next = { ...this.next, resyncs: this.next.resyncs + 1 };
    this.bookSubscription?.change({ filter: { market: this.next.symbol! }, snapshot: 1 });
  }

  private takeTicker(ticker: Ticker): void {
    const at = this.next.tickers.findIndex((known) => known.market === ticker.market);
    this.set({ tickers: at < 0 ? [...this.next.tickers, ticker] : this.next.tickers.with(at, ticker) });
  }

  private flush(): void {
    const levels = this.book?.levels();
    if (levels && !this.book?.isRight(levels)) this.beginAnew();
    // A book that is begun anew stays as it was until the new one has come.
    const known = this.view.symbol === this.next.symbol ? this.view.book : null;
    this.view = { ...this.next, book: levels && this.book ? { ...levels, seq: this.book.seq, time: this.bookTime } : known };
    for (const listener of this.listeners) listener();
  }
}
