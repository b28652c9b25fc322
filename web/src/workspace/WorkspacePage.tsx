import './workspace.css';
import { lazy, Suspense, useEffect } from 'react';
import { useParams } from 'react-router';
import { t } from '@/strings';
import { Skeleton } from '@/ui/states';
import { setLinkSymbol } from './store';

const Dock = lazy(() => import('./Dock'));

/** `/trade/SOL-PERP` opens the workspace with its first colour group at that market. */
export default function WorkspacePage() {
  const { market } = useParams();
  useEffect(() => {
    if (market) setLinkSymbol('blue', market);
  }, [market]);
  useEffect(() => {
    document.title = `${t.workspace.title} · ${t.product}`;
  }, []);
  return (
    <div className="workspace">
      <h1 className="sr-only">{t.workspace.title}</h1>
      <Suspense fallback={<Skeleton rows={12} className="page-skeleton" />}>
        <Dock />
      </Suspense>
    </div>
  );
}
