import './lookup.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import type { Swap, TransactionAnswer } from '@/api/types';
import { shorten } from '@/domain/address';
import { protocolName } from '@/domain/protocols';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Hash, Pool, Sol, TokenAmount, Wallet } from '@/ui/values';
import { FindingList } from './FindingList';
import { LookupForm } from './LookupForm';

export default function TransactionPage() {
  const { signature = '' } = useParams();
  const query = useQuery({ queryKey: ['mev', 'transaction', signature], queryFn: ({ signal }) => api.transaction(signature, signal) });
  useEffect(() => {
    document.title = `${shorten(signature, 6, 6)} · ${t.product}`;
  }, [signature]);
  return (
    <div className="page lookup-page">
      <h1>{t.lookup.heading}</h1>
      <LookupForm key={signature} initial={signature} />
      {query.isPending ? <Skeleton rows={8} /> : null}
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} notFoundText={t.lookup.unknownHint} /> : null}
      {query.data ? <Answer answer={query.data} /> : null}
    </div>
  );
}

function Answer({ answer }: { answer: TransactionAnswer }) {
  const { title, hint, tone } = !answer.known
    ? { title: t.lookup.unknown, hint: t.lookup.unknownHint, tone: 'unknown' }
    : answer.sandwiched
      ? { title: t.lookup.yes, hint: '', tone: 'yes' }
      : { title: t.lookup.no, hint: t.lookup.noHint, tone: 'no' };
  return (
    <>
      <section className={`verdict verdict-${tone}`} aria-live="polite">
        <p className="verdict-title">{title}</p>
        {hint ? <p className="muted">{hint}</p> : null}
        {answer.sandwiched ? (
          <p>
            <span className="muted">{t.lookup.loss} </span>
            {answer.loss_lamports === null ? t.lookup.lossUnknown : <Sol lamports={answer.loss_lamports} places={9} />}
          </p>
        ) : null}
        <Hash text={answer.signature} what={t.copy.signature} head={10} tail={10} />
      </section>
      {answer.findings.length > 0 ? (
        <Panel title={t.lookup.findings}>
          <FindingList findings={answer.findings} />
        </Panel>
      ) : null}
      {answer.swaps.length > 0 ? (
        <Panel title={t.lookup.swaps}>
          <Swaps swaps={answer.swaps} />
        </Panel>
      ) : null}
    </>
  );
}

function Swaps({ swaps }: { swaps: readonly Swap[] }) {
  const c = t.detail.legColumns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.lookup.swaps}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{c.where}</th>
            <th scope="col" className="right">{c.in}</th>
            <th scope="col" className="right">{c.out}</th>
            <th scope="col">{c.trader}</th>
          </tr>
        </thead>
        <tbody>
          {swaps.map((swap, i) => (
            <tr key={i}>
              <td>
                <span className="leg-where">{protocolName(swap.protocol)}</span> <Pool address={swap.pool} />
              </td>
              <td className="right"><TokenAmount raw={swap.amount_in} mint={swap.mint_in} /></td>
              <td className="right"><TokenAmount raw={swap.amount_out} mint={swap.mint_out} /></td>
              <td><Wallet address={swap.trader} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
