import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPasskey, identity, type Profile } from '@/api/identity';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';
import { Form, Refusal, TextField, useChange } from '@/ui/form';

export function OneTimeCodes({ profile }: { profile: Profile }) {
  const client = useQueryClient();
  const [enrolment, setEnrolment] = useState<{ secret_base32: string; uri: string } | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const [code, setCode] = useState('');
  const { run, error, isBusy } = useChange();
  const again = () => client.invalidateQueries({ queryKey: ['identity', 'profile'] });
  const begin = () => run(async () => setEnrolment(await identity.beginTotp()));
  const confirm = () =>
    run(async () => {
      setRecovery((await identity.confirmTotp(code.trim())).recovery_codes);
      setEnrolment(null);
      setCode('');
      await again();
    });
  const remove = () =>
    run(async () => {
      await identity.removeTotp(code.trim());
      setCode('');
      setRecovery(null);
      await again();
    });
  return (
    <Panel title={t.account.totp}>
      <div className="account-part">
        {recovery ? <RecoveryCodes codes={recovery} /> : null}
        {profile.has_totp ? (
          <>
            <p>{t.account.totpOn}</p>
            <Form submit={t.account.totpRemove} isBusy={isBusy} error={error} onSubmit={() => void remove()}>
              <TextField label={t.account.code} autoComplete="one-time-code" value={code} onChange={setCode} />
            </Form>
          </>
        ) : enrolment ? (
          <>
            <p>{t.account.totpScan}</p>
            <p className="num account-secret">{enrolment.secret_base32}</p>
            <p className="account-links">
              <a href={enrolment.uri}>{t.account.totpOpen}</a>
              <button type="button" className="button-plain" onClick={() => void copyText(enrolment.secret_base32, t.account.secret)}>
                {t.account.copy}
              </button>
            </p>
            <Form submit={t.account.totpConfirm} isBusy={isBusy} error={error} onSubmit={() => void confirm()}>
              <TextField label={t.account.code} hint={t.account.totpCodeHint} autoComplete="one-time-code" inputMode="numeric" value={code} onChange={setCode} />
            </Form>
          </>
        ) : (
          <>
            <p className="muted">{t.account.totpOff}</p>
            <Refusal error={error} />
            <button type="button" className="button" disabled={isBusy} onClick={() => void begin()}>
              {t.account.totpBegin}
            </button>
          </>
        )}
      </div>
    </Panel>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div role="status" className="account-once">
      <p>{t.account.recovery}</p>
      <ul className="num account-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <button type="button" className="button" onClick={() => void copyText(codes.join('\n'), t.account.recoveryName)}>
        {t.account.copy}
      </button>
    </div>
  );
}

export function Passkeys() {
  const client = useQueryClient();
  const passkeys = useQuery({ queryKey: ['identity', 'passkeys'], queryFn: ({ signal }) => identity.passkeys(signal) });
  const [name, setName] = useState('');
  const { run, error, isBusy } = useChange();
  const changed = () => client.invalidateQueries({ queryKey: ['identity'] });
  const add = () =>
    run(async () => {
      await addPasskey(name.trim());
      setName('');
      await changed();
    });
  const remove = (id: string) =>
    run(async () => {
      await identity.removePasskey(id);
      await changed();
    });
  return (
    <Panel title={t.account.passkeys}>
      <div className="account-part">
        {passkeys.isError ? <ErrorState error={passkeys.error} retry={() => void passkeys.refetch()} /> : null}
        {passkeys.isPending ? <Skeleton rows={2} /> : null}
        {passkeys.data?.items.length === 0 ? <p className="muted">{t.account.passkeysEmpty}</p> : null}
        <ul className="account-list">
          {passkeys.data?.items.map((passkey) => (
            <li key={passkey.id}>
              <span>{passkey.name}</span>
              <span className="muted">
                {t.account.lastUsed} <Time at={passkey.last_used} />
              </span>
              <button type="button" className="button-plain" disabled={isBusy} aria-label={t.account.removeNamed(passkey.name)} onClick={() => void remove(passkey.id)}>
                {t.account.remove}
              </button>
            </li>
          ))}
        </ul>
        <Form submit={t.account.passkeyAdd} isBusy={isBusy} error={error} onSubmit={() => void add()}>
          <TextField label={t.account.passkeyName} hint={t.account.passkeyHint} value={name} onChange={setName} />
        </Form>
      </div>
    </Panel>
  );
}
