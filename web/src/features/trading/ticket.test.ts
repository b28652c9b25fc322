import { describe, expect, it } from 'vitest';
import type { Market } from '@/api/markets';
import { nanoOr0 as n, plain } from '@/domain/decimal';
import { buyingPower, emptyTicket, kTicketKinds, problemsOf, sizeOf, stepped, wishOf, type TicketContext, type TicketForm } from './ticket';

const market = {
  symbol: 'SOL-PERP', base_asset: 'SOL', quote_asset: 'USDC', tick_size: '0.01', price_max: '10000', lot_size: '0.01', order_size_min: '0.01', order_size_max: '20000', order_notional_min: '5',
  initial_margin_bps: 500, maintenance_margin_bps: 300, taker_fee_ppm: 450, price_band_bps: 1000,
} as Market;
const context: TicketContext = { market, mark: n('100'), index: n('100.004'), bestBid: n('99.98'), bestAsk: n('100.02'), free: n('1000'), ownMarginBps: 0, now: Date.parse('2026-11-29T12:00:00Z') };
const form = (change: Partial<TicketForm>): TicketForm => ({ ...emptyTicket, size: '2', price: '99.5', ...change });
const wish = (change: Partial<TicketForm>) => wishOf(form(change), context, 3);
const base = { account: 3, market: 'SOL-PERP', side: 'buy', size: '2' };

describe('each kind of order is the request that it says', () => {
  it.each<[string, Partial<TicketForm>, object]>([
    ['limit', {}, { ...base, price: '99.5' }],
    ['limit, post only and sliding', { postOnly: 'slide' }, { ...base, price: '99.5', post_only: 'slide' }],
    ['limit, now or never', { timeInForce: 'ioc' }, { ...base, price: '99.5', time_in_force: 'ioc' }],
    ['limit, all or nothing', { timeInForce: 'fok', reduceOnly: true }, { ...base, price: '99.5', time_in_force: 'fok', reduce_only: true }],
    ['limit, for a time', { timeInForce: 'gtt', expiresMinutes: '30' }, { ...base, price: '99.5', time_in_force: 'gtt', expires: '2026-11-29T12:30:00.000Z' }],
    ['market', { kind: 'market', price: '' }, base],
    ['market, protected', { kind: 'market', price: '100.5' }, { ...base, price: '100.5', time_in_force: 'ioc' }],
    ['stop market', { kind: 'stop_market', trigger: '105', reduceOnly: true }, { ...base, reduce_only: true, trigger: { kind: 'stop', source: 'mark', price: '105' } }],
    ['stop limit', { kind: 'stop_limit', trigger: '105', price: '105.5', source: 'last' }, { ...base, price: '105.5', trigger: { kind: 'stop', source: 'last', price: '105' } }],
    ['take profit', { kind: 'take_profit', trigger: '95', price: '' }, { ...base, trigger: { kind: 'take_profit', source: 'mark', price: '95' } }],
    ['trailing', { kind: 'trailing', trail: '1.5' }, { ...base, trigger: { kind: 'trailing', source: 'mark', trail_bps: 150 } }],
    ['iceberg', { kind: 'iceberg', display: '0.5' }, { ...base, price: '99.5', display: '0.5' }],
    ['pegged', { kind: 'pegged', offset: '-0.25', price: '' }, { ...base, peg: { offset: '-0.25' } }],
    ['bracket', { kind: 'bracket', takeProfit: '110', stopLoss: '95' }, { ...base, price: '99.5', take_profit: { kind: 'take_profit', source: 'mark', price: '110' }, stop_loss: { kind: 'stop', source: 'mark', price: '95' } }],
    ['bracket at the market with a stop only', { kind: 'bracket', price: '', stopLoss: '95' }, { ...base, stop_loss: { kind: 'stop', source: 'mark', price: '95' } }],
    ['one cancels the other', { kind: 'oco', side: 'sell', price: '105', trigger: '95' }, { ...base, side: 'sell', price: '105', oco: { trigger: { kind: 'stop', source: 'mark', price: '95' } } }],
    ['auction', { kind: 'auction', price: '' }, { ...base, auction: {} }],
  ])('%s', (_, change, expected) => expect(wish(change)).toEqual(expected));

  it('covers every kind', () => {
    const full: Partial<TicketForm> = { price: '99.5', trigger: '99', display: '0.5', takeProfit: '110', stopLoss: '95' };
    for (const kind of kTicketKinds) expect(wish({ ...full, kind }), kind).not.toBeNull();
  });
  it('leaves out what the kind does not have', () => {
    expect(wish({ kind: 'market', price: '', postOnly: 'reject', timeInForce: 'gtt' })).toEqual(base);
  });
  it('is none while a rule is broken', () => expect(wish({ price: '99.503' })).toBeNull());
});

