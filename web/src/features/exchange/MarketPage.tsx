import './market.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';
import { venue, type Ticker } from '@/api/venue';
import { liveStream } from '@/stream';
import { t } from '@/strings';
import { ErrorState, Skeleton } from '@/ui/states';
import { decimals, percentOfBps, placesOf } from './format';
import { MarketHeader } from './MarketHeader';
import { MarketStore } from './market';
import { LiquidationsPanel, TradesPanel } from './Tapes';
import { OrderBook } from './OrderBook';

const store = new MarketStore(liveStream);

/** Settings seldom change; they are read again when a page is opened. */
const useMarket = (symbol: string | undefined) =>
  useQuery({ queryKey: ['exchange', 'market', symbol], queryFn: ({ signal }) => venue.market(symbol!, signal), enabled: symbol !== undefined, staleTime: 60_000 });

export default function MarketPage() {
  const { market: symbol } = useParams();
  const first = useQuery({ queryKey: ['exchange', 'tickers'], queryFn: ({ signal }) => venue.tickers(signal), enabled: symbol === undefined });
  if (symbol !== undefined) return <Market key={symbol} symbol={symbol} />;
  if (first.isError) return <ErrorState error={first.error} retry={() => void first.refetch()} />;
  const named = first.data?.tickers[0]?.market;
  return named ? <Navigate to={`/exchange/${encodeURIComponent(named)}`} replace /> : <Skeleton rows={12} className="page-skeleton" />;
}

function Market({ symbol }: { symbol: string }) {
  const market = useMarket(symbol);
  const view = useSyncExternalStore(store.listen, store.getView);
  const isKnown = market.isSuccess;
  useEffect(() => {
    if (!isKnown) return;
    store.open(symbol);
    return () => store.close();
  }, [symbol, isKnown]);
  useEffect(() => {
    document.title = `${symbol} · ${t.product}`;
  }, [symbol]);
  if (market.isError) return <ErrorState error={market.error} retry={() => void market.refetch()} notFoundText={t.venue.unknown} />;
  if (!market.data) return <Skeleton rows={12} className="page-skeleton" />;
  const { settings, simulated } = market.data;
  const own = view.symbol === symbol ? view : null;
  const ticker = own?.tickers.find((each) => each.market === symbol) ?? market.data.ticker;
  const places = { price: placesOf(settings.tick_size), size: placesOf(settings.lot_size) };
  return (
    <div className="market-page">
      <h1 className="sr-only">{t.venue.title(symbol)}</h1>
      <Tabs tickers={view.tickers.length > 0 ? view.tickers : [ticker]} />
      <MarketHeader ticker={ticker} market={settings} places={places} simulated={simulated} />
      <div className="market-grid">
        <OrderBook book={own?.book ?? null} market={settings} places={places} mark={ticker.mark} resyncs={own?.resyncs ?? 0} />
        <TradesPanel trades={own?.trades ?? null} market={settings} places={places} />
        <LiquidationsPanel liquidations={own?.liquidations ?? null} market={settings} places={places} />
      </div>
    </div>
  );
}

function Tabs({ tickers }: { tickers: readonly Ticker[] }) {
  return (
    <nav className="market-tabs" aria-label={t.venue.markets}>
      {tickers.map((ticker) => (
        <NavLink key={ticker.market} to={`/exchange/${encodeURIComponent(ticker.market)}`} className="market-tab">
          <span>{ticker.market}</span>
          <span className="num muted">{decimals(ticker.mark, Math.min(4, placesOf(ticker.mark)))}</span>
          <span className={`num ${ticker.change_24h_bps < 0 ? 'down' : 'up'}`}>{percentOfBps(ticker.change_24h_bps)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
