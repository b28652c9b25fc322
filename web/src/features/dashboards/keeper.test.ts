import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/client';
import type { Board } from './board';
import { BoardKeeper, kKind, type BoardStore } from './keeper';
import { boardFrom } from './templates';

/** As the server does it: a tag for each version, and no change without the right one. */
class Server implements BoardStore {
  kept = new Map<string, { body: object; tag: string }>();
  puts = 0;
  fails: ApiError | null = null;
  private tags = 0;
  write(name: string, body: object): void {
    this.kept.set(name, { body, tag: `t${++this.tags}` });
  }
  private view(name: string) {
    return { kind: kKind, name, tag: this.kept.get(name)!.tag, bytes: 0, shared: false, updated: '' };
  }
  async list() {
    return { items: [...this.kept.keys()].map((name) => this.view(name)) };
  }
  async get(_: string, name: string) {
    const found = this.kept.get(name);
    if (!found) throw new ApiError(404, 'document_unknown', '', '');
    return found.body;
  }
  async put(_: string, name: string, body: object, tag: string | null) {
    ++this.puts;
    if (this.fails) throw this.fails;
    if ((this.kept.get(name)?.tag ?? null) !== tag) throw new ApiError(412, 'document_changed', '', '');
    this.write(name, structuredClone(body));
    return this.view(name);
  }
  async remove() {
    return null;
  }
}

const titled = (title: string): Board => ({ ...boardFrom('empty', title) });

async function opened(): Promise<{ server: Server; keeper: BoardKeeper }> {
  const server = new Server();
  server.write('desk', titled('one'));
  const keeper = new BoardKeeper(server, 1_000_000);
  await keeper.open('desk');
  return { server, keeper };
}
const titleOf = (server: Server): string => (server.kept.get('desk')!.body as Board).title;

describe('an open dashboard', () => {
  it('is kept with each change, on the tag of the one before', async () => {
    const { server, keeper } = await opened();
    keeper.change(titled('two'));
    expect(keeper.use.getState().saving).toBe('saving');
    await keeper.saveNow();
    keeper.change(titled('three'));
    await keeper.saveNow();
    expect([titleOf(server), keeper.use.getState().saving]).toEqual(['three', 'saved']);
  });

  it('goes back step by step', async () => {
    const { server, keeper } = await opened();
    keeper.change(titled('two'));
    keeper.change(titled('three'));
    keeper.undo();
    expect(keeper.use.getState().board?.title).toBe('two');
    keeper.undo();
    keeper.undo();
    await keeper.saveNow();
    expect(titleOf(server)).toBe('one');
  });

  it('that was changed elsewhere is not written over before one has chosen', async () => {
    const { server, keeper } = await opened();
    server.write('desk', titled('theirs'));
    keeper.change(titled('mine'));
    await keeper.saveNow();
    expect([titleOf(server), keeper.use.getState().saving]).toEqual(['theirs', 'changed_elsewhere']);
    await keeper.settle('mine');
    expect([titleOf(server), keeper.use.getState().saving]).toEqual(['mine', 'saved']);
    server.write('desk', titled('again'));
    keeper.change(titled('lost'));
    await keeper.saveNow();
    await keeper.settle('theirs');
    expect([titleOf(server), keeper.use.getState().board?.title]).toEqual(['again', 'again']);
  });

  it('that could not be kept is kept with the next change', async () => {
    const { server, keeper } = await opened();
    server.fails = new ApiError(0, 'unreachable', '', '');
    keeper.change(titled('two'));
    await keeper.saveNow();
    expect(keeper.use.getState().saving).toBe('failed');
    server.fails = null;
    keeper.change(titled('three'));
    await keeper.saveNow();
    expect([titleOf(server), keeper.use.getState().saving]).toEqual(['three', 'saved']);
  });

  it('that is not there, or is none, says so', async () => {
    const { server, keeper } = await opened();
    await keeper.open('nothing');
    expect(keeper.use.getState().error).toBeInstanceOf(ApiError);
    server.write('desk', { version: 9 });
    await keeper.open('desk');
    expect(String(keeper.use.getState().error)).toMatch(/version/);
  });

  it('that is closed is kept first', async () => {
    const { server, keeper } = await opened();
    keeper.change(titled('last'));
    keeper.close();
    await Promise.resolve();
    expect(titleOf(server)).toBe('last');
  });
});
