import { beforeEach, describe, expect, it } from 'vitest';
import { reconnectDelayMs } from './backoff';
import type { Gap } from './channel';
import { CallLost, LiveStream, type Socket, type Timers } from './client';
import { FrameBatcher, Turns } from './frames';
import { parseServerMessage, type StreamItem } from './protocol';

class FakeSocket implements Socket {
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }
  asked(op: string): Record<string, unknown>[] {
    return this.sent.filter((m) => m.op === op);
  }
  get lastAsk(): Record<string, unknown> {
    return this.asked('subscribe').at(-1) ?? {};
  }
}

class ManualTimers implements Timers {
  time = 0;
  private next = 1;
  private readonly waiting = new Map<number, { at: number; run: () => void }>();
  set(run: () => void, ms: number): number {
    this.waiting.set(this.next, { at: this.time + ms, run });
    return this.next++;
  }
  clear(handle: unknown): void {
    this.waiting.delete(handle as number);
  }
  now(): number {
    return this.time;
  }
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.waiting].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.waiting.delete(due[0]);
      this.time = due[1].at;
      due[1].run();
    }
    this.time = end;
  }
}

const kChannel = 'mev.opportunity';
const event = (seq: number, prev_seq = seq - 1) => ({
  type: 'event', channel: kChannel, event: kChannel, seq, prev_seq, time: 't', data: { n: seq },
});

let sockets: FakeSocket[];
let timers: ManualTimers;
let stream: LiveStream;
let heard: string[];

const socket = () => sockets.at(-1)!;
const handlers = {
  onSnapshot: (items: StreamItem[], seq: number) => heard.push(`snapshot ${items.map((i) => i.seq).join(',')} @${seq}`),
  onState: (state: unknown, seq: number) => heard.push(`state ${JSON.stringify(state)} @${seq}`),
  onEvent: (item: StreamItem) => heard.push(`event ${item.seq}`),
  onGap: (gap: Gap) => heard.push(`gap ${gap.from_seq}-${gap.to_seq} ${gap.reason}`),
  onRefused: (code: string) => heard.push(`refused ${code}`),
};

function subscribed(seq: number, snapshot?: number[]): void {
  socket().say({ type: 'subscribed', id: socket().lastAsk.id, channel: kChannel, seq });
  if (snapshot) {
    const items = snapshot.map((n) => ({ seq: n, time: 't', data: { n } }));
    socket().say({ type: 'snapshot', channel: kChannel, seq, items });
  }
}

function connect(): void {
  stream.start();
  socket().onopen?.();
  socket().say({ type: 'welcome', version: '1', time: 't', heartbeat_seconds: 15, channels: [] });
}

beforeEach(() => {
  sockets = [];
  heard = [];
  timers = new ManualTimers();
  stream = new LiveStream({
    open: () => {
      sockets.push(new FakeSocket());
      return socket();
    },
    timers,
    random: () => 0.5,
  });
});

describe('a channel', () => {
  it('begins with a snapshot and goes on in order', () => {
    stream.subscribe(kChannel, { snapshot: 50, filter: { kind: 'sandwich' } }, handlers);
    connect();
    expect(socket().lastAsk).toMatchObject({ channel: kChannel, snapshot: 50, filter: { kind: 'sandwich' } });
    subscribed(10, [9, 10]);
    socket().say(event(11));
    socket().say(event(14, 11));
    expect(heard).toEqual(['snapshot 9,10 @10', 'event 11', 'event 14']);
  });

  it('begins with its state where it has one, and again after a gap', () => {
    stream.subscribe(kChannel, { snapshot: 1 }, handlers);
    connect();
    subscribed(10);
    socket().say({ type: 'snapshot', channel: kChannel, seq: 10, state: { n: 1 } });
    socket().say(event(11));
    socket().say({ type: 'gap', channel: kChannel, from_seq: 12, to_seq: 20, reason: 'slow_consumer' });
    socket().say({ type: 'snapshot', channel: kChannel, seq: 20, state: { n: 2 } });
    socket().say(event(21));
    expect(heard).toEqual(['state {"n":1} @10', 'event 11', 'gap 12-20 slow_consumer', 'state {"n":2} @20', 'event 21']);
  });

  it('drops what it has already', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, [10]);
    socket().say(event(10));
    socket().say(event(11));
    socket().say(event(11));
    expect(heard).toEqual(['snapshot 10 @10', 'event 11']);
  });

  it('asks for what is missing when prev_seq shows a hole, and takes nothing in between', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, []);
    socket().say(event(13));
    expect(heard.at(-1)).toBe('gap 11-12 hole');
    expect(socket().lastAsk).toMatchObject({ resume_from: 10 });
    socket().say(event(14));
    subscribed(14);
    for (const n of [11, 12, 13, 14]) socket().say(event(n));
    expect(heard.slice(2)).toEqual(['event 11', 'event 12', 'event 13', 'event 14']);
  });

  it('takes a fresh snapshot when even the resumed stream has a hole', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, []);
    socket().say(event(13));
    subscribed(14);
    socket().say(event(13));
    expect(socket().lastAsk).toMatchObject({ snapshot: 50 });
    expect(socket().lastAsk.resume_from).toBeUndefined();
    subscribed(14, [13, 14]);
    expect(heard.at(-1)).toBe('snapshot 13,14 @14');
  });

  it('takes the snapshot that follows when the server says it was too slow', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, []);
    socket().say({ type: 'gap', channel: kChannel, from_seq: 11, to_seq: 90, reason: 'slow_consumer' });
    socket().say({ type: 'snapshot', channel: kChannel, seq: 90, items: [{ seq: 90, time: 't', data: {} }] });
    socket().say(event(91));
    expect(heard.slice(1)).toEqual(['gap 11-90 slow_consumer', 'snapshot 90 @90', 'event 91']);
    expect(socket().asked('subscribe')).toHaveLength(1);
  });

  it('does not mix the former filter into the new one', () => {
    const subscription = stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, []);
    subscription.change({ snapshot: 50, filter: { kind: 'liquidation' } });
    socket().say(event(11));
    subscribed(11, [3]);
    expect(heard).toEqual(['snapshot  @10', 'snapshot 3 @11']);
  });

  it('tells a refusal to its owner', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    socket().say({ type: 'error', id: socket().lastAsk.id, code: 'bad_filter', message: '' });
    expect(heard).toEqual(['refused bad_filter']);
  });

  it('has one owner, and is free again after close', () => {
    const first = stream.subscribe(kChannel, { snapshot: 1 }, handlers);
    expect(() => stream.subscribe(kChannel, { snapshot: 1 }, handlers)).toThrow('already has an owner');
    first.close();
    stream.subscribe(kChannel, { snapshot: 1 }, handlers);
  });
});

