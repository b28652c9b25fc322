import type { BookDelta, BookLevel, BookSnapshot } from '@/api/venue';
import { parseDecimal } from '@/domain/amount';
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
