import type { ClientMessage, Filter, ServerMessage, StreamItem } from './protocol';

export interface Gap {
  from_seq: number;
  to_seq: number;
  reason: string;
}

/** What the owner of a channel hears. Items come in the order of `seq`, none twice. */
export interface ChannelHandlers<T> {
  /** The state as of `seq`: replaces all that came before. */
  onSnapshot(items: StreamItem<T>[], seq: number): void;
  /** The same of a channel that begins with its state. */
  onState?(state: unknown, seq: number): void;
  onEvent(item: StreamItem<T>): void;
  /** Something is missing; it will now be sent again, or all be replaced by a snapshot. */
  onGap?(gap: Gap): void;
  onRefused?(code: string, message: string): void;
}

export interface ChannelRequest {
  filter?: Filter;
  /** How many of the newest items to begin with. */
  snapshot: number;
}

/**
 * One channel's sequence: what we have, what we wait for. Knows no socket; `send` is given.
 *
 *      idle ── begin() ──▶ asked ── subscribed ──▶ flowing ── hole in prev_seq ──▶ asked …
 *
 * Between asking and `subscribed` of that very id, events belong to the former request (another
 * filter, perhaps) and are dropped.
 */
export class Channel<T = unknown> {
  private askedId = 0;
  private flowing = false;
  private resumed = false;
  private lastSeq: number | null = null;

  constructor(
    readonly name: string,
    private request: ChannelRequest,
    private readonly handlers: ChannelHandlers<T>,
    private readonly send: (message: ClientMessage) => boolean,
    private readonly nextId: () => number,
  ) {}

  get seq(): number | null {
    return this.lastSeq;
  }

  /** The connection is new: go on after what we have, else begin with a snapshot. */
  begin(): void {
    this.ask(this.lastSeq);
  }

  /** The connection is gone. */
  pause(): void {
    this.flowing = false;
    this.askedId = 0;
  }

  change(request: ChannelRequest): void {
    this.request = request;
    this.lastSeq = null;
    this.ask(null);
  }

  private ask(resumeFrom: number | null): void {
    const id = this.nextId();
    this.flowing = false;
    this.resumed = resumeFrom !== null;
    const { filter, snapshot } = this.request;
    const begin = resumeFrom !== null ? { resume_from: resumeFrom, snapshot } : { snapshot };
    const hasFilter = filter !== undefined && Object.keys(filter).length > 0;
    const sent = this.send({ op: 'subscribe', id, channel: this.name, ...(hasFilter ? { filter } : {}), ...begin });
    this.askedId = sent ? id : 0;
  }

  /** Messages of this channel, and errors that answer its request. */
  take(message: ServerMessage): void {
    switch (message.type) {
      case 'subscribed':
        if (message.id === this.askedId) {
          this.flowing = true;
          if (!this.resumed && this.request.snapshot === 0) this.lastSeq = message.seq;
        }
        break;
      case 'snapshot':
        if (this.flowing) {
          this.resumed = false;
          this.lastSeq = message.seq;
          this.handlers.onSnapshot(message.items as StreamItem<T>[], message.seq);
        }
        break;
      case 'state':
        if (this.flowing) {
          this.resumed = false;
          this.lastSeq = message.seq;
          this.handlers.onState?.(message.state, message.seq);
        }
        break;
      case 'event':
        if (this.flowing) this.takeEvent(message);
        break;
      case 'gap':
        if (this.flowing) this.takeGap(message);
        break;
      default:
        break;
    }
  }

  private takeEvent(message: ServerMessage & { type: 'event' }): void {
    const { seq, prev_seq, time, data } = message;
    if (this.lastSeq !== null) {
      if (seq <= this.lastSeq) return;
      if (prev_seq > this.lastSeq) {
        this.handlers.onGap?.({ from_seq: this.lastSeq + 1, to_seq: prev_seq, reason: 'hole' });
        // A resumed stream with a hole can't be trusted to fill it: start over from a snapshot.
        this.ask(this.resumed ? null : this.lastSeq);
        return;
      }
    }
    this.lastSeq = seq;
    this.resumed = false;
    this.handlers.onEvent({ seq, time, data: data as T });
  }

  private takeGap(message: ServerMessage & { type: 'gap' }): void {
    const { from_seq, to_seq, reason } = message;
    // The server follows a gap with a snapshot of its own accord.
    this.handlers.onGap?.({ from_seq, to_seq, reason });
  }

  /** The stream's newest seq by the server's heartbeat: smaller than ours means another history. */
  takeHeartbeat(seq: number): void {
    if (this.flowing && this.lastSeq !== null && seq < this.lastSeq) {
      this.handlers.onGap?.({ from_seq: seq, to_seq: this.lastSeq, reason: 'server_restarted' });
      this.lastSeq = null;
      this.ask(null);
    }
  }

  /** True when the error answered our request. */
  takeError(id: number | null, code: string, message: string): boolean {
    if (id === null || id !== this.askedId) return false;
    if (this.resumed) {
      this.lastSeq = null;
      this.ask(null);
    } else {
      this.handlers.onRefused?.(code, message);
    }
    return true;
  }
}
