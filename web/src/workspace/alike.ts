import { isSplit, type Layout, type LayoutNode } from './layout';

/** Shares that differ by less are the same: windows differ by pixels. */
const kShare = 0.006;

const sharesOf = (parts: readonly LayoutNode[]): number[] => {
  const sum = parts.reduce((total, part) => total + part.size, 0);
  return parts.map((part) => part.size / sum);
};

/** Whether both have the same places with about the same shares. */
export function isAlikePlace(a: LayoutNode, b: LayoutNode): boolean {
  if (!isSplit(a) || !isSplit(b)) return !isSplit(a) && !isSplit(b) && a.active === b.active && a.tabs.join() === b.tabs.join();
  if (a.split !== b.split || a.parts.length !== b.parts.length) return false;
  const [mine, others] = [sharesOf(a.parts), sharesOf(b.parts)];
  return a.parts.every((part, i) => Math.abs(mine[i]! - others[i]!) < kShare && isAlikePlace(part, b.parts[i]!));
}

/** Whether one would not tell the layouts apart. */
export const isAlike = (a: Layout, b: Layout): boolean =>
  isAlikePlace(a.root, b.root) && sorted([a.panels, a.links, a.windows]) === sorted([b.panels, b.links, b.windows]);

/** JSON with the members of every object in order. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([x], [y]) => (x < y ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`).join()}}`;
}
