import { describe, expect, it } from 'vitest';
import type { AccountView, PositionView } from '@/api/trading';
import { nanoOr0, plain } from '@/domain/decimal';
import { applyEvent, beginWith, positionOf, profitAt, withFigures, type AccountData, type AccountEvent, type AccountSnapshot } from './accountState';

const figures: AccountView = {
  account: 3, isolated: null, balances: [{ asset: 'USDC', amount: '10000', price: '1', value: '10000' }], equity: '10000',
  initial: { collateral: '10000', requirement: '0', free: '10000' }, maintenance: { collateral: '10000', requirement: '0', free: '10000' },
  margin_ratio_ppm: 0, open_orders: 0, waiting_orders: 0, dead_man: null,
};
const snapshot: AccountSnapshot = { account: 3, account_seq: 10, balances: figures, positions: [], orders: [] };

const begun = () => beginWith(snapshot);
const order = { order: '7', account: 3, market: 'SOL-PERP', side: 'buy', leg: 'net', reduce_only: false, price: '99.5', size: '5', display: '0' };
const trade = (size: string, trade = '1') => ({ trade, market: 'SOL-PERP', order: '7', side: 'buy', price: '99.5', size, fee: '0.01', builder_fee: '0', liquidity: 'maker' });

/** All events in order; fails the test when one is not taken. */
function after(events: [string, Record<string, unknown>][], from: AccountData = begun()): AccountData {
  return events.reduce((known, [kind, data]) => {
    const seq = known.accountSeq + 1;
    const applied = applyEvent(known, { account: 3, account_seq: seq, prev_account_seq: seq - 1, seq: 1000 + seq, kind, data }, 5000);
    if (applied.kind !== 'taken') throw new Error(`${kind} ${applied.kind}`);
    return applied.data;
  }, from);
}

describe("an account's numbers", () => {
  const event = (seq: number, prev = seq - 1): AccountEvent => ({ account: 3, account_seq: seq, prev_account_seq: prev, seq: 1, kind: 'order_accepted', data: order });
  it('takes the next', () => expect(applyEvent(begun(), event(11), 0)).toMatchObject({ kind: 'taken', data: { accountSeq: 11 } }));
  it.each([1, 9, 10])('knows number %i already', (n) => expect(applyEvent(begun(), event(n), 0).kind).toBe('old'));
  it('sees a hole', () => expect(applyEvent(begun(), event(13), 0).kind).toBe('hole'));
  it('sees what comes out of order as a hole, and what was left out as known after it', () => {
    const known = begun();
    expect(applyEvent(known, event(12), 0).kind).toBe('hole');
    const next = applyEvent(known, event(11), 0);
    expect(next.kind === 'taken' && applyEvent(next.data, event(11), 0).kind).toBe('old');
  });
  it('counts kinds that it does not know', () => expect(after([['something_new', {}]]).accountSeq).toBe(11));
});

describe('orders', () => {
  it('rest, trade in part, and go when they are filled', () => {
    const resting = after([['order_accepted', order], ['fill', trade('2')]]);
    expect(resting.orders).toMatchObject([{ order_id: '7', status: 'open', size: '5', remaining: '3', shown: '3' }]);
    expect(after([['fill', trade('3', '2')], ['order_closed', { order: '7', account: 3, reason: 'filled', open: '0' }]], resting).orders).toEqual([]);
  });
  it('of an iceberg show no more than is left', () => {
    const iceberg = after([['order_accepted', { ...order, display: '2' }], ['fill', trade('2')]]);
    expect(iceberg.orders).toMatchObject([{ remaining: '3', shown: '2' }]);
    expect(after([['fill', trade('2', '2')]], iceberg).orders).toMatchObject([{ remaining: '1', shown: '1' }]);
  });
  it('keep their place in the list of one amended order, with its new price', () => {
    const amended = after([['order_accepted', order], ['order_closed', { order: '7', account: 3, reason: 'amended', open: '5' }], ['order_accepted', { ...order, price: '99.6', size: '4' }]]);
    expect(amended.orders).toMatchObject([{ order_id: '7', price: '99.6', size: '4', remaining: '4' }]);
  });
  it('made smaller keep what has traded', () => {
    const reduced = after([['order_accepted', order], ['fill', trade('2')], ['order_reduced', { order: '7', open: '1' }]]);
    expect(reduced.orders).toMatchObject([{ size: '3', remaining: '1' }]);
  });
  it('that are pegged stay so when the oracle moves them', () => {
    const pegged = after([['order_accepted', order], ['order_pegged', { order: '7', offset: '-1' }], ['order_closed', { order: '7', account: 3, reason: 'amended', open: '5' }], ['order_accepted', { ...order, price: '98' }]]);
    expect(pegged.orders).toMatchObject([{ price: '98', peg: { offset: '-1' } }]);
  });
  it('that wait have their trigger', () => {
    const spec = { ...order, type: 'market', price: '0' };
    const waiting = after([['conditional_accepted', { order: '9', spec, trigger: { kind: 'trailing', source: 'mark', price: '90', trail_bps: 200 } }]]);
    expect(waiting.orders).toMatchObject([{ order_id: '9', status: 'waiting', shown: '0', trigger: { kind: 'trailing', trail_bps: 200 } }]);
    expect(after([['order_closed', { order: '9', account: 3, reason: 'triggered', open: '5' }]], waiting).orders).toEqual([]);
  });
  it('in an auction wait until they meet the book', () => {
    const terms = { market: 'SOL-PERP', side: 'buy', leg: 'net', reduce_only: false, limit: '101', size: '5' };
    const offered = after([['auction_opened', { order: '7', account: 3, terms }], ['fill', trade('2')]]);
    expect(offered.orders).toMatchObject([{ status: 'waiting', in_auction: true, price: '101', remaining: '3', shown: '0' }]);
    const met = after([['order_closed', { order: '7', account: 3, reason: 'amended', open: '3' }], ['order_accepted', { ...order, size: '3' }]], offered);
    expect(met.orders).toMatchObject([{ status: 'open', in_auction: false, remaining: '3' }]);
  });
});

