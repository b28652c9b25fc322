import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAccess } from '@/api/access';
import { halts, kRequestStates, type StateRequest } from '@/api/halts';
import { proposingPath } from '@/features/governance/proposing';
import { useIsBound } from '@/features/governance/useIsBound';
import { t } from '@/strings';
import { Refusal, SelectField, TextField, useChange } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { Time } from '@/ui/values';

const kRefreshMs = 5_000;
const kKey = ['halts'];

/** Markets are stopped and started by two persons: one asks, another confirms. */
export function HaltsPanel({ markets }: { markets: readonly string[] }) {
  const list = useQuery({ queryKey: kKey, queryFn: ({ signal }) => halts.list(signal), refetchInterval: kRefreshMs });
  const items = list.data?.items ?? [];
  const c = t.halts.columns;
  return (
    <Panel title={t.halts.title}>
      <p className="muted portfolio-note">{t.halts.hint}</p>
      <AskForm markets={markets} />
      {list.isError ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton rows={3} /> : null}
      {list.data && items.length === 0 ? <Empty title={t.halts.none} /> : null}
      {items.length > 0 ? (
        <Table label={t.halts.title} columns={[{ label: c.market }, { label: c.state }, { label: c.reason }, { label: c.asked }, { label: c.outcome }, { label: c.act, isHidden: true }]}>
          {items.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function AskForm({ markets }: { markets: readonly string[] }) {
  const client = useQueryClient();
  const [market, setMarket] = useState('*');
  const [state, setState] = useState<(typeof kRequestStates)[number]>('halted');
  const [reason, setReason] = useState('');
  const { run, error, isBusy } = useChange();
  const problem = market === '*' && state === 'open' ? t.halts.openOne : null;
  // Stopping takes no vote; opening again does, where the rules bind.
  const isProposed = useIsBound() && state === 'open' && market !== '*';
  const submit = () =>
    run(async () => {
      await halts.ask({ market, state, reason });
      setReason('');
      toast(t.halts.asked);
      await client.invalidateQueries({ queryKey: kKey });
    });
  return (
    <form
      className="stress-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem && !isProposed && reason.trim() !== '') void submit();
      }}
    >
      <SelectField label={t.halts.market} value={market} onChange={setMarket} problem={problem} choices={[{ value: '*', label: t.halts.all }, ...markets.map((name) => ({ value: name, label: name }))]} />
      <SelectField label={t.halts.state} value={state} onChange={(value) => setState(value as typeof state)} choices={kRequestStates.map((value) => ({ value, label: t.halts.states[value] }))} />
      <TextField label={t.halts.reason} value={reason} onChange={setReason} />
      {isProposed ? (
        <Link className="button button-primary" to={proposingPath('market', market, { state })}>
          {t.halts.propose(market)}
        </Link>
      ) : (
        <button type="submit" className="button button-primary" disabled={isBusy || problem !== null || reason.trim() === ''}>
          {t.halts.ask}
        </button>
      )}
      {isProposed ? <p className="muted portfolio-note">{t.halts.bound}</p> : null}
      <Refusal error={error} />
    </form>
  );
}

function RequestRow({ request }: { request: StateRequest }) {
  const client = useQueryClient();
  const { profile } = useAccess();
  const { run, error, isBusy } = useChange();
  const act = (change: () => Promise<StateRequest>) =>
    run(async () => {
      const after = await change();
      toast(t.halts.told(t.halts.outcomes[after.outcome], after.note));
      await Promise.all([client.invalidateQueries({ queryKey: kKey }), client.invalidateQueries({ queryKey: ['admin', 'markets'] })]);
    });
  const mine = profile?.id === request.asked_by;
  return (
    <tr>
      <td>{request.market === '*' ? t.halts.all : request.market}</td>
      <td>{t.halts.states[request.state]}</td>
      <td className="halts-reason">{request.reason}</td>
      <td>
        <Time at={request.asked} /> {mine ? <span className="muted">{t.halts.byYou}</span> : null}
      </td>
      <td>
        {t.halts.outcomes[request.outcome]}
        {request.note ? <span className="muted"> {request.note}</span> : null}
        <Refusal error={error} />
      </td>
      <td className="right">
        {request.outcome === 'waiting' ? (
          <>
            {mine ? null : (
              <button type="button" className="button button-danger" disabled={isBusy} onClick={() => void act(() => halts.confirm(request.id))}>
                {t.halts.confirm}
              </button>
            )}{' '}
            <button type="button" className="button" disabled={isBusy} onClick={() => void act(() => halts.withdraw(request.id))}>
              {t.halts.withdraw}
            </button>
          </>
        ) : null}
      </td>
    </tr>
  );
}
