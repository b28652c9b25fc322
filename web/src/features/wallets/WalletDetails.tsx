import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wallets, type Wallet, type WalletFactor } from '@/api/wallets';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Refusal, useChange } from '@/ui/form';
import { Facts, Panel } from '@/ui/parts';
import { left, Table } from '@/ui/Table';
import { Hash, Time } from '@/ui/values';
import { findDevice } from './device';
import { ExportDialog, PasswordDialog, RenameDialog, UnlockDialog } from './OwnDialogs';
import { Receive } from './Receive';
import { addDevice, canSeal, isOpenedHere, lock, removeFactor, unlockByDevice, useOpen } from './vault';
import { toHex } from '@/domain/wallet/bytes';

const w = t.wallets;
type Asked = 'unlock' | 'password' | 'export' | 'rename' | 'archive';

export function WalletDetails({ user, wallet, onChange }: { user: string; wallet: Wallet; onChange: (wallet: Wallet) => void }) {
  return (
    <>
      <About user={user} wallet={wallet} onChange={onChange} />
      <Receive key={wallet.id} wallet={wallet} />
      {wallet.kind === 'self_custody' ? <Factors user={user} wallet={wallet} onChange={onChange} /> : null}
    </>
  );
}

interface Props {
  user: string;
  wallet: Wallet;
  onChange: (wallet: Wallet) => void;
}

function About({ user, wallet, onChange }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { run, error, isBusy } = useChange();
  const close = () => setAsked(null);
  const own = { user, wallet, close, onChange };
  const isSealed = wallet.kind === 'self_custody';
  return (
    <Panel title={wallet.name}>
      <div className="wallet-about">
        <Facts
          items={[
            [w.columns.kind, w.kinds[wallet.kind]],
            [w.chain, w.chains[wallet.chain]],
            [w.address, <Hash key="a" text={wallet.address} what={w.address} head={8} tail={8} />],
            [w.created, <Time key="c" at={wallet.created} />],
          ]}
        />
        {isSealed ? <Lock user={user} wallet={wallet} ask={() => setAsked('unlock')} /> : null}
        <Refusal error={error} />
        <p className="wallet-actions">
          {isSealed ? (
            <>
              <button type="button" className="button" disabled={!canSeal()} onClick={() => setAsked('password')}>
                {w.changePassword}
              </button>
              <button type="button" className="button" disabled={!canSeal()} onClick={() => setAsked('export')}>
                {w.exportWords}
              </button>
            </>
          ) : null}
          <button type="button" className="button" onClick={() => setAsked('rename')}>
            {w.rename}
          </button>
          {wallet.archived ? (
            <button type="button" className="button" disabled={isBusy} onClick={() => void run(async () => onChange(await wallets.archive(wallet.id, false)))}>
              {w.bringBack}
            </button>
          ) : (
            <button type="button" className="button" onClick={() => setAsked('archive')}>
              {w.archive}
            </button>
          )}
        </p>
      </div>
      {asked === 'unlock' ? <UnlockDialog {...own} /> : null}
      {asked === 'password' ? <PasswordDialog {...own} /> : null}
      {asked === 'export' ? <ExportDialog {...own} /> : null}
      {asked === 'rename' ? <RenameDialog {...own} /> : null}
      {asked === 'archive' ? (
        <Confirm title={`${w.archive} ${wallet.name}`} action={w.archive} close={close} act={async () => onChange(await wallets.archive(wallet.id, true))}>
          <p>{w.archiveText}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function Lock({ user, wallet, ask }: { user: string; wallet: Wallet; ask: () => void }) {
  const isOpen = useOpen((s) => s.open.has(wallet.id));
  const here = useQuery({ queryKey: ['wallets', 'here', user, wallet.id, wallet.revision], queryFn: () => isOpenedHere(user, wallet) });
  const { run, error, isBusy } = useChange();
  if (!canSeal()) return <p className="muted">{w.insecure}</p>;
  if (isOpen) {
    return (
      <div className="wallet-lock" role="status">
        <span className="wallet-state wallet-state-open">{w.states.open}</span>
        <button type="button" className="button" onClick={() => lock(wallet.id)}>
          {w.lock}
        </button>
        <p className="muted form-hint">{w.lockHint}</p>
      </div>
    );
  }
  return (
    <div className="wallet-lock">
      <span className="wallet-state">{w.states.locked}</span>
      {here.data ? (
        <button type="button" className="button button-primary" disabled={isBusy} onClick={() => void run(() => unlockByDevice(user, wallet))}>
          {w.unlockHere}
        </button>
      ) : null}
      <button type="button" className={here.data ? 'button' : 'button button-primary'} onClick={ask}>
        {w.unlockByPassword}
      </button>
      <Refusal error={error} />
    </div>
  );
}

function Factors({ user, wallet, onChange }: Props) {
  const isOpen = useOpen((s) => s.open.has(wallet.id));
  const device = useQuery({ queryKey: ['wallets', 'device', user, wallet.revision], queryFn: () => findDevice(user) });
  const [removed, setRemoved] = useState<WalletFactor | null>(null);
  const { run, error, isBusy } = useChange();
  const own = device.data ? `x25519 ${toHex(device.data.device)}` : null;
  const hasOwn = wallet.factors.some(({ parameters }) => parameters === own);
  const c = w.factorColumns;
  return (
    <Panel title={w.opens}>
      <Table label={w.opens} columns={[left(c.kind), left(c.label), left(c.parameters), { label: c.action, isHidden: true }]}>
        {wallet.factors.map((factor) => (
          <tr key={factor.id}>
            <td>{w.factorKinds[factor.kind]}</td>
            <td>
              {factor.label}
              {factor.parameters === own ? <span className="muted"> ({w.thisBrowser})</span> : null}
            </td>
            <td className="num muted">{factor.kind === 'device' ? factor.parameters.slice(0, 15) + '…' : factor.parameters}</td>
            <td className="right">
              {isOpen && wallet.factors.length > 1 ? (
                <button type="button" className="button-plain" aria-label={w.removeNamed(factor.label)} onClick={() => setRemoved(factor)}>
                  {w.remove}
                </button>
              ) : null}
            </td>
          </tr>
        ))}
      </Table>
      <div className="wallet-factors">
        <Refusal error={error} />
        {isOpen && !hasOwn ? (
          <button type="button" className="button" disabled={isBusy} onClick={() => void run(async () => onChange(await addDevice(user, wallet)))}>
            {w.addBrowser}
          </button>
        ) : null}
        {isOpen ? null : <p className="muted form-hint">{w.unlockToChange}</p>}
      </div>
      {removed ? (
        <Confirm title={w.removeTitle} action={w.removeNamed(removed.label)} isDanger close={() => setRemoved(null)} act={async () => onChange(await removeFactor(user, wallet, removed.id))}>
          <p>{w.removeText(removed.label)}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}
