import type { BookDelta, BookLevel, BookSnapshot } from '@/api/venue';
import { parseDecimal } from '@/domain/amount';
import { floorDiv, nanoOr0, plain, type Nano } from '@/domain/decimal';
import { bookChecksum } from './checksum';

/** What prices and sizes are counted in here: 1e-9 holds all of them. */
export const kDecimals = 9;

export interface BookRow extends BookLevel {
  /** Of this level and all better ones. */
  total: bigint;
}

export type Taken = 'taken' | 'old' | 'hole';

const inOrder = (side: Map<string, string>, best: 1 | -1): BookLevel[] =>
  [...side].map(([price, size]) => ({ price, size })).sort((a, b) => best * (Number(a.price) - Number(b.price)));

/** A market's book, kept by what is sent alone. */
export class Book {
  seq = 0;
  private checksum = 0;
  private readonly sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };

  begin(snapshot: BookSnapshot): void {
    this.seq = snapshot.seq;
    this.checksum = snapshot.checksum;
    for (const side of ['bids', 'asks'] as const) {
      this.sides[side].clear();
      for (const level of snapshot[side]) this.sides[side].set(level.price, level.size);
    }
  }

  /** `hole`: something was lost, and nothing is taken. */
  take(delta: BookDelta): Taken {
    if (delta.seq <= this.seq) return 'old';
    if (delta.prev_seq !== this.seq) return 'hole';
    for (const side of ['bids', 'asks'] as const) {
      for (const { price, size } of delta[side]) {
        if (size === '0') this.sides[side].delete(price);
        else this.sides[side].set(price, size);
      }
    }
    this.seq = delta.seq;
    this.checksum = delta.checksum;
    return 'taken';
  }

  /** Both sides, best first. */
  levels(): { bids: BookLevel[]; asks: BookLevel[] } {
    return { bids: inOrder(this.sides.bids, -1), asks: inOrder(this.sides.asks, 1) };
  }

  /** Whether it is what the server has. */
  isRight({ bids, asks } = this.levels()): boolean {
    return bookChecksum(bids, asks) === this.checksum;
  }
}

/** The best `count` levels with running totals. */
export function withTotals(levels: readonly BookLevel[], count: number): BookRow[] {
  let total = 0n;
  return levels.slice(0, count).map((level) => {
    total += parseDecimal(level.size, kDecimals) ?? 0n;
    return { ...level, total };
  });
}

/** Best ask less best bid, and that in basis points of the middle; null without both. */
export function spreadOf(bid: string | undefined, ask: string | undefined): { size: bigint; bps: number } | null {
  const low = bid === undefined ? null : parseDecimal(bid, kDecimals);
  const high = ask === undefined ? null : parseDecimal(ask, kDecimals);
  if (low === null || high === null) return null;
  return { size: high - low, bps: (Number(high - low) / Number(high + low)) * 20_000 };
}

/** Levels in steps of `step`, each at the price that is no better than those it holds: bids down, asks up. */
export function grouped(levels: readonly BookLevel[], step: Nano, side: 'bid' | 'ask'): BookLevel[] {
  const out: { price: Nano; size: Nano }[] = [];
  for (const level of levels) {
    const price = nanoOr0(level.price);
    const at = side === 'bid' ? floorDiv(price, step) * step : -floorDiv(-price, step) * step;
    const last = out.at(-1);
    if (last?.price === at) last.size += nanoOr0(level.size);
    else out.push({ price: at, size: nanoOr0(level.size) });
  }
  return out.map(({ price, size }) => ({ price: plain(price), size: plain(size) }));
}

/** Share of the bids in what both sides hold, per mille; null of an empty book. */
export function bidShare(bids: readonly BookRow[], asks: readonly BookRow[]): number | null {
  const [bid, ask] = [bids.at(-1)?.total ?? 0n, asks.at(-1)?.total ?? 0n];
  return bid + ask === 0n ? null : Number((bid * 1000n) / (bid + ask));
}

/** Multiples of the tick by which a book of that price is grouped. */
export const kGroups = [1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n, 1000n] as const;

/** The steps that are worth showing: none coarser than a hundredth of the price. */
export function stepsOf(tick: Nano, price: Nano): Nano[] {
  const steps = kGroups.map((times) => times * tick).filter((step) => step === tick || step * 100n <= price);
  return steps.slice(0, 8);
}
