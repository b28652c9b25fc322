import { describe, expect, it } from 'vitest';
import { fieldOf, kRowsMax, type Widget } from './board';
import { decimalOf, labelOf, shortened, timeOf, toldOf } from './figures';
import { barsOf, heatOf, kBarsMax, linesOf, missingOf, rowsOf, sumOf, truthOf, type Given } from './series';

const row = (value: unknown, at = 0) => ({ value, at });
const shape = (change: Partial<Widget>): Widget => ({ rows: '', view: 'table', by: '', x: '', same: 'newest', fields: [], ...change }) as Widget;
const asked = (...values: unknown[]): Given => ({ kind: 'endpoint', rows: values.map((value, i) => row(value, i)) });
const told = (...values: unknown[]): Given => ({ kind: 'channel', rows: values.map((value, i) => row(value, i)) });

describe('figures', () => {
  it.each([
    ['1234.50', 0, '1234.5'],
    ['661100', 9, '0.0006611'],
    ['-8664831', 9, '-0.008664831'],
    ['732711698488', 9, '732.711698488'],
    ['1.5', -3, '1500'],
    ['0.000', 0, '0'],
    ['-0', 9, '0'],
    ['123456789012345678901234567890.000000000000000001', 0, '123456789012345678901234567890.000000000000000001'],
    [285000250, 0, '285000250'],
    [0.24323878477939817, 0, '0.243239'],
    [Infinity, 0, null],
    ['1e5', 0, null],
    ['SOL', 0, null],
    [true, 0, null],
    [null, 0, null],
  ])('%s moved by %i is %s', (value, shift, text) => {
    expect(decimalOf(value, shift)).toBe(text);
  });

  it('shift and unshift are one', () => {
    for (const text of ['1', '10', '0.1', '12.034', '999999999999.999999', '0.000000001', '-7.5']) for (const shift of [0, 1, 6, 9, 18]) expect(decimalOf(decimalOf(text, shift), -shift)).toBe(text);
  });

  it('are told as what they are', () => {
    expect(toldOf('1234567.5', { path: 'value', shift: 0 }).text).toBe('1,234,567.5');
    expect(toldOf('-1234.5', { path: 'value', shift: 0 }).text).toBe('−1,234.5');
    expect(toldOf('2024-08-21T19:10:00.000Z', { path: 'time', shift: 0 }).text).toBe('19:10:00');
    expect(toldOf(1796004962553, { path: 'time', shift: 0 }).text).toBe('02:16:02');
    expect(toldOf(1796004962553, { path: 'seq', shift: 0 }).text).toBe('1,796,004,962,553');
    expect(toldOf(true, { path: 'open', shift: 0 }).text).toBe('Yes');
    expect(toldOf(undefined, { path: 'x', shift: 0 }).text).toBe('–');
    expect(shortened('61822.015499')).toBe('61,822');
    expect(shortened('0.000012345678')).toBe('0.00001235');
    expect(shortened('9.9999999')).toBe('10');
    expect(shortened('-12.5')).toBe('−12.5');
    expect(labelOf({ label: '', path: 'prices[asset=SOL].open_interest' })).toBe('Open interest');
    expect(timeOf('1796004962553000000', 'published_ns')).toBe(1796004962553);
  });
});

describe('rows', () => {
  it('of a list, of an answer, of events', () => {
    expect(rowsOf(shape({ rows: 'items' }), asked({ items: [1] }, { items: [2, 3] }))?.rows.map(({ value }) => value)).toEqual([2, 3]);
    expect(rowsOf(shape({}), asked({ a: 1 }, { a: 2 }))?.rows.map(({ value }) => value)).toEqual([{ a: 2 }]);
    expect(rowsOf(shape({ view: 'line' }), asked({ a: 1 }, { a: 2 }))?.rows).toHaveLength(2);
    expect(rowsOf(shape({}), told({ a: 1 }, { a: 2 }))?.rows).toHaveLength(2);
    expect(rowsOf(shape({ rows: 'none' }), asked({ items: [] }))).toBeNull();
  });

  it('are cut at the limit, of a channel the oldest, and the rest is counted', () => {
    const many = Array.from({ length: kRowsMax + 5 }, (_, i) => i);
    const list = rowsOf(shape({ rows: 'items' }), asked({ items: many }))!;
    expect([list.rows.length, list.rows[0]?.value, list.total]).toEqual([kRowsMax, 0, kRowsMax + 5]);
    expect(rowsOf(shape({}), told(...many))!.rows[0]?.value).toBe(5);
  });

  it('of a table by name each stand once, as they are now', () => {
    const given = told({ m: 'SOL', p: 1 }, { m: 'BTC', p: 2 }, { m: 'SOL', p: 3 });
    expect(rowsOf(shape({ by: 'm' }), given)?.rows.map(({ value }) => value)).toEqual([{ m: 'SOL', p: 3 }, { m: 'BTC', p: 2 }]);
  });

  it('without what a widget wants say which path it is', () => {
    const widget = shape({ fields: [fieldOf('a'), fieldOf('gone')], x: 't' });
    expect(missingOf(widget, [row({ a: 1, t: 2 }), row({ a: null, t: 3 })])).toBe('gone');
    expect(missingOf(widget, [row({ a: 1, t: 2 }), row({ a: 1, t: 2, gone: null })])).toBeNull();
  });
});

