import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { identity, toBase64url, type KeyKind } from '@/api/identity';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Panel, Segments } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Hash, Time } from '@/ui/values';
import { Form, Refusal, TextField, useChange } from '@/ui/form';

const kScopes = ['read', 'trade', 'wallet', 'admin'] as const;

export function ApiKeys() {
  const client = useQueryClient();
  const keys = useQuery({ queryKey: ['identity', 'keys'], queryFn: ({ signal }) => identity.keys(signal) });
  const { run, error, isBusy } = useChange();
  const changed = () => client.invalidateQueries({ queryKey: ['identity'] });
  const revoke = (id: string) =>
    run(async () => {
      await identity.revokeKey(id);
      await changed();
    });
  const c = t.account.keyColumns;
  return (
    <Panel title={t.account.keys}>
      <div className="account-part">
        {keys.isError ? <ErrorState error={keys.error} retry={() => void keys.refetch()} /> : null}
        {keys.isPending ? <Skeleton rows={2} /> : null}
        {keys.data?.items.length === 0 ? <p className="muted">{t.account.keysEmpty}</p> : null}
        <Refusal error={error} />
        {keys.data && keys.data.items.length > 0 ? (
          <div className="table-scroll" tabIndex={0} role="group" aria-label={t.account.keys}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{c.name}</th>
                  <th scope="col">{c.id}</th>
                  <th scope="col">{c.kind}</th>
                  <th scope="col">{c.scopes}</th>
                  <th scope="col">{c.lastUsed}</th>
                  <th scope="col">
                    <span className="sr-only">{c.action}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.data.items.map((key) => (
                  <tr key={key.id}>
                    <td>{key.name}</td>
                    <td>
                      <Hash text={key.id} what={c.id} />
                    </td>
                    <td>{t.account.keyKinds[key.kind]}</td>
                    <td>{key.scopes.join(', ')}</td>
                    <td>
                      <Time at={key.last_used} />
                    </td>
                    <td className="right">
                      <button type="button" className="button-plain" disabled={isBusy} aria-label={t.account.removeNamed(key.name)} onClick={() => void revoke(key.id)}>
                        {t.account.revoke}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
        <NewKey onMade={() => void changed()} />
      </div>
    </Panel>
  );
}

interface Made {
  id: string;
  secret: string;
  kind: KeyKind;
}

function NewKey({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<KeyKind>('ed25519');
  const [scopes, setScopes] = useState<string[]>(['read']);
  const [made, setMade] = useState<Made | null>(null);
  const { run, error, isBusy } = useChange();
  const create = () =>
    run(async () => {
      setMade(kind === 'ed25519' ? await createPair(name.trim(), scopes) : await createShared(name.trim(), kind, scopes));
      setName('');
      onMade();
    });
  const toggle = (scope: string) => setScopes((now) => (now.includes(scope) ? now.filter((s) => s !== scope) : [...now, scope]));
  return (
    <>
      {made ? <Secret made={made} /> : null}
      <Form submit={t.account.keyCreate} isBusy={isBusy} error={error} onSubmit={() => void create()}>
        <TextField label={t.account.keyName} value={name} onChange={setName} />
        <Segments
          label={t.account.keyKind}
          value={kind}
          choices={(['ed25519', 'hmac', 'bearer'] as const).map((value) => ({ value, label: t.account.keyKinds[value] }))}
          onChange={setKind}
        />
        <p className="muted form-hint">{t.account.keyKindHints[kind]}</p>
        <fieldset className="account-scopes">
          <legend>{t.account.keyScopes}</legend>
          {kScopes.map((scope) => (
            <label key={scope}>
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} /> {scope}
            </label>
          ))}
        </fieldset>
      </Form>
    </>
  );
}

/** The pair is made here; the server never sees the private half. */
async function createPair(name: string, scopes: string[]): Promise<Made> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = toBase64url(await crypto.subtle.exportKey('raw', pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const { key } = await identity.createKey({ name, kind: 'ed25519', public_key: publicKey, scopes });
  const pem = btoa(String.fromCharCode(...pkcs8)).match(/.{1,64}/g)!.join('\n');
  return { id: key.id, kind: 'ed25519', secret: `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n` };
}

async function createShared(name: string, kind: KeyKind, scopes: string[]): Promise<Made> {
  const { key, secret } = await identity.createKey({ name, kind, scopes });
  return { id: key.id, kind, secret };
}

function Secret({ made }: { made: Made }) {
  return (
    <div role="status" className="account-once">
      <p>{made.kind === 'ed25519' ? t.account.pairMade : t.account.secretMade}</p>
      <p className="muted">
        {t.account.keyColumns.id}: <span className="num">{made.id}</span>
      </p>
      <pre className="num account-secret">{made.secret}</pre>
      <button type="button" className="button" onClick={() => void copyText(made.secret, t.account.secret)}>
        {t.account.copy}
      </button>
    </div>
  );
}
