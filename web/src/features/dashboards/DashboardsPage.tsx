import './dashboards.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAccess } from '@/api/access';
import { ApiError } from '@/api/client';
import type { DocumentView } from '@/api/documents';
import { dayAndTime, parseTime } from '@/domain/time';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, Refusal, SelectField, TextField, useChange } from '@/ui/form';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { Badge, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { left, Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { BoardError } from './board';
import { browserBoards, kKind } from './keeper';
import { boardPath, copyBoard, freeName, makeBoard, moveToServer, renameBoard, storeOf } from './shelf';
import { boardFrom, kTemplates, type Template } from './templates';

const d = t.boards;
type Act = { what: 'rename' | 'duplicate' | 'remove'; name: string };

/** All dashboards one has, and new ones from templates. */
export default function DashboardsPage() {
  const access = useAccess();
  const store = storeOf(access);
  const boards = useQuery({ queryKey: ['dashboards', access.profile?.id ?? ''], queryFn: () => store.list(kKind), enabled: access.state !== 'asking' });
  const [act, setAct] = useState<Act | null>(null);
  useEffect(() => {
    document.title = `${d.title} · ${t.product}`;
  }, []);
  if (access.state === 'asking') return <Skeleton rows={8} className="page-skeleton" />;
  const items = boards.data?.items ?? [];
  const again = () => void boards.refetch();
  return (
    <div className="page boards-page">
      <h1>{d.title}</h1>
      <p className="muted">{d.intro}</p>
      {access.state === 'known' ? <Leftover done={again} /> : <p className="muted">{d.inBrowser}</p>}
      <Panel title={d.create}>
        <Create names={items.map(({ name }) => name)} access={access.state} />
      </Panel>
      <Panel title={d.title}>
        {boards.isError ? <ErrorState error={boards.error} retry={again} /> : null}
        {boards.isPending ? <Skeleton rows={3} /> : null}
        {boards.data && items.length === 0 ? <Empty title={d.none} text={d.noneHint} /> : null}
        {items.length > 0 ? <List items={items} isOnServer={access.state === 'known'} act={setAct} /> : null}
      </Panel>
      {act ? <ActDialog act={act} taken={new Set(items.map(({ name }) => name))} done={again} close={() => setAct(null)} /> : null}
    </div>
  );
}

function List({ items, isOnServer, act }: { items: readonly DocumentView[]; isOnServer: boolean; act: (act: Act) => void }) {
  const c = d.columns;
  const does = (['rename', 'duplicate', 'remove'] as const).map((what) => ({ what, label: d[what] }));
  return (
    <Table label={d.title} columns={[left(c.name), left(c.kept), left(c.changed), { label: c.act, isHidden: true, isRight: true }]}>
      {items.map(({ name, shared, updated }) => (
        <tr key={name}>
          <td>
            <Link to={boardPath(name)}>{name}</Link> {shared ? <Badge tone="replay">{d.shared}</Badge> : null}
          </td>
          <td className="muted">{isOnServer ? d.onServer : d.inThisBrowser}</td>
          <td className="num muted">{parseTime(updated) === null ? '–' : dayAndTime(parseTime(updated)!)}</td>
          <td className="right">
            <Menu label={d.actionsOf(name)} className="icon-button" button={<Icon name="menu" />} items={() => does.map(({ what, label }) => ({ id: what, label, run: () => act({ what, name }) }))} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Create({ names, access }: { names: readonly string[]; access: 'stranger' | 'known' }) {
  const [template, setTemplate] = useState<Template>('venue');
  const [name, setName] = useState('');
  const { run, error, isBusy } = useChange();
  const navigate = useNavigate();
  const client = useQueryClient();
  const wanted = name.trim() || freeName(d.templates[template].split(':')[0]!, new Set(names));
  const make = () =>
    run(async () => {
      const made = await refusing(makeBoard(storeOf({ state: access }), wanted, boardFrom(template, wanted)));
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      navigate(boardPath(made), { state: { isEditing: template === 'empty' } });
    });
  return (
    <form
      className="boards-create"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <SelectField label={d.template} value={template} choices={kTemplates.map((value) => ({ value, label: d.templates[value] }))} onChange={(value) => setTemplate(value as Template)} />
      <label className="form-field">
        <span className="boards-label">{d.name}</span>
        <input className="field" value={name} placeholder={wanted} maxLength={64} spellCheck={false} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" className="button button-primary" disabled={isBusy}>
        {d.make}
      </button>
      <Refusal error={error} />
    </form>
  );
}

/** What a name must be, told as a refusal at the form. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    throw new ApiError(400, 'bad_name', '', error.message);
  }
}

/** Boards of this browser that were made before signing in. */
function Leftover({ done }: { done: () => void }) {
  const kept = useQuery({ queryKey: ['dashboards', 'browser'], queryFn: () => browserBoards.list(kKind), staleTime: 0 });
  const { run, error, isBusy } = useChange();
  const count = kept.data?.items.length ?? 0;
  if (count === 0) return null;
  const move = () =>
    run(async () => {
      const moved = await moveToServer();
      toast(d.moved(moved));
      await kept.refetch();
      done();
    });
  return (
    <div className="notice boards-notice" role="status">
      <span>{d.inBoth(count)}</span>
      <button type="button" className="button" disabled={isBusy} onClick={() => void move()}>
        {d.moveToServer}
      </button>
      <Refusal error={error} />
    </div>
  );
}

function ActDialog({ act: { what, name }, taken, done, close }: { act: Act; taken: ReadonlySet<string>; done: () => void; close: () => void }) {
  const store = storeOf(useAccess());
  const [text, setText] = useState(() => (what === 'rename' ? name : freeName(d.copyName(name), taken)));
  const { run, error, isBusy } = useChange();
  if (what === 'remove') {
    return (
      <Confirm title={d.removeTitle(name)} action={d.remove} isDanger close={close} act={async () => void (await store.remove(kKind, name, null), done())}>
        <p>{d.removeHint}</p>
      </Confirm>
    );
  }
  const title = what === 'rename' ? d.renameTitle(name) : d.duplicateTitle(name);
  const submit = () =>
    run(async () => {
      if (what === 'rename' && text.trim() === name) return close();
      await refusing((what === 'rename' ? renameBoard : copyBoard)(store, name, text));
      done();
      close();
    });
  return (
    <Dialog label={title} close={close}>
      <DialogHeader>{title}</DialogHeader>
      <div className="dialog-body">
        <Form submit={d[what]} isBusy={isBusy} error={error} onSubmit={() => void submit()}>
          <TextField label={d.name} hint={what === 'rename' ? d.renameHint : undefined} value={text} onChange={setText} />
        </Form>
      </div>
    </Dialog>
  );
}
