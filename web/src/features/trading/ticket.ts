import type { Market } from '@/api/markets';
import type { OrderWish, PostOnly, Side, TimeInForce, TriggerSource } from '@/api/trading';
import { absNano, dividedBy, kNano, nano, nanoOr0, nearest, plain, times, toward0, type Nano } from '@/domain/decimal';

/** The order form: what is typed, what it says of an order, and which rule it breaks. */

export const kTicketKinds = ['limit', 'market', 'stop_market', 'stop_limit', 'take_profit', 'trailing', 'iceberg', 'pegged', 'bracket', 'oco', 'auction'] as const;
export type TicketKind = (typeof kTicketKinds)[number];

export const kSizeModes = ['units', 'quote', 'percent', 'risk'] as const;
export type SizeMode = (typeof kSizeModes)[number];

export interface TicketForm {
  kind: TicketKind;
  side: Side;
  sizeMode: SizeMode;
  /** Counted as the mode says. */
  size: string;
  price: string;
  trigger: string;
  source: TriggerSource;
  /** Per cent behind the best price. */
  trail: string;
  display: string;
  offset: string;
  takeProfit: string;
  stopLoss: string;
  /** Where one would give up: with it the amount at risk is a size. */
  riskStop: string;
  timeInForce: TimeInForce;
  expiresMinutes: string;
  postOnly: PostOnly;
  reduceOnly: boolean;
}

export const emptyTicket: TicketForm = {
  kind: 'limit', side: 'buy', sizeMode: 'units', size: '', price: '', trigger: '', source: 'mark', trail: '1', display: '', offset: '0',
  takeProfit: '', stopLoss: '', riskStop: '', timeInForce: 'gtc', expiresMinutes: '60', postOnly: 'no', reduceOnly: false,
};

export type TextField = 'size' | 'price' | 'trigger' | 'trail' | 'display' | 'offset' | 'takeProfit' | 'stopLoss' | 'riskStop' | 'expiresMinutes';
export type Choice = 'source' | 'timeInForce' | 'postOnly' | 'reduceOnly';

interface KindFields {
  /** Asked for in this order. */
  fields: readonly TextField[];
  choices: readonly Choice[];
  /** May be left empty. */
  optional?: readonly TextField[];
}
export const kindFields: Record<TicketKind, KindFields> = {
  limit: { fields: ['price'], choices: ['timeInForce', 'postOnly', 'reduceOnly'] },
  // With a price it is one that trades at once, and not beyond it.
  market: { fields: ['price'], choices: ['reduceOnly'], optional: ['price'] },
  stop_market: { fields: ['trigger'], choices: ['source', 'reduceOnly'] },
  stop_limit: { fields: ['trigger', 'price'], choices: ['source', 'reduceOnly'] },
  take_profit: { fields: ['trigger', 'price'], choices: ['source', 'reduceOnly'], optional: ['price'] },
  trailing: { fields: ['trail'], choices: ['source', 'reduceOnly'] },
  iceberg: { fields: ['price', 'display'], choices: ['postOnly', 'reduceOnly'] },
  pegged: { fields: ['offset', 'price'], choices: ['postOnly', 'reduceOnly'], optional: ['price'] },
  bracket: { fields: ['price', 'takeProfit', 'stopLoss'], choices: ['source'], optional: ['price', 'takeProfit', 'stopLoss'] },
  oco: { fields: ['price', 'trigger'], choices: ['source', 'reduceOnly'] },
  auction: { fields: ['price'], choices: ['reduceOnly'], optional: ['price'] },
};

/** What the form is filled in against. */
export interface TicketContext {
  market: Market;
  mark: Nano;
  index: Nano;
  bestBid: Nano | null;
  bestAsk: Nano | null;
  /** Collateral free of initial margin; null without an account. */
  free: Nano | null;
  /** What one asks of oneself; 0: the market's. */
  ownMarginBps: number;
  /** Seconds and all: milliseconds since 1970. */
  now: number;
}