describe('the connection', () => {
  it('comes back with growing waits and resumes after the last seq', () => {
    stream.subscribe(kChannel, { snapshot: 50, filter: { kind: 'sandwich' } }, handlers);
    connect();
    subscribed(10, []);
    socket().say(event(11));
    socket().onclose?.();
    expect(stream.state).toMatchObject({ phase: 'waiting', attempt: 1 });
    timers.advance(299);
    expect(sockets).toHaveLength(1);
    timers.advance(1);
    expect(sockets).toHaveLength(2);
    socket().onclose?.();
    expect(stream.state.attempt).toBe(2);
    timers.advance(600);
    expect(sockets).toHaveLength(3);
    socket().onopen?.();
    expect(stream.state).toMatchObject({ phase: 'open', attempt: 0, reconnects: 1 });
    expect(socket().lastAsk).toMatchObject({ resume_from: 11, filter: { kind: 'sandwich' } });
    subscribed(12);
    socket().say(event(12));
    expect(heard.at(-1)).toBe('event 12');
  });

  it('takes gap and snapshot when the server no longer has what was missed', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(10, []);
    socket().onclose?.();
    timers.advance(1000);
    socket().onopen?.();
    const asks = socket().asked('subscribe').length;
    subscribed(900);
    socket().say({ type: 'gap', channel: kChannel, from_seq: 11, to_seq: 899, reason: 'not_retained' });
    socket().say({ type: 'snapshot', channel: kChannel, seq: 900, items: [{ seq: 900, time: 't', data: {} }] });
    expect(heard.slice(1)).toEqual(['gap 11-899 not_retained', 'snapshot 900 @900']);
    expect(socket().asked('subscribe')).toHaveLength(asks);
  });

  it('starts over when the server has a shorter history than ours', () => {
    stream.subscribe(kChannel, { snapshot: 50 }, handlers);
    connect();
    subscribed(100, []);
    socket().say({ type: 'heartbeat', time: 't', seq: { [kChannel]: 3 } });
    expect(socket().lastAsk).toMatchObject({ snapshot: 50 });
    expect(heard.at(-1)).toBe('gap 3-100 server_restarted');
  });

  it('gives up on a silent socket', () => {
    connect();
    timers.advance(15_000 * 2.5 - 1);
    expect(stream.state.phase).toBe('open');
    timers.advance(1);
    expect(stream.state.phase).toBe('waiting');
    expect(sockets[0]!.closed).toBe(true);
  });

  it('gives up on a connection that never opens', () => {
    stream.start();
    timers.advance(10_000);
    expect(stream.state.phase).toBe('waiting');
  });

  it('measures the way to the server and back', () => {
    connect();
    timers.advance(12);
    socket().say({ type: 'pong', id: socket().asked('ping')[0]!.id, time: 't' });
    expect(stream.state.latencyMs).toBe(12);
  });

  it('tries at once when asked', () => {
    connect();
    socket().onclose?.();
    stream.retryNow();
    expect(sockets).toHaveLength(2);
    timers.advance(1000);
    expect(sockets).toHaveLength(2);
  });

  it('begins anew when somebody else uses the page, and counts that as no return', () => {
    stream.subscribe(kChannel, { snapshot: 1 }, handlers);
    connect();
    stream.reconnect();
    expect(sockets).toHaveLength(2);
    expect(sockets[0]!.closed).toBe(true);
    socket().onopen?.();
    expect(stream.state).toMatchObject({ phase: 'open', reconnects: 0 });
    expect(socket().asked('subscribe')).toHaveLength(1);
  });

  it('counts what it does not understand and goes on', () => {
    stream.subscribe(kChannel, { snapshot: 0 }, handlers);
    connect();
    subscribed(5);
    for (const bad of ['{', '[]', 'null', '{"type":"event"}', '{"type":"event","channel":"mev.opportunity","seq":"6"}']) {
      socket().say(bad);
    }
    socket().onmessage?.({ data: new ArrayBuffer(2) });
    socket().say(event(6));
    expect(stream.state.badMessages).toBe(6);
    expect(heard).toEqual(['event 6']);
  });

  it('says nothing more after stop', () => {
    stream.subscribe(kChannel, { snapshot: 0 }, handlers);
    connect();
    const old = socket();
    stream.stop();
    old.say(event(6));
    timers.advance(60_000);
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(1);
  });
});

