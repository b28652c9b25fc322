/** The messages of /ws/live (docs/api.md). Foreign text comes in here and nowhere else. */

/** A list lets through what has one of its values. */
export type Filter = Record<string, string | number | boolean | readonly string[]>;

type Fields = Record<string, unknown>;

export interface StreamItem<T = unknown> {
  seq: number;
  time: string;
  data: T;
}

export type ServerMessage =
  | { type: 'welcome'; version: string; time: string; heartbeat_seconds: number; channels: string[] }
  | { type: 'subscribed'; id: number; channel: string; seq: number }
  | { type: 'unsubscribed'; id: number; channel: string }
  | { type: 'snapshot'; channel: string; seq: number; items: StreamItem[] }
  | { type: 'state'; channel: string; seq: number; state: Fields }
  | { type: 'event'; channel: string; seq: number; prev_seq: number; time: string; data: unknown }
  | { type: 'gap'; channel: string; from_seq: number; to_seq: number; reason: string }
  | { type: 'heartbeat'; time: string; seq: Record<string, number> }
  | { type: 'error'; id: number | null; code: string; message: string }
  | { type: 'answer'; id: number; status: number; body: Fields | null; retryAfterS: number | null }
  | { type: 'pong'; id: number; time: string };

export type ClientMessage =
  | { op: 'subscribe'; id: number; channel: string; filter?: Filter; snapshot?: number; resume_from?: number }
  | { op: 'unsubscribe'; id: number; channel: string }
  | { op: 'ping'; id: number }
  | ({ op: 'call'; id: number } & CallRequest);

/** The same request over HTTP, as the API documents it. */
export interface CallRequest {
  method: string;
  /** Begins with /api/ and may have a query. */
  path: string;
  body?: unknown;
  idempotency_key?: string;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parseItem(value: unknown): StreamItem | null {
  if (!isObject(value) || !isCount(value.seq) || !isObject(value.data)) return null;
  return { seq: value.seq, time: text(value.time), data: value.data };
}

function parseChannelMessage(m: Fields): ServerMessage | null {
  if (typeof m.channel !== 'string') return null;
  const channel = m.channel;
  switch (m.type) {
    case 'subscribed':
      return isCount(m.seq) && isCount(m.id) ? { type: 'subscribed', id: m.id, channel, seq: m.seq } : null;
    case 'unsubscribed':
      return isCount(m.id) ? { type: 'unsubscribed', id: m.id, channel } : null;
    case 'snapshot': {
      // A channel with a state begins with that instead of its newest events.
      if (isCount(m.seq) && isObject(m.state)) return { type: 'state', channel, seq: m.seq, state: m.state };
      if (!isCount(m.seq) || !Array.isArray(m.items)) return null;
      const items = m.items.map(parseItem);
      return items.every((item) => item !== null) ? { type: 'snapshot', channel, seq: m.seq, items } : null;
    }
    case 'event':
      return isCount(m.seq) && isCount(m.prev_seq) && isObject(m.data)
        ? { type: 'event', channel, seq: m.seq, prev_seq: m.prev_seq, time: text(m.time), data: m.data }
        : null;
    case 'gap':
      return isCount(m.from_seq) && isCount(m.to_seq)
        ? { type: 'gap', channel, from_seq: m.from_seq, to_seq: m.to_seq, reason: text(m.reason) }
        : null;
    default:
      return null;
  }
}

/** Null when the text is not a message we know; the caller counts it. */
export function parseServerMessage(raw: string): ServerMessage | null {
  let m: unknown;
  try {
    m = JSON.parse(raw);
  } catch {
    return null;
  }
  if (!isObject(m)) return null;
  switch (m.type) {
    case 'welcome':
      return {
        type: 'welcome',
        version: text(m.version),
        time: text(m.time),
        heartbeat_seconds: typeof m.heartbeat_seconds === 'number' && m.heartbeat_seconds > 0 ? m.heartbeat_seconds : 15,
        channels: Array.isArray(m.channels) ? m.channels.filter((c) => typeof c === 'string') : [],
      };
    case 'heartbeat': {
      const seq: Record<string, number> = {};
      if (isObject(m.seq)) for (const [k, v] of Object.entries(m.seq)) if (isCount(v)) seq[k] = v;
      return { type: 'heartbeat', time: text(m.time), seq };
    }
    case 'pong':
      return isCount(m.id) ? { type: 'pong', id: m.id, time: text(m.time) } : null;
    case 'answer':
      if (!isCount(m.id) || !isCount(m.status)) return null;
      return { type: 'answer', id: m.id, status: m.status, body: isObject(m.body) ? m.body : null, retryAfterS: isCount(m.retry_after) ? m.retry_after : null };
    case 'error':
      return { type: 'error', id: isCount(m.id) ? m.id : null, code: text(m.code), message: text(m.message) };
    default:
      return parseChannelMessage(m);
  }
}