export interface Problem {
  code: 'missing' | 'not_number' | 'not_tick' | 'not_lot' | 'too_small' | 'too_large' | 'out_of_band' | 'notional_too_small' | 'nothing' | 'wrong_side';
  /** A value that would do, to take with a click. */
  nearest?: string;
  /** What the rule compares with. */
  limit?: string;
}
export type Problems = Partial<Record<TextField, Problem>>;

const bps = (value: Nano, share: number): Nano => (value * BigInt(share)) / 10_000n;

/** Where it would trade now, taking. */
export const touch = (side: Side, { bestBid, bestAsk, mark }: Pick<TicketContext, 'bestBid' | 'bestAsk' | 'mark'>): Nano => (side === 'buy' ? bestAsk : bestBid) ?? mark;

/** The price that the order is expected to trade at. */
export function referencePrice(form: TicketForm, context: TicketContext): Nano {
  const typed = nano(form.price);
  switch (form.kind) {
    case 'stop_market':
    case 'take_profit':
      return typed ?? nano(form.trigger) ?? context.mark;
    case 'trailing':
      return context.mark;
    case 'pegged':
      return context.index + nanoOr0(form.offset);
    case 'market':
    case 'auction':
      return touch(form.side, context);
    default:
      return typed ?? touch(form.side, context);
  }
}

/** Margin for one of quote, in basis points. */
export const marginBps = ({ market, ownMarginBps }: Pick<TicketContext, 'market' | 'ownMarginBps'>): number => Math.max(market.initial_margin_bps, ownMarginBps, 1);

/** What can be bought or sold with all that is free, margin and fee: in quote. */
export function buyingPower(context: TicketContext): Nano {
  const { free, market } = context;
  if (free === null || free <= 0n) return 0n;
  const ppm = BigInt(marginBps(context)) * 100n + BigInt(Math.max(0, market.taker_fee_ppm));
  return (free * 1_000_000n) / ppm;
}

/** The size in units that the form asks for, on a lot; null when it says none. */
export function sizeOf(form: TicketForm, context: TicketContext): Nano | null {
  const typed = nano(form.size);
  if (typed === null) return null;
  if (form.sizeMode === 'units') return typed;
  const price = referencePrice(form, context);
  const lot = nanoOr0(context.market.lot_size);
  const whole = (size: Nano | null) => (size === null ? null : toward0(size, lot));
  if (form.sizeMode === 'quote') return whole(dividedBy(typed, price));
  if (form.sizeMode === 'percent') return whole(dividedBy(times(buyingPower(context), typed) / 100n, price));
  const stop = nano(form.riskStop) ?? nano(form.stopLoss);
  return stop === null ? null : whole(dividedBy(typed, absNano(price - stop)));
}

// ── rules that are known here; all others are the engine's, asked by its preview ───────────────────

function numberProblem(text: string, isOptional: boolean): Problem | null {
  if (text.trim() === '') return isOptional ? null : { code: 'missing' };
  return nano(text) === null ? { code: 'not_number' } : null;
}

export function tickProblem(value: Nano, market: Market): Problem | null {
  const tick = nanoOr0(market.tick_size);
  const most = nanoOr0(market.price_max);
  if (value <= 0n) return { code: 'too_small', nearest: plain(tick), limit: plain(tick) };
  if (value > most) return { code: 'too_large', nearest: plain(toward0(most, tick)), limit: plain(most) };
  if (value % tick === 0n) return null;
  const near = nearest(value, tick);
  return { code: 'not_tick', nearest: plain(near > 0n ? near : tick), limit: plain(tick) };
}

/** How far a price may be beyond the mark price on the side where it costs. */
function bandProblem(value: Nano, side: Side, { market, mark }: TicketContext): Problem | null {
  if (mark <= 0n) return null;
  const tick = nanoOr0(market.tick_size);
  const band = bps(mark, market.price_band_bps);
  const bound = side === 'buy' ? toward0(mark + band, tick) : toward0(mark - band + tick - 1n, tick);
  const isBeyond = side === 'buy' ? value > bound : value < bound;
  return isBeyond ? { code: 'out_of_band', nearest: plain(bound), limit: plain(bound) } : null;
}

