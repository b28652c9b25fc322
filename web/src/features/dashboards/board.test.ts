import { describe, expect, it } from 'vitest';
import { boardFrom, kTemplates } from './templates';
import { BoardError, bytesOf, fieldOf, freeId, kBytesMax, kFieldsMax, kWidgetsMax, parseBoard, parseBoardName, type Widget } from './board';
import { overlap, settled } from './grid';

const widget = (change: object = {}): unknown => ({
  id: 'w1',
  title: 'Interest',
  view: 'number',
  source: { kind: 'endpoint', path: '/api/v1/exchange/stats', parameters: {}, everyS: 5 },
  rows: '',
  x: '',
  by: '',
  same: 'newest',
  fields: [fieldOf('open_interest')],
  place: { x: 0, y: 0, w: 3, h: 3 },
  ...change,
});
const board = (...widgets: unknown[]): unknown => ({ version: 1, title: 'Desk', widgets });

describe('a dashboard from elsewhere', () => {
  it('is the same after it has been written and read', () => {
    for (const template of kTemplates) {
      const made = boardFrom(template, 'Desk');
      expect(parseBoard(JSON.parse(JSON.stringify(made)))).toEqual(made);
    }
  });

  it.each([
    ['no object', [], 'dashboard'],
    ['another version', { version: 2, title: '', widgets: [] }, 'version'],
    ['a view that is none', board(widget({ view: 'pie' })), 'widgets[0].view'],
    ['a path to another server', board(widget({ source: { kind: 'endpoint', path: '//evil.example/api/v1/x', parameters: {}, everyS: 5 } })), 'widgets[0].source.path'],
    ['a path out of the API', board(widget({ source: { kind: 'endpoint', path: '/api/v1/../../x', parameters: {}, everyS: 5 } })), 'widgets[0].source.path'],
    ['a path with a query of its own', board(widget({ source: { kind: 'endpoint', path: '/api/v1/x?y', parameters: {}, everyS: 5 } })), 'widgets[0].source.path'],
    ['a refresh that floods', board(widget({ source: { kind: 'endpoint', path: '/api/v1/status', parameters: {}, everyS: 1 } })), 'widgets[0].source.everyS'],
    ['a channel that is none', board(widget({ source: { kind: 'channel', channel: '../x' } })), 'widgets[0].source.channel'],
    ['a filter of objects', board(widget({ source: { kind: 'channel', channel: 'mev.slot', filter: { a: {} } } })), 'widgets[0].source.filter.a'],
    ['a widget outside of the grid', board(widget({ place: { x: 10, y: 0, w: 3, h: 3 } })), 'widgets[0].place.x'],
    ['two of one id', board(widget(), widget()), 'widgets'],
    ['too many widgets', board(...Array.from({ length: kWidgetsMax + 1 }, (_, i) => widget({ id: `w${i}` }))), 'widgets'],
    ['too many fields', board(widget({ fields: Array.from({ length: kFieldsMax + 1 }, () => fieldOf('a')) })), 'widgets[0].fields'],
    ['a shift that is no number', board(widget({ fields: [{ path: 'a', shift: '9' }] })), 'widgets[0].fields[0].shift'],
  ])('is refused where it is wrong: %s', (_, value, where) => {
    expect(() => parseBoard(value)).toThrow(BoardError);
    try {
      parseBoard(value);
    } catch (error) {
      expect((error as BoardError).where).toBe(where);
    }
  });

  it('has a name that the server takes', () => {
    expect(parseBoardName('  My  desk (1) ')).toBe('My desk (1)');
    for (const name of ['', ' ', 'a/b', 'a\nb'.replace('\n', '\u0001'), '.hidden', 'é'.repeat(33)]) expect(() => parseBoardName(name)).toThrow(BoardError);
  });
});

describe('templates', () => {
  it('stand on the grid as they are, fit into a document, and name no path twice', () => {
    for (const template of kTemplates) {
      const { widgets } = boardFrom(template, 'Desk');
      expect(settled(widgets).map(({ place }) => place)).toEqual(widgets.map(({ place }) => place));
      widgets.forEach((a, i) => widgets.slice(i + 1).forEach((b) => expect(overlap(a.place, b.place), `${a.title}, ${b.title}`).toBe(false)));
      expect(bytesOf(boardFrom(template, 'Desk'))).toBeLessThan(kBytesMax / 4);
    }
  });

  it('give a free id to the next widget', () => {
    expect(freeId([])).toBe('w1');
    expect(freeId([{ id: 'w2' }, { id: 'w3' }] as Widget[])).toBe('w4');
    expect(freeId([{ id: 'w1' }, { id: 'w3' }] as Widget[])).toBe('w4');
  });
});
