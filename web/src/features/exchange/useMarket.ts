import { useQuery } from '@tanstack/react-query';
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
