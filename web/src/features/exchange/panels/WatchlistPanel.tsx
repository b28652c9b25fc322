import '../market.css';
import { memo } from 'react';
import type { Ticker } from '@/api/venue';
import { placesIn, useMarkets } from '@/features/trading/useMarkets';
import { t } from '@/strings';
import { moveInRows } from '@/ui/rows';
import { useSize } from '@/ui/size';
import { Skeleton } from '@/ui/states';
import { usePanel } from '@/workspace/usePanel';
import { decimals, percent, percentOfBps, short } from '../format';
import { useTickers } from '../market';
import { kSortKeys, sortedBy, sortedTickers, type Sorting, type SortKey } from '../watchlist';

const w = t.venue.watchlist;
const kFour = kSortKeys.slice(0, 4);
const kThree = kSortKeys.slice(0, 3);
/** What fits, by width. */
const columnsFor = (width: number): readonly SortKey[] => (width > 520 ? kSortKeys : width > 380 ? kFour : kThree);

/** All markets; a click, or Enter, shows one in every panel of the same colour. */
export default function WatchlistPanel() {
  const { symbol, setSymbol, settings, setSettings } = usePanel<{ sorting: Sorting }>({ sorting: { by: 'volume', isDown: true } });
  const { list } = useTickers();
  const markets = useMarkets();
  const [box, { width }] = useSize();
  const columns = columnsFor(width);
  const { sorting } = settings;
  const tickers = sortedTickers(list, sorting);
  if (list.length === 0) return <Skeleton rows={6} className="panel-fill" />;
  return (
    <div ref={box} className="panel-fill">
      <table className="table watchlist" aria-label={w.title}>
        <thead>
          <tr>
            {columns.map((by) => (
              <th key={by} scope="col" className={by === 'market' ? undefined : 'right'} aria-sort={sorting.by === by ? (sorting.isDown ? 'descending' : 'ascending') : undefined}>
                <button type="button" onClick={() => setSettings({ sorting: sortedBy(sorting, by) })}>
                  {w.columns[by]}
                  {sorting.by === by ? <span aria-hidden="true">{sorting.isDown ? ' ↓' : ' ↑'}</span> : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveInRows}>
          {tickers.map((ticker) => (
            <Row key={ticker.market} ticker={ticker} places={placesIn(markets, ticker.market).price} columns={columns} isShown={ticker.market === symbol} choose={setSymbol} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cells: Record<Exclude<SortKey, 'market'>, (ticker: Ticker, places: number) => { text: string; tone?: string }> = {
  mark: ({ mark }, places) => ({ text: decimals(mark, places) }),
  change: ({ change_24h_bps }) => ({ text: percentOfBps(change_24h_bps), tone: change_24h_bps < 0 ? 'down' : 'up' }),
  volume: ({ value_24h }) => ({ text: short(value_24h) }),
  interest: ({ open_interest }) => ({ text: short(open_interest) }),
  funding: ({ funding_rate }) => ({ text: percent(funding_rate) }),
};

interface RowProps {
  ticker: Ticker;
  /** Of its prices. */
  places: number;
  columns: readonly SortKey[];
  isShown: boolean;
  choose: (symbol: string) => void;
}

const Row = memo(MarketRow, (a, b) => a.ticker === b.ticker && a.places === b.places && a.columns === b.columns && a.isShown === b.isShown);

function MarketRow({ ticker, places, columns, isShown, choose }: RowProps) {
  return (
    <tr aria-selected={isShown} onClick={() => choose(ticker.market)}>
      {columns.map((by) => {
        if (by === 'market') {
          return (
            <th key={by} scope="row">
              <button type="button" className="row-button" data-row tabIndex={isShown ? 0 : -1} aria-label={w.show(ticker.market)}>
                {ticker.market}
              </button>
              {ticker.state === 'open' ? null : <span className="muted"> {t.venue.states[ticker.state]}</span>}
            </th>
          );
        }
        const { text, tone = '' } = cells[by](ticker, places);
        return (
          <td key={by} className={`num right ${tone}`}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}
