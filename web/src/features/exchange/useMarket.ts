import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { exchange } from '@/api/markets';
import { venue, type MarketAnswer } from '@/api/venue';
import { placesOf } from './format';
import type { Places } from './MarketHeader';

/** Settings seldom change; they are read again when a page is opened. */
export const useMarket = (symbol: string | undefined) =>
  useQuery({
    queryKey: ['exchange', 'market', symbol],
    queryFn: ({ signal }) => venue.market(symbol!, signal),
    enabled: symbol !== undefined && symbol !== '',
    staleTime: 60_000,
  });

export const placesOfMarket = ({ settings }: MarketAnswer): Places => ({ price: placesOf(settings.tick_size), size: placesOf(settings.lot_size) });

/** Decimals of every market's prices and sizes, as its tick and lot have them. */
export function usePlacesOf(): (symbol: string) => Places {
  const { data } = useQuery({ queryKey: ['exchange', 'markets'], queryFn: ({ signal }) => exchange.markets(signal), staleTime: 60_000 });
  return useCallback(
    (symbol: string) => {
      const market = data?.markets.find((each) => each.symbol === symbol);
      return { price: placesOf(market?.tick_size ?? '0.01'), size: placesOf(market?.lot_size ?? '0.01') };
    },
    [data],
  );
}
