import { useEffect, useSyncExternalStore } from 'react';
import type { FeedLabel } from '@/api/types';
import { FrameBatcher, liveStream, type LiveStream, type Subscription } from '@/stream';

/** A price as the venue was given it. */
interface SourcePrice {
  asset: string;
  index: string;
  confidence: string;
  label: FeedLabel;
  sources: string[];
}

export interface PriceSource extends SourcePrice {
  /** When it came, by performance.now(). */
  arrivedMs: number;
}

/** Newest of each asset that is kept at the beginning. */
const kNewest = 40;

/** Where the venue's prices come from, followed while anybody shows it. */
export class PriceSources {
  private readonly prices = new Map<string, PriceSource>();
  private shown: ReadonlyMap<string, PriceSource> = new Map();
  private users = 0;
  private subscription: Subscription | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly batcher: FrameBatcher;

  constructor(
    private readonly stream: Pick<LiveStream, 'subscribe'>,
    private readonly now: () => number = () => performance.now(),
    later?: (run: () => void, ms: number) => void,
  ) {
    this.batcher = new FrameBatcher(() => this.flush(), 500, undefined, later);
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly get = (asset: string): PriceSource | null => this.shown.get(asset) ?? null;

  use(): () => void {
    if (this.users++ === 0) this.follow();
    return () => {
      if (--this.users > 0) return;
      this.subscription?.close();
      this.subscription = null;
    };
  }

  private follow(): void {
    this.subscription = this.stream.subscribe<SourcePrice>('market.price', { snapshot: kNewest }, {
      onSnapshot: (items) => items.forEach(({ data }) => this.take(data)),
      onEvent: ({ data }) => this.take(data),
    });
  }

  private take(price: SourcePrice): void {
    this.prices.set(price.asset, { ...price, arrivedMs: this.now() });
    this.batcher.mark();
  }

  private flush(): void {
    this.shown = new Map(this.prices);
    for (const listener of this.listeners) listener();
  }
}

const priceSources = new PriceSources(liveStream);

/** Of an asset's price; null until one has come. */
export function usePriceSource(asset: string): PriceSource | null {
  useEffect(() => priceSources.use(), []);
  return useSyncExternalStore(priceSources.listen, () => priceSources.get(asset));
}
