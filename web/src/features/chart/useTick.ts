import { isForeign } from '@/api/series';
import { useMarket } from '@/features/exchange/useMarket';

/** The step of a market's prices; null of a series that has none here; undefined until it is known. */
export function useAnyTick(symbol: string): string | null | undefined {
  const isOurs = symbol !== '' && !isForeign(symbol);
  const market = useMarket(isOurs ? symbol : undefined);
  if (!isOurs) return null;
  if (market.isError) return null;
  return market.data?.settings.tick_size;
}
