import { t } from '@/strings';
import { kLinks, tabsOf, type Layout, type LayoutNode, type Link, type PanelState, type Settings, type WindowState } from './layout';
import { panelKinds } from './panels';

/** Limits of one layout; the server keeps no larger document. */
export const kBytesMax = 64 * 1024;
export const kPanelsMax = 60;
const kDepthMax = 8;
const kNameMax = 40;
const kIdPattern = /^[\w.-]{1,64}$/;
const kSymbolPattern = /^[\w./:-]{1,32}$/;

/** What is wrong with a layout, and where: "layout.panels.book-1.kind". */
export class LayoutError extends Error {
  constructor(
    readonly where: string,
    what: string,
  ) {
    super(t.workspace.problems.at(where, what));
    this.name = 'LayoutError';
  }
}

type Fields = Record<string, unknown>;
const p = t.workspace.problems;

function fail(where: string, what: string): never {
  throw new LayoutError(where, what);
}
function object(value: unknown, where: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : fail(where, p.notObject);
}
function list(value: unknown, where: string): unknown[] {
  return Array.isArray(value) ? value : fail(where, p.notList);
}
function matching(value: unknown, pattern: RegExp, where: string): string {
  return typeof value === 'string' && pattern.test(value) ? value : fail(where, p.notName);
}
function number(value: unknown, min: number, max: number, where: string): number {
  return typeof value === 'number' && value >= min && value <= max ? value : fail(where, p.notNumber(min, max));
}
function oneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  return choices.includes(value as T) ? (value as T) : fail(where, p.notOneOf(String(value), choices.join(', ')));
}

function readPanel(value: unknown, where: string, isStrict: boolean): PanelState {
  const { kind, link = null, symbol = null, settings = {} } = object(value, where);
  return {
    kind: isStrict ? oneOf(kind, panelKinds.map((each) => each.kind), `${where}.kind`) : matching(kind, kIdPattern, `${where}.kind`),
    link: link === null ? null : oneOf(link, kLinks, `${where}.link`),
    symbol: symbol === null ? null : matching(symbol, kSymbolPattern, `${where}.symbol`),
    settings: object(settings, `${where}.settings`) as Settings,
  };
}

function readTabs(fields: Fields, where: string): { tabs: string[]; active: string } {
  const tabs = list(fields.tabs, `${where}.tabs`).map((id, i) => matching(id, kIdPattern, `${where}.tabs[${i}]`));
  if (tabs.length === 0) fail(`${where}.tabs`, p.empty);
  return { tabs, active: oneOf(fields.active, tabs, `${where}.active`) };
}

function readNode(value: unknown, where: string, depth = 0): LayoutNode {
  if (depth > kDepthMax) fail(where, p.tooDeep(kDepthMax));
  const fields = object(value, where);
  const size = number(fields.size, 0.001, 1e6, `${where}.size`);
  if (!('split' in fields)) return { size, ...readTabs(fields, where) };
  const parts = list(fields.parts, `${where}.parts`).map((part, i) => readNode(part, `${where}.parts[${i}]`, depth + 1));
  if (parts.length === 0) fail(`${where}.parts`, p.empty);
  return { size, split: oneOf(fields.split, ['row', 'column'] as const, `${where}.split`), parts };
}

function readWindow(value: unknown, where: string): WindowState {
  const fields = object(value, where);
  const pixels = (name: string, min: number) => number(fields[name], min, 100_000, `${where}.${name}`);
  return { ...readTabs(fields, where), left: pixels('left', -100_000), top: pixels('top', -100_000), width: pixels('width', 50), height: pixels('height', 50) };
}

/** Every panel has one place, every place a panel. */
function checkPlaces(root: LayoutNode, windows: WindowState[], panels: Record<string, PanelState>): void {
  const placed = new Set<string>();
  for (const id of tabsOf(root)) {
    if (!(id in panels)) fail('layout.root', p.noPanel(id));
    if (placed.has(id)) fail('layout.root', p.twice(id));
    placed.add(id);
  }
  for (const id of Object.keys(panels)) if (!placed.has(id)) fail(`layout.panels.${id}`, p.noPlace);
  windows.forEach(({ tabs }, i) => tabs.forEach((id) => (placed.has(id) ? undefined : fail(`layout.windows[${i}].tabs`, p.noPanel(id)))));
}

/** The layout, or a LayoutError that says where it is none. Kinds of panels that are not known here pass only when not strict. */
export function parseLayout(value: unknown, isStrict = true): Layout {
  const fields = object(value, 'layout');
  if (fields.version !== 1) fail('layout.version', p.version(String(fields.version)));
  const panels: Record<string, PanelState> = {};
  for (const [id, panel] of Object.entries(object(fields.panels, 'layout.panels'))) {
    const where = `layout.panels.${id}`;
    panels[matching(id, kIdPattern, where)] = readPanel(panel, where, isStrict);
  }
  if (Object.keys(panels).length > kPanelsMax) fail('layout.panels', p.tooMany(kPanelsMax));
  const links: Partial<Record<Link, string>> = {};
  for (const [link, symbol] of Object.entries(object(fields.links ?? {}, 'layout.links'))) {
    links[oneOf(link, kLinks, 'layout.links')] = matching(symbol, kSymbolPattern, `layout.links.${link}`);
  }
  const root = readNode(fields.root, 'layout.root');
  const windows = list(fields.windows ?? [], 'layout.windows').map((each, i) => readWindow(each, `layout.windows[${i}]`));
  checkPlaces(root, windows, panels);
  return { version: 1, panels, links, root, windows };
}

export const kFormat = 'astrolabe-layout';

/** A name as it may be, or a LayoutError. */
export function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u.test(name) || name.length > kNameMax) fail('name', p.badName(kNameMax));
  return name;
}

export const exportText = (name: string, layout: Layout): string => `${JSON.stringify({ format: kFormat, name, layout }, null, 1)}\n`;

/** A file of an exported layout. */
export function importText(text: string): { name: string; layout: Layout } {
  if (new Blob([text]).size > kBytesMax) fail('file', p.tooLarge(kBytesMax / 1024));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    fail('file', p.notJson(error instanceof Error ? error.message : ''));
  }
  const fields = object(value, 'file');
  if (fields.format !== kFormat) fail('format', p.notOurs(kFormat));
  return { name: parseName(fields.name), layout: parseLayout(fields.layout) };
}
