import { api, type Query } from '@/api/client';
import type { Finding } from '@/api/types';
import { learnDecimals } from '@/domain/tokens';
import { FrameBatcher, type Filter, type LiveStream, type StreamItem, type Subscription } from '@/stream';

/** What the table shows. A new object a change, so React can compare by identity. */
export interface FindingsView {
  rows: readonly Finding[];
  /** Ids that came with the last change, to be tinted. */
  fresh: ReadonlySet<string>;
  phase: 'loading' | 'ready' | 'failed';
  error: unknown;
  paused: boolean;
  /** New ones that wait because the list is paused. */
  held: number;
  older: 'idle' | 'loading' | 'end' | 'failed';
}

export interface Selection {
  query: Query;
  filter: Filter;
}

const kLiveRows = 2000;
const kAllRows = 10_000;
const kPage = 200;

const newestFirst = (a: Finding, b: Finding): number => b.slot - a.slot;

/**
 * Merges newest-first rows; the same id is the same finding, and the newer word about it stands.
 * A finding that another one has absorbed since (`merged`) is not listed beside it.
 */
export function mergeRows(newer: readonly Finding[], older: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  for (const list of [newer, older]) for (const finding of list) for (const id of finding.merged) seen.add(id);
  const rows: Finding[] = [];
  for (const list of [newer, older]) {
    for (const finding of list) {
      if (seen.has(finding.id)) continue;
      seen.add(finding.id);
      rows.push(finding);
    }
  }
  // Stable: what came first in a slot stays there. Mostly sorted already, which is cheap.
  return rows.sort(newestFirst);
}

/**
 * The list of findings: snapshot, then events, then older pages on demand. No React in it, so that
 * hundreds of events a second cost no render. Newest first, at most kLiveRows of live ones.
 */
export class FindingsStore {
  private view: FindingsView = {
    rows: [], fresh: new Set(), phase: 'loading', error: null, paused: false, held: 0, older: 'idle',
  };
  /** Newest last; what came since the last flush, or since the pause. */
  private queue: Finding[] = [];
  private replaceWith: Finding[] | null = null;
  private selection: Selection | null = null;
  private subscription: Subscription | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly batcher: FrameBatcher;
  private generation = 0;
  private bound = kLiveRows;
  private cursor: string | null = null;

  constructor(
    private readonly stream: LiveStream,
    private readonly fetchPage: typeof api.opportunities = api.opportunities,
    private readonly onGap: (missed: number) => void = () => {},
    makeBatcher: (flush: () => void) => FrameBatcher = (flush) => new FrameBatcher(flush),
  ) {
    this.batcher = makeBatcher(() => this.flush());
  }

