import { get, send, sendIf } from './client';

/** JSON that the server keeps for a user and does not look into. */
export interface DocumentView {
  kind: string;
  name: string;
  /** Another one after each change. */
  tag: string;
  bytes: number;
  /** There is a link by which everybody reads it. */
  shared: boolean;
  updated: string;
}

const root = '/api/v1/identity/documents';
const pathOf = (kind: string, name: string) => `${root}/${kind}/${encodeURIComponent(name)}`;
/** `tag` of what was read; null: there must be none. */
const conditionOf = (tag: string | null) => (tag === null ? ({ 'If-None-Match': '*' } as const) : { 'If-Match': `"${tag}"` });

export const documents = {
  list: (kind: string) => get<{ items: DocumentView[] }>(root, { kind }),
  get: (kind: string, name: string) => get<unknown>(pathOf(kind, name)),
  /** "document_changed" (412) when it is another one by now. */
  put: (kind: string, name: string, body: object, tag: string | null) => sendIf<DocumentView>(conditionOf(tag), 'PUT', pathOf(kind, name), body),
  remove: (kind: string, name: string, tag: string | null) => sendIf<null>(tag === null ? null : conditionOf(tag), 'DELETE', pathOf(kind, name)),
  /** Makes the link by which everybody reads it, and ends the one before; its token is told once. */
  share: (kind: string, name: string) => send<{ token: string }>('POST', `${pathOf(kind, name)}/share`),
  unshare: (kind: string, name: string) => send<null>('DELETE', `${pathOf(kind, name)}/share`),
  /** What a link leads to. */
  shared: (token: string, signal?: AbortSignal) => get<unknown>(`/api/v1/identity/shared/${encodeURIComponent(token)}`, {}, signal),
};
