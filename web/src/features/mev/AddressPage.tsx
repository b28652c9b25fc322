import './lookup.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { KindTotals } from '@/api/types';
import { shorten } from '@/domain/address';
import { t } from '@/strings';
import { Kind, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Count, Hash, poolPath, Sol, walletPath } from '@/ui/values';
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

interface Section {
  title: string;
  rows: KindTotals[];
  /** Sums of what was done to it, not by it. */
  isVictim?: boolean;
}

async function sectionsOf(what: Props['what'], address: string, signal: AbortSignal): Promise<Section[]> {
  if (what === 'pool') {
    const answer = await api.pool(address, { limit: 1 }, signal);
    return [{ title: `${t.lookup.totals}, ${t.lookup.swapCount(answer.swaps)}`, rows: answer.totals }];
  }
  const answer = await api.wallet(address, { limit: 1 }, signal);
  return [
    { title: t.lookup.actor, rows: answer.as_actor },
    { title: t.lookup.victim, rows: answer.as_victim, isVictim: true },
  ];
}

function AddressTotals({ what, address }: Props) {
  const query = useQuery({ queryKey: ['mev', what, address], queryFn: ({ signal }) => sectionsOf(what, address, signal) });
  if (query.isPending) return <Skeleton rows={4} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className="address-totals">
      {query.data
        .filter((section) => section.rows.length > 0)
        .map((section) => (
          <Panel key={section.title} title={section.title}>
            <TotalsTable {...section} />
          </Panel>
        ))}
    </div>
  );
}

function TotalsTable({ rows, isVictim = false }: Section) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t.lookup.kind}</th>
          <th scope="col" className="right">{t.lookup.count}</th>
          {isVictim ? null : (
            <>
              <th scope="col" className="right">{t.lookup.profitable}</th>
              <th scope="col" className="right">{t.lookup.profit}</th>
              <th scope="col" className="right">{t.lookup.tips}</th>
            </>
          )}
          <th scope="col" className="right">{isVictim ? t.lookup.lost : t.lookup.victimsLost}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.kind}>
            <td><Kind kind={row.kind} /></td>
            <td className="right"><Count value={row.count} /></td>
            {isVictim ? null : (
              <>
                <td className="right"><Count value={row.profitable} /></td>
                <td className="right"><Sol lamports={row.profit_lamports} signed /></td>
                <td className="right"><Sol lamports={row.tips_lamports} /></td>
              </>
            )}
            <td className="right"><Sol lamports={row.victim_loss_lamports} /></td>
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
