import './workspace.css';
import { useEffect } from 'react';
import { useSession } from '@/api/session';
import { documents } from '@/api/documents';
import { useAlertWatch } from '@/features/exchange/useAlertWatch';
import { t } from '@/strings';
import { useMedia } from '@/ui/media';
import { prepared } from '@/ui/prepared';
import { Skeleton } from '@/ui/states';
import { ConflictBar } from './ConflictBar';
import { shownLayout, startLayouts } from './layouts';
import { preparePanels } from './panelContents';
import { setLinkSymbol } from './store';
import { LayoutSync } from './sync';
import { Toolbar } from './Toolbar';

const kPhone = '(max-width: 640px)';
const meanwhile = <Skeleton rows={12} className="page-skeleton" />;
const Dock = prepared(() => import('./Dock'), meanwhile);
const PhoneWorkspace = prepared(() => import('./PhoneWorkspace'), meanwhile);
// All at once, not one when the other has been drawn.
if (matchMedia(kPhone).matches) PhoneWorkspace.prepare();
else {
  Dock.prepare();
  preparePanels(shownLayout());
}

/** `/trade/SOL-PERP` opens the workspace with its first colour group at that market. */
export default function WorkspacePage({ market, isHere }: { market: string | undefined; isHere: boolean }) {
  const isPhone = useMedia(kPhone);
  useAlertWatch();
  useEffect(() => {
    if (isHere) document.title = `${t.workspace.title} · ${t.product}`;
  }, [isHere]);
  return (
    <div className="workspace">
      <h1 className="sr-only">{t.workspace.title}</h1>
      {isPhone ? <PhoneWorkspace market={market} /> : <Desk market={market} />}
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
