import { isForeign, type Candle } from '@/api/series';
import type { Filter, LiveStream, Subscription } from '@/stream';

interface VenueUpdate {
  market: string;
  interval: string;
  candle: Candle;
}
interface ForeignUpdate {
  symbol: string;
  interval: string;
  candle: Candle;
}

export interface CandleListener {
  onCandle(candle: Candle): void;
  /** Something may have been missed: what one has is to be read again. */
  onDoubt(): void;
}

interface Wanted {
  symbol: string;
  interval: string;
  listeners: Set<CandleListener>;
}

/**
 * Owns the two channels of candles for all charts of the page: each is subscribed to once, with a filter
 * that has what any chart shows. A new filter begins with the running candles, and every listener then
 * looks for what closed in between.
 */
export class CandleHub {
  private readonly wanted = new Map<string, Wanted>();
  private readonly channels: Channel[];

  constructor(stream: Pick<LiveStream, 'subscribe'>) {
    this.channels = [
      new Channel(stream, 'exchange.candle', 'market', (data) => (data as VenueUpdate).market, this.wanted),
      new Channel(stream, 'market.candle', 'symbol', (data) => (data as ForeignUpdate).symbol, this.wanted),
    ];
  }

  /** Until the answer is called. */
  listen(symbol: string, interval: string, listener: CandleListener): () => void {
    const key = keyOf(symbol, interval);
    const known = this.wanted.get(key) ?? { symbol, interval, listeners: new Set() };
    this.wanted.set(key, known);
    known.listeners.add(listener);
    const channel = this.channels[isForeign(symbol) ? 1 : 0]!;
    channel.follow();
    return () => {
      known.listeners.delete(listener);
      if (known.listeners.size > 0) return;
      this.wanted.delete(key);
      channel.follow();
    };
  }
}

const keyOf = (symbol: string, interval: string) => `${symbol} ${interval}`;

class Channel {
  private subscription: Subscription | null = null;
  private filterText = '';

  constructor(
    private readonly stream: Pick<LiveStream, 'subscribe'>,
    private readonly name: string,
    private readonly symbolFilter: 'market' | 'symbol',
    private readonly symbolOf: (data: unknown) => string,
    private readonly wanted: ReadonlyMap<string, Wanted>,
  ) {}

  private own(): Wanted[] {
    const isOurs = this.symbolFilter === 'symbol';
    return [...this.wanted.values()].filter(({ symbol }) => isForeign(symbol) === isOurs);
  }

  /** Makes the subscription what is wanted now. What is wanted no more is let go with the next change. */
  follow(): void {
    const own = this.own();
    if (own.length === 0) {
      this.subscription?.close();
      this.subscription = null;
      this.filterText = '';
      return;
    }
    const list = (values: string[]) => [...new Set(values)].sort().join(',');
    const filter: Filter = { [this.symbolFilter]: list(own.map((each) => each.symbol)), interval: list(own.map((each) => each.interval)) };
    const text = JSON.stringify(filter);
    if (text === this.filterText) return;
    this.filterText = text;
    const request = { filter, snapshot: 1 };
    if (this.subscription) this.subscription.change(request);
    else this.subscription = this.subscribe(request);
  }

  private subscribe(request: { filter: Filter; snapshot: number }): Subscription {
    return this.stream.subscribe<VenueUpdate | ForeignUpdate>(this.name, request, {
      onSnapshot: (items) => this.begin(items.map((item) => item.data)),
      onState: (state) => this.begin((state as { candles: VenueUpdate[] }).candles),
      onEvent: ({ data }) => this.tell(data),
    });
  }

  private begin(running: readonly (VenueUpdate | ForeignUpdate)[]): void {
    for (const update of running) this.tell(update);
    for (const { listeners } of this.own()) for (const listener of listeners) listener.onDoubt();
  }

  private tell(update: VenueUpdate | ForeignUpdate): void {
    const known = this.wanted.get(keyOf(this.symbolOf(update), update.interval));
    if (known) for (const listener of known.listeners) listener.onCandle(update.candle);
  }
}
