import { kDrawingsMax, parseDrawings, type Drawing } from './drawings';

export interface DrawingsView {
  drawings: readonly Drawing[];
  selected: string | null;
  canUndo: boolean;
}

type Keep = Pick<Storage, 'getItem' | 'setItem'>;

/** How many steps back. */
const kUndoMax = 100;

const keyOf = (symbol: string) => `astrolabe.drawings.${symbol}`;

/** The drawings on one symbol, kept on the device; all charts of the symbol share one store. */
export class DrawingStore {
  private view: DrawingsView;
  private readonly past: (readonly Drawing[])[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly symbol: string,
    private readonly keep: Keep,
  ) {
    this.view = { drawings: this.load(), selected: null, canUndo: false };
  }

  readonly getView = (): DrawingsView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** False when there is no room for one more. */
  add(drawing: Drawing): boolean {
    if (this.view.drawings.length >= kDrawingsMax) return false;
    this.commit([...this.view.drawings, drawing], drawing.id);
    return true;
  }

  change(drawing: Drawing): void {
    this.commit(this.view.drawings.map((each) => (each.id === drawing.id ? drawing : each)), drawing.id);
  }

  select(id: string | null): void {
    if (id !== this.view.selected) this.show({ ...this.view, selected: id });
  }

  removeSelected(): void {
    const { drawings, selected } = this.view;
    if (selected !== null) this.commit(drawings.filter((each) => each.id !== selected), null);
  }

  removeAll(): void {
    if (this.view.drawings.length > 0) this.commit([], null);
  }

  undo(): void {
    const before = this.past.pop();
    if (!before) return;
    this.save(before);
    this.show({ drawings: before, selected: null, canUndo: this.past.length > 0 });
  }

  private commit(drawings: readonly Drawing[], selected: string | null): void {
    this.past.push(this.view.drawings);
    if (this.past.length > kUndoMax) this.past.shift();
    this.save(drawings);
    this.show({ drawings, selected, canUndo: true });
  }

  private show(view: DrawingsView): void {
    this.view = view;
    for (const listener of this.listeners) listener();
  }

  private load(): Drawing[] {
    try {
      return parseDrawings(JSON.parse(this.keep.getItem(keyOf(this.symbol)) ?? '[]'));
    } catch {
      return [];
    }
  }

  private save(drawings: readonly Drawing[]): void {
    try {
      this.keep.setItem(keyOf(this.symbol), JSON.stringify(drawings));
    } catch {
      // A full or forbidden storage: they live as long as the page.
    }
  }
}

const stores = new Map<string, DrawingStore>();

export function drawingsOf(symbol: string): DrawingStore {
  const store = stores.get(symbol) ?? new DrawingStore(symbol, localStorage);
  stores.set(symbol, store);
  return store;
}
