import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { exchange, type Market } from '@/api/markets';
import { placesOf } from '@/features/exchange/format';
import type { Places } from '@/features/exchange/MarketHeader';

export type Markets = ReadonlyMap<string, Market>;

/** Settings of all markets by symbol; empty until they have come. */
export function useMarkets(): Markets {
  const { data } = useQuery({ queryKey: ['exchange', 'markets'], queryFn: ({ signal }) => exchange.markets(signal), staleTime: 60_000 });
  return useMemo(() => new Map(data?.markets.map((market) => [market.symbol, market])), [data]);
}

export const placesIn = (markets: Markets, symbol: string): Places => {
  const market = markets.get(symbol);
  return market ? { price: placesOf(market.tick_size), size: placesOf(market.lot_size) } : { price: 2, size: 2 };
};
