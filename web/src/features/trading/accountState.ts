import type { AccountView, BalanceView, Leg, OpenOrder, PositionView, Side } from '@/api/trading';
import { absNano, dividedBy, nano, nanoOr0, plain, times, toward0, type Nano } from '@/domain/decimal';

/**
 * One account as its private stream tells it. The stream counts by account without a hole: what has a
 * lower number is known, what leaves one out shows that something was lost.
 *
 * Orders, positions and balances follow from the events. Equity, margin and liquidation prices follow
 * from prices too and are the server's to say: `figures` are as of when it was asked.
 */

export interface AccountEvent {
  account: number;
  account_seq: number;
  prev_account_seq: number;
  /** Of the venue's journal. */
  seq: number;
  kind: string;
  data: Record<string, unknown>;
}

export interface OwnFill {
  trade: string;
  market: string;
  order: string;
  side: Side;
  price: string;
  size: string;
  fee: string;
  liquidity: 'maker' | 'taker';
  /** Milliseconds since 1970. */
  time: number;
}

export interface Position {
  market: string;
  leg: Leg;
  /** Long is positive. */
  size: string;
  /** What was paid for it: negative for a long one. */
  entryQuote: string;
  entryPrice: string | null;
  /** As the server said last; null until it has. */
  liquidationPrice: string | null;
  fundingDue: string;
  initialRequirement: string;
  maintenanceRequirement: string;
  ownMarginBps: number;
}

export interface AccountData {
  account: number;
  isolated: string | null;
  accountSeq: number;
  orders: readonly OpenOrder[];
  positions: readonly Position[];
  balances: readonly BalanceView[];
  /** The margin that one asks of oneself, by market, in basis points. */
  ownMargins: Readonly<Record<string, number>>;
  figures: AccountView | null;
  /** Newest first. */
  fills: readonly OwnFill[];
}

/** What a subscription begins with, of one account. */
export interface AccountSnapshot {
  account: number;
  account_seq: number;
  balances: AccountView;
  positions: PositionView[];
  orders: OpenOrder[];
}

export const kFills = 200;
const kPricePlaces = 1_000n; // of 1e-9: the venue's prices have six decimals

export function beginWith(snapshot: AccountSnapshot, fills: readonly OwnFill[] = []): AccountData {
  return {
    account: snapshot.account,
    isolated: snapshot.balances.isolated,
    accountSeq: snapshot.account_seq,
    orders: snapshot.orders,
    positions: snapshot.positions.filter(({ size }) => size !== '0').map(positionOf),
    balances: snapshot.balances.balances,
    ownMargins: Object.fromEntries(snapshot.positions.filter((view) => view.own_margin_bps > 0).map((view) => [view.market, view.own_margin_bps])),
    figures: snapshot.balances,
    fills,
  };
}

export function positionOf(view: PositionView): Position {
  const bought = times(nanoOr0(view.size), nanoOr0(view.mark));
  return {
    market: view.market,
    leg: view.leg,
    size: view.size,
    entryQuote: plain(nanoOr0(view.unrealized) - nanoOr0(view.funding_due) - toward0(bought, kPricePlaces)),
    entryPrice: view.entry_price,
    liquidationPrice: view.liquidation_price,
    fundingDue: view.funding_due,
    initialRequirement: view.initial_requirement,
    maintenanceRequirement: view.maintenance_requirement,
    ownMarginBps: view.own_margin_bps,
  };
}

/** Profit at that price, with the funding that is due. */
export const profitAt = (position: Position, mark: Nano): Nano => times(nanoOr0(position.size), mark) + nanoOr0(position.entryQuote) + nanoOr0(position.fundingDue);

export type Applied = { kind: 'taken'; data: AccountData } | { kind: 'old' } | { kind: 'hole' };

