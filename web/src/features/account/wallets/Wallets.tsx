import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { identity } from '@/api/identity';
import { shorten } from '@/domain/address';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';

const WalletButtons = lazy(() => import('./WalletButtons'));
const w = t.account.wallets;

/** What signs in to this account beside password and passkeys. */
export function Wallets() {
  const client = useQueryClient();
  const links = useQuery({ queryKey: ['identity', 'wallets'], queryFn: ({ signal }) => identity.wallets(signal) });
  const { run, error, isBusy } = useChange();
  const changed = () => client.invalidateQueries({ queryKey: ['identity'] });
  const unlink = (kind: string, name: string) =>
    run(async () => {
      await identity.unlinkWallet(kind, name);
      await changed();
    });
  const chains: Record<string, string> = w.chains;
  return (
    <Panel title={w.title}>
      <div className="account-part">
        {links.isError ? <ErrorState error={links.error} retry={() => void links.refetch()} /> : null}
        {links.isPending ? <Skeleton rows={2} /> : null}
        {links.data?.items.length === 0 ? <p className="muted">{w.empty}</p> : null}
        <ul className="account-list" aria-label={w.title}>
          {links.data?.items.map(({ kind, name, created }) => (
            <li key={`${kind} ${name}`}>
              <span title={name}>
                {chains[kind] ?? kind} <span className="num">{shorten(name, 6, 6)}</span>
              </span>
              <span className="muted">
                {w.since} <Time at={created} />
              </span>
              <button type="button" className="button-plain" disabled={isBusy} aria-label={w.unlinkNamed(shorten(name, 6, 6))} onClick={() => void unlink(kind, name)}>
                {w.unlink}
              </button>
            </li>
          ))}
        </ul>
        <Refusal error={error} />
        <Suspense fallback={<Skeleton rows={1} />}>
          <WalletButtons
            verb={w.link}
            use={async (proof) => {
              await identity.linkWallet(proof);
              await changed();
            }}
          />
        </Suspense>
      </div>
    </Panel>
  );
}
