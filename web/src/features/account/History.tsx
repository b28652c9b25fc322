import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { identity, type Profile } from '@/api/identity';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';
import { Form, TextField, useChange } from '@/ui/form';

const kShown = 20;

/** What was done in this account's name, newest first. */
export function History() {
  const audit = useQuery({ queryKey: ['identity', 'audit'], queryFn: ({ signal }) => identity.ownAudit(signal) });
  const newest = audit.data?.items.slice(-kShown).reverse() ?? [];
  const c = t.account.auditColumns;
  return (
    <Panel title={t.account.audit}>
      {audit.isError ? <ErrorState error={audit.error} retry={() => void audit.refetch()} /> : null}
      {audit.isPending ? <Skeleton rows={4} /> : null}
      {audit.data?.items.length === 0 ? <Empty title={t.account.auditEmpty} /> : null}
      {newest.length > 0 ? (
        <div className="table-scroll" tabIndex={0} role="group" aria-label={t.account.audit}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col" className="right">{c.seq}</th>
                <th scope="col">{c.time}</th>
                <th scope="col">{c.action}</th>
                <th scope="col">{c.outcome}</th>
                <th scope="col">{c.hash}</th>
              </tr>
            </thead>
            <tbody>
              {newest.map((entry) => (
                <tr key={entry.seq}>
                  <td className="right num">{entry.seq}</td>
                  <td>
                    <Time at={entry.time} />
                  </td>
                  <td>{entry.action}</td>
                  <td className={entry.outcome === 'ok' ? '' : 'refused'}>{entry.outcome}</td>
                  <td className="num muted">{entry.hash.slice(0, 12)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </Panel>
  );
}

export function Privacy({ profile }: { profile: Profile }) {
  const [confirm, setConfirm] = useState('');
  const navigate = useNavigate();
  const client = useQueryClient();
  const { run, error, isBusy } = useChange();
  const erase = () =>
    run(async () => {
      await identity.erase(confirm.trim());
      client.clear();
      navigate('/sign-in', { state: { notice: t.account.erased } });
    });
  return (
    <Panel title={t.account.privacy}>
      <div className="account-part">
        <p>{t.account.exportHint}</p>
        <p>
          <a className="button" href={identity.exportPath} download>
            {t.account.export}
          </a>
        </p>
        <p>{t.account.eraseHint}</p>
        <Form submit={t.account.erase} isDanger isBusy={isBusy} error={error} onSubmit={() => void erase()}>
          <TextField label={t.account.eraseConfirm} hint={profile.id} value={confirm} onChange={setConfirm} />
        </Form>
      </div>
    </Panel>
  );
}