describe('rules known here name the nearest value', () => {
  const problem = (change: Partial<TicketForm>) => problemsOf(form(change), context);
  it.each<[string, Partial<TicketForm>, object]>([
    ['not a tick', { price: '99.503' }, { price: { code: 'not_tick', nearest: '99.5', limit: '0.01' } }],
    ['half a tick goes up', { price: '99.505' }, { price: { code: 'not_tick', nearest: '99.51', limit: '0.01' } }],
    ['far too dear', { price: '150' }, { price: { code: 'out_of_band', nearest: '110', limit: '110' } }],
    ['far too cheap for a seller', { side: 'sell', price: '50' }, { price: { code: 'out_of_band', nearest: '90', limit: '90' } }],
    ['beyond the largest price', { price: '10001' }, { price: { code: 'too_large', nearest: '10000', limit: '10000' } }],
    ['not a lot', { size: '2.003' }, { size: { code: 'not_lot', nearest: '2', limit: '0.01' } }],
    ['too small', { size: '0.001' }, { size: { code: 'too_small', nearest: '0.01', limit: '0.01' } }],
    ['worth too little', { size: '0.01' }, { size: { code: 'notional_too_small', nearest: '0.06', limit: '5' } }],
    ['no number', { price: 'ten' }, { price: { code: 'not_number' } }],
    ['nothing typed', { price: '' }, { price: { code: 'missing' } }],
    ['a take profit below the entry', { kind: 'bracket', takeProfit: '90', stopLoss: '' }, { takeProfit: { code: 'wrong_side', limit: '99.5' } }],
    ['a bracket without exits', { kind: 'bracket' }, { takeProfit: { code: 'missing' } }],
  ])('%s', (_, change, expected) => expect(problem(change)).toEqual(expected));

  it('a buyer may ask for less than the band, and dust may be closed', () => {
    expect(problem({ price: '50' })).toEqual({});
    expect(problem({ size: '0.01', reduceOnly: true })).toEqual({});
  });
  it('what is nearest is good itself', () => {
    for (const change of [{ price: '99.503' }, { price: '150' }, { size: '2.003' }, { size: '0.01' }, { price: '10001' }]) {
      const [field, { nearest }] = Object.entries(problem(change))[0] as ['price' | 'size', { nearest: string }];
      const taken = problem({ ...change, [field]: nearest });
      // One value may be bounded twice: then the second is nearer still.
      expect(taken[field]?.code === undefined || taken[field]?.code === 'out_of_band', JSON.stringify(change)).toBe(true);
    }
  });
});

describe('size by other counts', () => {
  it.each<[string, Partial<TicketForm>, string]>([
    ['of quote, at the limit', { sizeMode: 'quote', size: '1000' }, '10.05'],
    ['of quote, at the touch', { kind: 'market', price: '', sizeMode: 'quote', size: '1000' }, '9.99'],
    ['half of the buying power', { sizeMode: 'percent', size: '50' }, '99.6'],
    ['an amount at risk', { sizeMode: 'risk', size: '10', riskStop: '97.5' }, '5'],
    ['an amount at risk by the stop of the bracket', { kind: 'bracket', sizeMode: 'risk', size: '10', stopLoss: '94.5' }, '2'],
  ])('%s', (_, change, expected) => expect(plain(sizeOf(form(change), context)!)).toBe(expected));

  it('says none without a stop, and none where there is no distance', () => {
    expect(sizeOf(form({ sizeMode: 'risk', size: '10' }), context)).toBeNull();
    expect(sizeOf(form({ sizeMode: 'risk', size: '10', riskStop: '99.5' }), context)).toBeNull();
  });
  it('all of the buying power is affordable: margin and fee are no more than what is free', () => {
    const size = sizeOf(form({ sizeMode: 'percent', size: '100' }), context)!;
    const notional = (size * n('99.5')) / 10n ** 9n;
    expect((notional * 500n) / 10_000n + (notional * 450n) / 1_000_000n <= n('1000')).toBe(true);
    expect(plain(buyingPower({ ...context, free: n('-1') }))).toBe('0');
  });
  it('asks for more margin when one asks it of oneself', () => {
    expect(plain(buyingPower({ ...context, ownMarginBps: 5000 }))).toBe(plain((n('1000') * 1_000_000n) / 500_450n));
  });
});

describe('stepping', () => {
  it.each([
    ['99.5', 1, '99.51'],
    ['99.5', -10, '99.4'],
    ['99.503', 1, '99.51'],
    ['', 1, '100'],
    ['0.01', -1, '0.01'],
  ])('%s by %i is %s', (text, by, expected) => expect(stepped(text, '0.01', by, n('100'))).toBe(expected));
});
