import { memo } from 'react';
import type { Market } from '@/api/markets';
import { formatRaw } from '@/domain/amount';
import { nanoOr0, plain, type Nano } from '@/domain/decimal';
import { t } from '@/strings';
import { moveInRows } from '@/ui/rows';
import { Skeleton } from '@/ui/states';
import { bidShare, grouped, kDecimals, spreadOf, withTotals, type BookRow } from './book';
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
  /** Levels are put together in steps of it; none: as they are. */
  step?: Nano;
  /** One's own open size by price; steps are as those of the book. */
  own?: OwnSizes;
  /** A level was chosen. */
  choose?: (price: string) => void;
}

export interface OwnSizes {
  bids: ReadonlyMap<string, Nano>;
  asks: ReadonlyMap<string, Nano>;
}

/** Asks above, bids below, the best ones in the middle; a bar behind each level is its running total. */
export function OrderBook(props: Props) {
  const { book, rows, resyncs } = props;
  return (
    <>
      {book ? <Sides {...props} book={book} /> : <Skeleton rows={2 * rows} />}
      {resyncs > 0 ? <p className="muted book-note">{t.venue.resynced(resyncs)}</p> : null}
    </>
  );
}

function Sides({ book, rows, market, places, mark, step, own, choose }: Props & { book: NonNullable<MarketView['book']> }) {
  const tick = nanoOr0(market.tick_size);
  const isGrouped = step !== undefined && step > tick;
  const bids = withTotals(isGrouped ? grouped(book.bids, step, 'bid') : book.bids, rows);
  const asks = withTotals(isGrouped ? grouped(book.asks, step, 'ask') : book.asks, rows);
  const most = [bids.at(-1)?.total ?? 0n, asks.at(-1)?.total ?? 0n].reduce((a, b) => (a > b ? a : b));
  const line = (side: 'bid' | 'ask') => (row: BookRow) => {
    const mine = own?.[side === 'bid' ? 'bids' : 'asks'].get(plain(nanoOr0(row.price)));
    return (
      <Level
        key={row.price}
        side={side}
        raw={row.price}
        price={decimals(row.price, places.price)}
        size={decimals(row.size, places.size)}
        total={formatRaw(row.total, kDecimals, { places: places.size })}
        share={most === 0n ? 0 : Number((row.total * 1000n) / most) / 10}
        mine={mine === undefined ? null : formatRaw(mine, kDecimals, { places: places.size })}
        choose={choose}
        isFirst={side === 'bid' && row === bids[0]}
      />
    );
  };
  return (
    <table className="book" aria-label={t.venue.book} onKeyDown={choose && moveInRows}>
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
        <Spread bid={book.bids[0]?.price} ask={book.asks[0]?.price} mark={mark} places={places} share={bidShare(bids, asks)} />
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
  /** The price as it is sent. */
  raw: string;
  price: string;
  size: string;
  total: string;
  share: number;
  mine: string | null;
  choose: ((price: string) => void) | undefined;
  /** Where the keyboard comes in. */
  isFirst: boolean;
}

const Level = memo(function Level({ side, raw, price, size, total, share, mine, choose, isFirst }: LevelProps) {
  return (
    <tr className={`book-level book-${side}`} style={{ backgroundSize: `${share}% 100%` }} data-own={mine !== null || undefined} onClick={choose && (() => choose(raw))}>
      <td className={side === 'bid' ? 'up' : 'down'}>
        {mine === null ? null : (
          <span className="book-own" title={t.venue.own(mine)}>
            ●<span className="sr-only">{t.venue.own(mine)}</span>
          </span>
        )}
        {choose ? (
          <button type="button" className="row-button" data-row tabIndex={isFirst ? 0 : -1} title={t.venue.take}>
            {price}
          </button>
        ) : (
          price
        )}
      </td>
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

function Spread({ bid, ask, mark, places, share }: { bid: string | undefined; ask: string | undefined; mark: string; places: Places; share: number | null }) {
  const spread = spreadOf(bid, ask);
  return (
    <tr className="book-spread">
      <td title={t.venue.mark}>{decimals(mark, places.price)}</td>
      <td className="muted" colSpan={2}>
        {spread === null ? t.venue.none : spread.size < 0n ? t.venue.crossed : `${t.venue.spread} ${formatRaw(spread.size, kDecimals, { places: places.price })} · ${t.venue.bps(spread.bps.toFixed(1))}`}
        {share === null ? null : (
          <span className="book-balance" role="img" aria-label={t.venue.balance((share / 10).toFixed(0))} title={t.venue.balance((share / 10).toFixed(0))}>
            <span style={{ width: `${share / 10}%` }} />
          </span>
        )}
      </td>
    </tr>
  );
}
