import './dashboards.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useAccess } from '@/api/access';
import { ApiError } from '@/api/client';
import { documents } from '@/api/documents';
import { useSession } from '@/api/session';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { Badge } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { BoardError, parseBoard, type Board } from './board';
import { BoardGrid } from './BoardGrid';
import { kKind } from './keeper';
import { boardPath, freeName, makeBoard, storeOf } from './shelf';
import { Feeds, useFeeds } from './useSource';

const d = t.boards;

/** A dashboard that somebody has shared: to be looked at, and copied. */
export default function SharedBoardPage() {
  const token = useLocation().hash.slice(1);
  const shared = useQuery({ queryKey: ['shared-dashboard', token], queryFn: async ({ signal }) => parseBoard(await documents.shared(token, signal)), enabled: token !== '', retry: false, staleTime: 60_000 });
  useEffect(() => {
    document.title = `${shared.data?.title ?? d.sharedBoard} · ${t.product}`;
  }, [shared.data]);
  const { error } = shared;
  if (token === '' || (error instanceof ApiError && error.isNotFound)) return <Empty title={d.noLink} text={d.noLinkHint} />;
  if (error instanceof BoardError) return <Empty title={d.broken} text={error.message} />;
  if (error) return <ErrorState error={error} retry={() => void shared.refetch()} />;
  if (!shared.data) return <Skeleton rows={12} className="page-skeleton" />;
  return <Shown board={shared.data} />;
}

function Shown({ board }: { board: Board }) {
  const feeds = useFeeds(useSession((s) => s.mark));
  const [noop] = useState(() => () => {});
  return (
    <Feeds value={feeds}>
      <div className="page board-page">
        <div className="board-head">
          <h1>{board.title || d.sharedBoard}</h1>
          <Badge tone="replay" title={d.readOnlyHint}>
            {d.readOnly}
          </Badge>
          <Keep board={board} />
        </div>
        <BoardGrid widgets={board.widgets} isEditing={false} change={noop} edit={noop} remove={noop} />
      </div>
    </Feeds>
  );
}

function Keep({ board }: { board: Board }) {
  const access = useAccess();
  const navigate = useNavigate();
  const { run, error, isBusy } = useChange();
  const keep = () =>
    run(async () => {
      const store = storeOf(access);
      const { items } = await store.list(kKind);
      const made = await makeBoard(store, freeName(board.title || d.sharedBoard, new Set(items.map(({ name }) => name))), board);
      toast(d.keptCopy(made));
      navigate(boardPath(made));
    });
  return (
    <>
      <Refusal error={error} />
      <button type="button" className="button" disabled={isBusy || access.state === 'asking'} onClick={() => void keep()}>
        {d.keepCopy}
      </button>
    </>
  );
}
