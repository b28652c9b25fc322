import { useSyncExternalStore } from 'react';
import { api } from '@/api/client';
import type { FeedStatus, SlotEvent } from '@/api/types';
import { kSlots, withSlot } from './slots';
import { FrameBatcher, liveStream, type LiveStream, type StreamState } from '@/stream';

export interface FeedView {
  feed: FeedStatus | null;
  /** Newest last, at most kSlots. */
  slots: readonly SlotEvent[];
  lastArrivalMs: number | null;
}

/** The blocks that arrive and the state of the feed; lives as long as the page. */
export class FeedStore {
  private view: FeedView = { feed: null, slots: [], lastArrivalMs: null };
  private slots: SlotEvent[] = [];
  private lastArrivalMs: number | null = null;
  private feed: FeedStatus | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly orphanListeners = new Set<(slot: number) => void>();
  private readonly batcher = new FrameBatcher(() => this.flush());

  readonly getView = (): FeedView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears of slots that the chain dropped. */
  onOrphaned(listener: (slot: number) => void): () => void {
    this.orphanListeners.add(listener);
    return () => this.orphanListeners.delete(listener);
  }

  start(stream: LiveStream): void {
    stream.subscribe<SlotEvent>('mev.slot', { snapshot: kSlots }, {
      onSnapshot: (items) => {
        this.slots = items.map((item) => item.data).reduce(withSlot, []);
        this.batcher.mark();
      },
      onEvent: (item) => {
        this.slots = withSlot(this.slots, item.data);
        if (item.data.orphaned) for (const listener of this.orphanListeners) listener(item.data.slot);
        this.lastArrivalMs = performance.now();
        this.batcher.mark();
      },
    });
    stream.subscribe<FeedStatus>('feed.status', { snapshot: 1 }, {
      onSnapshot: (items) => this.takeFeed(items.at(-1)?.data),
      onEvent: (item) => this.takeFeed(item.data),
    });
    // The channel tells changes only; the state at the beginning comes by REST.
    api.status().then(
      (status) => this.feed ?? this.takeFeed(status.feed),
      () => {},
    );
  }

  private takeFeed(feed: FeedStatus | undefined): void {
    if (!feed) return;
    this.feed = feed;
    this.batcher.mark();
  }

  private flush(): void {
    this.view = { feed: this.feed, slots: this.slots, lastArrivalMs: this.lastArrivalMs };
    for (const listener of this.listeners) listener();
  }
}

export const feedStore = new FeedStore();

export const useFeed = (): FeedView => useSyncExternalStore(feedStore.listen, feedStore.getView);

const listenState = (listener: () => void) => liveStream.onState(listener);
export const useStreamState = (): StreamState => useSyncExternalStore(listenState, () => liveStream.state);
