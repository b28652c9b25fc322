import type { Ticker } from '@/api/venue';
import { nanoOr0 } from '@/domain/decimal';

export const kSortKeys = ['market', 'mark', 'change', 'volume', 'interest', 'funding'] as const;
export type SortKey = (typeof kSortKeys)[number];

export interface Sorting {
  by: SortKey;
  isDown: boolean;
}

const values: Record<Exclude<SortKey, 'market'>, (ticker: Ticker) => bigint> = {
  mark: ({ mark }) => nanoOr0(mark),
  change: ({ change_24h_bps }) => BigInt(change_24h_bps),
  volume: ({ value_24h }) => nanoOr0(value_24h),
  interest: ({ open_interest, mark }) => nanoOr0(open_interest) * nanoOr0(mark),
  funding: ({ funding_rate }) => nanoOr0(funding_rate.slice(0, 12)),
};

/** By that column; what is equal stays in the order of names. */
export function sortedTickers(tickers: readonly Ticker[], { by, isDown }: Sorting): Ticker[] {
  const sign = isDown ? -1 : 1;
  const byName = (a: Ticker, b: Ticker) => (a.market < b.market ? -1 : a.market > b.market ? 1 : 0);
  if (by === 'market') return [...tickers].sort((a, b) => sign * byName(a, b));
  const value = values[by];
  return [...tickers].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? byName(a, b) : x < y ? -sign : sign;
  });
}

/** Asked for again, a column turns around; figures begin with the largest. */
export const sortedBy = (now: Sorting, by: SortKey): Sorting => (now.by === by ? { by, isDown: !now.isDown } : { by, isDown: by !== 'market' });
