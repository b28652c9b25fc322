import '@/features/portfolio/portfolio.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { risk, type Concentration, type VenueRisk, type VenueStanding, type VenueStress } from '@/api/risk';
import { money, ppmText } from '@/features/portfolio/figures';
import { PriceGrid } from '@/features/portfolio/PriceGrid';
import { StressForm } from '@/features/portfolio/StressForm';
import { t } from '@/strings';
import { Facts, Panel, Segments } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { right, Table } from '@/ui/Table';
import { HaltsPanel } from './HaltsPanel';

const kRefreshMs = 10_000;

/** The whole venue: who is near liquidation, who holds how much, what would be missing. */
export default function RiskPage() {
  const venue = useQuery({ queryKey: ['risk', 'venue'], queryFn: ({ signal }) => risk.venue(signal), refetchInterval: kRefreshMs });
  if (venue.isError) return <ErrorState error={venue.error} retry={() => void venue.refetch()} />;
  if (!venue.data) return <Skeleton rows={12} />;
  return (
    <>
      <Now of={venue.data} />
      <div className="portfolio-grid">
        <Accounts />
        <ConcentrationPanel all={venue.data.concentration} />
        <PriceGrid title={t.risk.grid} columns={standingColumns(t.portfolio.gridColumns.change)} of={venue.data} cells={(standing) => <StandingCells standing={standing} />} />
        <Queue markets={venue.data.concentration.map(({ market }) => market)} />
      </div>
      <HaltsPanel markets={venue.data.concentration.map(({ market }) => market)} />
      <Stress of={venue.data} />
    </>
  );
}

function Now({ of: { now, pools, exposure } }: { of: VenueRisk }) {
  const figure = (text: string) => <span className="num">{money(text)}</span>;
  return (
    <Panel title={t.risk.now}>
      <div className="portfolio-totals">
        <Facts
          items={[
            [t.risk.insurance, <span className="num portfolio-figure">{money(pools.insurance)}</span>],
            [t.risk.accounts, <span className="num">{now.accounts}</span>],
            [t.risk.equity, figure(now.equity)],
            [t.risk.gross, figure(exposure.gross)],
            [t.risk.below, <span className={now.liquidated > 0 ? 'num down' : 'num'}>{now.liquidated}</span>],
            [t.risk.bankrupt, figure(now.bankrupt_amount)],
            [t.risk.uncovered, figure(pools.uncovered)],
            [t.risk.fees, figure(pools.fees)],
            [t.risk.treasury, figure(pools.treasury)],
          ]}
        />
      </div>
    </Panel>
  );
}

