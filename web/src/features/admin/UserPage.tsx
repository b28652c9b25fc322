import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link, useParams } from 'react-router';
import { admin, type Role, type Tier, type User } from '@/api/admin';
import { useAccess } from '@/api/access';
import { gained } from '@/domain/permissions';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Form, TextField, useChange } from '@/ui/form';
import { Badge, Facts, Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { Hash, Time } from '@/ui/values';
import { AuditTable } from './AuditTable';
import { planText } from './plans';
import { nameOf, UserStatusText } from './UsersPage';

/** What is shown anew after a change of an account. */
function useAccountChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['admin'] }), client.invalidateQueries({ queryKey: ['access'] })]);
  };
}

export default function UserPage() {
  const { id = '' } = useParams();
  const user = useQuery({ queryKey: ['admin', 'user', id], queryFn: ({ signal }) => admin.user(id, signal) });
  return (
    <>
      <p className="admin-back">
        <Link to="/admin/users">← {t.admin.backToUsers}</Link>
      </p>
      {user.isError ? <ErrorState error={user.error} retry={() => void user.refetch()} notFoundText={t.admin.userUnknown} /> : null}
      {user.isPending ? <Skeleton rows={10} /> : null}
      {user.data ? <Account user={user.data} /> : null}
    </>
  );
}

function Account({ user }: { user: User }) {
  const isErased = user.status === 'erased';
  return (
    <>
      <h2 className="admin-name">{nameOf(user)}</h2>
      <div className="admin-grid">
        <AccountPanel user={user} />
        {isErased ? null : <PlanPanel key={user.tier} user={user} />}
        {isErased ? null : <RolesPanel key={user.roles.join()} user={user} />}
        <KeysPanel user={user} />
      </div>
      <HistoryPanel user={user} />
      {isErased ? null : <ErasePanel user={user} />}
    </>
  );
}

