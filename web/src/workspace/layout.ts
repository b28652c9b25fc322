/** A workspace as it is kept: which panels there are, how they stand, which follow the same market. */

export const kLinks = ['blue', 'amber', 'violet', 'teal'] as const;
export type Link = (typeof kLinks)[number];

export type Settings = Record<string, unknown>;

export interface PanelState {
  /** A key of panelKinds. */
  kind: string;
  /** The colour group whose market it shows; null: its own. */
  link: Link | null;
  /** Its own market. */
  symbol: string | null;
  /** What the panel keeps for itself. */
  settings: Settings;
}

/** Panels that stand as tabs in one place. `size` is the share among its neighbours. */
export interface TabsNode {
  size: number;
  tabs: string[];
  active: string;
}
/** Places beside (`row`) or below (`column`) one another. */
export interface SplitNode {
  size: number;
  split: 'row' | 'column';
  parts: LayoutNode[];
}
export type LayoutNode = TabsNode | SplitNode;

/** Panels in a browser window of their own, in pixels of the screen. */
export interface WindowState {
  tabs: string[];
  active: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Layout {
  version: 1;
  panels: Record<string, PanelState>;
  links: Partial<Record<Link, string>>;
  root: LayoutNode;
  /** Panels of these stand in `root` too, where they come back to. */
  windows: WindowState[];
}

export const isSplit = (node: LayoutNode): node is SplitNode => 'split' in node;

/** All panels of a place, in reading order. */
export const tabsOf = (node: LayoutNode): string[] => (isSplit(node) ? node.parts.flatMap(tabsOf) : node.tabs);

/** Without the places that hold nothing, and with no split of a split of the same direction. */
export function tidied(node: LayoutNode): LayoutNode | null {
  if (!isSplit(node)) {
    if (node.tabs.length === 0) return null;
    return node.tabs.includes(node.active) ? node : { ...node, active: node.tabs[0]! };
  }
  const parts = node.parts.map(tidied).filter((part) => part !== null);
  const flat = parts.flatMap((part) => (isSplit(part) && part.split === node.split ? spread(part) : [part]));
  if (flat.length === 0) return null;
  if (flat.length === 1) return { ...flat[0]!, size: node.size };
  return { ...node, parts: flat };
}

/** The parts of a split with their shares of the split's own. */
function spread({ size, parts }: SplitNode): LayoutNode[] {
  const sum = parts.reduce((total, part) => total + part.size, 0);
  return parts.map((part) => ({ ...part, size: (size * part.size) / sum }));
}
