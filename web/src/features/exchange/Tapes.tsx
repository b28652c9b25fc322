import { memo } from 'react';
import type { Market } from '@/api/markets';
import type { LiquidationNotice, PublicTrade } from '@/api/venue';
import { clockTime, exactTime } from '@/domain/time';
import { t } from '@/strings';
import { Badge } from '@/ui/parts';
import { Empty, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { decimals, short } from './format';
import type { Places } from './MarketHeader';

const sides = { buy: t.venue.bought, sell: t.venue.sold };

/** Trades as they happen, newest first: `rows` of them, or all that are known. */
export function Trades({ trades, market, places, rows }: { trades: readonly PublicTrade[] | null; market: Market; places: Places; rows?: number }) {
  const columns = [
    { label: t.venue.price(market.quote_asset), isRight: true },
    { label: t.venue.size(market.base_asset), isRight: true },
    { label: t.venue.side },
    { label: t.venue.time, isRight: true },
  ];
  return (
    <>
      {trades === null ? <Skeleton rows={12} /> : null}
      {trades?.length === 0 ? <Empty title={t.venue.noTrades} text={t.venue.noTradesHint} /> : null}
      {trades && trades.length > 0 ? (
        <Table label={t.venue.trades} columns={columns} className="tape tape-trades">
          {trades.slice(0, rows).map((trade) => (
            <Trade key={trade.trade} trade={trade} places={places} />
          ))}
        </Table>
      ) : null}
    </>
  );
}

const Trade = memo(function Trade({ trade, places }: { trade: PublicTrade; places: Places }) {
  const tone = trade.side === 'buy' ? 'up' : 'down';
  return (
    <tr>
      <td className={`num right ${tone} tape-price`} data-side={trade.side}>{decimals(trade.price, places.price)}</td>
      <td className="num right">{decimals(trade.size, places.size)}</td>
      <td>
        {sides[trade.side]}
        {trade.liquidation ? (
          <span className="tape-mark" title={t.venue.byLiquidation}>
            L<span className="sr-only">{t.venue.byLiquidation}</span>
          </span>
        ) : null}
      </td>
      <td className="num right muted" title={exactTime(trade.time)}>
        {clockTime(trade.time)}
      </td>
    </tr>
  );
});

/** What became of accounts whose margin was gone. */
export function Liquidations({ liquidations, market, places }: { liquidations: readonly LiquidationNotice[] | null; market: Market; places: Places }) {
  const columns = [
    { label: t.venue.what },
    { label: t.venue.size(market.base_asset), isRight: true },
    { label: t.venue.price(market.quote_asset), isRight: true },
    { label: t.venue.time, isRight: true },
  ];
  return (
    <>
      {liquidations === null ? <Skeleton rows={6} /> : null}
      {liquidations?.length === 0 ? <Empty title={t.venue.noLiquidations} text={t.venue.noLiquidationsHint} /> : null}
      {liquidations && liquidations.length > 0 ? (
        <Table label={t.venue.liquidations} columns={columns} className="tape">
          {liquidations.map((notice, i) => (
            <Liquidation key={`${notice.seq}-${liquidations.length - i}`} notice={notice} places={places} />
          ))}
        </Table>
      ) : null}
    </>
  );
}

function whyOf(notice: LiquidationNotice): string | undefined {
  if (notice.rank !== null) return t.venue.rankHint(String(notice.rank));
  if (notice.collateral !== null && notice.requirement !== null) return t.venue.marginHint(short(notice.collateral), short(notice.requirement));
  return undefined;
}

function Liquidation({ notice, places }: { notice: LiquidationNotice; places: Places }) {
  const position = notice.side === 'sell' ? t.venue.long : notice.side === 'buy' ? t.venue.short : '';
  return (
    <tr title={whyOf(notice)}>
      <td>
        <Badge tone={notice.kind === 'liquidation' ? 'replay' : 'stale'}>{t.venue.kinds[notice.kind]}</Badge> <span className="muted">{position}</span>
      </td>
      <td className="num right">{notice.size === null ? t.venue.none : decimals(notice.size, places.size)}</td>
      <td className="num right">{notice.price === null ? t.venue.none : decimals(notice.price, places.price)}</td>
      <td className="num right muted" title={exactTime(notice.time)}>
        {clockTime(notice.time)}
      </td>
    </tr>
  );
}
