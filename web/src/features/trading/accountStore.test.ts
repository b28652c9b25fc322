import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FillRecord } from '@/api/trading';
import type { ChannelHandlers } from '@/stream';
import type { AccountEvent } from './accountState';
import { AccountStore, mergedFills, type AccountStoreOptions } from './accountStore';

/** The channels as the store has asked for them. */
class FakeStream {
  handlers = new Map<string, ChannelHandlers<unknown>>();
  log: string[] = [];
  state = { phase: 'open' };
  private stateListeners: (() => void)[] = [];
  subscribe = (name: string, _request: unknown, handlers: unknown) => {
    this.handlers.set(name, handlers as ChannelHandlers<unknown>);
    this.log.push(`subscribe ${name}`);
    return { change: () => void this.log.push(`again ${name}`), close: () => void this.log.push(`close ${name}`) };
  };
  reconnect = () => void this.log.push('reconnect');
  onState = (listener: () => void) => {
    this.stateListeners.push(listener);
    return () => {};
  };
  become(phase: string) {
    this.state = { phase };
    for (const listener of this.stateListeners) listener();
  }
  begin(accounts: unknown[]) {
    this.handlers.get('exchange.account')!.onState!({ accounts }, 1);
  }
  tell(event: Partial<AccountEvent>) {
    this.handlers.get('exchange.account')!.onEvent({ seq: 1, time: '2026-11-29T00:00:00.000Z', data: { account: 3, kind: 'order_closed', data: {}, ...event } });
  }
}

const balances = (account: number) => ({ account, isolated: null, balances: [], equity: '0' });
const state = (account: number, seq: number) => ({ account, account_seq: seq, balances: balances(account), positions: [], orders: [] });
const event = (seq: number) => ({ account_seq: seq, prev_account_seq: seq - 1 });
const settled = () => new Promise<void>((next) => setTimeout(next, 0));

let stream: FakeStream;
let store: AccountStore;
let reads: { [K in keyof AccountStoreOptions['reads']]: ReturnType<typeof vi.fn> };
let kept: number | null;

beforeEach(() => {
  stream = new FakeStream();
  kept = null;
  reads = {
    account: vi.fn(async (account: number) => ({ ...balances(account), equity: '77' })),
    positions: vi.fn(async () => ({ positions: [] })),
    fills: vi.fn(async () => ({ items: [] })),
    renewSession: vi.fn(async () => {}),
  };
  store = new AccountStore({
    stream: stream as never, reads: reads as never, choice: { read: () => kept, write: (account) => (kept = account) }, later: (run) => run(), every: () => {},
  });
});

describe('account store', () => {
  it('asks nothing for a stranger', () => {
    store.useSession('');
    expect(stream.log).toEqual([]);
    expect(store.getView().phase).toBe('stranger');
  });
  it('begins with the state and goes on by number', () => {
    store.useSession('s');
    expect(store.getView().phase).toBe('loading');
    stream.begin([state(5, 1), state(3, 10)]);
    expect(store.getView()).toMatchObject({ phase: 'ready', isLive: true, current: { account: 3, accountSeq: 10 } });
    stream.tell(event(10));
    stream.tell(event(11));
    expect(store.getView().current!.accountSeq).toBe(11);
    expect(store.getView().resyncs).toBe(0);
  });
  it('asks for the state again after a hole, shows the last good one meanwhile and says so', () => {
    store.useSession('s');
    stream.begin([state(3, 10)]);
    stream.tell(event(13));
    expect(stream.log.at(-1)).toBe('again exchange.account');
    expect(store.getView()).toMatchObject({ resyncs: 1, isLive: false, current: { accountSeq: 10 } });
    stream.begin([state(3, 13)]);
    expect(store.getView()).toMatchObject({ isLive: true, current: { accountSeq: 13 } });
  });
  it('takes an account that is opened meanwhile, and no other stranger', () => {
    store.useSession('s');
    stream.begin([]);
    expect(store.getView().phase).toBe('none');
    stream.tell({ account: 9, account_seq: 1, prev_account_seq: 0, kind: 'account_opened', data: { isolated: 'SOL-PERP' } });
    expect(store.getView()).toMatchObject({ phase: 'ready', current: { account: 9, isolated: 'SOL-PERP' } });
    stream.tell({ account: 8, account_seq: 4, prev_account_seq: 3 });
    expect(stream.log.at(-1)).toBe('again exchange.account');
  });
  it('is not live without a connection', () => {
    store.useSession('s');
    stream.begin([state(3, 1)]);
    stream.become('waiting');
    expect(store.getView()).toMatchObject({ phase: 'ready', isLive: false });
  });
  it.each(['sign_in_needed', 'permission_missing'])("has the session renewed once when the connection is a stranger's (%s)", async (code) => {
    store.useSession('s');
    const refuse = () => stream.handlers.get('exchange.account')!.onRefused!(code, '');
    refuse();
    await settled();
    expect(reads.renewSession).toHaveBeenCalledTimes(1);
    expect(stream.log.at(-1)).toBe('reconnect');
    refuse();
    await settled();
    expect(store.getView()).toMatchObject({ phase: 'refused', refusal: { code } });
  });
  it('forgets everything of who has left', () => {
    store.useSession('s');
    stream.begin([state(3, 1)]);
    store.useSession('');
    expect(stream.log.slice(-2)).toEqual(['close exchange.account', 'close exchange.margin']);
    expect(store.getView()).toMatchObject({ phase: 'stranger', accounts: [], current: null });
  });
  it('keeps the account that was chosen', () => {
    kept = 5;
    store.useSession('s');
    stream.begin([state(3, 1), state(5, 1)]);
    expect(store.getView().current!.account).toBe(5);
    store.select(3);
    expect(store.getView().current!.account).toBe(3);
    expect(kept).toBe(3);
  });
  it('does not use figures that are older than what has happened since', async () => {
    store.useSession('s');
    stream.begin([state(3, 1)]);
    let answer: (view: unknown) => void = () => {};
    reads.account.mockImplementationOnce(() => new Promise((done) => (answer = done)));
    store.refresh();
    stream.tell(event(2));
    answer({ ...balances(3), equity: '5' });
    await settled();
    await settled();
    // Those of the old moment were set aside and asked for anew.
    expect(store.getView().current!.figures!.equity).not.toBe('5');
    store.refresh();
    await settled();
    expect(store.getView().current!.figures!.equity).toBe('77');
  });
});

describe('fills that are read', () => {
  const read = (trade: string, time: string) => ({ trade_id: trade, order_id: '1', market: 'SOL-PERP', side: 'buy', price: '1', size: '1', fee: '0', maker: true, time }) as FillRecord;
  it('are put with those that were told, each once, newest first', () => {
    const told = mergedFills([], [read('2', '2026-11-29T00:00:02Z')]);
    const all = mergedFills(told, [read('1', '2026-11-29T00:00:01Z'), read('2', '2026-11-29T00:00:02Z'), read('3', '2026-11-29T00:00:02Z')]);
    expect(all.map(({ trade }) => trade)).toEqual(['3', '2', '1']);
    expect(all[0]!.liquidity).toBe('maker');
  });
});