describe('what is drawn', () => {
  it('adds exactly, whatever the places', () => {
    expect(sumOf('0.1', '0.2')).toBe('0.3');
    expect(sumOf('-1.005', '1')).toBe('-0.005');
    expect(sumOf('9007199254740993', '1')).toBe('9007199254740994');
  });

  it('bars: one a name, newest or added, forty at most', () => {
    const rows = [row({ k: 'a', v: '1' }), row({ k: 'b', v: '5' }), row({ k: 'a', v: '2.5' }), row({ k: 'c', v: null })];
    const widget = shape({ x: 'k', fields: [fieldOf('v')] });
    expect(barsOf(widget, rows).bars.map(({ name, text }) => [name, text])).toEqual([['a', '2.5'], ['b', '5']]);
    expect(barsOf({ ...widget, same: 'sum' }, rows).bars[0]?.text).toBe('3.5');
    const many = barsOf(widget, Array.from({ length: kBarsMax + 3 }, (_, i) => row({ k: `k${i}`, v: i })));
    expect([many.bars.length, many.more]).toEqual([kBarsMax, 3]);
  });

  it('heat: columns in the order of time, holes stay holes', () => {
    const rows = [row({ t: '2024-08-21T19:11:00Z', k: 'x', n: 4 }), row({ t: '2024-08-21T19:10:00Z', k: 'x', n: -8 }), row({ t: '2024-08-21T19:10:00Z', k: 'y', n: 2 })];
    const heat = heatOf(shape({ x: 't', by: 'k', fields: [fieldOf('n')] }), rows);
    expect(heat.columns).toEqual(['21 Aug 19:10', '21 Aug 19:11']);
    expect(heat.cells.map((line) => line.map((cell) => cell?.text ?? null))).toEqual([['-8', '4'], ['2', null]]);
    expect(heat.most).toBe(8);
  });

  it('lines: by field and by group, from left to right', () => {
    const rows = [row({ m: 'A', t: 3, v: 1, w: 2 }), row({ m: 'B', t: 1, v: 3, w: 4 }), row({ m: 'A', t: 2, v: 5, w: 6 })];
    const both = linesOf(shape({ x: 't', fields: [fieldOf('v'), fieldOf('w')] }), rows);
    expect(both.lines.map(({ name, points }) => [name, points.map(({ x, text }) => `${x}:${text}`).join(' ')])).toEqual([['V', '1:3 2:5 3:1'], ['W', '1:4 2:6 3:2']]);
    expect(linesOf(shape({ x: 't', by: 'm', fields: [fieldOf('v')] }), rows).lines.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(linesOf(shape({ x: '', fields: [fieldOf('v')] }), [row({ v: 1 }, 50), row({ v: 2 }, 60)])).toMatchObject({ isTime: true, lines: [{ points: [{ x: 50 }, { x: 60 }] }] });
  });

  it('says of its data what the data says of itself', () => {
    expect(truthOf(asked({ simulated: true, tickers: [] }))).toEqual({ isSimulated: true, label: null });
    expect(truthOf(asked({ feed: { label: 'replay' } })).label).toBe('replay');
    expect(truthOf(asked({ prices: [{ label: 'synthetic' }] })).label).toBe('synthetic');
    expect(truthOf(told({ price: 1 }))).toEqual({ isSimulated: false, label: null });
  });
});
