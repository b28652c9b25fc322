import { learnDecimals } from '@/domain/tokens';
import { csrfText, forgetSession, noteSession } from './session';
import type { Finding, Page, PoolAnswer, ServerStatus, Statistics, TransactionAnswer, WalletAnswer } from './types';

/** A refusal of the server (RFC 9457) or of the way to it (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly detail: string,
    readonly where: string | null = null,
    readonly requestId: string | null = null,
    /** What would be right, as the rule says it: the nearest valid price, what is missing. */
    readonly needed: string | null = null,
    readonly available: string | null = null,
  ) {
    super(title);
    this.name = 'ApiError';
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }
  get isForbidden(): boolean {
    return this.status === 401 || this.status === 403;
  }
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function toQuery(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parts.set(name, String(value));
  }
  const text = parts.toString();
  return text ? `?${text}` : '';
}

/** Of a problem document, however it came. */
export function refusalFrom(status: number, problem: Record<string, unknown>, title = ''): ApiError {
  const text = (name: string) => (typeof problem[name] === 'string' ? (problem[name] as string) : null);
  return new ApiError(
    status,
    text('code') ?? `http_${status}`,
    text('title') ?? title,
    text('detail') ?? '',
    text('where'),
    text('request_id'),
    text('needed'),
    text('available'),
  );
}

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    return refusalFrom(response.status, (await response.json()) as Record<string, unknown>, response.statusText);
  } catch {
    return refusalFrom(response.status, {}, response.statusText);
  }
}

/** GET of JSON. Throws ApiError, or the AbortError of `signal`. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const answer = await request<T>(path + toQuery(query), { signal, headers: { Accept: 'application/json' } });
  learnFrom(answer as { items?: unknown[]; findings?: unknown[] });
  return answer;
}

/** A change. The page proves that it is this server's by the text of its CSRF cookie. */
export function send<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
  return request<T>(path, changing(method, body, idempotencyKey)).finally(noteSession);
}

/** A change that is done only when what it changes is as it was read, or not there yet (RFC 9110, 13.1). */
export function sendIf<T>(condition: { 'If-Match': string } | { 'If-None-Match': '*' } | null, method: string, path: string, body?: unknown): Promise<T> {
  const options = changing(method, body);
  return request<T>(path, { ...options, headers: { ...options.headers, ...condition } }).finally(noteSession);
}

function changing(method: string, body?: unknown, idempotencyKey?: string): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  const csrf = csrfText();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (csrf) headers['X-CSRF-Token'] = csrf;
  return { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
}

async function reach(path: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'unreachable', '');
  }
}

/** The access token of a session has ended, the session perhaps not. */
async function hasExpired(response: Response): Promise<boolean> {
  if (response.status !== 401 || !csrfText()) return false;
  return ['sign_in_needed', 'token_expired'].includes((await refusalOf(response.clone())).code);
}

/** Goes on with the session and asks again; the refusal when it has ended. */
function askAgain(path: string, options: RequestInit): Promise<Response> {
  const inTurn = async () => {
    // Another tab may have gone on meanwhile: a refresh token that comes twice ends the session.
    const again = await reach(path, options);
    if (!(await hasExpired(again))) return again;
    const refreshed = await reach('/api/v1/identity/session/refresh?cookies=true', changing('POST', {}));
    if (refreshed.ok) return reach(path, options);
    if (refreshed.status === 401) forgetSession();
    return again;
  };
  return 'locks' in navigator ? navigator.locks.request('astrolabe.session', inTurn).then((response) => response) : inTurn();
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  let response = await reach(path, options);
  if (await hasExpired(response)) response = await askAgain(path, options);
  if (!response.ok) throw await refusalOf(response);
  if (response.status === 204) return null as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(response.status, 'not_json', 'not_json', '');
  }
}

/** Findings, wherever they stand in an answer, say the decimals of their tokens. */
function learnFrom(answer: { items?: unknown[]; findings?: unknown[] }): void {
  for (const item of [answer, ...(answer.items ?? []), ...(answer.findings ?? [])]) {
    const { legs } = item as Partial<Finding>;
    if (Array.isArray(legs)) learnDecimals(legs);
  }
}

const mev = '/api/v1/mev';
const segment = encodeURIComponent;

export const api = {
  opportunities: (query: Query, signal?: AbortSignal) => get<Page<Finding>>(`${mev}/opportunities`, query, signal),
  opportunity: (id: string, signal?: AbortSignal) => get<Finding>(`${mev}/opportunities/${segment(id)}`, {}, signal),
  transaction: (signature: string, signal?: AbortSignal) =>
    get<TransactionAnswer>(`${mev}/transactions/${segment(signature)}`, {}, signal),
  wallet: (address: string, query: Query, signal?: AbortSignal) =>
    get<WalletAnswer>(`${mev}/wallets/${segment(address)}`, query, signal),
  pool: (address: string, query: Query, signal?: AbortSignal) =>
    get<PoolAnswer>(`${mev}/pools/${segment(address)}`, query, signal),
  statistics: (query: Query, signal?: AbortSignal) => get<Statistics>(`${mev}/statistics`, query, signal),
  counters: (signal?: AbortSignal) => get<Record<string, unknown>>(`${mev}/counters`, {}, signal),
  status: (signal?: AbortSignal) => get<ServerStatus>('/api/v1/status', {}, signal),
};
