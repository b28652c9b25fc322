import 'dockview-react/dist/styles/dockview.css';
import './dock.css';
import { DockviewReact, type DockviewApi, type DockviewGroupPanel, type DockviewReadyEvent, type DockviewTheme, type IDockviewPanelProps, type SerializedDockview } from 'dockview-react';
import { useCallback, useEffect, useState } from 'react';
import { t } from '@/strings';
import { Empty } from '@/ui/states';
import { joinWindow } from '@/ui/windows';
import { isAlikePlace } from './alike';
import { fromDock, toDock } from './dock';
import { dockActions } from './dockActions';
import { setDock } from './dockHost';
import { GroupTools } from './GroupTools';
import { useWorkspaceKeys } from './keys';
import type { Layout } from './layout';
import { adopt } from './layouts';
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
  useWorkspaceKeys();
  useEffect(() => {
    if (!api) return;
    setDock(dockActions(api));
    return () => setDock(null);
  }, [api]);
  useEffect(() => {
    if (!api) return;
    api.fromJSON(toDock(useWorkspace.getState().layout, api.width || 1200, api.height || 800));
    adopt(withDockOf(useWorkspace.getState().layout, api.toJSON()));
  }, [api, epoch]);
  useEffect(() => (api ? follow(api) : undefined), [api]);
  return (
    <DockviewReact
      className="workspace-dock"
      theme={theme}
      components={components}
      tabComponents={tabComponents}
      watermarkComponent={Nothing}
      rightHeaderActionsComponent={GroupTools}
      disableFloatingGroups
      popoutUrl="/popout.html"
      onReady={onReady}
    />
  );
}

/** Keeps the layout equal to what stands in the dock, and its windows parts of the terminal. */
function follow(api: DockviewApi): () => void {
  const leave = new Map<string, () => void>();
  // The windows close with the page; that is no change of the layout.
  let isLeaving = false;
  const onLeave = () => {
    isLeaving = true;
    setTimeout(() => (isLeaving = false), 1000);
  };
  window.addEventListener('beforeunload', onLeave);
  const bonds = [
    api.onDidLayoutChange(() => (isLeaving ? undefined : noteDock(api.toJSON()))),
    api.onDidActivePanelChange(() => useWorkspace.setState({ active: api.activePanel?.id ?? null })),
    api.onDidAddPopoutGroup(({ id, window, group }) => {
      const bonds = [joinWindow(window), titleAfter(group, window.document)];
      leave.set(id, () => bonds.forEach((undo) => undo()));
    }),
    api.onDidRemovePopoutGroup(({ id }) => {
      leave.get(id)?.();
      leave.delete(id);
    }),
  ];
  return () => {
    window.removeEventListener('beforeunload', onLeave);
    for (const bond of bonds) bond.dispose();
    for (const undo of leave.values()) undo();
  };
}

/** Keeps a window's title that of the panel it shows. */
function titleAfter(group: DockviewGroupPanel, document: Document): () => void {
  const name = () => (document.title = `${group.activePanel?.title ?? ''} · ${t.product}`);
  let titled = group.activePanel?.api.onDidTitleChange(name);
  const changed = group.api.onDidActivePanelChange(() => {
    titled?.dispose();
    titled = group.activePanel?.api.onDidTitleChange(name);
    name();
  });
  name();
  return () => {
    titled?.dispose();
    changed.dispose();
  };
}

/** Panels that were closed are forgotten; windows that have not been opened yet are not. */
function withDockOf(layout: Layout, dock: SerializedDockview): Layout {
  const places = fromDock(dock);
  if (!places) return layout;
  const panels = Object.fromEntries(Object.entries(layout.panels).filter(([id]) => id in dock.panels));
  const away = new Set(places.windows.flatMap(({ tabs }) => tabs));
  const waiting = useWorkspace.getState().isWaiting ? layout.windows.filter(({ tabs }) => tabs.every((id) => id in panels && !away.has(id))) : [];
  const windows = [...places.windows, ...waiting];
  const isSame = isAlikePlace(layout.root, places.root) && JSON.stringify(windows) === JSON.stringify(layout.windows);
  return isSame && Object.keys(panels).length === Object.keys(layout.panels).length ? layout : { ...layout, root: places.root, windows, panels };
}

const noteDock = (dock: SerializedDockview): void => changeLayout((layout) => withDockOf(layout, dock));
