import './account.css';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { identity, signInWithPasskey, type SignedIn } from '@/api/identity';
import { t } from '@/strings';
import { Form, Refusal, TextField, useChange } from '@/ui/form';
import { Card } from './Card';

const WalletButtons = lazy(() => import('./wallets/WalletButtons'));

export default function SignInPage() {
  const [ticket, setTicket] = useState<string | null>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  useEffect(() => {
    document.title = `${t.account.signIn} · ${t.product}`;
  }, []);
  const done = (answer: SignedIn) => {
    if (answer.second_factor_ticket) return setTicket(answer.second_factor_ticket);
    client.clear();
    navigate('/account', { replace: true });
  };
  return (
    <Card title={ticket ? t.account.secondFactor : t.account.signIn}>
      {ticket ? <SecondFactor ticket={ticket} done={done} /> : <Password done={done} />}
    </Card>
  );
}

function Password({ done }: { done: (answer: SignedIn) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useChange();
  const passkey = useChange();
  const { state } = useLocation() as { state: { notice?: string } | null };
  return (
    <>
      {state?.notice ? <p role="status">{state.notice}</p> : null}
      <Form submit={t.account.signIn} isBusy={isBusy} error={error} onSubmit={() => void run(async () => done(await identity.signIn(email, password)))}>
        <TextField label={t.account.email} type="email" autoComplete="username webauthn" value={email} onChange={setEmail} />
        <TextField label={t.account.password} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
      </Form>
      <button type="button" className="button account-wide" disabled={passkey.isBusy} onClick={() => void passkey.run(async () => done(await signInWithPasskey()))}>
        {t.account.withPasskey}
      </button>
      <Refusal error={passkey.error} />
      <Suspense fallback={null}>
        <WalletButtons verb={t.account.wallets.signIn} use={async (proof) => done(await identity.signInWithWallet(proof))} />
      </Suspense>
      <p className="account-links">
        <Link to="/register">{t.account.register}</Link>
        <Link to="/reset-password">{t.account.forgot}</Link>
      </p>
    </>
  );
}

function SecondFactor({ ticket, done }: { ticket: string; done: (answer: SignedIn) => void }) {
  const [code, setCode] = useState('');
  const { run, error, isBusy } = useChange();
  return (
    <Form submit={t.account.proceed} isBusy={isBusy} error={error} onSubmit={() => void run(async () => done(await identity.secondFactor(ticket, code.trim())))}>
      <TextField label={t.account.code} hint={t.account.codeHint} autoComplete="one-time-code" value={code} onChange={setCode} />
    </Form>
  );
}