export function sizeProblem(size: Nano, price: Nano, market: Market, isReducing: boolean): Problem | null {
  const [lot, least, most] = [market.lot_size, market.order_size_min, market.order_size_max].map(nanoOr0) as [Nano, Nano, Nano];
  if (size < least) return { code: 'too_small', nearest: plain(least), limit: plain(least) };
  if (size > most) return { code: 'too_large', nearest: plain(most), limit: plain(most) };
  if (size % lot !== 0n) return { code: 'not_lot', nearest: plain(nearest(size, lot)), limit: plain(lot) };
  const notional = nanoOr0(market.order_notional_min);
  if (isReducing || price <= 0n || times(size, price) >= notional) return null;
  const enough = toward0(((notional * kNano) / price) + lot, lot);
  return { code: 'notional_too_small', nearest: plain(enough), limit: plain(notional) };
}

/** A take profit lies where the price is better, a stop where it is worse. */
function exitProblem(field: 'takeProfit' | 'stopLoss', value: Nano, form: TicketForm, context: TicketContext): Problem | null {
  const entry = referencePrice(form, context);
  const mustBeAbove = (field === 'takeProfit') === (form.side === 'buy');
  if (mustBeAbove ? value > entry : value < entry) return null;
  return { code: 'wrong_side', limit: plain(entry) };
}

function fieldProblem(field: TextField, form: TicketForm, context: TicketContext): Problem | null {
  const isOptional = kindFields[form.kind].optional?.includes(field) ?? false;
  const problem = numberProblem(form[field], isOptional);
  if (problem) return problem;
  const value = nano(form[field]);
  if (value === null) return null;
  const { market } = context;
  switch (field) {
    case 'price':
      return tickProblem(value, market) ?? (form.kind === 'pegged' ? null : bandProblem(value, form.side, form.kind === 'stop_limit' || form.kind === 'take_profit' ? { ...context, mark: nanoOr0(form.trigger) } : context));
    case 'trigger':
      return tickProblem(value, market);
    case 'takeProfit':
    case 'stopLoss':
      return tickProblem(value, market) ?? exitProblem(field, value, form, context);
    case 'offset':
      return value % nanoOr0(market.tick_size) === 0n ? null : { code: 'not_tick', nearest: plain(nearest(value, nanoOr0(market.tick_size))), limit: market.tick_size };
    case 'display':
      return sizeProblem(value, 0n, market, true);
    case 'trail':
      if (value < kNano / 100n) return { code: 'too_small', nearest: '0.01', limit: '0.01' };
      if (value > 50n * kNano) return { code: 'too_large', nearest: '50', limit: '50' };
      return value % (kNano / 100n) === 0n ? null : { code: 'not_tick', nearest: plain(nearest(value, kNano / 100n)), limit: '0.01' };
    case 'expiresMinutes':
      return value > 0n && value % kNano === 0n ? null : { code: 'too_small', nearest: '1', limit: '1' };
    default:
      return null;
  }
}

function problemOfSize(form: TicketForm, context: TicketContext): Problem | null {
  const typed = numberProblem(form.size, false);
  if (typed) return typed;
  const size = sizeOf(form, context);
  if (size === null || (form.sizeMode !== 'units' && size <= 0n)) return { code: 'nothing' };
  const problem = sizeProblem(size, referencePrice(form, context), context.market, form.reduceOnly);
  // What is nearest is a size in units; other ways of counting have no such value to take.
  return problem && form.sizeMode !== 'units' ? { ...problem, nearest: undefined } : problem;
}

/** The fields that are shown, in order. */
export function shownFields(form: TicketForm): TextField[] {
  const { fields } = kindFields[form.kind];
  const extra: TextField[] = [];
  if (form.sizeMode === 'risk' && form.kind !== 'bracket') extra.push('riskStop');
  if (form.timeInForce === 'gtt' && kindFields[form.kind].choices.includes('timeInForce')) extra.push('expiresMinutes');
  return [...fields, ...extra];
}

