import type { Candle, CandlesAnswer, CandlesQuery } from '@/api/series';
import { FrameBatcher } from '@/stream';
import { mergeBars } from './bars';
import type { CandleHub } from './live';

/** How many bars come with one request. */
export const kPage = 500;
/** A chart holds at most so many; further back, a longer interval shows more at a look. */
export const kBarsMax = 20_000;

export interface BarsView {
  bars: readonly Candle[];
  state: 'loading' | 'ready' | 'failed';
  error: unknown;
  isLoadingOlder: boolean;
  /** There is nothing older, or no room for it. */
  isComplete: boolean;
}

const empty: BarsView = { bars: [], state: 'loading', error: null, isLoadingOlder: false, isComplete: false };

type Read = (query: CandlesQuery, signal?: AbortSignal) => Promise<CandlesAnswer>;

/**
 * The bars of one series: a page from the server, older ones on demand, live ones after that. Each
 * interval has one bar; whatever comes later about it is right, but for a page that was asked for
 * before the live bar came.
 */
export class BarStore {
  private view: BarsView = empty;
  private next: BarsView = empty;
  /** Live bars that came while a page was on its way. */
  private readonly fresh = new Map<number, Candle>();
  private pending = 0;
  private isDoubted = false;
  private stopListening: (() => void) | null = null;
  private readonly abort = new AbortController();
  private readonly listeners = new Set<() => void>();
  private readonly batcher: FrameBatcher;

  constructor(
    readonly symbol: string,
    readonly interval: string,
    private readonly read: Read,
    private readonly hub: Pick<CandleHub, 'listen'>,
    later?: (run: () => void, ms: number) => void,
  ) {
    this.batcher = new FrameBatcher(() => this.flush(), 50, undefined, later);
  }

  readonly getView = (): BarsView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.stopListening = this.hub.listen(this.symbol, this.interval, { onCandle: (candle) => this.takeLive(candle), onDoubt: () => void this.readNewest() });
    void this.readNewest();
  }

  stop(): void {
    this.stopListening?.();
    this.abort.abort();
    this.listeners.clear();
  }

  /** The newest page; afterwards whatever may have changed since. One at a time, and once more when asked meanwhile. */
  readonly readNewest = async (): Promise<void> => {
    if (this.pending > 0) {
      this.isDoubted = true;
      return;
    }
    const known = this.next.bars;
    const from = known.length > 0 ? known[Math.max(0, known.length - kPage)]!.start : undefined;
    await this.ask(async () => {
      if (from === undefined) return this.takeNewest(await this.page({ limit: kPage }));
      // What was missed while the connection was lost may be long.
      for (let next: number | null = from; next !== null && !this.abort.signal.aborted; ) {
        const answer: CandlesAnswer = await this.page({ from: next, limit: 5000 });
        this.take(answer.candles);
        next = answer.next;
      }
      this.set({ state: 'ready', error: null });
    });
  };

  /** What lies before the oldest. */
  readonly readOlder = async (): Promise<void> => {
    const first = this.next.bars[0];
    if (!first || this.pending > 0 || this.next.isComplete) return;
    this.set({ isLoadingOlder: true });
    await this.ask(async () => {
      const { candles } = await this.page({ to: first.start, limit: kPage });
      this.take(candles);
      this.set({ isComplete: candles.length < kPage || this.next.bars.length >= kBarsMax });
    });
    this.set({ isLoadingOlder: false });
  };

  private page(query: { from?: number; to?: number; limit: number }): Promise<CandlesAnswer> {
    return this.read({ symbol: this.symbol, interval: this.interval, ...query }, this.abort.signal);
  }

  private async ask(read: () => Promise<void>): Promise<void> {
    this.pending++;
    try {
      await read();
    } catch (error) {
      if (!this.abort.signal.aborted) this.set({ state: this.next.bars.length > 0 ? 'ready' : 'failed', error });
    } finally {
      this.pending--;
      if (this.pending === 0) this.fresh.clear();
    }
    if (!this.isDoubted || this.abort.signal.aborted) return;
    this.isDoubted = false;
    await this.readNewest();
  }

  private takeNewest({ candles }: CandlesAnswer): void {
    this.take(candles);
    this.set({ state: 'ready', error: null, isComplete: candles.length < kPage });
  }

  private take(candles: readonly Candle[]): void {
    const fresh = [...this.fresh.values()].sort((a, b) => a.start - b.start);
    this.set({ bars: mergeBars(mergeBars(this.next.bars, candles), fresh) });
  }

  private takeLive(candle: Candle): void {
    if (this.pending > 0) this.fresh.set(candle.start, candle);
    // A bar before the first page has come would look like the whole history.
    if (this.next.state !== 'ready') return;
    const bars = mergeBars(this.next.bars, [candle]);
    // Cut seldom: a new first bar draws the whole chart anew.
    this.set({ bars: bars.length > kBarsMax + kPage ? bars.slice(-kBarsMax) : bars });
  }

  private set(change: Partial<BarsView>): void {
    if (this.abort.signal.aborted) return;
    this.next = { ...this.next, ...change };
    this.batcher.mark();
  }

  private flush(): void {
    this.view = this.next;
    for (const listener of this.listeners) listener();
  }
}
