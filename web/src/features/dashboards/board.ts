import { t } from '@/strings';

/** A dashboard as it is kept and shared: widgets on a grid, each with its source and how that is shown. */

export const kViews = ['number', 'table', 'line', 'bar', 'heat'] as const;
export type View = (typeof kViews)[number];

export type FilterValue = string | number | boolean | string[];

export interface EndpointSource {
  kind: 'endpoint';
  /** As the OpenAPI document has it, with its parameters in braces. */
  path: string;
  parameters: Record<string, string>;
  everyS: number;
}
export interface ChannelSource {
  kind: 'channel';
  channel: string;
  filter: Record<string, FilterValue>;
}
export type Source = EndpointSource | ChannelSource;

/** One figure of a row: where it stands, what it is called, and in which unit it is read. */
export interface Field {
  path: string;
  label: string;
  /** Decimal places that the figure is moved by: 9 makes SOL of lamports. */
  shift: number;
  unit: string;
}

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Widget {
  id: string;
  title: string;
  view: View;
  source: Source;
  /** Where the list of rows stands; empty: the answer itself, or the events of a channel. */
  rows: string;
  /** What runs along: the time of a line, the names of bars, the columns of a heat map. Empty: when it came. */
  x: string;
  /** One line, or one row of a heat map or table, for each value of it. */
  by: string;
  /** What counts when several rows have the same names. */
  same: 'newest' | 'sum';
  fields: Field[];
  place: Place;
}

export interface Board {
  version: 1;
  title: string;
  widgets: Widget[];
}

/** Limits, told where they bite. */
export const kWidgetsMax = 24;
export const kFieldsMax = 12;
export const kLinesMax = 6;
export const kRowsMax = 500;
export const kColumns = 12;
export const kRowsOfGridMax = 200;
export const kHeightMax = 24;
export const kBytesMax = 64 * 1024;
export const kTitleMax = 64;
const kTextMax = 200;
export const kEverySeconds = [2, 5, 10, 30, 60, 300] as const;

/** What is wrong with a dashboard, and where: "widgets[2].source.path". */
export class BoardError extends Error {
  constructor(
    readonly where: string,
    what: string,
  ) {
    super(t.boards.problems.at(where, what));
    this.name = 'BoardError';
  }
}

type Fields = Record<string, unknown>;
const p = t.boards.problems;

function fail(where: string, what: string): never {
  throw new BoardError(where, what);
}
function object(value: unknown, where: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : fail(where, p.notObject);
}
function list(value: unknown, most: number, where: string): unknown[] {
  if (!Array.isArray(value)) fail(where, p.notList);
  return value.length <= most ? value : fail(where, p.tooMany(most));
}
function text(value: unknown, where: string, most = kTextMax): string {
  return typeof value === 'string' && value.length <= most ? value : fail(where, p.notText(most));
}
function whole(value: unknown, min: number, max: number, where: string): number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? (value as number) : fail(where, p.notWhole(min, max));
}
function oneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  return choices.includes(value as T) ? (value as T) : fail(where, p.notOneOf(String(value), choices.join(', ')));
}

/** Only this server's documented routes, and only what reads: whose link is opened must not send its reader elsewhere. */
const kPathPattern = /^\/api\/v1(\/[a-z0-9{}_.-]+)+$/;
const kChannelPattern = /^[a-z_]+(\.[a-z_]+)+$/;

function readFilter(value: unknown, where: string): Record<string, FilterValue> {
  const filter: Record<string, FilterValue> = {};
  for (const [name, wanted] of Object.entries(object(value, where))) {
    const at = `${where}.${name}`;
    if (Array.isArray(wanted)) filter[name] = list(wanted, 32, at).map((each, i) => text(each, `${at}[${i}]`));
    else if (typeof wanted === 'boolean' || (typeof wanted === 'number' && Number.isFinite(wanted))) filter[name] = wanted;
    else filter[name] = text(wanted, at);
  }
  return filter;
}

