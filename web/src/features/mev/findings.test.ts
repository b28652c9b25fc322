import { describe, expect, it } from 'vitest';
import type { Page, Finding } from '@/api/types';
import type { ChannelHandlers } from '@/stream';
import { FrameBatcher } from '@/stream/frames';
import type { LiveStream } from '@/stream/client';
import { FindingsStore, mergeRows } from './findings';

const finding = (n: number, extra: Partial<Finding> = {}): Finding => ({ id: `f${n}`, slot: n, merged: [], ...extra }) as unknown as Finding;
const item = (f: Finding) => ({ seq: f.slot, time: '', data: f });

function setUp(pages: Page<Finding>[] = [{ items: [], next_cursor: null }]) {
  let handlers!: ChannelHandlers<Finding>;
  const requests: unknown[] = [];
  const stream = {
    subscribe: (_name: string, request: unknown, h: ChannelHandlers<Finding>) => {
      requests.push(request);
      handlers = h;
      return { change: (next: unknown) => requests.push(next), close: () => {} };
    },
  } as unknown as LiveStream;
  const queries: unknown[] = [];
  const due: (() => void)[] = [];
  const store = new FindingsStore(
    stream,
    async (query) => {
      queries.push(query);
      return pages.shift() ?? { items: [], next_cursor: null };
    },
    () => {},
    (flush) => new FrameBatcher(flush, 0, () => 0, (run) => due.push(run)),
  );
  const frame = () => due.splice(0).forEach((run) => run());
  const ids = () => store.getView().rows.map((row) => row.id);
  return { store, requests, queries, frame, ids, handlers: () => handlers };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('FindingsStore', () => {
  it('joins snapshot and stored page, newest first, each once', async () => {
    const { store, handlers, ids } = setUp([{ items: [finding(3), finding(2), finding(1)], next_cursor: null }]);
    store.open({ query: {}, filter: {} });
    handlers().onSnapshot([item(finding(3)), item(finding(4))], 4);
    await settle();
    expect(ids()).toEqual(['f4', 'f3', 'f2', 'f1']);
    expect(store.getView()).toMatchObject({ phase: 'ready', older: 'end' });
  });

  it('tells once a frame, however many events came', async () => {
    const { store, handlers, frame, ids } = setUp();
    store.open({ query: {}, filter: {} });
    await settle();
    let told = 0;
    store.listen(() => told++);
    for (let n = 1; n <= 200; n++) handlers().onEvent(item(finding(n)));
    expect(told).toBe(0);
    frame();
    expect(told).toBe(1);
    expect(ids().slice(0, 2)).toEqual(['f200', 'f199']);
    expect(store.getView().fresh.size).toBe(200);
  });

  it('keeps at most 2,000 rows', async () => {
    const { store, handlers, frame, ids } = setUp();
    store.open({ query: {}, filter: {} });
    await settle();
    for (let round = 0; round < 5; round++) {
      for (let n = 1; n <= 900; n++) handlers().onEvent(item(finding(round * 900 + n)));
      frame();
    }
    expect(ids()).toHaveLength(2000);
    expect(ids()[0]).toBe('f4500');
    expect(store.getView().older).toBe('idle');
  });

  it('replaces a finding that is told again', async () => {
    const { store, handlers, frame } = setUp();
    store.open({ query: {}, filter: {} });
    await settle();
    handlers().onEvent(item(finding(1, { confidence: 0.5 })));
    frame();
    handlers().onEvent(item(finding(1, { confidence: 0.9 })));
    frame();
    expect(store.getView().rows).toEqual([finding(1, { confidence: 0.9 })]);
  });

  it('holds still while paused, loses nothing, and catches up', async () => {
    const { store, handlers, frame, ids } = setUp();
    store.open({ query: {}, filter: {} });
    await settle();
    handlers().onEvent(item(finding(1)));
    frame();
    store.pause();
    const before = store.getView().rows;
    for (let n = 2; n <= 40; n++) handlers().onEvent(item(finding(n)));
    frame();
    expect(store.getView().rows).toBe(before);
    expect(store.getView().held).toBe(39);
    store.resume();
    expect(ids()).toHaveLength(40);
    expect(store.getView().held).toBe(0);
  });

  it('starts from the snapshot after a gap, so that no hole stays in the list', async () => {
    const { store, handlers, frame, ids } = setUp([
      { items: [finding(2), finding(1)], next_cursor: null },
      { items: [finding(90), finding(80)], next_cursor: 'c' },
    ]);
    store.open({ query: {}, filter: {} });
    await settle();
    handlers().onSnapshot([item(finding(99)), item(finding(100))], 100);
    frame();
    expect(ids()).toEqual(['f100', 'f99']);
    await settle();
    expect(ids()).toEqual(['f100', 'f99', 'f90', 'f80']);
    expect(store.getView().older).toBe('idle');
  });

  it('changes the selection of the stream and of the pages together', async () => {
    const { store, requests, queries, handlers, ids, frame } = setUp([
      { items: [finding(1)], next_cursor: null },
      { items: [finding(7)], next_cursor: null },
    ]);
    store.open({ query: {}, filter: {} });
    await settle();
    handlers().onEvent(item(finding(2)));
    store.open({ query: { kind: 'sandwich' }, filter: { kind: 'sandwich' } });
    frame();
    await settle();
    expect(requests.at(-1)).toMatchObject({ filter: { kind: 'sandwich' } });
    expect(queries.at(-1)).toMatchObject({ kind: 'sandwich' });
    expect(ids()).toEqual(['f7']);
  });

  it('pages back by cursor, and by slot once rows were cut off', async () => {
    const { store, queries, handlers, frame, ids } = setUp([
      { items: [finding(5000)], next_cursor: 'c1' },
      { items: [finding(4999)], next_cursor: 'c2' },
    ]);
    store.open({ query: { kind: 'arbitrage' }, filter: {} });
    await settle();
    await store.loadOlder();
    expect(queries.at(-1)).toMatchObject({ kind: 'arbitrage', cursor: 'c1' });
    expect(ids()).toEqual(['f5000', 'f4999']);
    for (let round = 0; round < 2; round++) {
      for (let n = 1; n <= 1500; n++) handlers().onEvent(item(finding(5000 + round * 1500 + n)));
      frame();
    }
    await store.loadOlder();
    expect(queries.at(-1)).toMatchObject({ slot_to: 6001 });
  });
});

describe('what the chain or the composer takes back', () => {
  it('goes from the rows and from those that wait', async () => {
    const { store, handlers, frame, ids } = setUp();
    store.open({ query: {}, filter: {} });
    await settle();
    handlers().onEvent(item(finding(1)));
    handlers().onEvent(item(finding(2)));
    frame();
    handlers().onEvent(item(finding(3)));
    store.withdraw(2);
    store.withdraw(3);
    frame();
    expect(ids()).toEqual(['f1']);
  });
  it('is not listed beside the finding that absorbed it', () => {
    expect(mergeRows([finding(3, { merged: ['f1'] })], [finding(2), finding(1)]).map((f) => f.id)).toEqual(['f3', 'f2']);
  });
});

describe('mergeRows', () => {
  it('keeps the order of arrival within a slot', () => {
    const a = finding(1, { id: 'a' });
    const b = finding(1, { id: 'b' });
    expect(mergeRows([b], [a]).map((f) => f.id)).toEqual(['b', 'a']);
    expect(mergeRows([], [finding(1), finding(3)]).map((f) => f.slot)).toEqual([3, 1]);
  });
});