export function applyEvent(known: AccountData, event: AccountEvent, time: number): Applied {
  if (event.account_seq <= known.accountSeq) return { kind: 'old' };
  if (event.prev_account_seq !== known.accountSeq) return { kind: 'hole' };
  const data = appliers[event.kind]?.(known, event.data as never, time) ?? known;
  return { kind: 'taken', data: { ...data, accountSeq: event.account_seq } };
}

/** An account that was opened while one listens. */
export const openedBy = (event: AccountEvent): AccountData => ({
  account: event.account,
  isolated: typeof event.data.isolated === 'string' ? event.data.isolated : null,
  accountSeq: event.account_seq,
  orders: [],
  positions: [],
  balances: [],
  ownMargins: {},
  figures: null,
  fills: [],
});

// ── what each kind of event changes ────────────────────────────────────────────────────────────────

interface Accepted {
  order: string;
  account: number;
  market: string;
  side: Side;
  leg: Leg;
  reduce_only: boolean;
  price: string;
  size: string;
  display: string;
  client_id?: string;
}
interface Terms {
  market: string;
  side: Side;
  leg: Leg;
  reduce_only: boolean;
  limit: string;
  size: string;
}
type Apply<T> = (known: AccountData, data: T, time: number) => AccountData;

const orderOf = (data: Accepted): OpenOrder => ({
  order_id: data.order,
  client_id: data.client_id ?? null,
  account: data.account,
  market: data.market,
  status: 'open',
  side: data.side,
  leg: data.leg,
  reduce_only: data.reduce_only,
  price: data.price,
  size: data.size,
  remaining: data.size,
  shown: data.display !== '0' ? data.display : data.size,
  trigger: null,
  peg: null,
  in_auction: false,
});

const without = (orders: readonly OpenOrder[], id: string) => orders.filter((order) => order.order_id !== id);

function changed(known: AccountData, id: string, change: (order: OpenOrder) => OpenOrder): AccountData {
  return { ...known, orders: known.orders.map((order) => (order.order_id === id ? change(order) : order)) };
}

const withRemaining = (order: OpenOrder, remaining: string): OpenOrder => {
  const isAll = nanoOr0(order.shown) > nanoOr0(remaining) || order.shown === order.remaining;
  return { ...order, remaining, shown: isAll && !order.in_auction ? remaining : order.shown };
};

const accepted: Apply<Accepted> = (known, data) => {
  // One that is amended, or pegged and priced anew, was there: it keeps what the event does not say.
  const before = known.orders.find((order) => order.order_id === data.order);
  const order = { ...orderOf(data), peg: before?.peg ?? null };
  return { ...known, orders: [...without(known.orders, data.order), order] };
};

const closed: Apply<{ order: string; reason: string }> = (known, data) =>
  // "amended" is followed by the same order as it is now.
  data.reason === 'amended' ? known : { ...known, orders: without(known.orders, data.order) };

const waits: Apply<{ order: string; spec: Omit<Accepted, 'order'>; trigger: NonNullable<OpenOrder['trigger']> }> = (known, data) => {
  const { trigger } = data;
  const order: OpenOrder = {
    ...orderOf({ ...data.spec, order: data.order }),
    status: 'waiting',
    shown: '0',
    trigger: { ...trigger, trail_bps: trigger.kind === 'trailing' ? trigger.trail_bps : null },
  };
  return { ...known, orders: [...without(known.orders, data.order), order] };
};

const offered: Apply<{ order: string; account: number; client_id?: string; terms: Terms }> = (known, { order, account, client_id, terms }) => {
  const made = orderOf({ ...terms, order, account, client_id, price: terms.limit, display: '0' });
  return { ...known, orders: [...without(known.orders, order), { ...made, status: 'waiting', shown: '0', in_auction: true }] };
};

const filled: Apply<Omit<OwnFill, 'time'>> = (known, data, time) => {
  const { trade, market, order, side, price, size, fee, liquidity } = data;
  const fill: OwnFill = { trade, market, order, side, price, size, fee, liquidity, time };
  const isKnown = known.fills.some((each) => each.trade === trade && each.order === order);
  const next = changed(known, order, (own) => withRemaining(own, plain(nanoOr0(own.remaining) - nanoOr0(size))));
  return { ...next, fills: isKnown ? known.fills : [fill, ...known.fills].slice(0, kFills) };
};

