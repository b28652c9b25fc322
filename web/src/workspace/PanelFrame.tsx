import { useMemo } from 'react';
import { useVenueTruth } from '@/features/exchange/TruthBadges';
import { t } from '@/strings';
import { Empty, ViewBoundary } from '@/ui/states';
import { panelContent } from './panelContents';
import { panelKind } from './panels';
import { symbolOf, useWorkspace } from './store';
import { useFirstSymbol } from './useFirstSymbol';
import { PanelContext } from './usePanel';

/** A panel's content wherever it stands: in the dock, in its own window, on a phone. */
export function PanelFrame({ panelId, document }: { panelId: string; document: Document }) {
  const kind = useWorkspace((s) => s.layout.panels[panelId]?.kind);
  const place = useMemo(() => ({ panelId, document }), [panelId, document]);
  const title = (kind !== undefined && panelKind(kind)?.title) || panelId;
  const isStale = useIsStale(panelId);
  const Content = kind === undefined ? undefined : panelContent(kind);
  return (
    <section className="workspace-panel" aria-label={title} tabIndex={-1} data-panel={panelId} data-stale={isStale || undefined}>
      <PanelContext value={place}>
        <ViewBoundary>
          {Content ? (
            <Content />
          ) : (
            <Empty title={t.workspace.unknownPanel} text={t.workspace.unknownPanelHint} />
          )}
        </ViewBoundary>
      </PanelContext>
    </section>
  );
}

/** Late data is dimmed, never hidden. */
function useIsStale(panelId: string): boolean {
  const isSymbolic = useWorkspace((s) => panelKind(s.layout.panels[panelId]?.kind ?? '')?.symbolic ?? false);
  const first = useFirstSymbol();
  const symbol = useWorkspace((s) => symbolOf(s.layout, panelId)) ?? first;
  return useVenueTruth(isSymbolic ? symbol : '').staleSeconds !== null;
}
