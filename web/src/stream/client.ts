import { reconnectDelayMs } from './backoff';
import { Channel, type ChannelHandlers, type ChannelRequest } from './channel';
import { parseServerMessage, type CallRequest, type ClientMessage, type ServerMessage } from './protocol';

/** The part of WebSocket that is used; tests give their own. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(handle: unknown): void;
  now(): number;
}

export interface StreamOptions {
  open: () => Socket;
  timers: Timers;
  random: () => number;
}

export type Phase = 'idle' | 'connecting' | 'open' | 'waiting';

export interface StreamState {
  phase: Phase;
  /** Failed attempts since the last good connection. */
  attempt: number;
  /** When the next attempt starts, by the timers' clock; only in phase `waiting`. */
  retryAt: number | null;
  latencyMs: number | null;
  version: string | null;
  /** When the last message came, by the timers' clock. */
  lastMessageAt: number | null;
  /** How often a good connection came back. */
  reconnects: number;
  badMessages: number;
}

export interface CallAnswer {
  status: number;
  body: Record<string, unknown> | null;
  retryAfterS: number | null;
  /** From sending it to its answer. */
  tookMs: number;
}

/** A call without an answer: `sent` says whether the server may have done it. */
export class CallLost extends Error {
  constructor(readonly sent: boolean) {
    super('call lost');
    this.name = 'CallLost';
  }
}

interface WaitingCall {
  at: number;
  timer: unknown;
  done(answer: CallAnswer): void;
  lost(): void;
}

export interface Subscription {
  change(request: ChannelRequest): void;
  close(): void;
}

const kPingMs = 5000;
const kSilentBeats = 2.5;
const kConnectMs = 10_000;
const kCallMs = 10_000;

/**
 * The terminal's one WebSocket. Reconnects by itself, resumes every channel where it was, and
 * tells each channel's owner about what can't be resumed. One owner a channel.
 */
export class LiveStream {
  private socket: Socket | null = null;
  private readonly channels = new Map<string, Channel>();
  private readonly listeners = new Set<() => void>();
  private readonly calls = new Map<number, WaitingCall>();
  private ids = 0;
  private ping: { id: number; at: number } | null = null;
  private pingTimer: unknown = null;
  private retryTimer: unknown = null;
  private silenceTimer: unknown = null;
  private silenceMs = 15_000 * kSilentBeats;
  private wasOpen = false;
  private current: StreamState = {
    phase: 'idle',
    attempt: 0,
    retryAt: null,
    latencyMs: null,
    version: null,
    lastMessageAt: null,
    reconnects: 0,
    badMessages: 0,
  };

  constructor(private readonly options: StreamOptions) {}

  get state(): StreamState {
    return this.current;
  }

  onState(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    if (this.current.phase === 'idle') this.connect();
  }

  stop(): void {
    this.clearTimers();
    this.drop();
    this.set({ phase: 'idle', attempt: 0, retryAt: null });
  }

  /** The network came back, or the user asked: do not wait for the next attempt. */
  retryNow(): void {
    if (this.current.phase !== 'waiting') return;
    this.options.timers.clear(this.retryTimer);
    this.connect();
  }

  /** Who uses the page has changed: the server asks who that is when a connection begins. */
  reconnect(): void {
    if (this.current.phase === 'idle') return;
    this.clearTimers();
    this.drop();
    this.wasOpen = false;
    this.connect();
  }

  /** Asks over the connection, in order with all that is asked so. Rejects with CallLost. */
  call(request: CallRequest): Promise<CallAnswer> {
    return new Promise((done, fail) => {
      const id = ++this.ids;
      const { timers } = this.options;
      if (!this.send({ op: 'call', id, ...request })) return fail(new CallLost(false));
      const lost = () => {
        timers.clear(this.calls.get(id)?.timer);
        this.calls.delete(id);
        fail(new CallLost(true));
      };
      this.calls.set(id, { at: timers.now(), timer: timers.set(lost, kCallMs), done, lost });
    });
  }

