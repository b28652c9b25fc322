import { memo } from 'react';
import type { Market } from '@/api/markets';
import { formatRaw } from '@/domain/amount';
import { t } from '@/strings';
import { Skeleton } from '@/ui/states';
import { kDecimals, spreadOf, withTotals, type BookRow } from './book';
import { decimals } from './format';
import type { MarketView } from './market';
import type { Places } from './MarketHeader';

interface Props {
  book: MarketView['book'];
  /** Levels of each side. */
  rows: number;
  market: Market;
  places: Places;
  mark: string;
  resyncs: number;
}

/** Asks above, bids below, the best ones in the middle; a bar behind each level is its running total. */
export function OrderBook({ book, rows, market, places, mark, resyncs }: Props) {
  return (
    <>
      {book ? <Sides book={book} rows={rows} market={market} places={places} mark={mark} /> : <Skeleton rows={2 * rows} />}
      {resyncs > 0 ? <p className="muted book-note">{t.venue.resynced(resyncs)}</p> : null}
    </>
  );
}

function Sides({ book, rows, market, places, mark }: Omit<Props, 'book' | 'resyncs'> & { book: NonNullable<MarketView['book']> }) {
  const bids = withTotals(book.bids, rows);
  const asks = withTotals(book.asks, rows);
  const most = [bids.at(-1)?.total ?? 0n, asks.at(-1)?.total ?? 0n].reduce((a, b) => (a > b ? a : b));
  const line = (side: 'bid' | 'ask') => (row: BookRow) => (
    <Level key={row.price} side={side} price={decimals(row.price, places.price)} size={decimals(row.size, places.size)} total={formatRaw(row.total, kDecimals, { places: places.size })} share={most === 0n ? 0 : Number((row.total * 1000n) / most) / 10} />
  );
  return (
    <table className="book" aria-label={t.venue.book}>
      <thead>
        <tr>
          <th scope="col">{t.venue.price(market.quote_asset)}</th>
          <th scope="col">{t.venue.size(market.base_asset)}</th>
          <th scope="col">{t.venue.total}</th>
        </tr>
      </thead>
      <tbody className="book-asks">
        <Padding count={rows - asks.length} isEmpty={asks.length === 0} />
        {asks.map(line('ask')).reverse()}
      </tbody>
      <tbody>
        <Spread bid={book.bids[0]?.price} ask={book.asks[0]?.price} mark={mark} places={places} />
      </tbody>
      <tbody className="book-bids">
        {bids.map(line('bid'))}
        <Padding count={rows - bids.length} isEmpty={bids.length === 0} />
      </tbody>
    </table>
  );
}

interface LevelProps {
  side: 'bid' | 'ask';
  price: string;
  size: string;
  total: string;
  share: number;
}

const Level = memo(function Level({ side, price, size, total, share }: LevelProps) {
  return (
    <tr className={`book-level book-${side}`} style={{ backgroundSize: `${share}% 100%` }}>
      <td className={side === 'bid' ? 'up' : 'down'}>{price}</td>
      <td>{size}</td>
      <td className="muted">{total}</td>
    </tr>
  );
});

/** Holds the place of levels that are not there, so that the middle does not move. */
function Padding({ count, isEmpty }: { count: number; isEmpty: boolean }) {
  return Array.from({ length: Math.max(0, count) }, (_, i) => (
    <tr key={i} className="book-level">
      <td colSpan={3} className="muted">
        {isEmpty && i === 0 ? t.venue.emptySide : ''}
      </td>
    </tr>
  ));
}

function Spread({ bid, ask, mark, places }: { bid: string | undefined; ask: string | undefined; mark: string; places: Places }) {
  const spread = spreadOf(bid, ask);
  return (
    <tr className="book-spread">
      <td title={t.venue.mark}>{decimals(mark, places.price)}</td>
      <td className="muted" colSpan={2}>
        {spread === null ? t.venue.none : spread.size < 0n ? t.venue.crossed : `${t.venue.spread} ${formatRaw(spread.size, kDecimals, { places: places.price })} · ${t.venue.bps(spread.bps.toFixed(1))}`}
      </td>
    </tr>
  );
}
