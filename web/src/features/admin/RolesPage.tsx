import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin, type Role } from '@/api/admin';
import { get } from '@/api/client';
import { capabilitiesOf, isImplied } from '@/domain/permissions';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, TextField, useChange } from '@/ui/form';
import { Badge, Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { PermissionGrid } from './PermissionGrid';

const c = t.admin.roleColumns;
const kName = /^[a-z][a-z0-9_-]{1,31}$/;

export default function RolesPage() {
  const client = useQueryClient();
  const roles = useQuery({ queryKey: ['admin', 'roles'], queryFn: ({ signal }) => admin.roles(signal) });
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const changed = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['admin'] }), client.invalidateQueries({ queryKey: ['access'] })]);
  };
  const tools = (
    <button type="button" className="button-plain" disabled={!roles.data} onClick={() => setEditing('new')}>
      {t.admin.roleNew}
    </button>
  );
  return (
    <Panel title={t.admin.roles} tools={tools}>
      <p className="muted admin-note">{t.admin.rolesHint}</p>
      {roles.isError ? <ErrorState error={roles.error} retry={() => void roles.refetch()} /> : null}
      {roles.isPending ? <Skeleton rows={4} /> : null}
      {roles.data ? (
        <Table label={t.admin.roles} columns={[{ label: c.name }, { label: c.kind }, { label: c.permissions }, { label: c.action, isHidden: true }]}>
          {roles.data.items.map((role) => (
            <tr key={role.name}>
              <td>{role.name}</td>
              <td>{role.builtin ? <span className="muted">{t.admin.roleBuiltin}</span> : <Badge tone="replay">{t.admin.roleCustom}</Badge>}</td>
              <td className="num admin-wrap">{role.permissions.join(' ')}</td>
              <td className="right">
                {role.builtin ? null : (
                  <>
                    <button type="button" className="button-plain" aria-label={t.admin.roleChange(role.name)} onClick={() => setEditing(role)}>
                      {t.admin.change}
                    </button>
                    <button type="button" className="button-plain" aria-label={t.admin.roleRemove(role.name)} onClick={() => setRemoving(role.name)}>
                      {t.admin.remove}
                    </button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </Table>
      ) : null}
      {editing && roles.data ? <RoleDialog role={editing === 'new' ? null : editing} roles={roles.data.items} done={changed} close={() => setEditing(null)} /> : null}
      {removing ? (
        <Confirm
          title={t.admin.roleRemove(removing)}
          action={t.admin.remove}
          isDanger
          close={() => setRemoving(null)}
          act={async () => {
            await admin.removeRole(removing);
            await changed();
          }}
        >
          <p>{t.admin.roleRemoveEffect(removing)}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

/** The parts of this server, from its own document. */
function useCapabilities(roles: readonly Role[]): string[] {
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => get<{ paths: Record<string, Record<string, { 'x-permission': string }>> }>('/api/v1/openapi.json', {}, signal),
    staleTime: Infinity,
  });
  const paths = Object.entries(document.data?.paths ?? {});
  const ofPaths = paths.map(([path]) => /^\/api\/v1\/([a-z_]+)\//.exec(path)?.[1]).filter((name) => name !== undefined);
  const ofRoutes = paths.flatMap(([, methods]) => Object.values(methods).map((operation) => operation['x-permission']));
  return capabilitiesOf([...ofPaths.map((name) => `${name}.*`), ...ofRoutes, ...roles.flatMap(({ permissions }) => permissions)]);
}

function RoleDialog({ role, roles, done, close }: { role: Role | null; roles: readonly Role[]; done: () => Promise<void>; close: () => void }) {
  const [name, setName] = useState(role?.name ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(role?.permissions ?? ['*.read']);
  const capabilities = useCapabilities(roles);
  const { run, error, isBusy } = useChange();
  const isTaken = !role && roles.some((other) => other.name === name.trim());
  const permissions = chosen.filter((pattern) => !isImplied(chosen, pattern)).sort();
  const save = () =>
    run(async () => {
      await admin.putRole(name.trim(), permissions);
      await done();
      close();
    });
  const title = role ? t.admin.roleChange(role.name) : t.admin.roleNew;
  return (
    <Dialog label={title} close={close} className="dialog-wide">
      <DialogHeader>{title}</DialogHeader>
      <div className="dialog-body">
        <Form submit={role ? t.admin.roleSave : t.admin.roleMake} isBusy={isBusy} error={error} isReady={kName.test(name.trim()) && !isTaken && permissions.length > 0} onSubmit={() => void save()}>
          {role ? null : <TextField label={t.admin.roleName} hint={t.admin.roleNameHint} problem={isTaken ? t.admin.roleTaken : null} value={name} onChange={setName} />}
          <PermissionGrid capabilities={capabilities} chosen={chosen} onChange={setChosen} />
          <p className="muted form-hint">{t.admin.permissionsHint}</p>
          <p role="status" className={permissions.length > 0 ? 'num' : 'form-refusal'}>
            {permissions.join(' ') || t.admin.permissionsNone}
          </p>
        </Form>
      </div>
    </Dialog>
  );
}