  subscribe<T>(name: string, request: ChannelRequest, handlers: ChannelHandlers<T>): Subscription {
    if (this.channels.has(name)) throw new Error(`channel ${name} already has an owner`);
    const channel = new Channel<T>(name, request, handlers, (m) => this.send(m), () => ++this.ids);
    this.channels.set(name, channel as Channel);
    if (this.current.phase === 'open') channel.begin();
    return {
      change: (next) => channel.change(next),
      close: () => {
        if (this.channels.get(name) !== (channel as Channel)) return;
        this.channels.delete(name);
        this.send({ op: 'unsubscribe', id: ++this.ids, channel: name });
      },
    };
  }

  private set(change: Partial<StreamState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }

  private send(message: ClientMessage): boolean {
    if (this.current.phase !== 'open' || !this.socket) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  private connect(): void {
    this.set({ phase: 'connecting', retryAt: null });
    let socket: Socket;
    try {
      socket = this.options.open();
    } catch {
      this.lost();
      return;
    }
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = () => this.lost();
    this.expectWithin(kConnectMs);
  }

  private opened(): void {
    const again = this.wasOpen ? 1 : 0;
    this.wasOpen = true;
    this.set({ phase: 'open', attempt: 0, retryAt: null, reconnects: this.current.reconnects + again });
    this.expectWithin(this.silenceMs);
    for (const channel of this.channels.values()) channel.begin();
    this.sendPing();
  }

  private lost(): void {
    this.drop();
    const attempt = this.current.attempt + 1;
    const delay = reconnectDelayMs(attempt, this.options.random);
    this.clearTimers();
    this.retryTimer = this.options.timers.set(() => this.connect(), delay);
    this.set({ phase: 'waiting', attempt, retryAt: this.options.timers.now() + delay, latencyMs: null });
  }

  /** Lets go of the socket so that nothing it still says is heard. */
  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.ping = null;
    for (const channel of this.channels.values()) channel.pause();
    for (const waiting of this.calls.values()) waiting.lost();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private clearTimers(): void {
    for (const timer of [this.pingTimer, this.retryTimer, this.silenceTimer]) this.options.timers.clear(timer);
  }

  /** A socket can be dead without saying so: no message for several heartbeats means lost. */
  private expectWithin(ms: number): void {
    this.options.timers.clear(this.silenceTimer);
    this.silenceTimer = this.options.timers.set(() => this.lost(), ms);
  }

  private sendPing(): void {
    this.options.timers.clear(this.pingTimer);
    this.pingTimer = this.options.timers.set(() => this.sendPing(), kPingMs);
    if (this.ping) return;
    const id = ++this.ids;
    this.ping = { id, at: this.options.timers.now() };
    this.send({ op: 'ping', id });
  }

  private received(data: unknown): void {
    const now = this.options.timers.now();
    // Read by the status display once a second, so it is no change of state to tell.
    this.current.lastMessageAt = now;
    this.expectWithin(this.silenceMs);
    const message = typeof data === 'string' ? parseServerMessage(data) : null;
    if (message) this.dispatch(message, now);
    else this.set({ badMessages: this.current.badMessages + 1 });
  }

  private dispatch(message: ServerMessage, now: number): void {
    switch (message.type) {
      case 'welcome':
        this.silenceMs = message.heartbeat_seconds * 1000 * kSilentBeats;
        this.set({ version: message.version });
        break;
      case 'pong':
        if (this.ping?.id === message.id) {
          this.set({ latencyMs: now - this.ping.at });
          this.ping = null;
        }
        break;
      case 'heartbeat':
        for (const [name, seq] of Object.entries(message.seq)) this.channels.get(name)?.takeHeartbeat(seq);
        break;
      case 'answer':
        this.answered(message, now);
        break;
      case 'error':
        for (const channel of this.channels.values()) {
          if (channel.takeError(message.id, message.code, message.message)) break;
        }
        break;
      default:
        this.channels.get(message.channel)?.take(message);
    }
  }

  private answered({ id, status, body, retryAfterS }: ServerMessage & { type: 'answer' }, now: number): void {
    const waiting = this.calls.get(id);
    if (!waiting) return;
    this.calls.delete(id);
    this.options.timers.clear(waiting.timer);
    waiting.done({ status, body, retryAfterS, tookMs: now - waiting.at });
  }
}
