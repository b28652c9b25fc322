import type { FilterValue } from './board';
import type { Row } from './series';
import { kRowsMax } from './board';
import { FrameBatcher, type LiveStream, type Subscription } from '@/stream';

/** Different filters of one channel that a board can follow at once; each but the first takes a connection of its own. */
export const kFiltersMax = 6;
/** How often widgets are drawn at most. */
const kSpacingMs = 250;

export interface FeedView {
  rows: readonly Row[];
  /** A snapshot has come: what is empty is so for real. */
  isReady: boolean;
  refusal: { code: string; message: string } | null;
  /** How often something was missed for good. */
  gaps: number;
}

const kNothing: FeedView = { rows: [], isReady: false, refusal: null, gaps: 0 };

class Feed {
  view: FeedView = kNothing;
  rows: Row[] = [];
  users = 0;
  subscription: Subscription | null = null;
  readonly listeners = new Set<() => void>();
  readonly batcher: FrameBatcher;

  constructor(later?: (run: () => void, ms: number) => void) {
    this.batcher = new FrameBatcher(() => this.tell(), kSpacingMs, undefined, later);
  }
  change(change: Partial<FeedView>): void {
    this.view = { ...this.view, ...change };
    this.batcher.mark();
  }
  add(row: Row): void {
    this.rows.push(row);
    if (this.rows.length > 2 * kRowsMax) this.rows = this.rows.slice(-kRowsMax);
    this.batcher.mark();
  }
  private tell(): void {
    this.view = { ...this.view, rows: this.rows.slice(-kRowsMax) };
    for (const listener of this.listeners) listener();
  }
}

/** A state that is a list of the things whose changes are told stands for these; any other for itself. */
function itemsOf(state: unknown): unknown[] {
  const lists = Object.values(state as object).filter((member): member is unknown[] => Array.isArray(member));
  return lists.length === 1 ? lists[0]! : [state];
}

type Stream = Pick<LiveStream, 'subscribe' | 'start' | 'stop' | 'state' | 'onState'>;

/**
 * The channels of a board. A connection follows a channel with one filter, so a second filter of the same channel is followed
 * over a second connection; widgets with the same filter share.
 */
export class BoardFeeds {
  private readonly lanes: { stream: Stream; channels: Set<string> }[] = [];
  private readonly feeds = new Map<string, Feed>();

  constructor(
    private readonly open: () => Stream,
    private readonly later?: (run: () => void, ms: number) => void,
  ) {}

  static keyOf(channel: string, filter: Record<string, FilterValue>): string {
    return JSON.stringify([channel, ...Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))]);
  }

  view(key: string): FeedView {
    return this.feeds.get(key)?.view ?? kNothing;
  }

  /** Follows it until the answer is called. */
  follow(channel: string, filter: Record<string, FilterValue>, listener: () => void): () => void {
    const key = BoardFeeds.keyOf(channel, filter);
    let feed = this.feeds.get(key);
    if (!feed) {
      this.feeds.set(key, (feed = new Feed(this.later)));
      this.begin(feed, channel, filter);
    }
    feed.listeners.add(listener);
    feed.users++;
    const followed = feed;
    return () => {
      followed.listeners.delete(listener);
      if (--followed.users > 0) return;
      followed.subscription?.close();
      this.feeds.delete(key);
    };
  }

  stop(): void {
    for (const { stream } of this.lanes) stream.stop();
    this.lanes.length = 0;
    this.feeds.clear();
  }

  private begin(feed: Feed, channel: string, filter: Record<string, FilterValue>): void {
    let lane = this.lanes.find(({ channels }) => !channels.has(channel));
    if (!lane) {
      if (this.lanes.length === kFiltersMax) return feed.change({ refusal: { code: 'too_many_filters', message: '' } });
      this.lanes.push((lane = { stream: this.open(), channels: new Set() }));
      lane.stream.start();
    }
    const { channels, stream } = lane;
    channels.add(channel);
    const subscription = stream.subscribe<unknown>(channel, { filter, snapshot: kRowsMax }, {
      onSnapshot: (items) => {
        feed.rows = items.map(({ data, time }) => ({ value: data, at: Date.parse(time) || Date.now() }));
        feed.change({ isReady: true, refusal: null });
      },
      onState: (state) => {
        feed.rows = itemsOf(state).map((value) => ({ value, at: Date.now() }));
        feed.change({ isReady: true, refusal: null });
      },
      onEvent: ({ data, time }) => feed.add({ value: data, at: Date.parse(time) || Date.now() }),
      onGap: () => feed.change({ gaps: feed.view.gaps + 1 }),
      onRefused: (code, message) => feed.change({ isReady: true, refusal: { code, message } }),
    });
    feed.subscription = {
      change: (request) => subscription.change(request),
      close: () => {
        channels.delete(channel);
        subscription.close();
      },
    };
  }
}
