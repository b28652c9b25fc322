import type { ReactNode } from 'react';
import type { Market } from '@/api/markets';
import type { Ticker } from '@/api/venue';
import { duration } from '@/domain/time';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Badge } from '@/ui/parts';
import { decimals, isZero, percent, percentOfBps, short } from './format';

export interface Places {
  price: number;
  size: number;
}

/** What a market is worth, what it costs to hold, and whether what one sees is real. */
export function MarketHeader({ ticker, market, places, simulated }: { ticker: Ticker; market: Market; places: Places; simulated: boolean }) {
  const price = (text: string) => (isZero(text) ? t.venue.none : decimals(text, places.price));
  const direction = ticker.change_24h_bps < 0 ? 'down' : 'up';
  return (
    <header className="market-header">
      <div className="market-name">
        <span className="market-symbol">{ticker.market}</span>
        {simulated ? (
          <Badge tone="synthetic" title={t.venue.simulatedHint}>
            {t.venue.simulated}
          </Badge>
        ) : null}
        {ticker.state !== 'open' ? <Badge tone="stale">{t.venue.states[ticker.state]}</Badge> : null}
        {ticker.oracle !== 'valid' ? (
          <Badge tone="stale" title={t.venue.verdictHint}>
            {t.venue.verdicts[ticker.oracle]}
          </Badge>
        ) : null}
      </div>
      <dl className="market-figures">
        <Figure name={t.venue.mark} className="market-mark">
          {price(ticker.mark)}
        </Figure>
        <Figure name={t.venue.index}>{price(ticker.index)}</Figure>
        <Figure name={t.venue.last}>{price(ticker.last)}</Figure>
        <Figure name={t.venue.change}>
          <span className={direction}>{percentOfBps(ticker.change_24h_bps)}</span>
        </Figure>
        <Funding ticker={ticker} />
        <Figure name={`${t.venue.interest}, ${market.base_asset}`}>{short(ticker.open_interest)}</Figure>
        <Figure name={`${t.venue.volume}, ${market.quote_asset}`}>{short(ticker.value_24h)}</Figure>
        <Figure name={t.venue.range}>
          {price(ticker.low_24h)} – {price(ticker.high_24h)}
        </Figure>
      </dl>
    </header>
  );
}

function Figure({ name, children, className = '', title }: { name: string; children: ReactNode; className?: string; title?: string }) {
  return (
    <div className={`market-figure ${className}`} title={title}>
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}

function Funding({ ticker }: { ticker: Ticker }) {
  const left = Math.max(0, Math.round((ticker.funding_at - useNow()) / 1000));
  return (
    <Figure name={t.venue.funding} title={t.venue.fundingHint}>
      {percent(ticker.funding_rate)} {ticker.funding_at > 0 ? <span className="muted">{t.venue.fundingIn(duration(left))}</span> : null}
    </Figure>
  );
}