export function problemsOf(form: TicketForm, context: TicketContext): Problems {
  const out: Problems = {};
  for (const field of shownFields(form)) {
    const problem = fieldProblem(field, form, context);
    if (problem) out[field] = problem;
  }
  const size = problemOfSize(form, context);
  if (size) out.size = size;
  if (form.kind === 'bracket' && form.takeProfit.trim() === '' && form.stopLoss.trim() === '') out.takeProfit = { code: 'missing' };
  return out;
}

// ── the request ────────────────────────────────────────────────────────────────────────────────────

/** The order that the form says; null when it breaks a rule that is known here. */
export function wishOf(form: TicketForm, context: TicketContext, account?: number): OrderWish | null {
  const size = sizeOf(form, context);
  if (size === null || Object.keys(problemsOf(form, context)).length > 0) return null;
  const { choices } = kindFields[form.kind];
  const base: OrderWish = { market: context.market.symbol, side: form.side, size: plain(size) };
  if (account !== undefined) base.account = account;
  if (choices.includes('reduceOnly') && form.reduceOnly) base.reduce_only = true;
  if (choices.includes('postOnly') && form.postOnly !== 'no') base.post_only = form.postOnly;
  return { ...base, ...membersOf(form, context) };
}

const number = (text: string): string => plain(nanoOr0(text));
const priceOf = (form: TicketForm): { price?: string } => (form.price.trim() === '' ? {} : { price: number(form.price) });

function membersOf(form: TicketForm, context: TicketContext): Partial<OrderWish> {
  const price = priceOf(form);
  const { source } = form;
  const at = (kind: 'stop' | 'take_profit', text: string) => ({ kind, source, price: number(text) });
  switch (form.kind) {
    case 'limit':
      return { ...price, ...timeOf(form, context) };
    case 'market':
      return form.price.trim() === '' ? {} : { ...price, time_in_force: 'ioc' };
    case 'stop_market':
      return { trigger: at('stop', form.trigger) };
    case 'stop_limit':
      return { ...price, trigger: at('stop', form.trigger) };
    case 'take_profit':
      return { ...price, trigger: at('take_profit', form.trigger) };
    case 'trailing':
      return { trigger: { kind: 'trailing', source, trail_bps: Number(nanoOr0(form.trail) / (kNano / 100n)) } };
    case 'iceberg':
      return { ...price, display: number(form.display) };
    case 'pegged':
      return { ...price, peg: { offset: number(form.offset) } };
    case 'bracket':
      return {
        ...price,
        ...(form.takeProfit.trim() === '' ? {} : { take_profit: at('take_profit', form.takeProfit) }),
        ...(form.stopLoss.trim() === '' ? {} : { stop_loss: at('stop', form.stopLoss) }),
      };
    case 'oco':
      return { ...price, oco: { trigger: at('stop', form.trigger) } };
    case 'auction':
      return { ...price, auction: {} };
  }
}

function timeOf(form: TicketForm, { now }: TicketContext): Partial<OrderWish> {
  if (form.timeInForce === 'gtc') return {};
  if (form.timeInForce !== 'gtt') return { time_in_force: form.timeInForce };
  const minutes = Number(nanoOr0(form.expiresMinutes) / kNano);
  return { time_in_force: 'gtt', expires: new Date(now + minutes * 60_000).toISOString() };
}

// ── typing ─────────────────────────────────────────────────────────────────────────────────────────

/** One step up or down on the grid; from nothing, at `start`. */
export function stepped(text: string, step: string, by: number, start: Nano): string {
  const grid = nanoOr0(step);
  const from = nano(text);
  const next = from === null ? nearest(start, grid) : toward0(from, grid) + grid * BigInt(by);
  return plain(next > 0n ? next : grid);
}
