import './workspace.css';
import { lazy, Suspense, useEffect } from 'react';
import { useSession } from '@/api/session';
import { documents } from '@/api/documents';
import { useAlertWatch } from '@/features/exchange/useAlertWatch';
import { t } from '@/strings';
import { useMedia } from '@/ui/media';
import { Skeleton } from '@/ui/states';
import { ConflictBar } from './ConflictBar';
import { startLayouts } from './layouts';
import { setLinkSymbol } from './store';
import { LayoutSync } from './sync';
import { Toolbar } from './Toolbar';

const loadDock = () => import('./Dock');
const Dock = lazy(loadDock);
const PhoneWorkspace = lazy(() => import('./PhoneWorkspace'));

/** `/trade/SOL-PERP` opens the workspace with its first colour group at that market. */
export default function WorkspacePage({ market, isHere }: { market: string | undefined; isHere: boolean }) {
  const isPhone = useMedia('(max-width: 640px)');
  useAlertWatch();
  useEffect(() => {
    if (isHere) document.title = `${t.workspace.title} · ${t.product}`;
  }, [isHere]);
  return (
    <div className="workspace">
      <h1 className="sr-only">{t.workspace.title}</h1>
      <Suspense fallback={<Skeleton rows={12} className="page-skeleton" />}>{isPhone ? <PhoneWorkspace market={market} /> : <Desk market={market} />}</Suspense>
    </div>
  );
}

function Desk({ market }: { market: string | undefined }) {
  const mark = useSession((s) => s.mark);
  useEffect(() => startLayouts(), []);
  useEffect(() => {
    if (market) setLinkSymbol('blue', market);
  }, [market]);
  useEffect(() => {
    if (mark === '') return;
    const sync = new LayoutSync(documents);
    void sync.start();
    return () => sync.stop();
  }, [mark]);
  return (
    <>
      <Toolbar />
      <ConflictBar />
      <Dock />
    </>
  );
}
