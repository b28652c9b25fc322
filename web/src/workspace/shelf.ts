import type { Layout } from './layout';
import { parseLayout } from './parse';

/** The named layouts as this browser keeps them: one key each, so that two tabs do not overwrite each other's. */

const kPrefix = 'astrolabe.layout.';
const kShown = 'astrolabe.layout-shown';

export interface Kept {
  layout: Layout;
  /** Which version of the server's it comes from; null: it has never been there. */
  etag: string | null;
  /** It has been changed since. */
  isNewer: boolean;
}

/** Storage may be off, or full: then layouts last as long as the page. */
function attempt<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch {
    return otherwise;
  }
}

export const keptNames = (): string[] =>
  attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(kPrefix)).map((key) => key.slice(kPrefix.length)), []).sort((a, b) => a.localeCompare(b));

/** Null when there is none of that name, or what is there is no layout. */
export function readKept(name: string): Kept | null {
  return attempt(() => {
    const text = localStorage.getItem(kPrefix + name);
    if (text === null) return null;
    const { layout, etag, isNewer } = JSON.parse(text) as Partial<Kept>;
    return { layout: parseLayout(layout, false), etag: typeof etag === 'string' ? etag : null, isNewer: isNewer !== false };
  }, null);
}

export const writeKept = (name: string, kept: Kept): boolean =>
  attempt(() => {
    localStorage.setItem(kPrefix + name, JSON.stringify(kept));
    return true;
  }, false);

export const dropKept = (name: string): void => attempt(() => localStorage.removeItem(kPrefix + name), undefined);

/** The name of the layout whose key this is. */
export const nameOfKey = (key: string | null): string | null => (key?.startsWith(kPrefix) ? key.slice(kPrefix.length) : null);

export const shownName = (): string | null => attempt(() => sessionStorage.getItem(kShown) ?? localStorage.getItem(kShown), null);
export const noteShown = (name: string): void =>
  attempt(() => {
    sessionStorage.setItem(kShown, name);
    localStorage.setItem(kShown, name);
  }, undefined);
