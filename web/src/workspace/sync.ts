import { ApiError } from '@/api/client';
import type { DocumentView } from '@/api/documents';
import { isAlike } from './alike';
import { onKept, saveNow, showAgain, useLayouts } from './layouts';
import type { Layout } from './layout';
import { parseLayout } from './parse';
import { dropKept, keptNames, readKept, writeKept } from './shelf';
import { useWorkspace } from './store';

export interface DocumentStore {
  list(kind: string): Promise<{ items: DocumentView[] }>;
  get(kind: string, name: string): Promise<unknown>;
  put(kind: string, name: string, body: object, tag: string | null): Promise<DocumentView>;
  remove(kind: string, name: string, tag: string | null): Promise<null>;
}

const kKind = 'layout';
/** Changes of this long go to the server together. */
const kPushMs = 1500;

const hasChanged = (error: unknown): boolean => error instanceof ApiError && error.code === 'document_changed';

/**
 * Keeps the layouts of this browser and those that the server has of the user the same. A change is sent on the condition
 * that the server still has what ours came from; when it has not, both are kept until the user has chosen.
 */
export class LayoutSync {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private isOn = false;
  /** Exchanges with the server under way; "saved" is said when there is none and none is to come. */
  private underWay = 0;

  constructor(
    private readonly server: DocumentStore,
    private readonly pushMs = kPushMs,
  ) {}

  /** Reads what the server has, then follows every change here. */
  async start(): Promise<void> {
    this.isOn = true;
    onKept((name, what, etag) => (what === 'changed' ? this.later(name) : void this.removed(name, etag)));
    await this.guarded(() => this.readAll());
  }

  stop(): void {
    this.isOn = false;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    onKept(() => {});
    useLayouts.setState({ sync: 'off' });
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    if (!this.isOn) return;
    useLayouts.setState({ sync: 'saving' });
    ++this.underWay;
    try {
      await work();
      if (this.isOn && this.underWay === 1 && this.timers.size === 0) useLayouts.setState({ sync: 'saved' });
    } catch (error) {
      if (this.isOn) useLayouts.setState({ sync: error instanceof ApiError && error.isForbidden ? 'off' : 'failed' });
    } finally {
      --this.underWay;
    }
  }

  private later(name: string): void {
    if (!this.isOn) return;
    clearTimeout(this.timers.get(name));
    useLayouts.setState({ sync: 'saving' });
    this.timers.set(name, setTimeout(() => void this.guarded(() => this.push(name)), this.pushMs));
  }

  private async readAll(): Promise<void> {
    saveNow();
    const { items } = await this.server.list(kKind);
    for (const { name, tag } of items) await this.meet(name, tag);
    const there = new Set(items.map(({ name }) => name));
    for (const name of keptNames()) {
      if (there.has(name)) continue;
      const kept = readKept(name);
      // Deleted in another browser, and untouched here.
      const isGone = kept !== null && kept.etag !== null && !kept.isNewer && useWorkspace.getState().name !== name;
      if (isGone) dropKept(name);
      else if (kept) {
        writeKept(name, { ...kept, etag: null });
        await this.push(name);
      }
    }
    useLayouts.setState({ names: keptNames() });
  }

  /** What the server has of that name, and what is here. */
  private async meet(name: string, tag: string): Promise<void> {
    const kept = readKept(name);
    if (kept?.etag === tag) return kept.isNewer ? this.push(name) : undefined;
    const theirs = await this.read(name);
    if (!theirs) return;
    if (kept?.isNewer && !isAlike(kept.layout, theirs)) useLayouts.setState({ conflict: { name, theirs, etag: tag, where: 'server' } });
    else this.take(name, theirs, tag);
  }

  /** Null for what is no layout of this version: it is left alone. */
  private async read(name: string): Promise<Layout | null> {
    const body = await this.server.get(kKind, name);
    try {
      return parseLayout(body, false);
    } catch {
      return null;
    }
  }

  private take(name: string, layout: Layout, etag: string): void {
    const { name: shown, layout: known } = useWorkspace.getState();
    writeKept(name, { layout, etag, isNewer: false });
    useLayouts.setState({ names: keptNames() });
    if (shown === name && !isAlike(known, layout)) showAgain(layout);
  }

  private async push(name: string): Promise<void> {
    this.timers.delete(name);
    const kept = readKept(name);
    if (!kept || useLayouts.getState().conflict?.name === name) return;
    try {
      const { tag } = await this.server.put(kKind, name, kept.layout, kept.etag);
      const now = readKept(name);
      if (now) writeKept(name, { ...now, etag: tag, isNewer: !isAlike(now.layout, kept.layout) });
    } catch (error) {
      if (!hasChanged(error)) throw error;
      await this.changedThere(name);
    }
  }

  private async changedThere(name: string): Promise<void> {
    const { items } = await this.server.list(kKind);
    const known = items.find((item) => item.name === name);
    if (known) return this.meet(name, known.tag);
    const kept = readKept(name);
    if (!kept) return;
    writeKept(name, { ...kept, etag: null });
    await this.push(name);
  }

  private async removed(name: string, etag: string | null): Promise<void> {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
    if (etag === null) return;
    await this.guarded(async () => {
      try {
        await this.server.remove(kKind, name, etag);
      } catch (error) {
        // Somebody has changed it meanwhile: his version stays, here too.
        if (!hasChanged(error)) throw error;
        await this.changedThere(name);
      }
    });
  }
}
