import { create } from 'zustand';
import { kLinks, tabsOf, type Layout, type Link, type PanelState, type Settings } from './layout';
import { presetLayout } from './presets';

export interface WorkspaceState {
  /** Of the layout that is shown. */
  name: string;
  layout: Layout;
  /** Counts the layouts that were put in place of another: whoever draws them begins anew. */
  epoch: number;
  /** The panel that keys and the palette act on. */
  active: string | null;
  /** The layout's windows have not been opened since it is shown: a browser wants to be asked. */
  isWaiting: boolean;
}

export const useWorkspace = create<WorkspaceState>()(() => ({ name: '', layout: presetLayout('trade'), epoch: 0, active: null, isWaiting: false }));

/** The market a panel shows; null when none was chosen. */
export function symbolOf(layout: Layout, panelId: string): string | null {
  const panel = layout.panels[panelId];
  if (!panel) return null;
  return (panel.link ? layout.links[panel.link] : panel.symbol) ?? null;
}

export const changeLayout = (change: (layout: Layout) => Layout): void => useWorkspace.setState((s) => ({ layout: change(s.layout) }));

export function changePanel(panelId: string, change: Partial<PanelState>): void {
  changeLayout((layout) => {
    const panel = layout.panels[panelId];
    return panel ? { ...layout, panels: { ...layout.panels, [panelId]: { ...panel, ...change } } } : layout;
  });
}

export const setLinkSymbol = (link: Link, symbol: string): void => changeLayout((layout) => ({ ...layout, links: { ...layout.links, [link]: symbol } }));

export function setPanelSymbol(panelId: string, symbol: string): void {
  const link = useWorkspace.getState().layout.panels[panelId]?.link;
  if (link) setLinkSymbol(link, symbol);
  else changePanel(panelId, { symbol });
}

/** A panel that leaves its group keeps the market it shows. */
export function setPanelLink(panelId: string, link: Link | null): void {
  const symbol = symbolOf(useWorkspace.getState().layout, panelId);
  changePanel(panelId, link ? { link } : { link, symbol });
}

export function setPanelSettings(panelId: string, change: Settings): void {
  const panel = useWorkspace.getState().layout.panels[panelId];
  if (panel) changePanel(panelId, { settings: { ...panel.settings, ...change } });
}

/** An id for a new panel of that kind. */
export function freshPanelId(kind: string): string {
  const { panels } = useWorkspace.getState().layout;
  for (let n = 1; ; n++) if (!(`${kind}-${n}` in panels)) return `${kind}-${n}`;
}

/** The panel's place is made by whoever draws the layout. */
export const notePanel = (panelId: string, kind: string, link: Link | null = kLinks[0]): void =>
  changeLayout((layout) => ({ ...layout, panels: { ...layout.panels, [panelId]: { kind, link, symbol: null, settings: {} } } }));

export function showLayout(name: string, layout: Layout): void {
  useWorkspace.setState((s) => ({ name, layout, epoch: s.epoch + 1, active: tabsOf(layout.root)[0] ?? null, isWaiting: layout.windows.length > 0 }));
}