describe('reconnectDelayMs', () => {
  it('grows to its limit and stays within half to whole of the span', () => {
    for (let attempt = 1; attempt < 40; attempt++) {
      const span = Math.min(8000, 400 * 2 ** (attempt - 1));
      expect(reconnectDelayMs(attempt, () => 0)).toBe(span / 2);
      expect(reconnectDelayMs(attempt, () => 1)).toBe(span);
    }
  });
});

describe('a call', () => {
  const order = { method: 'POST', path: '/api/v1/exchange/orders', body: { market: 'SOL-PERP' }, idempotency_key: 'k' };
  it('is answered by its number, with the time it took', async () => {
    connect();
    const [first, second] = [stream.call(order), stream.call({ ...order, idempotency_key: 'l' })];
    const [a, b] = socket().asked('call');
    expect(a).toMatchObject(order);
    timers.advance(7);
    socket().say({ type: 'answer', id: b!.id, status: 422, body: { code: 'margin_insufficient' } });
    timers.advance(2);
    socket().say({ type: 'answer', id: a!.id, status: 201, body: { order_id: '1' } });
    socket().say({ type: 'answer', id: a!.id, status: 201, body: { order_id: '1' } });
    expect(await second).toEqual({ status: 422, body: { code: 'margin_insufficient' }, retryAfterS: null, tookMs: 7 });
    expect(await first).toMatchObject({ status: 201, tookMs: 9 });
  });

  it('that was not sent is known not to be done', async () => {
    await expect(stream.call(order)).rejects.toMatchObject({ sent: false });
  });

  it.each([
    ['the connection ends', () => socket().onclose?.()],
    ['nothing comes for ten seconds', () => timers.advance(10_000)],
  ])('has an unknown outcome when %s', async (_, happen) => {
    connect();
    const lost = stream.call(order).catch((error: unknown) => error);
    happen();
    const error = await lost;
    expect(error).toBeInstanceOf(CallLost);
    expect(error).toMatchObject({ sent: true });
  });
});

describe('parseServerMessage', () => {
  it.each([
    ['{"type":"snapshot","channel":"c","seq":1,"items":[{"seq":1,"data":{}},{"seq":-1,"data":{}}]}'],
    ['{"type":"snapshot","channel":"c","seq":1,"items":{}}'],
    ['{"type":"event","channel":"c","seq":1.5,"prev_seq":1,"data":{}}'],
    ['{"type":"event","channel":"c","seq":1,"prev_seq":0,"data":null}'],
    ['{"type":"event","channel":7,"seq":1,"prev_seq":0,"data":{}}'],
    ['{"type":"pong"}'],
    ['{"type":"new_thing"}'],
    ['"text"'],
    [''],
  ])('refuses %s', (raw) => expect(parseServerMessage(raw)).toBeNull());
});

describe('FrameBatcher', () => {
  it('flushes the first at once and the rest together, spaced', () => {
    let now = 0;
    let flushes = 0;
    const queue: { at: number; run: () => void }[] = [];
    const batcher = new FrameBatcher(() => flushes++, 100, () => now, (run, ms) => queue.push({ at: now + ms, run }));
    const tick = (to: number) => {
      for (now; now <= to; now++) for (const job of queue.splice(0)) job.at <= now ? job.run() : queue.push(job);
    };
    for (let i = 0; i < 200; i++) {
      batcher.mark();
      tick(now + 4);
    }
    expect(flushes).toBe(10);
  });

  it('tells in turn with others, each as often as alone', () => {
    let now = 0;
    const queue: { at: number; run: () => void }[] = [];
    const told: { who: number; at: number }[] = [];
    const turns = new Turns(25);
    const batchers = [0, 1, 2].map((who) => new FrameBatcher(() => told.push({ who, at: now }), 100, () => now, (run, ms) => queue.push({ at: now + ms, run }), turns));
    for (; now < 1000; now++) {
      for (const batcher of batchers) batcher.mark();
      for (const job of queue.splice(0)) job.at <= now ? job.run() : queue.push(job);
    }
    expect([0, 1, 2].map((who) => told.filter((each) => each.who === who).length)).toEqual([10, 10, 10]);
    told.slice(1).forEach((each, i) => expect(each.at - told[i]!.at).toBeGreaterThanOrEqual(25));
  });
});
