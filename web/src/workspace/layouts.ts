import { create } from 'zustand';
import { t } from '@/strings';
import { isAlike } from './alike';
import type { Layout } from './layout';
import { exportText, importText, LayoutError, parseName } from './parse';
import { presetLayout, type Preset } from './presets';
import { dropKept, keptNames, nameOfKey, noteShown, readKept, shownName, writeKept, type Kept } from './shelf';
import { showLayout, useWorkspace } from './store';

/** The same layout, changed here and somewhere else. */
export interface Conflict {
  name: string;
  theirs: Layout;
  /** Theirs, when it is the server's. */
  etag: string | null;
  where: 'server' | 'tab';
}

interface Layouts {
  names: readonly string[];
  conflict: Conflict | null;
  /** Whether the server has what is here; `off` for strangers. */
  sync: 'off' | 'saving' | 'saved' | 'failed';
}

export const useLayouts = create<Layouts>()(() => ({ names: keptNames(), conflict: null, sync: 'off' }));

/** Hears of layouts that were changed or deleted here: the server's copy follows. */
type Listener = (name: string, what: 'changed' | 'deleted', etag: string | null) => void;
let told: Listener = () => {};
export const onKept = (listener: Listener): void => void (told = listener);

const kSaveMs = 300;
let timer: ReturnType<typeof setTimeout> | null = null;
/** What is on the shelf of the layout that is shown. */
let saved: Layout | null = null;

const noteNames = (): void => useLayouts.setState({ names: keptNames() });

/** Keeps a layout and tells of it. */
export function keep(name: string, kept: Kept): void {
  writeKept(name, kept);
  noteNames();
  if (kept.isNewer) told(name, 'changed', kept.etag);
}

/** Keeps the layout that is shown, when it has changed. */
export function saveNow(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const { name, layout } = useWorkspace.getState();
  if (name === '' || layout === saved) return;
  saved = layout;
  keep(name, { layout, etag: readKept(name)?.etag ?? null, isNewer: true });
}

export function show(name: string, layout: Layout): void {
  saveNow();
  saved = layout;
  noteShown(name);
  showLayout(name, layout);
}

/** Shows what is on the shelf by now of the layout that is shown. */
export function showAgain(layout: Layout): void {
  saved = layout;
  showLayout(useWorkspace.getState().name, layout);
}

export function showNamed(name: string): void {
  const kept = readKept(name);
  if (kept) show(name, kept.layout);
}

/** The name, or the name with a number, that is not taken. */
export function freeName(name: string): string {
  const names = keptNames();
  for (let n = 1; ; n++) {
    const next = n === 1 ? name : `${name.slice(0, 34)} ${n}`;
    if (!names.includes(next)) return next;
  }
}

/** Keeps a new layout under a name that is free and shows it. One that nobody has touched yields to the server's of its name. */
export function add(name: string, layout: Layout, isNewer = true): void {
  saveNow();
  const free = freeName(name);
  keep(free, { layout, etag: null, isNewer });
  show(free, layout);
}

export const addPreset = (preset: Preset, symbols: readonly string[]): void => add(t.workspace.presets[preset], presetLayout(preset, symbols));
const addFirst = (): void => add(t.workspace.presets.trade, presetLayout('trade'), false);

/** The layout as the dock could draw it: no change of the user's. */
export function adopt(layout: Layout): void {
  const isSaved = saved === useWorkspace.getState().layout;
  if (isSaved) saved = layout;
  useWorkspace.setState({ layout });
}

export function rename(to: string): void {
  const name = parseName(to);
  const { name: from, layout } = useWorkspace.getState();
  if (name === from) return;
  if (keptNames().includes(name)) throw new LayoutError('name', t.workspace.problems.taken(name));
  saveNow();
  const etag = readKept(from)?.etag ?? null;
  keep(name, { layout, etag: null, isNewer: true });
  drop(from, etag);
  saved = layout;
  noteShown(name);
  useWorkspace.setState({ name });
}

export function duplicate(to: string): void {
  const name = parseName(to);
  if (keptNames().includes(name)) throw new LayoutError('name', t.workspace.problems.taken(name));
  add(name, useWorkspace.getState().layout);
}

function drop(name: string, etag: string | null): void {
  dropKept(name);
  noteNames();
  told(name, 'deleted', etag);
}

/** Shows the next one; there is always one. */
export function remove(name: string): void {
  const etag = readKept(name)?.etag ?? null;
  useWorkspace.setState({ name: '' });
  drop(name, etag);
  const next = keptNames()[0];
  if (next) showNamed(next);
  else addFirst();
}

export function reset(preset: Preset, symbols: readonly string[]): void {
  const { name } = useWorkspace.getState();
  const layout = presetLayout(preset, symbols);
  showLayout(name, layout);
  saveNow();
}

/** Throws a LayoutError that says what is wrong with the file. */
export function importFile(text: string): string {
  const { name, layout } = importText(text);
  add(name, layout);
  return useWorkspace.getState().name;
}

export const exportFile = (): { name: string; text: string } => {
  const { name, layout } = useWorkspace.getState();
  return { name, text: exportText(name, layout) };
};

/** What becomes of a layout that was changed in two places; `both` keeps ours under another name. */
export function resolve(choice: 'theirs' | 'mine' | 'both'): void {
  const { conflict } = useLayouts.getState();
  if (!conflict) return;
  const { name, theirs, etag } = conflict;
  const isShown = useWorkspace.getState().name === name;
  if (isShown) saveNow();
  const mine = readKept(name);
  useLayouts.setState({ conflict: null });
  if (choice === 'mine') {
    if (mine) keep(name, { layout: isShown ? useWorkspace.getState().layout : mine.layout, etag: etag ?? mine.etag, isNewer: true });
    return;
  }
  if (choice === 'both' && mine) keep(freeName(name), { layout: isShown ? useWorkspace.getState().layout : mine.layout, etag: null, isNewer: true });
  keep(name, { layout: theirs, etag: etag ?? mine?.etag ?? null, isNewer: etag === null });
  if (isShown) showAgain(theirs);
}

/** Of the layout to begin with, when there is one. */
function firstName(): string | undefined {
  const wanted = shownName();
  return wanted !== null && readKept(wanted) ? wanted : keptNames().find((each) => readKept(each) !== null);
}

/** What startLayouts() will show. */
export function shownLayout(): Layout {
  const name = firstName();
  return (name !== undefined && readKept(name)?.layout) || presetLayout('trade');
}

/** Begins with the layout that was shown last, and keeps all that is changed. Until the answer is called. */
export function startLayouts(): () => void {
  const name = firstName();
  if (name === undefined) addFirst();
  else if (useWorkspace.getState().name !== name) showNamed(name);
  const stop = useWorkspace.subscribe((now, before) => {
    if (now.layout === before.layout || now.name === '') return;
    timer ??= setTimeout(saveNow, kSaveMs);
  });
  window.addEventListener('pagehide', saveNow);
  window.addEventListener('storage', hearOtherTab);
  return () => {
    saveNow();
    stop();
    window.removeEventListener('pagehide', saveNow);
    window.removeEventListener('storage', hearOtherTab);
  };
}

/** Another tab of this browser keeps its layouts in the same place. */
function hearOtherTab(event: StorageEvent): void {
  const name = nameOfKey(event.key);
  if (name === null) return;
  noteNames();
  const { name: shown, layout } = useWorkspace.getState();
  const theirs = name === shown ? readKept(name)?.layout : undefined;
  if (theirs && !isAlike(theirs, layout)) useLayouts.setState({ conflict: { name, theirs, etag: null, where: 'tab' } });
}
