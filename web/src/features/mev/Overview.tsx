import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '@/api/client';
import type { StatisticsItem } from '@/api/types';
import { formatRaw, group, SOL_DECIMALS } from '@/domain/amount';
import { parseTime } from '@/domain/time';
import { useFeed } from '@/feed/feed';
import { t } from '@/strings';
import { Panel, Segments } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { layOut, toBuckets, totalsOf, windows, type Measure, type Totals, type WindowName } from './chart';
import { ProfitChart } from './ProfitChart';

/** New blocks bring new sums; asking more often than this shows nothing more. */
const kRefreshMs = 2000;

/**
 * The window ends at the newest block's own time: of a replay of last year's blocks, last year.
 * Rounded so that the question stays the same for a while.
 */
function useWindow(name: WindowName): { from: number | null; to: number | null } {
  const { slots } = useFeed();
  const newest = parseTime(slots.at(-1)?.time);
  const { ms, bucketMs } = windows[name];
  if (newest === null || ms === null) return { from: null, to: null };
  const to = Math.floor(newest / bucketMs) * bucketMs;
  return { from: to - ms, to };
}

/** What is only possible so far is nobody's profit. */
const isRealised = (item: StatisticsItem): boolean => item.kind !== 'price_gap' && item.kind !== 'near_liquidation';

export function Overview() {
  const [name, setName] = useState<WindowName>('15m');
  const [measure, setMeasure] = useState<Measure>('profit');
  const { from, to } = useWindow(name);
  const { bucket, bucketMs } = windows[name];
  const query = useQuery({
    queryKey: ['mev', 'statistics', name, from],
    queryFn: ({ signal }) => api.statistics({ bucket, from: from === null ? null : new Date(from).toISOString() }, signal),
    refetchInterval: kRefreshMs,
    placeholderData: keepPreviousData,
  });
  const items = useMemo(() => query.data?.items ?? [], [query.data]);
  const totals = useMemo(() => totalsOf(items.filter(isRealised)), [items]);
  const layout = useMemo(
    () => layOut(toBuckets(measure === 'profit' ? items.filter(isRealised) : items, measure), bucketMs, from, to),
    [items, measure, bucketMs, from, to],
  );
  const windowChoices = (Object.keys(windows) as WindowName[]).map((value) => ({ value, label: t.live.windows[value] }));
  const measures: { value: Measure; label: string }[] = [
    { value: 'profit', label: t.live.measure.profit },
    { value: 'count', label: t.live.measure.count },
  ];
  return (
    <div className="overview">
      <Panel
        title={measure === 'profit' ? `${t.live.chart}, ${t.live.chartUnit}` : t.live.chartCount}
        className="chart-panel"
        tools={
          <>
            <Segments label={t.live.chart} value={measure} choices={measures} onChange={setMeasure} />
            <Segments label={t.live.window} value={name} choices={windowChoices} onChange={setName} />
          </>
        }
      >
        {query.isPending ? <Skeleton rows={4} /> : null}
        {query.isError && !query.data ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
        {query.data ? <ProfitChart layout={layout} measure={measure} bucketMs={bucketMs} from={from} to={to} /> : null}
      </Panel>
      <TotalsStrip totals={query.data ? totals : null} />
    </div>
  );
}

function TotalsStrip({ totals }: { totals: Totals | null }) {
  const sol = (value: bigint, sign: 'always' | 'negative') => formatRaw(value, SOL_DECIMALS, { places: 4, sign });
  const figures: [string, string, string][] = totals
    ? [
        [t.live.totalsFindings, group(String(totals.count)), ''],
        [t.live.totalsProfitable, group(String(totals.profitable)), ''],
        [t.live.totalsProfit, sol(totals.profit, 'always'), totals.profit > 0n ? 'up' : totals.profit < 0n ? 'down' : ''],
        [t.live.totalsTips, sol(totals.tips, 'negative'), ''],
        [t.live.totalsLoss, sol(totals.victimLoss, 'negative'), ''],
      ]
    : [];
  return (
    <section className="totals" aria-label={t.live.totals}>
      {totals ? (
        <dl>
          {figures.map(([name, value, tone]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={`num ${tone}`}>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Skeleton rows={5} />
      )}
    </section>
  );
}
