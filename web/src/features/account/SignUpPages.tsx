import './account.css';
import { useEffect, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { identity } from '@/api/identity';
import { t } from '@/strings';
import { Form, Refusal, TextField, useChange } from '@/ui/form';
import { Card } from './Card';

/** Single-use tokens stand behind "#", which browsers send to no server. */
function useToken(): string {
  return useLocation().hash.slice(1);
}

export function RegisterPage() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isSent, setIsSent] = useState(false);
  const { run, error, isBusy } = useChange();
  const submit = () =>
    run(async () => {
      await identity.register(email, password);
      setIsSent(true);
    });
  if (isSent) return <MailSent text={t.account.confirmSent(email)} />;
  return (
    <Card title={t.account.register}>
      <Form submit={t.account.register} isBusy={isBusy} error={error} onSubmit={() => void submit()}>
        <TextField label={t.account.email} type="email" autoComplete="username" value={email} onChange={setEmail} />
        <TextField label={t.account.password} type="password" autoComplete="new-password" hint={t.account.passwordHint} value={password} onChange={setPassword} />
      </Form>
      <p className="account-links">
        <Link to="/sign-in">{t.account.haveAccount}</Link>
      </p>
    </Card>
  );
}

export function AdminSignUpPage() {
  const token = useToken();
  const navigate = useNavigate();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useChange();
  const submit = () =>
    run(async () => {
      await identity.adminSignUp(token, email, password);
      navigate('/sign-in', { state: { notice: t.account.adminMade } });
    });
  return (
    <Card title={t.account.adminSignUp}>
      <p className="muted">{t.account.adminHint}</p>
      <Form submit={t.account.register} isBusy={isBusy} error={error} onSubmit={() => void submit()}>
        <TextField label={t.account.email} type="email" autoComplete="username" value={email} onChange={setEmail} />
        <TextField label={t.account.password} type="password" autoComplete="new-password" hint={t.account.passwordHint} value={password} onChange={setPassword} />
      </Form>
    </Card>
  );
}

/** Opening the link is not enough: programs that look at mail open links too. */
export function VerifyEmailPage() {
  const token = useToken();
  const navigate = useNavigate();
  const { run, error, isBusy } = useChange();
  const confirm = () =>
    run(async () => {
      await identity.verifyEmail(token);
      navigate('/sign-in', { state: { notice: t.account.verified } });
    });
  return (
    <Card title={t.account.verify}>
      <p className="muted">{t.account.verifyHint}</p>
      <Refusal error={error} />
      <button type="button" className="button button-primary account-wide" disabled={isBusy} onClick={() => void confirm()}>
        {t.account.verify}
      </button>
    </Card>
  );
}

export function ResetPasswordPage() {
  return useToken() ? <NewPassword /> : <AskForReset />;
}

function AskForReset() {
  const [email, setEmail] = useState('');
  const [isSent, setIsSent] = useState(false);
  const { run, error, isBusy } = useChange();
  const submit = () =>
    run(async () => {
      await identity.requestReset(email);
      setIsSent(true);
    });
  if (isSent) return <MailSent text={t.account.resetSent(email)} />;
  return (
    <Card title={t.account.reset}>
      <Form submit={t.account.sendLink} isBusy={isBusy} error={error} onSubmit={() => void submit()}>
        <TextField label={t.account.email} type="email" autoComplete="username" value={email} onChange={setEmail} />
      </Form>
    </Card>
  );
}

function NewPassword() {
  const token = useToken();
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const { run, error, isBusy } = useChange();
  const submit = () =>
    run(async () => {
      await identity.resetPassword(token, password);
      navigate('/sign-in', { state: { notice: t.account.passwordChanged } });
    });
  return (
    <Card title={t.account.newPassword}>
      <Form submit={t.account.save} isBusy={isBusy} error={error} onSubmit={() => void submit()}>
        <TextField label={t.account.newPassword} type="password" autoComplete="new-password" hint={t.account.passwordHint} value={password} onChange={setPassword} />
      </Form>
    </Card>
  );
}

function MailSent({ text }: { text: string }) {
  useEffect(() => {
    document.title = `${t.account.mailSent} · ${t.product}`;
  }, []);
  return (
    <Card title={t.account.mailSent}>
      <p role="status">{text}</p>
      <p className="account-links">
        <Link to="/sign-in">{t.account.signIn}</Link>
      </p>
    </Card>
  );
}
