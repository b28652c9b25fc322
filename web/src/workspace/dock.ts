import { Orientation, type SerializedDockview } from 'dockview-react';
import { panelKind } from './panels';
import { isSplit, tabsOf, tidied, type Layout, type LayoutNode, type WindowState } from './layout';

/** Between a layout as it is kept and as dockview has it. */

/** In pixels, of a window whose size nobody knows. */
const kWindow = { width: 480, height: 320 };
/** parseLayout() takes no smaller one. */
const kLeast = 50;

type DockNode = SerializedDockview['grid']['root'];
interface DockLeaf {
  id: string;
  views: string[];
  activeView?: string;
}

/** Each place's share in pixels of a workspace of that size. */
export function toDock(layout: Layout, width: number, height: number): SerializedDockview {
  let groups = 0;
  const place = (node: LayoutNode, size: number, along: number, across: number): DockNode => {
    if (!isSplit(node)) return { type: 'leaf', size, data: { id: String(++groups), views: node.tabs, activeView: node.active } };
    const sum = node.parts.reduce((total, part) => total + part.size, 0);
    const parts = node.parts.map((part) => {
      const share = (along * part.size) / sum;
      return place(part, share, across, share);
    });
    return { type: 'branch', size, data: parts };
  };
  const root = isSplit(layout.root) ? layout.root : { size: 1, split: 'row' as const, parts: [layout.root] };
  const isRow = root.split === 'row';
  const grid = {
    root: place(root, isRow ? height : width, isRow ? width : height, isRow ? height : width),
    width,
    height,
    orientation: isRow ? Orientation.HORIZONTAL : Orientation.VERTICAL,
  } as SerializedDockview['grid'];
  const panels = Object.fromEntries(tabsOf(layout.root).map((id) => [id, panelOf(id, layout.panels[id]!.kind)]));
  return { grid, panels } as SerializedDockview;
}

function panelOf(id: string, kind: string): SerializedDockview['panels'][string] {
  const { title = id, minimum = undefined } = panelKind(kind) ?? {};
  return { id, contentComponent: 'panel', tabComponent: 'panel', title, minimumWidth: minimum?.width, minimumHeight: minimum?.height };
}

/** The places and the windows; null when there is no panel at all. */
export function fromDock(dock: SerializedDockview): Pick<Layout, 'root' | 'windows'> | null {
  const windows: WindowState[] = [];
  const guests = new Map<string, string[]>();
  const homeless: string[] = [];
  for (const popout of dock.popoutGroups ?? []) {
    const leaves = popout.grid ? leavesOf(popout.grid.root) : [popout.data as DockLeaf];
    const tabs = leaves.flatMap((leaf) => leaf.views);
    if (tabs.length === 0) continue;
    const { left = 0, top = 0, width = 0, height = 0 } = popout.position ?? {};
    // Of a window that is just closing dockview says that it has no size: no layout may be kept with that.
    windows.push({ tabs, active: leaves[0]?.activeView ?? tabs[0]!, left, top, ...(Math.min(width, height) < kLeast ? kWindow : { width, height }) });
    const home = popout.gridReferenceGroup;
    if (home === undefined) homeless.push(...tabs);
    else guests.set(home, [...(guests.get(home) ?? []), ...tabs]);
  }
  const read = (node: DockNode, isRow: boolean): LayoutNode => {
    const size = Math.max(1, Math.round((node.size ?? 1) * 10) / 10);
    if (Array.isArray(node.data)) return { size, split: isRow ? 'row' : 'column', parts: node.data.map((part) => read(part, !isRow)) };
    const leaf = node.data as DockLeaf;
    const tabs = [...leaf.views, ...(guests.get(leaf.id) ?? [])];
    guests.delete(leaf.id);
    return { size, tabs, active: leaf.activeView ?? tabs[0] ?? '' };
  };
  const grid = read(dock.grid.root, dock.grid.orientation === Orientation.HORIZONTAL);
  homeless.push(...[...guests.values()].flat());
  const aside: LayoutNode = { size: Math.max(1, grid.size / 4), tabs: homeless, active: homeless[0] ?? '' };
  const root = tidied(homeless.length > 0 ? { size: 1, split: 'row', parts: [{ ...grid, size: 3 }, { ...aside, size: 1 }] } : grid);
  return root && { root, windows };
}

const leavesOf = (node: DockNode): DockLeaf[] => (Array.isArray(node.data) ? node.data.flatMap(leavesOf) : [node.data as DockLeaf]);
