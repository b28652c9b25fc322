import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { ApiError } from '@/api/client';
import type { DocumentView } from '@/api/documents';
import { bytesOf, kBytesMax, parseBoard, type Board } from './board';

/** What keeps dashboards: the server for who has signed in, else the browser. */
export interface BoardStore {
  list(kind: string): Promise<{ items: DocumentView[] }>;
  get(kind: string, name: string): Promise<unknown>;
  put(kind: string, name: string, body: object, tag: string | null): Promise<DocumentView>;
  remove(kind: string, name: string, tag: string | null): Promise<null>;
}

export const kKind = 'dashboard';
/** Changes of this long are kept together. */
const kSaveMs = 800;
const kUndoMax = 50;

export interface Kept {
  board: Board | null;
  /** What went wrong with opening it. */
  error: unknown;
  saving: 'saved' | 'saving' | 'failed' | 'changed_elsewhere' | 'too_large';
  why: unknown;
  past: readonly Board[];
}

const kClosed: Kept = { board: null, error: null, saving: 'saved', why: null, past: [] };
const hasChanged = (error: unknown): boolean => error instanceof ApiError && error.code === 'document_changed';

/**
 * One dashboard that is open: every change is kept a moment later, on the condition that nobody else has changed it meanwhile;
 * then both are there until one has been chosen.
 */
export class BoardKeeper {
  readonly use: UseBoundStore<StoreApi<Kept>> = create(() => kClosed);
  private name = '';
  private tag: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isBusy = false;
  private isClosed = false;

  constructor(
    private readonly store: BoardStore,
    private readonly saveMs = kSaveMs,
  ) {}

  async open(name: string): Promise<void> {
    this.isClosed = false;
    this.name = name;
    this.use.setState(kClosed);
    try {
      const { items } = await this.store.list(kKind);
      this.tag = items.find((item) => item.name === name)?.tag ?? null;
      const board = parseBoard(await this.store.get(kKind, name));
      if (!this.isClosed) this.use.setState({ board });
    } catch (error) {
      if (!this.isClosed) this.use.setState({ error });
    }
  }

  change(board: Board): void {
    const { board: before, past } = this.use.getState();
    if (!before || board === before) return;
    this.use.setState({ board, past: [...past.slice(1 - kUndoMax), before] });
    this.later();
  }

  undo(): void {
    const { past } = this.use.getState();
    const board = past.at(-1);
    if (!board) return;
    this.use.setState({ board, past: past.slice(0, -1) });
    this.later();
  }

  /** It was changed elsewhere: take that one, or put ours over it. */
  async settle(choice: 'theirs' | 'mine'): Promise<void> {
    if (choice === 'theirs') return this.open(this.name);
    try {
      const { items } = await this.store.list(kKind);
      this.tag = items.find((item) => item.name === this.name)?.tag ?? null;
      await this.save();
    } catch (why) {
      this.use.setState({ saving: 'failed', why });
    }
  }

  /** Keeps what is not kept yet; nothing is told any more. */
  close(): void {
    this.isClosed = true;
    if (this.timer) void this.save();
  }

  saveNow(): Promise<void> {
    return this.save();
  }

  private later(): void {
    if (this.use.getState().saving === 'changed_elsewhere') return;
    this.use.setState({ saving: 'saving' });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), this.saveMs);
  }

  private async save(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { board } = this.use.getState();
    // What is under way ends first: it gives the tag that the next one needs.
    if (!board || this.isBusy) return;
    if (bytesOf(board) > kBytesMax) return this.use.setState({ saving: 'too_large' });
    this.isBusy = true;
    this.use.setState({ saving: 'saving' });
    try {
      this.tag = (await this.store.put(kKind, this.name, board, this.tag)).tag;
      this.isBusy = false;
      if (this.use.getState().board !== board) return await this.save();
      this.use.setState({ saving: 'saved', why: null });
    } catch (why) {
      this.isBusy = false;
      this.use.setState({ saving: hasChanged(why) ? 'changed_elsewhere' : 'failed', why });
    }
  }
}

const kPrefix = 'astrolabe.board.';

/** Dashboards of who has not signed in: kept in this browser alone. */
export const browserBoards: BoardStore = {
  list: async () => ({
    items: Object.keys(localStorage)
      .filter((key) => key.startsWith(kPrefix))
      .sort()
      .map((key) => ({ kind: kKind, name: key.slice(kPrefix.length), tag: localStorage.getItem(key) ?? '', bytes: (localStorage.getItem(key) ?? '').length, shared: false, updated: '' })),
  }),
  get: async (_, name) => {
    const text = localStorage.getItem(kPrefix + name);
    if (text === null) throw new ApiError(404, 'document_unknown', '', '');
    return JSON.parse(text) as unknown;
  },
  put: async (_, name, body, tag) => {
    const kept = localStorage.getItem(kPrefix + name);
    if (kept !== tag) throw new ApiError(412, 'document_changed', '', '');
    const text = JSON.stringify(body);
    localStorage.setItem(kPrefix + name, text);
    return { kind: kKind, name, tag: text, bytes: text.length, shared: false, updated: '' };
  },
  remove: async (_, name) => {
    localStorage.removeItem(kPrefix + name);
    return null;
  },
};
