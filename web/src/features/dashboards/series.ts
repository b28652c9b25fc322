import { decimalOf, drawnOf, labelOf, nameOf, timeOf } from './figures';
import { kLinesMax, kRowsMax, type Field, type Widget } from './board';
import { at, listAt } from './paths';

/** What the views draw, from what a source has given. */

export interface Row {
  value: unknown;
  /** When it came, in milliseconds. */
  at: number;
}

/** What a source has given so far: of an endpoint each answer, of a channel each event; newest last. */
export interface Given {
  kind: 'endpoint' | 'channel';
  rows: readonly Row[];
}

export const kBarsMax = 40;
export const kHeatColumnsMax = 60;
export const kHeatRowsMax = 24;

/** The rows that a widget shows, and how many there were; null when its list is not there. */
export function rowsOf(widget: Pick<Widget, 'rows' | 'view' | 'by'>, given: Given): { rows: Row[]; total: number } | null {
  const newest = given.rows.at(-1);
  if (!newest) return { rows: [], total: 0 };
  // One answer after the other is a line; the other views show the newest.
  const isOne = widget.rows === '' && given.kind === 'endpoint' && !Array.isArray(newest.value);
  const isPast = widget.view === 'line' || widget.view === 'number';
  if (isOne && !isPast) return { rows: [newest], total: 1 };
  let rows: Row[];
  if (isOne || (widget.rows === '' && given.kind === 'channel')) rows = [...given.rows];
  else {
    const list = listAt(newest.value, widget.rows);
    if (!list) return null;
    rows = list.map((value) => ({ value, at: newest.at }));
  }
  // A channel tells one thing again and again: a table of things shows each as it is now.
  if (widget.view === 'table' && widget.by !== '') rows = [...new Map(rows.map((row) => [nameOf(at(row.value, widget.by), widget.by), row])).values()];
  return { rows: given.kind === 'channel' ? rows.slice(-kRowsMax) : rows.slice(0, kRowsMax), total: rows.length };
}

/** The first path that has nothing in any row: what a widget is told to be wrong about. */
export function missingOf(widget: Pick<Widget, 'fields' | 'x' | 'by'>, rows: readonly Row[]): string | null {
  if (rows.length === 0) return null;
  const paths = [...widget.fields.map(({ path }) => path), widget.x, widget.by].filter(Boolean);
  return paths.find((path) => rows.every(({ value }) => at(value, path) === undefined)) ?? null;
}

/** Sums of decimal text, exactly. */
export function sumOf(a: string, b: string): string {
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0));
  const scaled = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const sum = scaled(a) + scaled(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  return decimalOf(`${sum < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${places > 0 ? `.${digits.slice(-places)}` : ''}`)!;
}

export interface Cell {
  /** Exact, already in the field's unit. */
  text: string;
  drawn: number;
}

function put(cells: Map<string, string>, key: string, text: string, same: Widget['same']): void {
  const before = cells.get(key);
  cells.set(key, before !== undefined && same === 'sum' ? sumOf(before, text) : text);
}

export interface Bar extends Cell {
  name: string;
}

/** One bar a name, in the order of the rows; `more` is how many found no room. */
export function barsOf(widget: Pick<Widget, 'x' | 'fields' | 'same'>, rows: readonly Row[]): { bars: Bar[]; more: number } {
  const cells = new Map<string, string>();
  const field = widget.fields[0];
  if (!field) return { bars: [], more: 0 };
  for (const { value } of rows) {
    const text = decimalOf(at(value, field.path), field.shift);
    if (text !== null) put(cells, nameOf(at(value, widget.x), widget.x), text, widget.same);
  }
  const bars = [...cells].map(([name, text]) => ({ name, text, drawn: Number(text) }));
  return { bars: bars.slice(0, kBarsMax), more: Math.max(0, bars.length - kBarsMax) };
}

export interface Heat {
  columns: string[];
  rows: string[];
  /** By row, then column; null where nothing is. */
  cells: (Cell | null)[][];
  most: number;
  more: boolean;
}

/** The newest columns and the first rows that find room. */
export function heatOf(widget: Pick<Widget, 'x' | 'by' | 'fields' | 'same'>, given: readonly Row[]): Heat {
  const columns = new Map<string, number | string>();
  const names = new Set<string>();
  const cells = new Map<string, string>();
  const field = widget.fields[0];
  for (const { value } of field ? given : []) {
    const text = decimalOf(at(value, field!.path), field!.shift);
    if (text === null) continue;
    const across = at(value, widget.x);
    const column = nameOf(across, widget.x);
    const row = nameOf(at(value, widget.by), widget.by);
    columns.set(column, timeOf(across, widget.x) ?? column);
    names.add(row);
    put(cells, `${row}\n${column}`, text, widget.same);
  }
  const sorted = [...columns].sort(([, a], [, b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0)).map(([name]) => name);
  const shown = sorted.slice(-kHeatColumnsMax);
  const rows = [...names].slice(0, kHeatRowsMax);
  const drawn = rows.map((row) => shown.map((column) => cells.get(`${row}\n${column}`)).map((text) => (text === undefined ? null : { text, drawn: Number(text) })));
  return { columns: shown, rows, cells: drawn, most: Math.max(0, ...drawn.flat().map((cell) => Math.abs(cell?.drawn ?? 0))), more: sorted.length > shown.length || names.size > rows.length };
}

export interface Point extends Cell {
  x: number;
}
export interface Line {
  name: string;
  field: Field;
  points: Point[];
}

/** A line for each field, or for each value of `by`; from left to right. */
export function linesOf(widget: Pick<Widget, 'x' | 'by' | 'fields'>, rows: readonly Row[]): { lines: Line[]; isTime: boolean; more: number } {
  const lines = new Map<string, Line>();
  let isTime = true;
  for (const { value, at: came } of rows) {
    const along = widget.x === '' ? came : at(value, widget.x);
    const time = widget.x === '' ? came : timeOf(along, widget.x);
    if (time === null) isTime = false;
    const x = time ?? drawnOf(along, 0);
    if (x === null) continue;
    const group = widget.by === '' ? '' : nameOf(at(value, widget.by), widget.by);
    for (const field of widget.fields) {
      const text = decimalOf(at(value, field.path), field.shift);
      if (text === null) continue;
      const name = [group, widget.by === '' || widget.fields.length > 1 ? labelOf(field) : ''].filter(Boolean).join(' · ');
      let line = lines.get(name);
      if (!line) lines.set(name, (line = { name, field, points: [] }));
      line.points.push({ x, text, drawn: Number(text) });
    }
  }
  for (const line of lines.values()) line.points.sort((a, b) => a.x - b.x);
  const all = [...lines.values()];
  return { lines: all.slice(0, kLinesMax), isTime, more: Math.max(0, all.length - kLinesMax) };
}

/** What the answer itself says of its data: what is played, recorded or made up must not look like more. */
export function truthOf(given: Given): { isSimulated: boolean; label: string | null } {
  const root = given.rows.at(-1)?.value;
  const told = [root, at(root, 'feed'), ...(Array.isArray(root) ? root.slice(0, 1) : typeof root === 'object' && root !== null ? Object.values(root).flatMap((v) => (Array.isArray(v) ? v.slice(0, 1) : [])) : [])];
  const label = told.map((each) => at(each, 'label')).find((each) => typeof each === 'string' && each !== '');
  const isMade = told.some((each) => typeof at(each, 'synthetic') === 'string' && at(each, 'synthetic') !== '');
  return { isSimulated: told.some((each) => at(each, 'simulated') === true), label: (label as string | undefined) ?? (isMade ? 'synthetic' : null) };
}
