import { useQuery } from '@tanstack/react-query';
import { admin } from '@/api/admin';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';

export default function MarketsPage() {
  const markets = useQuery({ queryKey: ['admin', 'markets'], queryFn: ({ signal }) => admin.markets(signal) });
  const first = markets.data?.markets[0];
  return (
    <Panel title={t.admin.tabs.markets}>
      {markets.isError ? <ErrorState error={markets.error} retry={() => void markets.refetch()} /> : null}
      {markets.isPending ? <Skeleton rows={4} /> : null}
      {markets.data && !first ? <Empty title={t.admin.marketsEmpty} /> : null}
      {markets.data && first ? (
        <Table label={t.admin.tabs.markets} columns={Object.keys(first).map((label) => ({ label }))}>
          {markets.data.markets.map((market, i) => (
            <tr key={i}>
              {Object.entries(market).map(([name, value]) => (
                <td key={name}>{String(value)}</td>
              ))}
            </tr>
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}
