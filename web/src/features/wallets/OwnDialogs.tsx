import { useState } from 'react';
import { wallets, type Wallet } from '@/api/wallets';
import { t } from '@/strings';
import { Form, TextField, useChange } from '@/ui/form';
import { usePassword, WalletDialog } from './NewWallets';
import { changePassword, exportWords, unlockByPassword } from './vault';

const w = t.wallets;

export interface Own {
  user: string;
  wallet: Wallet;
  close: () => void;
  onChange: (wallet: Wallet) => void;
}

export function UnlockDialog({ user, wallet, close }: Own) {
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useChange();
  const unlock = () =>
    run(async () => {
      await unlockByPassword(user, wallet, password);
      close();
    });
  return (
    <WalletDialog title={w.unlockTitle(wallet.name)} close={close}>
      <Form submit={w.unlock} isBusy={isBusy} error={error} isReady={password !== ''} onSubmit={() => void unlock()}>
        <TextField label={w.password} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
      </Form>
    </WalletDialog>
  );
}

export function PasswordDialog({ user, wallet, close, onChange }: Own) {
  const [before, setBefore] = useState('');
  const after = usePassword();
  const { run, error, isBusy } = useChange();
  const change = () =>
    run(async () => {
      onChange(await changePassword(user, wallet, before, after.text));
      close();
    });
  return (
    <WalletDialog title={w.changePassword} close={close}>
      <p>{w.changeText}</p>
      <Form submit={w.changePassword} isBusy={isBusy} error={error} isReady={before !== '' && after.isGood} onSubmit={() => void change()}>
        <TextField label={w.passwordBefore} type="password" autoComplete="current-password" value={before} onChange={setBefore} />
        {after.fields(w.passwordAfter)}
      </Form>
    </WalletDialog>
  );
}

export function ExportDialog({ user, wallet, close }: Own) {
  const [password, setPassword] = useState('');
  const [words, setWords] = useState<string[] | null>(null);
  const { run, error, isBusy } = useChange();
  const show = () =>
    run(async () => {
      setWords(await exportWords(user, wallet, password));
      setPassword('');
    });
  return (
    <WalletDialog title={w.exportTitle} close={close}>
      {words ? (
        <>
          <p>{wallet.chain === 'stellar' ? w.wordsNote : w.wordsNoteSolana}</p>
          <ol className="wallet-words num">
            {words.map((word, at) => (
              <li key={at}>{word}</li>
            ))}
          </ol>
          <button type="button" className="button button-primary" onClick={close}>
            {w.done}
          </button>
        </>
      ) : (
        <>
          <p>{w.exportText}</p>
          <Form submit={w.exportAct} isBusy={isBusy} error={error} isReady={password !== ''} onSubmit={() => void show()}>
            <TextField label={w.password} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
          </Form>
        </>
      )}
    </WalletDialog>
  );
}

export function RenameDialog({ wallet, close, onChange }: Own) {
  const [name, setName] = useState(wallet.name);
  const { run, error, isBusy } = useChange();
  const rename = () =>
    run(async () => {
      onChange(await wallets.rename(wallet.id, name.trim()));
      close();
    });
  return (
    <WalletDialog title={w.renameTitle} close={close}>
      <Form submit={w.rename} isBusy={isBusy} error={error} isReady={name.trim() !== ''} onSubmit={() => void rename()}>
        <TextField label={w.name} value={name} onChange={setName} />
      </Form>
    </WalletDialog>
  );
}
