import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { risk, type AccountRisk, type AccountStress, type Standing, type TailRisk } from '@/api/risk';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { right, Table } from '@/ui/Table';
import { directionOf, money, ppmText } from './figures';
import { PriceGrid } from './PriceGrid';
import { StressForm } from './StressForm';

const kRefreshMs = 10_000;

/** Exposure, value at risk, and what the account would be at other prices. */
export function RiskPanels({ account }: { account: number }) {
  const own = useQuery({ queryKey: ['risk', account], queryFn: ({ signal }) => risk.own(account, signal), refetchInterval: kRefreshMs });
  if (own.isError) return <ErrorState error={own.error} retry={() => void own.refetch()} />;
  if (!own.data) return <Skeleton rows={8} />;
  return (
    <div className="portfolio-grid">
      <ExposurePanel of={own.data} />
      <TailPanel of={own.data} />
      <PriceGrid title={t.portfolio.grid} columns={standingColumns(t.portfolio.gridColumns.change)} of={own.data} cells={(standing) => <StandingCells standing={standing} />} />
      <StressPanel account={account} of={own.data} />
    </div>
  );
}

function ExposurePanel({ of: { exposure } }: { of: AccountRisk }) {
  const c = t.portfolio.exposureColumns;
  return (
    <Panel title={t.portfolio.exposure}>
      <p className="muted portfolio-note">{t.portfolio.exposureSum(money(exposure.gross), money(exposure.net, 'always'))}</p>
      {exposure.assets.length > 0 ? (
        <Table label={t.portfolio.exposure} columns={[{ label: c.asset }, right(c.delta), right(c.long), right(c.short), right(c.collateral)]}>
          {exposure.assets.map((asset) => (
            <tr key={asset.asset}>
              <td>{asset.asset}</td>
              <td className={`right num ${directionOf(asset.delta)}`}>{asset.delta.replace('-', '−')}</td>
              <td className="right num">{money(asset.long_notional)}</td>
              <td className="right num">{money(asset.short_notional)}</td>
              <td className="right num">{money(asset.collateral_value)}</td>
            </tr>
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function TailPanel({ of: { tail, window } }: { of: AccountRisk }) {
  const c = t.portfolio.tailColumns;
  return (
    <Panel title={t.portfolio.tail}>
      <p className="muted portfolio-note">{t.portfolio.tailHint(window.from.slice(0, 10), window.to.slice(0, 10), window.hours)}</p>
      <Table label={t.portfolio.tail} columns={[{ label: c.horizon }, right(c.confidence), right(c.valueAtRisk), right(c.expectedShortfall), right(c.worst)]}>
        {tail.map((one: TailRisk) => (
          <tr key={`${one.hours}-${one.confidence_ppm}`}>
            <td>{t.portfolio.hours(one.hours)}</td>
            <td className="right num">{ppmText(one.confidence_ppm)}</td>
            <td className="right num">{money(one.value_at_risk)}</td>
            <td className="right num">{money(one.expected_shortfall)}</td>
            <td className="right num">{money(one.worst)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function StandingCells({ standing }: { standing: Standing }) {
  return (
    <>
      <td className="right num">{money(standing.equity)}</td>
      <td className="right num">{standing.margin_ratio_ppm === null ? '–' : ppmText(standing.margin_ratio_ppm - (standing.margin_ratio_ppm % 100))}</td>
      <td>{standing.liquidated ? <span className="down">{t.portfolio.liquidated}</span> : <span className="muted">{t.portfolio.stands}</span>}</td>
    </>
  );
}

const standingColumns = (first: string) => [{ label: first }, right(t.portfolio.gridColumns.equity), right(t.portfolio.gridColumns.ratio), { label: t.portfolio.gridColumns.then }];

function StressPanel({ account, of }: { account: number; of: AccountRisk }) {
  const [result, setResult] = useState<AccountStress | null>(null);
  return (
    <Panel title={t.portfolio.stress}>
      <StressForm
        crashes={of.crashes.map(({ crash }) => crash)}
        symbols={of.exposure.assets.map(({ asset }) => asset)}
        label={t.portfolio.runStress}
        run={async (scenario) => setResult(await risk.stress(account, scenario))}
      />
      {result ? (
        <Table label={t.portfolio.stressResult} columns={standingColumns(t.portfolio.gridColumns.when)}>
          <tr>
            <td>{t.portfolio.before}</td>
            <StandingCells standing={result.before} />
          </tr>
          <tr>
            <td>{t.portfolio.after}</td>
            <StandingCells standing={result.after} />
          </tr>
        </Table>
      ) : null}
    </Panel>
  );
}
