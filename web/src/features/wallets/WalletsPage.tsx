import './wallets.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAccess } from '@/api/access';
import { useSession } from '@/api/session';
import { wallets, type Wallet } from '@/api/wallets';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { left, Table } from '@/ui/Table';
import { Hash } from '@/ui/values';
import { CreateDialog, WatchDialog } from './NewWallets';
import { canSeal, lockAll, useOpen } from './vault';
import { WalletDetails } from './WalletDetails';

const w = t.wallets;

export default function WalletsPage() {
  const access = useAccess();
  const mark = useSession((s) => s.mark);
  useEffect(() => {
    document.title = `${w.title} · ${t.product}`;
  }, []);
  // Who signs out, or another one who signs in, finds nothing open.
  useEffect(() => lockAll, [mark]);
  return (
    <div className="page wallets-page">
      <h1>{w.title}</h1>
      <p className="muted">{w.intro}</p>
      {access.state === 'asking' ? <Skeleton rows={6} /> : null}
      {access.state === 'stranger' ? (
        <Panel title={w.list}>
          <Empty title={w.stranger}>
            <Link className="button button-primary" to="/sign-in">
              {t.account.signIn}
            </Link>
          </Empty>
        </Panel>
      ) : null}
      {access.profile ? <Own user={access.profile.id} /> : null}
    </div>
  );
}

function Own({ user }: { user: string }) {
  const { id } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [archived, setArchived] = useState(false);
  const [asked, setAsked] = useState<'create' | 'watch' | null>(null);
  const list = useQuery({ queryKey: ['wallets', 'list', user, archived], queryFn: ({ signal }) => wallets.list(archived, signal) });
  const chosen = list.data?.items.find((wallet) => wallet.id === id);
  const changed = () => void client.invalidateQueries({ queryKey: ['wallets', 'list'] });
  const made = (wallet: Wallet) => {
    setAsked(null);
    changed();
    void navigate(`/wallets/${wallet.id}`);
  };
  const close = () => setAsked(null);
  const tools = (
    <>
      <label className="wallet-archived">
        <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} /> {w.archivedToo}
      </label>
      <button type="button" className="button" onClick={() => setAsked('watch')}>
        {w.watch}
      </button>
      <button type="button" className="button button-primary" disabled={!canSeal()} title={canSeal() ? undefined : w.insecure} onClick={() => setAsked('create')}>
        {w.create}
      </button>
    </>
  );
  return (
    <div className="wallets-columns">
      <div className="wallets-side">
        <Panel title={w.list}>
          <div className="wallet-tools">{tools}</div>
          {canSeal() ? null : <p className="muted wallet-note">{w.insecure}</p>}
          {list.isError ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : null}
          {list.isPending ? <Skeleton rows={4} /> : null}
          {list.data?.items.length === 0 ? <Empty title={w.none} text={w.noneHint} /> : null}
          {list.data && list.data.items.length > 0 ? <List items={list.data.items} chosen={id} /> : null}
        </Panel>
      </div>
      <div className="wallets-main">
        {chosen ? <WalletDetails key={chosen.id} user={user} wallet={chosen} onChange={changed} /> : null}
        {list.data && !chosen && list.data.items.length > 0 ? <Empty title={id ? w.unknown : w.chosen} /> : null}
      </div>
      {asked === 'create' ? <CreateDialog user={user} close={close} onMade={made} /> : null}
      {asked === 'watch' ? <WatchDialog close={close} onMade={made} /> : null}
    </div>
  );
}

function List({ items, chosen }: { items: Wallet[]; chosen: string | undefined }) {
  const open = useOpen((s) => s.open);
  const c = w.columns;
  const stateOf = (wallet: Wallet) => (wallet.archived ? 'archived' : wallet.kind === 'watch_only' ? 'watched' : open.has(wallet.id) ? 'open' : 'locked');
  return (
    <Table label={w.list} columns={[left(c.name), left(c.chain), left(c.address), left(c.state)]} isWalked>
      {items.map((wallet) => (
        <tr key={wallet.id} data-row aria-selected={wallet.id === chosen} className={wallet.id === chosen ? 'wallet-chosen' : undefined}>
          <td className="wallet-name">
            <Link to={`/wallets/${wallet.id}`} aria-current={wallet.id === chosen ? 'page' : undefined}>
              {wallet.name}
            </Link>
          </td>
          <td>{w.chains[wallet.chain]}</td>
          <td>
            <Hash text={wallet.address} what={w.address} />
          </td>
          <td>
            <span className={`wallet-state wallet-state-${stateOf(wallet)}`}>{w.states[stateOf(wallet)]}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
