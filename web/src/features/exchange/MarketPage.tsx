import './market.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, Navigate, NavLink, useParams } from 'react-router';
import { venue, type MarketAnswer, type Ticker } from '@/api/venue';
import { group } from '@/domain/amount';
import { t } from '@/strings';
import { useMedia } from '@/ui/media';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { decimals, percentOfBps, placesOf } from './format';
import { MarketHeader } from './MarketHeader';
import { useMarketView, useTickers } from './market';
import { OrderBook } from './OrderBook';
import { Liquidations, Trades } from './Tapes';
import { placesOfMarket, useMarket } from './useMarket';

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
  const { list } = useTickers();
  useEffect(() => {
    document.title = `${symbol} · ${t.product}`;
  }, [symbol]);
  if (market.isError) return <ErrorState error={market.error} retry={() => void market.refetch()} notFoundText={t.venue.unknown} />;
  if (!market.data) return <Skeleton rows={12} className="page-skeleton" />;
  const ticker = list.find((each) => each.market === symbol) ?? market.data.ticker;
  return (
    <div className="market-page">
      <h1 className="sr-only">{t.venue.title(symbol)}</h1>
      <Tabs tickers={list.length > 0 ? list : [ticker]} shown={symbol} />
      <MarketHeader ticker={ticker} market={market.data.settings} places={placesOfMarket(market.data)} simulated={market.data.simulated} />
      <Columns answer={market.data} ticker={ticker} />
    </div>
  );
}

/** Below the header, so that strangers to the venue follow nothing. */
function Columns({ answer, ticker }: { answer: MarketAnswer; ticker: Ticker }) {
  const { settings: market } = answer;
  const { book, trades, liquidations, resyncs } = useMarketView(market.symbol);
  const isSmall = useMedia('(max-width: 640px)');
  const isLow = useMedia('(max-height: 700px)');
  const places = placesOfMarket(answer);
  const seq = book ? <span className="num muted" title={t.venue.bookHint(group(String(book.seq)))}>#{group(String(book.seq))}</span> : null;
  return (
    <div className="market-grid">
      <Panel title={t.venue.book} className="book-panel" tools={seq}>
        <OrderBook book={book} rows={isSmall || isLow ? 8 : 14} market={market} places={places} mark={ticker.mark} resyncs={resyncs} />
      </Panel>
      <Panel title={t.venue.trades} className="tape-panel">
        <Trades trades={trades} market={market} places={places} />
      </Panel>
      <Panel title={t.venue.liquidations} className="tape-panel">
        <Liquidations liquidations={liquidations} market={market} places={places} />
      </Panel>
    </div>
  );
}

function Tabs({ tickers, shown }: { tickers: readonly Ticker[]; shown: string }) {
  return (
    <nav className="market-tabs" aria-label={t.venue.markets}>
      {tickers.map((ticker) => (
        <NavLink key={ticker.market} to={`/exchange/${encodeURIComponent(ticker.market)}`} className="market-tab">
          <span>{ticker.market}</span>
          <span className="num muted">{decimals(ticker.mark, Math.min(4, placesOf(ticker.mark)))}</span>
          <span className={`num ${ticker.change_24h_bps < 0 ? 'down' : 'up'}`}>{percentOfBps(ticker.change_24h_bps)}</span>
        </NavLink>
      ))}
      <Link className="market-desk" to={`/trade/${encodeURIComponent(shown)}`}>
        {t.venue.openDesk}
      </Link>
    </nav>
  );
}