function Accounts() {
  const list = useQuery({ queryKey: ['risk', 'accounts'], queryFn: ({ signal }) => risk.venueAccounts(signal), refetchInterval: kRefreshMs });
  const c = t.risk.accountColumns;
  const all = list.data?.accounts ?? [];
  return (
    <Panel title={t.risk.byRatio}>
      {list.isError ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton rows={6} /> : null}
      {list.data && all.length === 0 ? <Empty title={t.risk.noPositions} /> : null}
      {all.length > 0 ? (
        <Table label={t.risk.byRatio} columns={[{ label: c.account }, right(c.ratio), right(c.equity), right(c.requirement), right(c.gross)]}>
          {all.map(({ standing, gross }) => (
            <tr key={standing.account}>
              <td className="num">{standing.account}</td>
              <td className={`right num ${standing.liquidated ? 'down' : ''}`}>{standing.margin_ratio_ppm === null ? '–' : ppmText(standing.margin_ratio_ppm - (standing.margin_ratio_ppm % 100))}</td>
              <td className="right num">{money(standing.equity)}</td>
              <td className="right num">{money(standing.requirement)}</td>
              <td className="right num">{money(gross)}</td>
            </tr>
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function ConcentrationPanel({ all }: { all: readonly Concentration[] }) {
  const c = t.risk.concentrationColumns;
  const largest = ({ largest: [first] }: Concentration['longs']) => (first ? t.risk.holder(first.account, ppmText(first.share_ppm - (first.share_ppm % 1000))) : '–');
  const index = (ppm: number) => (ppm / 1_000_000).toFixed(3);
  return (
    <Panel title={t.risk.concentration}>
      <p className="muted portfolio-note">{t.risk.concentrationHint}</p>
      <Table label={t.risk.concentration} columns={[{ label: c.market }, right(c.notional), right(c.longs), right(c.longIndex), right(c.shorts), right(c.shortIndex)]}>
        {all.map((one) => (
          <tr key={one.market}>
            <td>{one.market}</td>
            <td className="right num">{money(one.notional)}</td>
            <td className="right num">{largest(one.longs)}</td>
            <td className="right num">{index(one.longs.herfindahl_ppm)}</td>
            <td className="right num">{largest(one.shorts)}</td>
            <td className="right num">{index(one.shorts.herfindahl_ppm)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function StandingCells({ standing }: { standing: VenueStanding }) {
  return (
    <>
      <td className={`right num ${standing.liquidated > 0 ? 'down' : 'muted'}`}>{standing.liquidated}</td>
      <td className="right num">{money(standing.liquidated_notional)}</td>
      <td className="right num">{money(standing.bankrupt_amount)}</td>
      <td className={`right num ${standing.insurance_missing === '0' ? 'muted' : 'down'}`}>{money(standing.insurance_missing)}</td>
    </>
  );
}

const standingColumns = (first: string) => [{ label: first }, right(t.risk.standing.liquidated), right(t.risk.standing.notional), right(t.risk.standing.bankrupt), right(t.risk.standing.missing)];

function Queue({ markets }: { markets: readonly string[] }) {
  const [market, setMarket] = useState(markets[0] ?? '');
  const [side, setSide] = useState<'long' | 'short'>('long');
  const queue = useQuery({ queryKey: ['risk', 'queue', market, side], queryFn: ({ signal }) => risk.queue(market, side, signal), enabled: market !== '', refetchInterval: kRefreshMs });
  const c = t.risk.queueColumns;
  const rows = queue.data?.positions.slice(0, 10) ?? [];
  const tools = (
    <>
      <select className="field" aria-label={t.risk.market} value={market} onChange={(event) => setMarket(event.target.value)}>
        {markets.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Segments label={t.risk.side} value={side} choices={[{ value: 'long', label: t.risk.longs }, { value: 'short', label: t.risk.shorts }]} onChange={setSide} />
    </>
  );
  return (
    <Panel title={t.risk.queue} tools={tools}>
      <p className="muted portfolio-note">{t.risk.queueHint}</p>
      {queue.isError ? <ErrorState error={queue.error} retry={() => void queue.refetch()} /> : null}
      {queue.data && rows.length === 0 ? <Empty title={t.risk.noPositions} /> : null}
      {rows.length > 0 ? (
        <Table label={t.risk.queue} columns={[{ label: c.place }, right(c.account), right(c.size), right(c.rank), right(c.value)]}>
          {rows.map((position, i) => (
            <tr key={`${position.account}-${position.leg}`}>
              <td className="num">{i + 1}</td>
              <td className="right num">{position.account}</td>
              <td className="right num">{position.size.replace('-', '−')}</td>
              <td className="right num">{(position.rank / 1_000_000).toFixed(4).replace('-', '−')}</td>
              <td className="right num">{money(position.value)}</td>
            </tr>
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function Stress({ of }: { of: VenueRisk }) {
  const [result, setResult] = useState<VenueStress | null>(null);
  const [withEngine, setWithEngine] = useState(true);
  return (
    <Panel title={t.risk.stress}>
      <p className="muted portfolio-note">{t.risk.stressHint}</p>
      <label className="risk-engine">
        <input type="checkbox" checked={withEngine} onChange={(event) => setWithEngine(event.target.checked)} /> {t.risk.withEngine}
      </label>
      <StressForm
        crashes={of.crashes.map(({ crash }) => crash)}
        symbols={of.concentration.map(({ market }) => market)}
        label={t.portfolio.runStress}
        run={async (scenario) => setResult(await risk.venueStress(scenario, withEngine && scenario.volatility_ppm === undefined))}
      />
      {result ? <StressResult of={result} /> : null}
    </Panel>
  );
}

function StressResult({ of: { before, after, run } }: { of: VenueStress }) {
  return (
    <div role="status">
      <Table label={t.portfolio.stressResult} columns={standingColumns(t.portfolio.gridColumns.when)}>
        <tr>
          <td>{t.portfolio.before}</td>
          <StandingCells standing={before} />
        </tr>
        <tr>
          <td>{t.portfolio.after}</td>
          <StandingCells standing={after} />
        </tr>
      </Table>
      {run ? (
        <div className="portfolio-totals">
          <Facts
            items={[
              [t.risk.run.liquidated, <span className="num">{run.liquidated.length}</span>],
              [t.risk.run.book, <span className="num">{money(run.closed_on_book)}</span>],
              [t.risk.run.backstops, <span className="num">{money(run.taken_by_backstops)}</span>],
              [t.risk.run.deleveraged, <span className="num">{money(run.deleveraged)}</span>],
              [t.risk.run.fund, <span className="num">{`${money(run.fund_before)} → ${money(run.fund_after)}`}</span>],
              [t.risk.run.socialized, <span className="num">{money(run.socialized)}</span>],
              [t.risk.run.uncovered, <span className="num">{money(run.uncovered)}</span>],
            ]}
          />
        </div>
      ) : null}
      {run && run.guarded.length > 0 ? <p className="muted portfolio-note">{t.risk.guarded(run.guarded.join(', '))}</p> : null}
    </div>
  );
}
