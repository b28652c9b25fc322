import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/client';
import type { Layout } from './layout';
import { keep, resolve, show, useLayouts } from './layouts';
import { readKept, writeKept } from './shelf';
import { useWorkspace } from './store';
import { LayoutSync, type DocumentStore } from './sync';

/** localStorage as far as the shelf uses it. */
class FakeStorage {
  [name: string]: unknown;
  getItem(key: string) {
    return (this[key] as string | undefined) ?? null;
  }
  setItem(key: string, text: string) {
    this[key] = text;
  }
  removeItem(key: string) {
    delete this[key];
  }
}

/** The server's documents with their conditions. */
class FakeServer implements DocumentStore {
  kept = new Map<string, { body: object; tag: string }>();
  private tags = 0;
  write(name: string, body: object) {
    this.kept.set(name, { body, tag: `t${++this.tags}` });
  }
  async list() {
    return { items: [...this.kept].map(([name, { tag }]) => ({ kind: 'layout', name, tag, bytes: 0, shared: false, updated: '' })) };
  }
  async get(_: string, name: string) {
    return this.kept.get(name)!.body;
  }
  private check(name: string, tag: string | null) {
    if ((this.kept.get(name)?.tag ?? null) !== tag) throw new ApiError(412, 'document_changed', '', '');
  }
  async put(_: string, name: string, body: object, tag: string | null) {
    this.check(name, tag);
    this.write(name, structuredClone(body));
    return { kind: 'layout', name, tag: this.kept.get(name)!.tag, bytes: 0, shared: false, updated: '' };
  }
  async remove(_: string, name: string, tag: string | null) {
    this.check(name, tag);
    this.kept.delete(name);
    return null;
  }
}

const layoutWith = (symbol: string): Layout => ({
  version: 1, panels: { a: { kind: 'book', link: 'blue', symbol: null, settings: {} } }, links: { blue: symbol }, root: { size: 1, tabs: ['a'], active: 'a' }, windows: [],
});
const marketOf = (body: unknown) => (body as Layout | undefined)?.links.blue;
const changeHere = (name: string, symbol: string) => keep(name, { layout: layoutWith(symbol), etag: readKept(name)?.etag ?? null, isNewer: true });

let server: FakeServer;
let sync: LayoutSync;
const pushed = () => vi.advanceTimersByTimeAsync(100);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', new FakeStorage());
  vi.stubGlobal('sessionStorage', new FakeStorage());
  useLayouts.setState({ conflict: null });
  useWorkspace.setState({ name: '' });
  server = new FakeServer();
  sync = new LayoutSync(server, 50);
});

describe('layouts on the server', () => {
  it('what is here goes there, what is there comes here', async () => {
    writeKept('Mine', { layout: layoutWith('SOL'), etag: null, isNewer: true });
    server.write('Theirs', layoutWith('BTC'));
    await sync.start();
    expect(marketOf(server.kept.get('Mine')?.body)).toBe('SOL');
    expect(marketOf(readKept('Theirs')?.layout)).toBe('BTC');
    expect(readKept('Mine')).toMatchObject({ isNewer: false, etag: server.kept.get('Mine')!.tag });
    expect(useLayouts.getState().sync).toBe('saved');
  });
  it('several changes go together, on what the server has', async () => {
    await sync.start();
    const put = vi.spyOn(server, 'put');
    for (const symbol of ['A', 'B', 'C']) changeHere('Mine', symbol);
    await pushed();
    expect(put).toHaveBeenCalledTimes(1);
    changeHere('Mine', 'D');
    await pushed();
    expect(marketOf(server.kept.get('Mine')?.body)).toBe('D');
    expect(useLayouts.getState().conflict).toBeNull();
  });
  it('a layout that is shown follows the server when it is untouched here', async () => {
    server.write('Desk', layoutWith('BTC'));
    writeKept('Desk', { layout: layoutWith('SOL'), etag: 'old', isNewer: false });
    show('Desk', layoutWith('SOL'));
    await sync.start();
    expect(useWorkspace.getState().layout.links.blue).toBe('BTC');
    await pushed();
    expect(readKept('Desk')).toMatchObject({ isNewer: false, etag: server.kept.get('Desk')!.tag });
  });
  it('a preset that nobody has touched yields to what the server has, and goes there when it has none', async () => {
    server.write('Trade', layoutWith('BTC'));
    writeKept('Trade', { layout: layoutWith('SOL'), etag: null, isNewer: false });
    writeKept('Other', { layout: layoutWith('XLM'), etag: null, isNewer: false });
    await sync.start();
    expect(marketOf(readKept('Trade')?.layout)).toBe('BTC');
    expect(marketOf(server.kept.get('Other')?.body)).toBe('XLM');
    expect(useLayouts.getState().conflict).toBeNull();
  });
  it('one deleted here is deleted there; one deleted there goes here unless it was changed', async () => {
    for (const name of ['Gone', 'Kept']) writeKept(name, { layout: layoutWith('SOL'), etag: 'old', isNewer: name === 'Kept' });
    await sync.start();
    expect(readKept('Gone')).toBeNull();
    expect(marketOf(server.kept.get('Kept')?.body)).toBe('SOL');
  });
  it('a server that does not answer is said, and nothing here is lost', async () => {
    vi.spyOn(server, 'list').mockRejectedValue(new ApiError(0, 'unreachable', '', ''));
    writeKept('Mine', { layout: layoutWith('SOL'), etag: null, isNewer: true });
    await sync.start();
    expect(useLayouts.getState().sync).toBe('failed');
    expect(readKept('Mine')?.isNewer).toBe(true);
  });
});

describe('two browsers change the same layout', () => {
  async function conflicted() {
    await sync.start();
    changeHere('Desk', 'SOL');
    await pushed();
    server.write('Desk', layoutWith('BTC'));
    changeHere('Desk', 'ETH');
    await pushed();
    expect(useLayouts.getState().conflict).toMatchObject({ name: 'Desk', where: 'server' });
    // Nothing is written over before the choice.
    changeHere('Desk', 'XLM');
    await pushed();
    expect(marketOf(server.kept.get('Desk')?.body)).toBe('BTC');
  }
  it.each([
    ['theirs', { Desk: 'BTC' }],
    ['mine', { Desk: 'XLM' }],
    ['both', { Desk: 'BTC', 'Desk 2': 'XLM' }],
  ] as const)('%s is kept, here and there', async (choice, expected) => {
    await conflicted();
    resolve(choice);
    await pushed();
    for (const [name, symbol] of Object.entries(expected)) {
      expect(marketOf(server.kept.get(name)?.body), name).toBe(symbol);
      expect(marketOf(readKept(name)?.layout), name).toBe(symbol);
    }
    expect([...server.kept.keys()].sort()).toEqual(Object.keys(expected).sort());
    expect(useLayouts.getState().conflict).toBeNull();
  });
  it('the same change in both is no conflict', async () => {
    await sync.start();
    changeHere('Desk', 'SOL');
    await pushed();
    server.write('Desk', layoutWith('BTC'));
    changeHere('Desk', 'BTC');
    await pushed();
    expect(useLayouts.getState().conflict).toBeNull();
    expect(readKept('Desk')?.etag).toBe(server.kept.get('Desk')!.tag);
  });
});
