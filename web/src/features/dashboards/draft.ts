import { fieldOf, kFieldsMax, kLinesMax, type Source, type View, type Widget } from './board';
import type { Offer } from './catalogue';
import { decimalOf, timeOf } from './figures';
import { kSizes } from './grid';
import { at, figuresOf, listAt, listsOf, type Found } from './paths';

/** What a widget begins as when a source or a view has been chosen: something that shows, not an empty form. */

/** Whether the view shows rows, so that a list must be chosen. */
export const needsRows = (view: View): boolean => view !== 'number';

/** One row of what the source gives, to choose from. */
export function rowSample(widget: Pick<Widget, 'view' | 'rows' | 'source'>, root: unknown): unknown {
  if (widget.view === 'number') return root;
  if (widget.rows === '') return Array.isArray(root) ? root[0] : root;
  return listAt(root, widget.rows)?.[0];
}

/** The figures and words that can be chosen. */
export const choicesOf = (widget: Pick<Widget, 'view' | 'rows' | 'source'>, root: unknown): Found[] => figuresOf(rowSample(widget, root), widget.view === 'number');

const isFigure = ({ path, value }: Found): boolean => timeOf(value, path) === null && decimalOf(value) !== null;
const isTime = ({ path, value }: Found): boolean => timeOf(value, path) !== null;
const isWord = (found: Found): boolean => typeof found.value === 'string' && !isFigure(found) && !isTime(found);
const kCounters = /(^|\.)(seq|prev_seq|slot|version|id|trade|account|first_trade|last_trade|parent_slot|tx_index|ix_index|inner_index)$/;
/** Figures that measure something, before those that only number it. */
const measuring = (choices: readonly Found[]): Found[] => [...choices.filter(isFigure)].sort((a, b) => Number(kCounters.test(a.path)) - Number(kCounters.test(b.path)));

/** The same source shown as `view`: what still fits stays, the rest is chosen anew. */
export function shownAs(widget: Widget, view: View, root: unknown): Widget {
  const isList = needsRows(view) && widget.source.kind === 'endpoint';
  const lists = listsOf(root).filter(({ path }) => !path.endsWith('{}') || view === 'table' || view === 'bar');
  const known = lists.some(({ path }) => path === widget.rows);
  // A single answer, asked again and again, is a line as well; the other views need a list.
  const rows = !isList ? '' : known ? widget.rows : (lists.find(({ rows: count }) => count > 0)?.path ?? lists[0]?.path ?? '');
  const next: Widget = { ...widget, view, rows, place: widget.view === view ? widget.place : { ...widget.place, ...kSizes[view] } };
  return refilled(next, root);
}

/** Its paths, those kept that are still there. */
export function refilled(widget: Widget, root: unknown): Widget {
  const choices = choicesOf(widget, root);
  const has = (path: string): boolean => path !== '' && at(rowSample(widget, root), path) !== undefined;
  const kept = widget.fields.filter(({ path }) => has(path));
  const figures = measuring(choices);
  const words = choices.filter(isWord);
  const times = choices.filter(isTime);
  const most = widget.view === 'table' ? kFieldsMax : widget.view === 'line' ? kLinesMax : 1;
  const begun = widget.view === 'table' ? choices.slice(0, 6) : (figures.length > 0 ? figures : choices).slice(0, 1);
  const fields = kept.length > 0 ? kept.slice(0, most) : begun.map(({ path }) => fieldOf(path));
  const word = words[0]?.path ?? choices[0]?.path ?? '';
  const time = times[0]?.path ?? '';
  switch (widget.view) {
    case 'line':
      return { ...widget, fields, x: has(widget.x) ? widget.x : time, by: has(widget.by) ? widget.by : '' };
    case 'bar':
      return { ...widget, fields, x: has(widget.x) ? widget.x : word, by: '' };
    case 'heat':
      return { ...widget, fields, x: has(widget.x) ? widget.x : (times[0]?.path ?? words[1]?.path ?? word), by: has(widget.by) ? widget.by : word };
    case 'table':
      return { ...widget, fields, x: '', by: has(widget.by) ? widget.by : '' };
    default:
      return { ...widget, fields, x: '', by: '' };
  }
}

/** A widget of that source: a list becomes a table, a stream a table, a single answer its first figure. */
export function begunWith(offer: Offer, source: Source, id: string): Widget {
  const isList = offer.kind === 'channel' || listsOf(offer.example).some(({ path }) => !path.endsWith('{}'));
  const view: View = isList ? 'table' : 'number';
  const empty: Widget = { id, title: offer.summary.slice(0, 64), view, source, rows: '', x: '', by: '', same: 'newest', fields: [], place: { x: 0, y: 0, ...kSizes[view] } };
  return shownAs(empty, view, offer.example);
}
