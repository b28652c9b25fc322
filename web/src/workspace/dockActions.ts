import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from 'dockview-react';
import { t } from '@/strings';
import { toast } from '@/ui/toasts';
import type { Direction, DockHost } from './dockHost';
import { panelKind } from './panels';
import { freshPanelId, notePanel, useWorkspace } from './store';

const kResizePx = 40;
const kEdges = { left: 'left', right: 'right', up: 'top', down: 'bottom' } as const;

/** The document a group is drawn in. */
const documentOf = (group: DockviewGroupPanel): Document => group.api.getWindow().document;

/** The nearest group that lies in that direction, in the same window. */
function neighbour(api: DockviewApi, from: DockviewGroupPanel, direction: Direction): DockviewGroupPanel | undefined {
  const rect = from.element.getBoundingClientRect();
  const isAcross = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const middle = (box: DOMRect) => (isAcross ? box.left + box.width / 2 : box.top + box.height / 2);
  const overlap = (box: DOMRect) =>
    isAcross ? Math.min(rect.bottom, box.bottom) - Math.max(rect.top, box.top) : Math.min(rect.right, box.right) - Math.max(rect.left, box.left);
  return api.groups
    .filter((group) => group !== from && group.api.isVisible && documentOf(group) === documentOf(from))
    .map((group) => ({ group, box: group.element.getBoundingClientRect() }))
    .filter(({ box }) => sign * (middle(box) - middle(rect)) > 1 && overlap(box) > 0)
    .sort((a, b) => Math.abs(middle(a.box) - middle(rect)) - Math.abs(middle(b.box) - middle(rect)) || overlap(b.box) - overlap(a.box))[0]?.group;
}

/** What the dock does, on the panel that is active unless another is named. */
export function dockActions(api: DockviewApi): DockHost {
  const panelOf = (panelId?: string): IDockviewPanel | undefined => (panelId === undefined ? api.activePanel : api.getPanel(panelId));
  const enter = (panel: IDockviewPanel | undefined) => {
    if (!panel) return;
    panel.api.setActive();
    const { document } = panel.api.getWindow();
    document.defaultView?.focus();
    document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(panel.id)}"]`)?.focus();
  };
  /** Groups in reading order, those of other windows last. */
  const inOrder = () =>
    api.groups
      .filter((group) => group.api.isVisible && group.activePanel)
      .map((group) => ({ group, box: group.element.getBoundingClientRect(), isAway: group.api.location.type === 'popout' }))
      .sort((a, b) => Number(a.isAway) - Number(b.isAway) || a.box.left - b.box.left || a.box.top - b.box.top)
      .map(({ group }) => group);

  const add = (kind: string): string => {
    const id = freshPanelId(kind);
    const link = useWorkspace.getState().layout.panels[api.activePanel?.id ?? '']?.link;
    notePanel(id, kind, link === undefined ? 'blue' : link);
    const beside = api.activeGroup;
    const panel = api.addPanel({
      id, component: 'panel', tabComponent: 'panel', title: panelKind(kind)?.title ?? kind,
      minimumWidth: panelKind(kind)?.minimum.width, minimumHeight: panelKind(kind)?.minimum.height,
      ...(beside ? { position: { referenceGroup: beside } } : {}),
    });
    enter(panel);
    return id;
  };
  const dockBack = (panel: IDockviewPanel) => panel.api.getWindow().close();
  const tearOff = (panelId?: string) => {
    const panel = panelOf(panelId);
    if (!panel) return;
    if (panel.api.location.type === 'popout') return dockBack(panel);
    if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
    void api.addPopoutGroup(panel, { popoutUrl: '/popout.html' }).then((isOpen) => (isOpen ? undefined : toast(t.workspace.popoutBlocked, 'warn')));
  };
  return {
    add,
    close: (panelId) => panelOf(panelId)?.api.close(),
    focus: (panelId) => enter(api.getPanel(panelId)),
    focusToward: (direction) => {
      const from = api.activeGroup;
      if (from) enter(neighbour(api, from, direction)?.activePanel);
    },
    focusNext: (step) => {
      const groups = inOrder();
      const at = groups.findIndex((group) => group === api.activeGroup);
      enter(groups[(at + step + groups.length) % groups.length]?.activePanel);
    },
    move: (direction) => {
      const panel = api.activePanel;
      if (!panel) return;
      const to = neighbour(api, panel.group, direction);
      if (to) panel.api.moveTo({ group: to, position: 'center' });
      else if (panel.group.panels.length > 1) panel.api.moveTo({ group: panel.group, position: kEdges[direction] });
      enter(panel);
    },
    nextTab: (step) => {
      const group = api.activeGroup;
      if (!group?.activePanel) return;
      const at = group.panels.indexOf(group.activePanel);
      enter(group.panels[(at + step + group.panels.length) % group.panels.length]);
    },
    resize: (direction) => {
      const group = api.activeGroup;
      if (!group || group.api.location.type !== 'grid') return;
      const grow = direction === 'right' || direction === 'down' ? kResizePx : -kResizePx;
      if (direction === 'left' || direction === 'right') group.api.setSize({ width: group.api.width + grow });
      else group.api.setSize({ height: group.api.height + grow });
    },
    maximise: () => {
      const panel = api.activePanel;
      if (!panel || panel.api.location.type !== 'grid') return;
      if (panel.api.isMaximized()) panel.api.exitMaximized();
      else panel.api.maximize();
    },
    tearOff,
    restoreWindows: () => {
      const { windows } = useWorkspace.getState().layout;
      // Each opens on its own: browsers may allow only the first of one click, and say so.
      for (const { tabs, left, top, width, height } of windows) {
        const panel = tabs.map((id) => api.getPanel(id)).find((each) => each?.api.location.type === 'grid');
        if (panel) void openAgain(api, panel, tabs, { left, top, width, height });
      }
    },
  };
}

async function openAgain(api: DockviewApi, first: IDockviewPanel, tabs: string[], position: { left: number; top: number; width: number; height: number }): Promise<void> {
  if (!(await api.addPopoutGroup(first, { popoutUrl: '/popout.html', position }))) return toast(t.workspace.popoutBlocked, 'warn');
  for (const id of tabs) {
    const panel = api.getPanel(id);
    if (panel && panel !== first) panel.api.moveTo({ group: first.group, position: 'center' });
  }
  first.api.setActive();
}
