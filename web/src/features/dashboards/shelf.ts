import { ApiError } from '@/api/client';
import { documents } from '@/api/documents';
import type { Access } from '@/api/access';
import { t } from '@/strings';
import { parseBoard, parseBoardName, type Board } from './board';
import { browserBoards, kKind, type BoardStore } from './keeper';

/** The named dashboards: those of the server for who has signed in, else those of the browser. */

export const storeOf = (access: Pick<Access, 'state'>): BoardStore => (access.state === 'known' ? documents : browserBoards);

/** A new one; never over another of that name. */
export async function makeBoard(store: BoardStore, name: string, board: Board): Promise<string> {
  const good = parseBoardName(name);
  try {
    await store.put(kKind, good, { ...board, title: good }, null);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'document_changed') throw new ApiError(409, 'name_taken', '', t.boards.taken(good));
    throw error;
  }
  return good;
}

export async function copyBoard(store: BoardStore, from: string, name: string): Promise<string> {
  return makeBoard(store, name, parseBoard(await store.get(kKind, from)));
}

export async function renameBoard(store: BoardStore, from: string, name: string): Promise<string> {
  const made = await copyBoard(store, from, name);
  await store.remove(kKind, from, null);
  return made;
}

/** What was made before signing in goes to the server; a name that is taken there gets another. */
export async function moveToServer(): Promise<number> {
  const { items } = await browserBoards.list(kKind);
  const taken = new Set((await documents.list(kKind)).items.map(({ name }) => name));
  for (const { name } of items) {
    const free = freeName(name, taken);
    await copyBetween(name, free);
    taken.add(free);
    await browserBoards.remove(kKind, name, null);
  }
  return items.length;
}

async function copyBetween(name: string, as: string): Promise<void> {
  await makeBoard(documents, as, parseBoard(await browserBoards.get(kKind, name)));
}

/** "Desk", else "Desk 2", "Desk 3"… */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; ++n) if (!taken.has(`${name} ${n}`)) return `${name} ${n}`;
}

export const boardPath = (name: string): string => `/dashboards/${encodeURIComponent(name)}`;
/** The token stands behind "#": it goes into no log on the way. */
export const sharedPath = (token: string): string => `/shared-dashboard#${token}`;