function readSource(value: unknown, where: string): Source {
  const fields = object(value, where);
  if (oneOf(fields.kind, ['endpoint', 'channel'] as const, `${where}.kind`) === 'channel') {
    const channel = text(fields.channel, `${where}.channel`);
    if (!kChannelPattern.test(channel)) fail(`${where}.channel`, p.notChannel);
    return { kind: 'channel', channel, filter: readFilter(fields.filter ?? {}, `${where}.filter`) };
  }
  const path = text(fields.path, `${where}.path`);
  if (!kPathPattern.test(path) || path.includes('..')) fail(`${where}.path`, p.notPath);
  const parameters: Record<string, string> = {};
  for (const [name, wanted] of Object.entries(object(fields.parameters ?? {}, `${where}.parameters`))) parameters[name] = text(wanted, `${where}.parameters.${name}`);
  return { kind: 'endpoint', path, parameters, everyS: whole(fields.everyS, kEverySeconds[0], 86_400, `${where}.everyS`) };
}

function readField(value: unknown, where: string): Field {
  const { path, label = '', shift = 0, unit = '' } = object(value, where);
  return { path: text(path, `${where}.path`), label: text(label, `${where}.label`, kTitleMax), shift: whole(shift, -18, 18, `${where}.shift`), unit: text(unit, `${where}.unit`, 16) };
}

function readPlace(value: unknown, where: string): Place {
  const fields = object(value, where);
  const w = whole(fields.w, 1, kColumns, `${where}.w`);
  return {
    x: whole(fields.x, 0, kColumns - w, `${where}.x`),
    y: whole(fields.y, 0, kRowsOfGridMax, `${where}.y`),
    w,
    h: whole(fields.h, 1, kHeightMax, `${where}.h`),
  };
}

function readWidget(value: unknown, where: string): Widget {
  const fields = object(value, where);
  return {
    id: text(fields.id, `${where}.id`, 40),
    title: text(fields.title, `${where}.title`, kTitleMax),
    view: oneOf(fields.view, kViews, `${where}.view`),
    source: readSource(fields.source, `${where}.source`),
    rows: text(fields.rows ?? '', `${where}.rows`),
    x: text(fields.x ?? '', `${where}.x`),
    by: text(fields.by ?? '', `${where}.by`),
    same: oneOf(fields.same ?? 'newest', ['newest', 'sum'] as const, `${where}.same`),
    fields: list(fields.fields, kFieldsMax, `${where}.fields`).map((field, i) => readField(field, `${where}.fields[${i}]`)),
    place: readPlace(fields.place, `${where}.place`),
  };
}

/** The dashboard, or a BoardError that says where it is none. */
export function parseBoard(value: unknown): Board {
  const fields = object(value, 'dashboard');
  if (fields.version !== 1) fail('version', p.version(String(fields.version)));
  const widgets = list(fields.widgets, kWidgetsMax, 'widgets').map((widget, i) => readWidget(widget, `widgets[${i}]`));
  const ids = new Set(widgets.map(({ id }) => id));
  if (ids.size !== widgets.length) fail('widgets', p.twice);
  return { version: 1, title: text(fields.title, 'title', kTitleMax), widgets };
}

/** A name that the server takes for a document: a path's segment, 64 bytes at most. */
export function parseBoardName(value: string): string {
  const name = value.trim().replace(/\s+/g, ' ');
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u.test(name) || new TextEncoder().encode(name).length > kTitleMax) fail('name', p.badName(kTitleMax));
  return name;
}

export const bytesOf = (board: Board): number => new TextEncoder().encode(JSON.stringify(board)).length;

export const fieldOf = (path: string, change: Partial<Field> = {}): Field => ({ path, label: '', shift: 0, unit: '', ...change });

/** An id that no widget of the board has. */
export function freeId(widgets: readonly Widget[]): string {
  for (let n = widgets.length + 1; ; ++n) if (!widgets.some(({ id }) => id === `w${n}`)) return `w${n}`;
}