  readonly getView = (): FindingsView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(change: Partial<FindingsView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Begins with this selection, or changes to it. */
  open(selection: Selection): void {
    this.selection = selection;
    this.generation++;
    this.queue = [];
    this.replaceWith = null;
    this.bound = kLiveRows;
    this.cursor = null;
    this.set({ rows: [], fresh: new Set(), phase: 'loading', error: null, held: 0, older: 'idle' });
    const request = { filter: selection.filter, snapshot: kPage };
    if (this.subscription) this.subscription.change(request);
    else {
      this.subscription = this.stream.subscribe<Finding>('mev.opportunity', request, {
        onSnapshot: (items) => this.takeSnapshot(items),
        onEvent: (item) => this.takeEvent(item.data),
        onGap: (gap) => this.onGap(Math.max(1, gap.to_seq - gap.from_seq + 1)),
        onRefused: (_code, message) => this.set({ phase: 'failed', error: new Error(message) }),
      });
    }
    void this.loadNewest();
  }

  close(): void {
    this.generation++;
    this.subscription?.close();
    this.subscription = null;
  }

  readonly retry = (): void => {
    if (this.selection) this.open(this.selection);
  };

  readonly pause = (): void => {
    if (!this.view.paused) this.set({ paused: true });
  };

  readonly resume = (): void => {
    if (!this.view.paused) return;
    this.bound = kLiveRows;
    this.view = { ...this.view, paused: false };
    const replaced = this.replaceWith !== null;
    this.flush();
    if (replaced) void this.loadNewest();
  };

  /** The chain dropped this slot, and with it what was found in it. */
  withdraw(slot: number): void {
    this.queue = this.queue.filter((finding) => finding.slot !== slot);
    this.replaceWith = this.replaceWith?.filter((finding) => finding.slot !== slot) ?? null;
    if (this.view.rows.some((row) => row.slot === slot)) this.set({ rows: this.view.rows.filter((row) => row.slot !== slot) });
  }

  find(id: string): Finding | undefined {
    return this.view.rows.find((row) => row.id === id) ?? this.queue.find((row) => row.id === id);
  }

  /** The newest page of the store: what the stream no longer retains. */
  private async loadNewest(): Promise<void> {
    const generation = this.generation;
    try {
      const page = await this.fetchPage({ ...this.selection!.query, limit: kPage });
      if (generation !== this.generation) return;
      this.cursor = page.next_cursor;
      const rows = mergeRows(this.view.rows, page.items).slice(0, this.bound);
      this.set({ rows, phase: 'ready', error: null, older: page.next_cursor ? 'idle' : 'end' });
    } catch (error) {
      if (generation === this.generation && this.view.phase === 'loading') this.set({ phase: 'failed', error });
    }
  }

  /** Older findings, for the end of the list. */
  readonly loadOlder = async (): Promise<void> => {
    const last = this.view.rows.at(-1);
    if (!last || this.view.older === 'loading' || this.view.older === 'end') return;
    if (this.view.rows.length >= kAllRows) return this.set({ older: 'end' });
    const generation = this.generation;
    this.set({ older: 'loading' });
    try {
      const query = this.cursor ? { cursor: this.cursor } : { slot_to: last.slot };
      const page = await this.fetchPage({ ...this.selection!.query, ...query, limit: kPage });
      if (generation !== this.generation) return;
      this.cursor = page.next_cursor;
      const rows = mergeRows(this.view.rows, page.items);
      this.bound = Math.min(kAllRows, Math.max(this.bound, rows.length));
      this.set({ rows: rows.slice(0, this.bound), older: page.next_cursor ? 'idle' : 'end' });
    } catch {
      if (generation === this.generation) this.set({ older: 'failed' });
    }
  };

  /** The first snapshot joins the stored page; a later one follows a gap and replaces everything. */
  private takeSnapshot(items: StreamItem<Finding>[]): void {
    const rows = items.map((item) => item.data).reverse();
    for (const row of rows) learnDecimals(row.legs ?? []);
    if (this.view.phase !== 'ready') {
      this.set({ rows: mergeRows(rows, this.view.rows), phase: rows.length > 0 ? 'ready' : this.view.phase });
      return;
    }
    this.replaceWith = mergeRows(rows, []);
    this.queue = [];
    this.batcher.mark();
    if (!this.view.paused) void this.loadNewest();
  }

  private takeEvent(finding: Finding): void {
    learnDecimals(finding.legs ?? []);
    this.queue.push(finding);
    if (this.queue.length > kLiveRows) this.queue.splice(0, this.queue.length - kLiveRows);
    this.batcher.mark();
  }

  private flush(): void {
    if (this.view.paused) {
      const held = this.queue.length + (this.replaceWith?.length ?? 0);
      if (held !== this.view.held) this.set({ held });
      return;
    }
    const arrived = this.queue.reverse();
    this.queue = [];
    const base = this.replaceWith ?? this.view.rows;
    if (this.replaceWith) this.cursor = null;
    this.replaceWith = null;
    let rows = mergeRows(arrived, base);
    let older = this.view.older;
    if (rows.length > this.bound) {
      rows = rows.slice(0, this.bound);
      // The cursor continues after what was cut off; from now on by the slot of the last row.
      this.cursor = null;
      older = 'idle';
    }
    const fresh = new Set(arrived.map((finding) => finding.id));
    this.set({ rows, fresh, held: 0, older, phase: arrived.length > 0 ? 'ready' : this.view.phase });
  }
}