describe('positions and money', () => {
  it('are opened, grow and are closed', () => {
    const long = after([['position_changed', { account: 3, market: 'SOL-PERP', leg: 'net', size: '3', entry_quote: '-301', realized: '0' }]]);
    expect(long.positions).toMatchObject([{ size: '3', entryPrice: '100.333333' }]);
    const flat = after([['position_changed', { account: 3, market: 'SOL-PERP', leg: 'net', size: '0', entry_quote: '0', realized: '1' }]], long);
    expect(flat.positions).toEqual([]);
  });
  it('have the profit of the price', () => {
    const short = after([['position_changed', { account: 3, market: 'SOL-PERP', leg: 'net', size: '-2', entry_quote: '210', realized: '0' }]]).positions[0]!;
    expect(plain(profitAt(short, nanoOr0('100')))).toBe('10');
    expect(plain(profitAt(short, nanoOr0('106.5')))).toBe('-3');
  });
  it("count as the server does, from the server's own figures", () => {
    const view: PositionView = {
      account: 3, market: 'SOL-PERP', leg: 'net', size: '2', entry_price: '105.17', liquidation_price: null, mark: '104.983349', notional: '209.966698',
      unrealized: '-0.473302', funding_due: '-0.1', initial_requirement: '1', maintenance_requirement: '1', own_margin_bps: 0, open_buy: '0', open_sell: '0',
    };
    expect(positionOf(view).entryQuote).toBe('-210.34');
    expect(plain(profitAt(positionOf(view), nanoOr0(view.mark)))).toBe('-0.473302');
  });
  it('has the balance that was told', () => {
    const changed = after([['balance_changed', { account: 3, asset: 'USDC', change: '-1.5', balance: '9998.5', reason: 'trade' }], ['balance_changed', { account: 3, asset: 'SOL', change: '2', balance: '2', reason: 'deposit' }]]);
    expect(changed.balances).toMatchObject([{ asset: 'USDC', amount: '9998.5', value: '9998.5' }, { asset: 'SOL', amount: '2' }]);
  });
  it('knows a fill once, newest first', () => {
    const { fills } = after([['order_accepted', order], ['fill', trade('1', '1')], ['fill', trade('1', '2')]]);
    expect(fills.map((fill) => fill.trade)).toEqual(['2', '1']);
  });
  it('takes figures for positions as they are, and not for others', () => {
    const long = after([['position_changed', { account: 3, market: 'SOL-PERP', leg: 'net', size: '3', entry_quote: '-301', realized: '0' }]]);
    const view = (size: string) => ({ market: 'SOL-PERP', leg: 'net', size, mark: '100', unrealized: '0', funding_due: '0', liquidation_price: '80' }) as PositionView;
    expect(withFigures(long, figures, [view('3')]).positions[0]!.liquidationPrice).toBe('80');
    expect(withFigures(long, figures, [view('2')]).positions[0]!.liquidationPrice).toBeNull();
  });
});
