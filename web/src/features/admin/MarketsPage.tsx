import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { exchange, type Market } from '@/api/markets';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { right, Table } from '@/ui/Table';
import { leverage, percent, readable } from './markets';

const c = t.admin.marketColumns;
const kColumns = [{ label: c.symbol }, { label: c.state }, right(c.leverage), right(c.maker), right(c.taker), right(c.tick), right(c.lot), right(c.version)];

export const useMarkets = () => useQuery({ queryKey: ['admin', 'markets'], queryFn: ({ signal }) => exchange.markets(signal) });

export default function MarketsPage() {
  const markets = useMarkets();
  const all = markets.data?.markets ?? [];
  return (
    <Panel title={t.admin.markets}>
      <p className="muted admin-note">{t.admin.marketsHint}</p>
      {markets.isError ? <ErrorState error={markets.error} retry={() => void markets.refetch()} /> : null}
      {markets.isPending ? <Skeleton rows={4} /> : null}
      {markets.data && all.length === 0 ? <Empty title={t.admin.marketsEmpty} text={t.admin.marketsEmptyHint} /> : null}
      {all.length > 0 ? (
        <Table label={t.admin.markets} columns={kColumns}>
          {all.map((market) => (
            <MarketRow key={market.symbol} market={market} />
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function MarketRow({ market }: { market: Market }) {
  const numbers = [leverage(market.initial_margin_bps), percent(market.maker_fee_ppm, 6), percent(market.taker_fee_ppm, 6), readable(market.tick_size, 'price'), readable(market.lot_size, 'size'), shown(market.version)];
  return (
    <tr>
      <td>
        <Link to={`/admin/markets/${encodeURIComponent(market.symbol)}`} aria-label={t.admin.open(market.symbol)}>
          {market.symbol}
        </Link>
      </td>
      <td>
        <MarketStateText market={market} />
      </td>
      {numbers.map((text, i) => (
        <td key={i} className="right num">
          {text}
        </td>
      ))}
    </tr>
  );
}

export function MarketStateText({ market: { state } }: { market: Market }) {
  const look = state === 'open' ? 'active' : state === 'halted' ? 'disabled' : 'pending';
  return <span className={`admin-status admin-status-${look}`}>{t.admin.marketStates[state]}</span>;
}
