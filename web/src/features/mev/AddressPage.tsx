import './lookup.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { api, ApiError } from '@/api/client';
import { FINDING_KINDS, type FindingKind } from '@/api/types';
import { shorten } from '@/domain/address';
import { t } from '@/strings';
import { Kind, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Count, Hash, poolPath, Sol, walletPath } from '@/ui/values';
import { readAddress, type KindTotals } from './address';
import { FindingList } from './FindingList';
import { LookupForm } from './LookupForm';

/** A wallet's or a pool's history: sums by kind, and its findings. */
export default function AddressPage({ what }: { what: 'wallet' | 'pool' }) {
  const { address = '' } = useParams();
  useEffect(() => {
    document.title = `${shorten(address)} · ${t.product}`;
  }, [address]);
  const other = what === 'wallet' ? { to: poolPath(address), label: t.lookup.asPool } : { to: walletPath(address), label: t.lookup.asWallet };
  return (
    <div className="page lookup-page">
      <h1>{what === 'wallet' ? t.lookup.wallet : t.lookup.pool}</h1>
      <LookupForm key={address} initial={address} />
      <div className="address-head">
        <Hash text={address} what={t.copy.address} head={12} tail={12} />
        <Link to={other.to}>{other.label}</Link>
        <Link to={`/mev?${what}=${address}`}>{t.lookup.showLive}</Link>
      </div>
      <AddressTotals what={what} address={address} />
      <AddressFindings what={what} address={address} />
    </div>
  );
}

interface Props {
  what: 'wallet' | 'pool';
  address: string;
}

function AddressTotals({ what, address }: Props) {
  const query = useQuery({
    queryKey: ['mev', what, address],
    queryFn: ({ signal }) => (what === 'wallet' ? api.wallet : api.pool)(address, {}, signal),
  });
  if (query.isPending) return <Skeleton rows={4} />;
  if (query.isError) {
    if (query.error instanceof ApiError && query.error.isNotFound) return null;
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  const totals = readAddress(query.data);
  const sections = [
    { title: what === 'wallet' ? t.lookup.actor : t.lookup.totals, rows: totals.actor },
    { title: t.lookup.victim, rows: totals.victim },
  ].filter((section) => section.rows.some((row) => row.count > 0));
  return (
    <div className="address-totals">
      {sections.map(({ title, rows }) => (
        <Panel key={title} title={title}>
          <TotalsTable rows={rows.filter((row) => row.count > 0)} />
        </Panel>
      ))}
    </div>
  );
}

const isKind = (text: string): text is FindingKind => (FINDING_KINDS as readonly string[]).includes(text);

function TotalsTable({ rows }: { rows: KindTotals[] }) {
  const shows = (name: keyof KindTotals) => rows.some((row) => row[name] !== null);
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t.lookup.kind}</th>
          <th scope="col" className="right">{t.lookup.count}</th>
          {shows('profitable') ? <th scope="col" className="right">{t.lookup.profitable}</th> : null}
          {shows('profit_lamports') ? <th scope="col" className="right">{t.lookup.profit}</th> : null}
          {shows('tips_lamports') ? <th scope="col" className="right">{t.lookup.tips}</th> : null}
          {shows('loss_lamports') ? <th scope="col" className="right">{t.lookup.lost}</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.kind}>
            <td>{isKind(row.kind) ? <Kind kind={row.kind} /> : t.lookup.totals}</td>
            <td className="right"><Count value={row.count} /></td>
            {shows('profitable') ? <td className="right"><Count value={row.profitable ?? 0} /></td> : null}
            {shows('profit_lamports') ? <td className="right"><Sol lamports={row.profit_lamports} signed /></td> : null}
            {shows('tips_lamports') ? <td className="right"><Sol lamports={row.tips_lamports} /></td> : null}
            {shows('loss_lamports') ? <td className="right"><Sol lamports={row.loss_lamports} /></td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AddressFindings({ what, address }: Props) {
  const query = useInfiniteQuery({
    queryKey: ['mev', 'findings-of', what, address],
    queryFn: ({ pageParam, signal }) => api.opportunities({ [what]: address, limit: 50, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  if (query.isPending) return <Skeleton rows={8} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const findings = query.data.pages.flatMap((page) => page.items);
  if (findings.length === 0) return <Empty title={t.lookup.none} text={t.lookup.noneHint} />;
  return (
    <Panel title={t.live.table}>
      <FindingList findings={findings} />
      {query.hasNextPage ? (
        <button type="button" className="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.lookup.more}
        </button>
      ) : null}
    </Panel>
  );
}
