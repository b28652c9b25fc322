import { learnDecimals } from '@/domain/tokens';
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

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Record<string, unknown>;
    const text = (name: string) => (typeof problem[name] === 'string' ? (problem[name] as string) : null);
    return new ApiError(
      response.status,
      text('code') ?? `http_${response.status}`,
      text('title') ?? response.statusText,
      text('detail') ?? '',
      text('where'),
      text('request_id'),
    );
  } catch {
    return new ApiError(response.status, `http_${response.status}`, response.statusText, '');
  }
}

/** GET of JSON. Throws ApiError, or the AbortError of `signal`. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const answer = await request<T>(path + toQuery(query), { signal, headers: { Accept: 'application/json' } });
  learnFrom(answer as { items?: unknown[]; findings?: unknown[] });
  return answer;
}

/** A change. The page proves that it is this server's by the text of its CSRF cookie. */
export function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const csrf = /(?:^|; )__Host-astro_csrf=([^;]*)/.exec(document.cookie)?.[1];
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (csrf) headers['X-CSRF-Token'] = csrf;
  return request<T>(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'unreachable', '');
  }
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
