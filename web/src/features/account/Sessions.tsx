import { useQuery, useQueryClient } from '@tanstack/react-query';
import { identity } from '@/api/identity';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';
import { Refusal, useChange } from '@/ui/form';

export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ['identity', 'sessions'], queryFn: ({ signal }) => identity.sessions(signal) });
  const { run, error, isBusy } = useChange();
  const end = (id: string) =>
    run(async () => {
      await identity.endSession(id);
      await client.invalidateQueries({ queryKey: ['identity'] });
    });
  return (
    <Panel title={t.account.sessions}>
      <div className="account-part">
        {sessions.isError ? <ErrorState error={sessions.error} retry={() => void sessions.refetch()} /> : null}
        {sessions.isPending ? <Skeleton rows={2} /> : null}
        <Refusal error={error} />
        <ul className="account-list">
          {sessions.data?.items.map((session) => (
            <li key={session.id}>
              <span title={session.user_agent}>
                {session.ip} · {session.methods}
              </span>
              <span className="muted">
                <Time at={session.created} />
              </span>
              <button type="button" className="button-plain" disabled={isBusy} aria-label={t.account.endNamed(session.ip)} onClick={() => void end(session.id)}>
                {t.account.end}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
