import './portfolio.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { useAccess } from '@/api/access';
import { risk, type NamedEarnings, type Portfolio } from '@/api/risk';
import { t } from '@/strings';
import { Facts, Panel, Segments } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { Curve, type CurveMeasure } from './Curve';
import { daysAgo, directionOf, money, ppmText } from './figures';
import { RiskPanels } from './RiskPanels';

const kRanges = ['1', '7', '30', '365'] as const;
type Range = (typeof kRanges)[number];
const kRefreshMs = 15_000;

/** What an account has earned, and what it stands to lose. */
export default function PortfolioPage() {
  const access = useAccess();
  const accounts = useQuery({ queryKey: ['portfolio', 'accounts'], queryFn: ({ signal }) => risk.accounts(signal), enabled: access.state === 'known', retry: false });
  const [chosen, setChosen] = useState<number | null>(null);
  const [range, setRange] = useState<Range>('1');
  useEffect(() => {
    document.title = `${t.portfolio.title} · ${t.product}`;
  }, []);
  if (access.state === 'asking' || (access.state === 'known' && accounts.isPending)) return <Skeleton rows={12} className="page-skeleton" />;
  if (access.state === 'stranger') {
    return (
      <Empty title={t.portfolio.stranger} text={t.portfolio.strangerHint}>
        <Link className="button button-primary" to="/sign-in">
          {t.account.signIn}
        </Link>
      </Empty>
    );
  }
  if (accounts.isError) return <ErrorState error={accounts.error} retry={() => void accounts.refetch()} />;
  const all = accounts.data?.accounts ?? [];
  if (all.length === 0) {
    return (
      <Empty title={t.portfolio.noAccount} text={t.portfolio.noAccountHint}>
        <Link className="button button-primary" to="/trade">
          {t.portfolio.toTrade}
        </Link>
      </Empty>
    );
  }
  const account = chosen ?? all[0]!.account;
  return (
    <div className="page portfolio-page">
      <div className="portfolio-head">
        <h1>{t.portfolio.title}</h1>
        {all.length > 1 ? <Segments label={t.portfolio.account} value={String(account)} choices={all.map(({ account: n }) => ({ value: String(n), label: t.portfolio.accountName(n) }))} onChange={(n) => setChosen(Number(n))} /> : null}
        <Segments label={t.portfolio.range} value={range} choices={kRanges.map((days) => ({ value: days, label: t.portfolio.ranges[days] }))} onChange={setRange} />
      </div>
      <Earned account={account} equityNow={all.find((one) => one.account === account)?.equity ?? null} days={Number(range)} />
      <RiskPanels account={account} />
    </div>
  );
}

function Earned({ account, equityNow, days }: { account: number; equityNow: string | null; days: number }) {
  const [measure, setMeasure] = useState<CurveMeasure>('equity');
  const earned = useQuery({
    queryKey: ['portfolio', account, days],
    queryFn: ({ signal }) => risk.portfolio(account, daysAgo(days, Date.now()), signal),
    refetchInterval: kRefreshMs,
  });
  const measures = (['equity', 'pnl', 'drawdown', 'gross'] as const).map((value) => ({ value, label: t.portfolio.measures[value] }));
  if (earned.isError) return <ErrorState error={earned.error} retry={() => void earned.refetch()} />;
  if (!earned.data) return <Skeleton rows={8} />;
  return (
    <>
      <Totals portfolio={earned.data} equityNow={equityNow} />
      <Panel title={t.portfolio.curve} tools={<Segments label={t.portfolio.measure} value={measure} choices={measures} onChange={setMeasure} />}>
        {earned.data.curve.length < 2 ? <Empty title={t.portfolio.curveEmpty} text={t.portfolio.curveEmptyHint} /> : <Curve points={earned.data.curve} measure={measure} />}
      </Panel>
      <Tables portfolio={earned.data} reportAs={(format) => risk.reportPath(account, daysAgo(days, Date.now()), format)} />
    </>
  );
}

function Signed({ text }: { text: string }) {
  return <span className={`num ${directionOf(text)}`}>{money(text, 'always')}</span>;
}

/** What follows from the account's worth over time is not known before it was kept twice. */
function Totals({ portfolio: { totals, curve }, equityNow }: { portfolio: Portfolio; equityNow: string | null }) {
  const equity = curve.length > 0 ? totals.equity_to : equityNow;
  const isKept = curve.length > 1;
  const known = (shown: ReactNode) => (isKept ? shown : <span className="muted">–</span>);
  return (
    <Panel title={t.portfolio.totals}>
      <div className="portfolio-totals">
        <Facts
          items={[
            [t.portfolio.equity, <span className="num portfolio-figure">{equity === null ? '–' : money(equity)}</span>],
            [t.portfolio.pnl, known(<Signed text={totals.pnl} />)],
            [t.portfolio.realized, <Signed text={totals.earnings.realized} />],
            [t.portfolio.unrealized, known(<Signed text={totals.unrealized} />)],
            [t.portfolio.fees, <span className="num">{money(totals.earnings.fees)}</span>],
            [t.portfolio.funding, <Signed text={totals.earnings.funding} />],
            [t.portfolio.other, <Signed text={totals.other} />],
            [t.portfolio.flows, known(<span className="num">{money(totals.flows, 'always')}</span>)],
            [t.portfolio.drawdown, known(<span className="num">{`${money(totals.drawdown_max)} (${ppmText(totals.drawdown_max_ppm)})`}</span>)],
          ]}
        />
      </div>
    </Panel>
  );
}

type Grouping = 'by_market' | 'by_day' | 'by_strategy';

function Tables({ portfolio, reportAs }: { portfolio: Portfolio; reportAs: (format: 'csv' | 'pdf') => string }) {
  const [by, setBy] = useState<Grouping>('by_market');
  const rows: NamedEarnings[] = by === 'by_day' ? [...portfolio[by]].reverse() : portfolio[by];
  const c = t.portfolio.columns;
  const tools = (
    <>
      <Segments label={t.portfolio.groupedBy} value={by} choices={(['by_market', 'by_day', 'by_strategy'] as const).map((value) => ({ value, label: t.portfolio.groupings[value] }))} onChange={setBy} />
      {(['pdf', 'csv'] as const).map((format) => (
        <a key={format} className="button" href={reportAs(format)} download>
          {t.portfolio.report[format]}
        </a>
      ))}
    </>
  );
  return (
    <Panel title={t.portfolio.earnings} tools={tools}>
      {rows.length === 0 ? (
        <Empty title={t.portfolio.earningsEmpty} />
      ) : (
        <Table label={t.portfolio.earnings} columns={[{ label: t.portfolio.groupings[by] }, ...[c.net, c.realized, c.fees, c.funding, c.volume, c.fills].map((label) => ({ label, isRight: true }))]}>
          {rows.map(({ name, earnings }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="right">
                <Signed text={earnings.net} />
              </td>
              <td className="right">
                <Signed text={earnings.realized} />
              </td>
              <td className="right num">{money(earnings.fees)}</td>
              <td className="right">
                <Signed text={earnings.funding} />
              </td>
              <td className="right num">{money(earnings.volume)}</td>
              <td className="right num">{earnings.fills}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

