import type { Layout, LayoutNode, Link, PanelState, Settings } from './layout';
import { tabsOf, tidied } from './layout';
import { panelKind } from './panels';

export const kPresets = ['trade', 'monitor', 'compact'] as const;
export type Preset = (typeof kPresets)[number];

/** A preset names its panels "kind" or "kind@colour". */
const panel = (name: string): [string, PanelState] => {
  const [kind, link] = name.split('@') as [string, Link | undefined];
  return [name.replace('@', '-'), { kind, link: link ?? 'blue', symbol: null, settings: {} as Settings }];
};
const tabs = (size: number, ...names: string[]): LayoutNode => ({ size, tabs: names, active: names[0]! });
const row = (size: number, ...parts: LayoutNode[]): LayoutNode => ({ size, split: 'row', parts });
const column = (size: number, ...parts: LayoutNode[]): LayoutNode => ({ size, split: 'column', parts });

const market = (link: Link): LayoutNode => column(1, tabs(3, `info@${link}`), tabs(9, `chart@${link}`), row(8, tabs(1, `book@${link}`), tabs(1, `trades@${link}`)));

const trees: Record<Preset, LayoutNode> = {
  trade: row(
    1,
    column(52, tabs(66, 'chart', 'depth'), tabs(34, 'positions', 'orders', 'history', 'liquidations')),
    column(26, tabs(60, 'book', 'ladder'), tabs(40, 'trades')),
    column(22, tabs(56, 'ticket'), tabs(44, 'watchlist', 'info', 'account')),
  ),
  monitor: row(1, market('blue'), market('amber'), market('violet')),
  compact: row(1, column(60, tabs(62, 'chart', 'depth', 'info'), tabs(38, 'positions', 'orders', 'trades', 'watchlist')), tabs(40, 'ticket', 'book', 'ladder')),
};

/** The colours of "Monitor" show the venue's first markets. */
export function presetLayout(preset: Preset, symbols: readonly string[] = []): Layout {
  const panels: Record<string, PanelState> = {};
  const known = (node: LayoutNode): LayoutNode => {
    if ('split' in node) return { ...node, parts: node.parts.map(known) };
    const names = node.tabs.filter((name) => panelKind(name.split('@')[0]!) !== undefined);
    const entries = names.map(panel);
    for (const [id, state] of entries) panels[id] = state;
    const ids = entries.map(([id]) => id);
    return { size: node.size, tabs: ids, active: ids[0] ?? '' };
  };
  const root = tidied(known(trees[preset]))!;
  const present = Object.fromEntries(tabsOf(root).map((id) => [id, panels[id]!]));
  const [blue, amber, violet] = symbols;
  const links = preset === 'monitor' ? { ...(blue ? { blue } : {}), ...(amber ? { amber } : {}), ...(violet ? { violet } : {}) } : {};
  return { version: 1, panels: present, links, root, windows: [] };
}
