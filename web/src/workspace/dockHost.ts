/** What keys, menus and the palette ask of the dock, wherever they stand. */

export type Direction = 'left' | 'right' | 'up' | 'down';

export interface DockHost {
  /** Beside the active panel's tab; answers its id. */
  add(kind: string): string;
  close(panelId: string): void;
  /** Puts the focus into a panel, in whichever window it is. */
  focus(panelId: string): void;
  focusToward(direction: Direction): void;
  focusNext(step: 1 | -1): void;
  /** Into the place in that direction, or a new one at the edge. */
  move(direction: Direction): void;
  nextTab(step: 1 | -1): void;
  resize(direction: Direction): void;
  maximise(): void;
  /** Into a window of its own, or back. */
  tearOff(panelId?: string): void;
  /** Opens the windows that the layout had. */
  restoreWindows(): void;
}

let host: DockHost | null = null;
let waiting: ((dock: DockHost) => void)[] = [];

/** Does it now, or as soon as there is a dock. */
export function withDock(act: (dock: DockHost) => void): void {
  if (host) act(host);
  else waiting.push(act);
}

export const hasDock = (): boolean => host !== null;

export function setDock(next: DockHost | null): void {
  host = next;
  if (!next) return;
  const acts = waiting;
  waiting = [];
  for (const act of acts) act(next);
}