function AccountPanel({ user }: { user: User }) {
  const { profile } = useAccess();
  const [asks, setAsks] = useState(false);
  const changed = useAccountChanged();
  const set = async (status: 'active' | 'disabled') => {
    await admin.setStatus(user.id, status);
    await changed();
  };
  const activation = useChange();
  return (
    <Panel title={t.admin.account} tools={user.id === profile?.id ? <Badge tone="replay">{t.admin.you}</Badge> : null}>
      <Facts
        items={[
          [t.admin.userColumns.email, user.email || t.admin.noEmail],
          [t.admin.userColumns.id, <Hash key="id" text={user.id} what={t.admin.userColumns.id} head={8} tail={8} />],
          [t.admin.userColumns.since, <Time key="since" at={user.created} />],
          [t.admin.userColumns.factors, t.admin.factors(user.has_totp, user.passkeys)],
          [t.admin.status, <UserStatusText key="status" status={user.status} />],
        ]}
      />
      <div className="admin-part">
        <p className="muted">{t.admin.statusHints[user.status]}</p>
        {user.status === 'active' ? (
          <button type="button" className="button button-danger" onClick={() => setAsks(true)}>
            {t.admin.disable}
          </button>
        ) : null}
        {user.status === 'disabled' || user.status === 'pending' ? (
          <Form submit={t.admin.activate} isBusy={activation.isBusy} error={activation.error} onSubmit={() => void activation.run(() => set('active'))}>
            {null}
          </Form>
        ) : null}
      </div>
      {asks ? (
        <Confirm title={t.admin.disable} action={t.admin.disable} isDanger act={() => set('disabled')} close={() => setAsks(false)}>
          <p>{t.admin.disableEffect(nameOf(user))}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function PlanPanel({ user }: { user: User }) {
  const tiers = useQuery({ queryKey: ['admin', 'tiers'], queryFn: ({ signal }) => admin.tiers(signal) });
  const [chosen, setChosen] = useState(user.tier);
  const { run, error, isBusy } = useChange();
  const changed = useAccountChanged();
  const id = useId();
  const tier = tiers.data?.items.find(({ name }) => name === chosen);
  const save = () =>
    run(async () => {
      await admin.setTier(user.id, chosen);
      await changed();
      toast(t.admin.planSaved(chosen));
    });
  const isSame = chosen === user.tier;
  return (
    <Panel title={t.admin.plan}>
      <div className="admin-part">
        {tiers.isError ? <ErrorState error={tiers.error} retry={() => void tiers.refetch()} /> : null}
        {tiers.isPending ? <Skeleton rows={3} /> : null}
        {tiers.data ? (
          <Form submit={isSame ? t.admin.planKeep : t.admin.planChange(chosen)} isBusy={isBusy} isReady={!isSame} error={error} onSubmit={() => void save()}>
            <div className="form-field">
              <label htmlFor={id}>{t.admin.plan}</label>
              <select id={id} className="field" value={chosen} onChange={(event) => setChosen(event.target.value)}>
                {withCurrent(tiers.data.items, user.tier).map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
              {tier ? <p className="muted form-hint">{planText(tier)}</p> : null}
            </div>
          </Form>
        ) : null}
      </div>
    </Panel>
  );
}

const withCurrent = (tiers: readonly Tier[], current: string): string[] => [...new Set([...tiers.map(({ name }) => name), current])];

function RolesPanel({ user }: { user: User }) {
  const roles = useQuery({ queryKey: ['admin', 'roles'], queryFn: ({ signal }) => admin.roles(signal) });
  const [chosen, setChosen] = useState<readonly string[]>(user.roles);
  const { run, error, isBusy } = useChange();
  const changed = useAccountChanged();
  const toggle = (name: string) => setChosen((now) => (now.includes(name) ? now.filter((other) => other !== name) : [...now, name]));
  const save = () =>
    run(async () => {
      await admin.setRoles(user.id, [...chosen]);
      await changed();
      toast(t.admin.rolesSaved);
    });
  const isSame = chosen.length === user.roles.length && chosen.every((name) => user.roles.includes(name));
  return (
    <Panel title={t.admin.roles}>
      <div className="admin-part">
        {roles.isError ? <ErrorState error={roles.error} retry={() => void roles.refetch()} /> : null}
        {roles.isPending ? <Skeleton rows={4} /> : null}
        {roles.data ? (
          <Form submit={t.admin.rolesSave} isBusy={isBusy} isReady={!isSame} error={error} onSubmit={() => void save()}>
            <fieldset className="admin-choices">
              <legend className="sr-only">{t.admin.roles}</legend>
              {roles.data.items.map((role) => (
                <label key={role.name}>
                  <input type="checkbox" checked={chosen.includes(role.name)} onChange={() => toggle(role.name)} />
                  <span>{role.name}</span>
                  <span className="muted num admin-patterns">{role.permissions.join(' ')}</span>
                </label>
              ))}
            </fieldset>
            <p className="muted" role="status">
              {isSame ? t.admin.rolesSame : effectText(roles.data.items, user.roles, chosen)}
            </p>
          </Form>
        ) : null}
      </div>
    </Panel>
  );
}

function effectText(roles: readonly Role[], before: readonly string[], after: readonly string[]): string {
  const allowed = (names: readonly string[]) => roles.filter(({ name }) => names.includes(name)).flatMap(({ permissions }) => permissions);
  const list = (patterns: string[]) => [...new Set(patterns)].join(', ');
  const gains = list(gained(allowed(before), allowed(after)));
  const losses = list(gained(allowed(after), allowed(before)));
  return [gains ? t.admin.rolesGain(gains) : '', losses ? t.admin.rolesLose(losses) : ''].filter(Boolean).join(' ') || t.admin.rolesSame;
}

function KeysPanel({ user }: { user: User }) {
  const keys = useQuery({ queryKey: ['admin', 'user-keys', user.id], queryFn: ({ signal }) => admin.userKeys(user.id, signal) });
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null);
  const changed = useAccountChanged();
  const c = t.account.keyColumns;
  return (
    <Panel title={t.admin.keys}>
      {keys.isError ? <ErrorState error={keys.error} retry={() => void keys.refetch()} /> : null}
      {keys.isPending ? <Skeleton rows={2} /> : null}
      {keys.data?.items.length === 0 ? <p className="muted">{t.admin.keysEmpty}</p> : null}
      {keys.data && keys.data.items.length > 0 ? (
        <Table label={t.admin.keys} columns={[{ label: c.name }, { label: c.kind }, { label: c.scopes }, { label: c.lastUsed }, { label: c.action, isHidden: true }]}>
          {keys.data.items.map((key) => (
            <tr key={key.id}>
              <td title={key.id}>{key.name}</td>
              <td>{t.account.keyKinds[key.kind]}</td>
              <td>{key.scopes.join(', ')}</td>
              <td>
                <Time at={key.last_used} />
              </td>
              <td className="right">
                <button type="button" className="button-plain" aria-label={t.admin.revokeKey(key.name)} onClick={() => setRevoking(key)}>
                  {t.account.revoke}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      ) : null}
      {revoking ? (
        <Confirm
          title={t.admin.revokeKey(revoking.name)}
          action={t.account.revoke}
          isDanger
          close={() => setRevoking(null)}
          act={async () => {
            await admin.revokeUserKey(user.id, revoking.id);
            await changed();
          }}
        >
          <p>{t.admin.revokeEffect(revoking.name)}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

const kHistoryShown = 10;

function HistoryPanel({ user }: { user: User }) {
  const filter = { who: user.id, action: '', refused: false };
  const audit = useQuery({ queryKey: ['admin', 'audit', 'of', user.id], queryFn: ({ signal }) => admin.audit(filter, null, kHistoryShown, signal) });
  return (
    <Panel title={t.admin.history} tools={<Link to={`/admin/audit?who=${user.id}`}>{t.admin.historyAll}</Link>}>
      {audit.isError ? <ErrorState error={audit.error} retry={() => void audit.refetch()} /> : null}
      {audit.isPending ? <Skeleton rows={4} /> : null}
      {audit.data?.items.length === 0 ? <p className="muted">{t.admin.historyEmpty}</p> : null}
      {audit.data && audit.data.items.length > 0 ? <AuditTable entries={audit.data.items} /> : null}
    </Panel>
  );
}

function ErasePanel({ user }: { user: User }) {
  const [confirm, setConfirm] = useState('');
  const { run, error, isBusy } = useChange();
  const changed = useAccountChanged();
  const erase = () =>
    run(async () => {
      await admin.erase(user.id);
      await changed();
    });
  return (
    <Panel title={t.admin.erase}>
      <div className="admin-part">
        <p>{t.admin.eraseHint}</p>
        <p>{t.admin.eraseEffect(nameOf(user))}</p>
        <Form submit={t.admin.erase} isDanger isBusy={isBusy} isReady={confirm.trim() === user.id} error={error} onSubmit={() => void erase()}>
          <TextField label={t.account.eraseConfirm} hint={user.id} value={confirm} onChange={setConfirm} />
        </Form>
      </div>
    </Panel>
  );
}
