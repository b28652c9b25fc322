import '../market.css';
import type { ReactNode, Ref } from 'react';
import type { MarketAnswer } from '@/api/venue';
import { t } from '@/strings';
import { ErrorState, Skeleton } from '@/ui/states';
import type { Places } from '../MarketHeader';
import { placesOfMarket, useMarket } from '../useMarket';

/** What every panel of one market needs first: the market's settings. */
export function PanelBody({ symbol, body, children }: { symbol: string; body?: Ref<HTMLDivElement>; children: (answer: MarketAnswer, places: Places) => ReactNode }) {
  const market = useMarket(symbol);
  return (
    <div className="panel-fill" ref={body}>
      {market.isError ? <ErrorState error={market.error} retry={() => void market.refetch()} notFoundText={t.venue.unknown} /> : null}
      {market.data ? children(market.data, placesOfMarket(market.data)) : market.isError ? null : <Skeleton rows={8} />}
    </div>
  );
}
