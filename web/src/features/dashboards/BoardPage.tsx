import './dashboards.css';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { useAccess, type Access } from '@/api/access';
import { useSession } from '@/api/session';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { BoardError, freeId, kWidgetsMax, type Board, type Widget } from './board';
import { BoardGrid } from './BoardGrid';
import { freePlace, settled } from './grid';
import { BoardKeeper, type Kept } from './keeper';
import { ShareDialog } from './ShareDialog';
import { storeOf } from './shelf';
import { Feeds, useFeeds } from './useSource';

const WidgetEditor = lazy(() => import('./WidgetEditor'));
const d = t.boards;

/** One dashboard of one's own. */
export default function BoardPage() {
  const { name = '' } = useParams();
  const access = useAccess();
  useEffect(() => {
    document.title = `${name} · ${d.title} · ${t.product}`;
  }, [name]);
  if (access.state === 'asking') return <Skeleton rows={12} className="page-skeleton" />;
  return <Opened key={`${access.state} ${name}`} name={name} access={access} />;
}

function Opened({ name, access }: { name: string; access: Access }) {
  const keeper = useMemo(() => new BoardKeeper(storeOf(access)), []);
  useEffect(() => {
    void keeper.open(name);
    return () => keeper.close();
  }, [keeper, name]);
  const kept = keeper.use();
  const feeds = useFeeds(useSession((s) => s.mark));
  if (kept.error) return <NotOpened error={kept.error} again={() => void keeper.open(name)} />;
  if (!kept.board) return <Skeleton rows={12} className="page-skeleton" />;
  return (
    <Feeds value={feeds}>
      <Shown name={name} board={kept.board} kept={kept} keeper={keeper} canShare={access.state === 'known'} />
    </Feeds>
  );
}

function NotOpened({ error, again }: { error: unknown; again: () => void }) {
  return (
    <div className="page">
      {error instanceof BoardError ? <Empty title={d.broken} text={error.message} /> : <ErrorState error={error} retry={again} notFoundText={d.notThere} />}
      <p className="boards-back">
        <Link to="/dashboards">{d.back}</Link>
      </p>
    </div>
  );
}

function Shown({ name, board, kept, keeper, canShare }: { name: string; board: Board; kept: Kept; keeper: BoardKeeper; canShare: boolean }) {
  const { state } = useLocation() as { state: { isEditing?: boolean } | null };
  const [isEditing, setIsEditing] = useState(state?.isEditing === true);
  const [edited, setEdited] = useState<string | null>(null);
  const [isSharing, setIsSharing] = useState(false);
  const { widgets } = board;
  const change = (next: Widget[]) => keeper.change({ ...board, widgets: next });
  const remove = (id: string) => {
    change(settled(widgets.filter((widget) => widget.id !== id)));
    toast(d.widget.removed(widgets.find((widget) => widget.id === id)?.title ?? ''));
  };
  const save = (widget: Widget) => {
    const isKnown = widgets.some(({ id }) => id === widget.id);
    change(isKnown ? settled(widgets.map((each) => (each.id === widget.id ? widget : each)), widget.id) : [...widgets, { ...widget, place: freePlace(widgets, widget.place) }]);
  };
  const add = () => (widgets.length >= kWidgetsMax ? toast(d.full(kWidgetsMax), 'warn') : setEdited(freeId(widgets)));
  return (
    <div className="page board-page" onKeyDown={(event) => isUndo(event, isEditing) && (event.preventDefault(), keeper.undo())}>
      <div className="board-head">
        <h1>{board.title || name}</h1>
        <Saving kept={kept} />
        {isEditing ? <EditTools add={add} undo={() => keeper.undo()} canUndo={kept.past.length > 0} /> : null}
        <button type="button" className={`button ${isEditing ? 'button-primary' : ''}`} aria-pressed={isEditing} onClick={() => setIsEditing(!isEditing)}>
          {isEditing ? d.done : d.edit}
        </button>
        <button type="button" className="button" onClick={() => setIsSharing(true)}>
          <Icon name="link" size={14} /> {d.share}
        </button>
      </div>
      {kept.saving === 'changed_elsewhere' ? <Conflict name={name} keeper={keeper} /> : null}
      {widgets.length === 0 ? (
        <Empty title={d.emptyBoard} text={d.emptyBoardHint}>
          <button type="button" className="button button-primary" onClick={() => (setIsEditing(true), add())}>
            {d.add}
          </button>
        </Empty>
      ) : (
        <BoardGrid widgets={widgets} isEditing={isEditing} change={change} edit={setEdited} remove={remove} />
      )}
      {edited === null ? null : (
        <Suspense fallback={null}>
          <WidgetEditor widget={widgets.find(({ id }) => id === edited) ?? null} id={edited} save={save} close={() => setEdited(null)} />
        </Suspense>
      )}
      {isSharing ? <ShareDialog name={name} canShare={canShare} beforeSharing={() => keeper.saveNow()} close={() => setIsSharing(false)} /> : null}
    </div>
  );
}

const isUndo = (event: React.KeyboardEvent, isEditing: boolean): boolean =>
  isEditing && (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z' && !['INPUT', 'SELECT'].includes((event.target as HTMLElement).tagName);

function EditTools({ add, undo, canUndo }: { add: () => void; undo: () => void; canUndo: boolean }) {
  return (
    <>
      <button type="button" className="icon-button" aria-label={d.undo} title={`${d.undo} (Ctrl Z)`} disabled={!canUndo} onClick={undo}>
        <Icon name="undo" />
      </button>
      <button type="button" className="button" onClick={add}>
        <Icon name="plus" size={14} /> {d.add}
      </button>
    </>
  );
}

/** Whether the newest change is kept. */
function Saving({ kept: { saving } }: { kept: Kept }) {
  return (
    <span className={`board-saving ${saving === 'saved' || saving === 'saving' ? 'muted' : 'refused'}`} role="status" title={d.savingHints[saving]}>
      {d.saving[saving]}
    </span>
  );
}

function Conflict({ name, keeper }: { name: string; keeper: BoardKeeper }) {
  return (
    <div className="notice boards-notice" role="alert">
      <Icon name="warn" />
      <span>{d.conflict(name)}</span>
      <button type="button" className="button" onClick={() => void keeper.settle('theirs')}>
        {d.takeTheirs}
      </button>
      <button type="button" className="button" onClick={() => void keeper.settle('mine')}>
        {d.keepMine}
      </button>
    </div>
  );
}
