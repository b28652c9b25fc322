import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { useEffect, useState } from 'react';
import { TruthBadges } from '@/features/exchange/TruthBadges';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { withDock } from './dockHost';
import { panelKind } from './panels';
import { PanelMarket } from './PanelTab';
import { symbolOf, useWorkspace } from './store';
import { useFirstSymbol } from './useFirstSymbol';

/** Right of a place's tabs: the market of the panel it shows, and what is done with that panel. */
export function GroupTools({ api, activePanel, containerApi }: IDockviewHeaderActionsProps) {
  const [isAway, setAway] = useState(api.location.type === 'popout');
  const [isWide, setWide] = useState(() => api.isMaximized());
  useEffect(() => {
    const bonds = [api.onDidLocationChange(() => setAway(api.location.type === 'popout')), containerApi.onDidMaximizedGroupChange(() => setWide(api.isMaximized()))];
    return () => bonds.forEach((bond) => bond.dispose());
  }, [api, containerApi]);
  if (!activePanel) return null;
  const title = activePanel.title ?? '';
  const w = t.workspace;
  const tear = isAway ? w.dockBack(title) : w.tearOff(title);
  return (
    <div className="group-tools">
      <PanelMarket panelId={activePanel.id} />
      <PanelTruth panelId={activePanel.id} />
      <button type="button" className="icon-button" aria-label={tear} title={`${tear} (Ctrl Alt O)`} onClick={() => withDock((dock) => dock.tearOff(activePanel.id))}>
        <Icon name={isAway ? 'restore' : 'window'} size={14} />
      </button>
      {isAway ? null : (
        <button type="button" className="icon-button wide-place" aria-label={isWide ? w.restore : w.maximise(title)} title={`${isWide ? w.restore : w.maximise(title)} (Ctrl Alt M)`} onClick={() => (isWide ? api.exitMaximized() : api.maximize())}>
          <Icon name={isWide ? 'restore' : 'maximise'} size={14} />
        </button>
      )}
      <button type="button" className="icon-button" aria-label={w.closePanel(title)} title={`${w.closePanel(title)} (Ctrl Alt W)`} onClick={() => withDock((dock) => dock.close(activePanel.id))}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

/** What the shown panel's market is; nothing of panels without one. */
function PanelTruth({ panelId }: { panelId: string }) {
  const kind = useWorkspace((s) => s.layout.panels[panelId]?.kind);
  const first = useFirstSymbol();
  const symbol = useWorkspace((s) => symbolOf(s.layout, panelId)) ?? first;
  return kind !== undefined && panelKind(kind)?.symbolic && symbol !== '' ? <TruthBadges symbol={symbol} isShort /> : null;
}
