import { create } from 'zustand';
import { ApiError, refusalFrom, send } from '@/api/client';
import { kExchange, type AccountReceipt, type BalanceReceipt, type CancelReceipt, type OrderReceipt, type OrderWish, type Receipt, type Side } from '@/api/trading';
import { absNano, nanoOr0, plain } from '@/domain/decimal';
import { CallLost, liveStream, type LiveStream } from '@/stream';
import type { Position } from './accountState';

/** A key of one's own for a command: sent again with the same key it is not done again. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Latency {
  /** From the click to the acknowledgement, milliseconds, newest last. */
  samples: readonly number[];
}
const kSamples = 200;
export const useLatency = create<Latency>()(() => ({ samples: [] }));

export function percentile(samples: readonly number[], share: number): number | null {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function noteLatency(begun: number): void {
  const end = performance.now();
  performance.measure('astrolabe.acknowledged', { start: begun, end });
  useLatency.setState(({ samples }) => ({ samples: [...samples.slice(1 - kSamples), end - begun] }));
}

const kAgainMs = [300, 700, 1500, 3000, 5000];
const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));

export interface Command {
  method: string;
  path: string;
  body?: unknown;
}

/**
 * Sends commands to the venue: over the connection one listens on, else over HTTP. When an answer is lost the same command
 * is sent again under the same key, which does it once; only when the server stays away is the outcome unknown.
 */
export class Desk {
  constructor(
    private readonly stream: Pick<LiveStream, 'call'>,
    private readonly overHttp: typeof send = send,
    private readonly waits: readonly number[] = kAgainMs,
    private readonly keyOf: () => string = freshKey,
  ) {}

  async act<T>(command: Command): Promise<T> {
    const begun = performance.now();
    const result = await this.carryOut<T>(command, this.keyOf());
    noteLatency(begun);
    return result;
  }

  private async carryOut<T>({ method, path, body }: Command, key: string): Promise<T> {
    let mayBeDone = false;
    try {
      const answer = await this.stream.call({ method, path, ...(body === undefined ? {} : { body }), idempotency_key: key });
      if (answer.status < 300) return answer.body as T;
      const refusal = refusalFrom(answer.status, answer.body ?? {});
      // The session of the page may go on by HTTP when the connection's has ended.
      if (answer.status !== 401) throw refusal;
    } catch (error) {
      if (!(error instanceof CallLost)) throw error;
      mayBeDone = error.sent;
    }
    return this.overHttpUntilKnown<T>({ method, path, body }, key, mayBeDone);
  }

  private async overHttpUntilKnown<T>({ method, path, body }: Command, key: string, mayBeDone: boolean): Promise<T> {
    for (let attempt = 0; ; ++attempt) {
      try {
        return await this.overHttp<T>(method, path, body, key);
      } catch (error) {
        const isUnknown = error instanceof ApiError && (error.isUnreachable || error.status === 502 || error.status === 503 || error.status === 504);
        if (!isUnknown) throw error;
        mayBeDone ||= !(error as ApiError).isUnreachable;
        if (attempt >= this.waits.length) throw mayBeDone ? new ApiError(0, 'outcome_unknown', 'outcome_unknown', '') : error;
        await pause(this.waits[attempt]!);
      }
    }
  }
}

export const desk = new Desk(liveStream);

const post = <T>(path: string, body: unknown) => desk.act<T>({ method: 'POST', path: kExchange + path, body });
const segment = encodeURIComponent;

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');
/** The side that makes the position smaller. */
export const closingSide = (position: Pick<Position, 'size'>): Side => (nanoOr0(position.size) > 0n ? 'sell' : 'buy');

export interface CancelFilter {
  market?: string;
  side?: Side;
}

/** What a trader does. Each throws the refusal as ApiError. */
export const actions = {
  place: (wish: OrderWish) => post<OrderReceipt>('/orders', wish),
  /** `size` is of the whole order, with what has traded. */
  amend: (account: number, order: string, change: { price?: string; size?: string }) =>
    desk.act<OrderReceipt>({ method: 'PATCH', path: `${kExchange}/orders/${segment(order)}`, body: { account, ...change } }),
  cancel: (account: number, order: string) => desk.act<CancelReceipt>({ method: 'DELETE', path: `${kExchange}/orders/${segment(order)}?account=${account}` }),
  cancelAll: (account: number, { market, side }: CancelFilter = {}) => {
    const filter = `${market ? `&market=${segment(market)}` : ''}${side ? `&side=${side}` : ''}`;
    return desk.act<CancelReceipt>({ method: 'DELETE', path: `${kExchange}/orders?account=${account}${filter}` });
  },
  /** At the market, or resting at `price`. */
  close: (account: number, position: Position, price?: string) =>
    actions.place({
      account, market: position.market, side: closingSide(position), size: plain(absNano(nanoOr0(position.size))), reduce_only: true,
      ...(position.leg === 'net' ? {} : { leg: position.leg }), ...(price ? { price } : {}),
    }),
  /** As large on the other side, at the market. */
  reverse: (account: number, position: Position) =>
    actions.place({ account, market: position.market, side: closingSide(position), size: plain(2n * absNano(nanoOr0(position.size))) }),
  /** 10,000 is leverage 1; 0: the market's own. */
  setLeverage: (account: number, market: string, initialMarginBps: number) =>
    desk.act<Receipt>({ method: 'PUT', path: `${kExchange}/accounts/${account}/leverage`, body: { market, initial_margin_bps: initialMarginBps } }),
  setDeadMan: (account: number, afterMs: number) => desk.act<Receipt>({ method: 'PUT', path: `${kExchange}/accounts/${account}/dead-man`, body: { after_ms: afterMs } }),
  openAccount: (isolated?: string) => post<AccountReceipt>('/accounts', isolated ? { isolated } : {}),
  pour: (account: number, amount: string, asset = 'USDC') => post<BalanceReceipt>('/faucet', { account, asset, amount }),
  transfer: (from: number, to: number, amount: string, asset = 'USDC') => post<BalanceReceipt>('/transfers', { from, to, asset, amount }),
  withdraw: (account: number, amount: string, asset = 'USDC') => post<unknown>('/withdrawals', { account, asset, amount }),
};