const positionChanged: Apply<{ market: string; leg: Leg; size: string; entry_quote: string }> = (known, data) => {
  const before = known.positions.find((position) => position.market === data.market && position.leg === data.leg);
  const others = known.positions.filter((position) => position !== before);
  if (data.size === '0') return { ...known, positions: others };
  const price = dividedBy(absNano(nanoOr0(data.entry_quote)), absNano(nanoOr0(data.size)));
  const position: Position = {
    market: data.market,
    leg: data.leg,
    size: data.size,
    entryQuote: data.entry_quote,
    entryPrice: price === null ? null : plain(toward0(price, kPricePlaces)),
    // Told by the server a moment later.
    liquidationPrice: null,
    fundingDue: before?.fundingDue ?? '0',
    initialRequirement: before?.initialRequirement ?? '0',
    maintenanceRequirement: before?.maintenanceRequirement ?? '0',
    ownMarginBps: before?.ownMarginBps ?? 0,
  };
  const at = before ? known.positions.indexOf(before) : known.positions.length;
  return { ...known, positions: known.positions.toSpliced(at, before ? 1 : 0, position) };
};

const balanceChanged: Apply<{ asset: string; balance: string }> = (known, { asset, balance }) => {
  const before = known.balances.find((each) => each.asset === asset);
  const price = before?.price ?? (asset === 'USDC' ? '1' : '0');
  const next: BalanceView = { asset, amount: balance, price, value: plain(times(nanoOr0(balance), nanoOr0(price))) };
  return { ...known, balances: before ? known.balances.map((each) => (each === before ? next : each)) : [...known.balances, next] };
};

const fundingPaid: Apply<{ market: string; leg: Leg }> = (known, data) => ({
  ...known,
  positions: known.positions.map((position) => (position.market === data.market && position.leg === data.leg ? { ...position, fundingDue: '0' } : position)),
});

const leverageSet: Apply<{ market: string; initial_margin_bps: number }> = (known, data) => ({
  ...known,
  ownMargins: { ...known.ownMargins, [data.market]: data.initial_margin_bps },
  positions: known.positions.map((position) => (position.market === data.market ? { ...position, ownMarginBps: data.initial_margin_bps } : position)),
});

const pegged: Apply<{ order: string; offset: string }> = (known, data) => changed(known, data.order, (order) => ({ ...order, peg: { offset: data.offset } }));
const reduced: Apply<{ order: string; open: string }> = (known, data) =>
  // What was taken off is no part of the order any more.
  changed(known, data.order, (order) => {
    const less = (nano(order.remaining) ?? 0n) - nanoOr0(data.open);
    return { ...withRemaining(order, data.open), size: plain(nanoOr0(order.size) - less) };
  });

/** Kinds that are not here change nothing of what is kept (figures are asked for after each). */
const appliers: Record<string, Apply<never>> = {
  order_accepted: accepted,
  order_pegged: pegged,
  order_reduced: reduced,
  order_closed: closed,
  conditional_accepted: waits,
  auction_opened: offered,
  fill: filled,
  position_changed: positionChanged,
  balance_changed: balanceChanged,
  funding_paid: fundingPaid,
  leverage_set: leverageSet,
};

/** The server's figures put in the place of the former, if nothing has happened since they were asked for. */
export function withFigures(known: AccountData, figures: AccountView, views: readonly PositionView[]): AccountData {
  const fresh = views.filter(({ size }) => size !== '0').map(positionOf);
  const positions = known.positions.map((position) => fresh.find(({ market, leg, size }) => market === position.market && leg === position.leg && size === position.size) ?? position);
  return { ...known, figures, balances: figures.balances, positions };
}
