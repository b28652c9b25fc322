import 'dockview-react/dist/styles/dockview.css';
import './dock.css';
import { DockviewReact, type DockviewApi, type DockviewReadyEvent, type DockviewTheme, type IDockviewPanelProps, type SerializedDockview } from 'dockview-react';
import { useCallback, useEffect, useState } from 'react';
import { t } from '@/strings';
import { Empty } from '@/ui/states';
import { fromDock, toDock } from './dock';
import { PanelFrame } from './PanelFrame';
import { PanelTab } from './PanelTab';
import { changeLayout, useWorkspace } from './store';

const theme: DockviewTheme = { name: 'astrolabe', className: 'dockview-theme-astrolabe', gap: 0, dndPanelOverlay: 'content', dndTabIndicator: 'line' };

function DockPanel({ api }: IDockviewPanelProps) {
  const [where, setWhere] = useState(() => api.getWindow().document);
  useEffect(() => {
    const moved = api.onDidLocationChange(() => setWhere(api.getWindow().document));
    return () => moved.dispose();
  }, [api]);
  return <PanelFrame panelId={api.id} document={where} />;
}

const Nothing = () => <Empty title={t.workspace.empty} text={t.workspace.emptyHint} />;

const components = { panel: DockPanel };
const tabComponents = { panel: PanelTab };

export default function Dock() {
  const [api, setApi] = useState<DockviewApi | null>(null);
  const epoch = useWorkspace((s) => s.epoch);
  const onReady = useCallback((event: DockviewReadyEvent) => setApi(event.api), []);
  useEffect(() => {
    if (!api) return;
    api.fromJSON(toDock(useWorkspace.getState().layout, api.width || 1200, api.height || 800));
  }, [api, epoch]);
  useEffect(() => {
    if (!api) return;
    const changed = api.onDidLayoutChange(() => noteDock(api.toJSON()));
    const active = api.onDidActivePanelChange(() => useWorkspace.setState({ active: api.activePanel?.id ?? null }));
    return () => {
      changed.dispose();
      active.dispose();
    };
  }, [api]);
  return <DockviewReact className="workspace-dock" theme={theme} components={components} tabComponents={tabComponents} watermarkComponent={Nothing} disableFloatingGroups onReady={onReady} />;
}

/** Keeps where everything stands; panels that were closed are forgotten. */
function noteDock(dock: SerializedDockview): void {
  const places = fromDock(dock);
  if (!places) return;
  changeLayout((layout) => ({ ...layout, ...places, panels: Object.fromEntries(Object.entries(layout.panels).filter(([id]) => id in dock.panels)) }));
}
