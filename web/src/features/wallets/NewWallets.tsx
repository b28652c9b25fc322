import { useState, type ReactNode } from 'react';
import { wallets, type Wallet, type WalletChain } from '@/api/wallets';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, SelectField, TextField, useChange } from '@/ui/form';
import { kPasswordLength, makeWallet } from './vault';

const w = t.wallets;
const kChains = (['stellar', 'solana'] as const).map((value) => ({ value, label: w.chains[value] }));

export interface Made {
  close: () => void;
  onMade: (wallet: Wallet) => void;
}

export function WalletDialog({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  return (
    <Dialog label={title} close={close}>
      <DialogHeader close={close} dismiss={t.confirm.cancel}>
        {title}
      </DialogHeader>
      <div className="dialog-body">{children}</div>
    </Dialog>
  );
}

/** A new password, twice. */
export function usePassword() {
  const [text, setText] = useState('');
  const [again, setAgain] = useState('');
  const isGood = text.length >= kPasswordLength && text === again;
  const fields = (label: string) => (
    <>
      <TextField label={label} type="password" autoComplete="new-password" hint={w.passwordHint} value={text} onChange={setText} problem={text !== '' && text.length < kPasswordLength ? w.passwordShort : null} />
      <TextField label={w.passwordAgain} type="password" autoComplete="new-password" value={again} onChange={setAgain} problem={again !== '' && again !== text ? w.passwordsDiffer : null} />
    </>
  );
  return { text, isGood, fields };
}

export function CreateDialog({ user, close, onMade }: Made & { user: string }) {
  const [name, setName] = useState('');
  const [chain, setChain] = useState<WalletChain>('stellar');
  const [withDevice, setWithDevice] = useState(true);
  const password = usePassword();
  const { run, error, isBusy } = useChange();
  const create = () => run(async () => onMade(await makeWallet(user, name.trim(), chain, password.text, withDevice)));
  return (
    <WalletDialog title={w.create} close={close}>
      <p>{w.intro}</p>
      <Form submit={isBusy ? w.creating : w.createNamed} isBusy={isBusy} error={error} isReady={name.trim() !== '' && password.isGood} onSubmit={() => void create()}>
        <TextField label={w.name} value={name} onChange={setName} />
        <SelectField label={w.chain} value={chain} choices={kChains} onChange={(value) => setChain(value as WalletChain)} />
        {password.fields(w.password)}
        <label className="wallet-check">
          <input type="checkbox" checked={withDevice} onChange={(event) => setWithDevice(event.target.checked)} />
          <span>
            {w.withDevice} <span className="muted">{w.withDeviceHint}</span>
          </span>
        </label>
      </Form>
    </WalletDialog>
  );
}

export function WatchDialog({ close, onMade }: Made) {
  const [name, setName] = useState('');
  const [chain, setChain] = useState<WalletChain>('stellar');
  const [address, setAddress] = useState('');
  const { run, error, isBusy } = useChange();
  const watch = () => run(async () => onMade(await wallets.watch(name.trim(), chain, address.trim())));
  return (
    <WalletDialog title={w.watch} close={close}>
      <Form submit={w.watchNamed} isBusy={isBusy} error={error} isReady={name.trim() !== '' && address.trim() !== ''} onSubmit={() => void watch()}>
        <TextField label={w.name} value={name} onChange={setName} />
        <SelectField label={w.chain} value={chain} choices={kChains} onChange={(value) => setChain(value as WalletChain)} />
        <TextField label={w.address} value={address} onChange={setAddress} isNumber />
      </Form>
    </WalletDialog>
  );
}
