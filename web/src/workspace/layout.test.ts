import { describe, expect, it } from 'vitest';
import { isAlike } from './alike';
import { fromDock, toDock } from './dock';
import { tabsOf, tidied, type Layout, type LayoutNode } from './layout';
import { exportText, importText, kPanelsMax, parseLayout, parseName } from './parse';
import { kPresets, presetLayout } from './presets';

const tabs = (size: number, ...names: string[]): LayoutNode => ({ size, tabs: names, active: names[0] ?? '' });
const split = (size: number, direction: 'row' | 'column', ...parts: LayoutNode[]): LayoutNode => ({ size, split: direction, parts });
const panels = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { kind: 'book', link: 'blue' as const, symbol: null, settings: {} }]));
const layoutOf = (root: LayoutNode, more: Partial<Layout> = {}): Layout => ({ version: 1, panels: panels(...tabsOf(root)), links: {}, root, windows: [], ...more });

/** Layouts of all shapes, from numbers that repeat. */
function randomTree(seed: number): LayoutNode {
  let state = seed;
  let panel = 0;
  const next = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const node = (depth: number, direction: 'row' | 'column'): LayoutNode => {
    if (depth === 0 || next(3) === 0) return tabs(1 + next(9), ...Array.from({ length: 1 + next(3) }, () => `p${panel++}`));
    const parts = Array.from({ length: 2 + next(2) }, () => node(depth - 1, direction === 'row' ? 'column' : 'row'));
    return split(1 + next(9), direction, ...parts);
  };
  return node(3, next(2) === 0 ? 'row' : 'column');
}

describe('places', () => {
  it('come back from the dock as they went in, whatever the size of the window', () => {
    for (let seed = 1; seed < 200; ++seed) {
      const layout = layoutOf(randomTree(seed));
      const [width, height] = [800 + seed * 7, 500 + seed * 3];
      const back = fromDock(toDock(layout, width, height))!;
      expect(isAlike({ ...layout, ...back }, { ...layout, root: tidied(layout.root)! }), `seed ${seed}`).toBe(true);
    }
  });
  it('fill the dock exactly', () => {
    const dock = toDock(layoutOf(split(1, 'row', tabs(1, 'a'), split(3, 'column', tabs(1, 'b'), tabs(1, 'c')))), 1200, 800);
    const [left, right] = dock.grid.root.data as { size: number; data: { size: number }[] }[];
    expect([left!.size, right!.size]).toEqual([300, 900]);
    expect(right!.data.map(({ size }) => size)).toEqual([400, 400]);
  });
  it('that hold nothing vanish, and a split of one is that one', () => {
    expect(tidied(split(1, 'row', tabs(1), split(4, 'column', tabs(1), tabs(2, 'a'))))).toEqual({ size: 1, tabs: ['a'], active: 'a' });
    expect(tidied(split(1, 'row', tabs(1)))).toBeNull();
  });
  it('a split within one of the same direction is spread in it', () => {
    const flat = tidied(split(1, 'row', tabs(1, 'a'), split(3, 'row', tabs(2, 'b'), tabs(1, 'c')))) as { parts: LayoutNode[] };
    expect(flat.parts.map(({ size }) => size)).toEqual([1, 2, 1]);
  });
  it('a window is kept with its home, where its panels come back to', () => {
    const dock = toDock(layoutOf(split(1, 'row', tabs(1, 'a'), tabs(1, 'b'))), 1000, 500);
    const home = (dock.grid.root.data as { data: { id: string; views: string[] } }[])[1]!.data;
    home.views = [];
    dock.popoutGroups = [{ data: { id: '9', views: ['b'], activeView: 'b' }, gridReferenceGroup: home.id, position: { left: 5, top: 6, width: 480, height: 320 } }] as never;
    const { root, windows } = fromDock(dock)!;
    expect(tabsOf(root)).toEqual(['a', 'b']);
    expect(windows).toEqual([{ tabs: ['b'], active: 'b', left: 5, top: 6, width: 480, height: 320 }]);
  });
  it('a window that is closing has no size, and is kept with one that can be read again', () => {
    const dock = toDock(layoutOf(tabs(1, 'a')), 1000, 500);
    dock.popoutGroups = [{ data: { id: '9', views: ['b'], activeView: 'b' }, position: { left: 0, top: 0, width: 0, height: 0 } }] as never;
    expect(fromDock(dock)!.windows).toMatchObject([{ width: 480, height: 320 }]);
  });
  it('a window whose home has gone comes back beside the rest', () => {
    const dock = toDock(layoutOf(tabs(1, 'a')), 1000, 500);
    dock.popoutGroups = [{ data: { id: '9', views: ['b'], activeView: 'b' }, gridReferenceGroup: 'gone', position: null }] as never;
    expect(tabsOf(fromDock(dock)!.root)).toEqual(['a', 'b']);
  });
});

describe('alike', () => {
  const layout = layoutOf(split(1, 'row', tabs(500, 'a'), tabs(500, 'b')));
  it('does not tell apart what differs by a pixel or in the order of members', () => {
    expect(isAlike(layout, { ...layout, root: split(7, 'row', tabs(501, 'a'), tabs(500, 'b')) })).toBe(true);
    expect(isAlike(layout, { ...layout, panels: { b: layout.panels.b!, a: layout.panels.a! } })).toBe(true);
  });
  it.each<[string, Partial<Layout>]>([
    ['sizes', { root: split(1, 'row', tabs(540, 'a'), tabs(460, 'b')) }],
    ['order', { root: split(1, 'row', tabs(500, 'b'), tabs(500, 'a')) }],
    ['a market', { links: { blue: 'BTC-PERP' } }],
    ['a window', { windows: [{ tabs: ['a'], active: 'a', left: 0, top: 0, width: 100, height: 100 }] }],
    ['settings', { panels: { ...layout.panels, a: { ...layout.panels.a!, settings: { step: 5 } } } }],
  ])('tells %s apart', (_, change) => expect(isAlike(layout, { ...layout, ...change })).toBe(false));
});

describe('files', () => {
  it.each(kPresets)('the preset %s survives export and import', (preset) => {
    const layout = presetLayout(preset, ['SOL-PERP', 'BTC-PERP', 'ETH-PERP']);
    expect(importText(exportText('Mine', layout))).toEqual({ name: 'Mine', layout });
  });
  it('a preset shows no panel twice and only those there are', () => {
    for (const preset of kPresets) expect(() => parseLayout(presetLayout(preset))).not.toThrow();
  });
  const good = () => JSON.parse(exportText('Mine', layoutOf(split(1, 'row', tabs(1, 'a'), tabs(1, 'b'))))) as { format: string; name: string; layout: Record<string, unknown> & Layout };
  it.each<[string, (file: ReturnType<typeof good>) => void, RegExp]>([
    ['another format', (file) => (file.format = 'x'), /^format: is not “astrolabe-layout”/],
    ['a bad name', (file) => (file.name = '<b>'), /^name: /],
    ['another version', (file) => ((file.layout as { version: number }).version = 2), /^layout.version: “2”/],
    ['an unknown kind', (file) => (file.layout.panels.a!.kind = 'casino'), /^layout.panels.a.kind: “casino” is none of book/],
    ['an unknown colour', (file) => (file.layout.panels.a!.link = 'pink' as never), /^layout.panels.a.link: “pink” is none of blue, amber, violet, teal/],
    ['a market that is no name', (file) => (file.layout.links = { blue: '<script>' }), /^layout.links.blue: /],
    ['a size of nothing', (file) => (file.layout.root = tabs(0, 'a')), /^layout.root.size: must be a number/],
    ['a place without panels', (file) => (file.layout.root = split(1, 'row', tabs(1, 'a', 'b'), tabs(1))), /^layout.root.parts\[1\].tabs: must not be empty/],
    ['a panel in two places', (file) => (file.layout.root = split(1, 'row', tabs(1, 'a', 'b'), tabs(1, 'a'))), /^layout.root: has “a” in two places/],
    ['a panel without a place', (file) => (file.layout.root = tabs(1, 'a')), /^layout.panels.b: has no place/],
    ['a place of no panel', (file) => (file.layout.root = tabs(1, 'a', 'b', 'c')), /^layout.root: names “c”/],
    ['a window of no panel', (file) => (file.layout.windows = [{ tabs: ['z'], active: 'z', left: 0, top: 0, width: 99, height: 99 }]), /^layout.windows\[0\].tabs: names “z”/],
    ['a split of no direction', (file) => (file.layout.root = split(1, 'up' as never, tabs(1, 'a'), tabs(1, 'b'))), /^layout.root.split: “up” is none of row, column/],
  ])('%s is refused with its place', (_, harm, message) => {
    const file = good();
    harm(file);
    expect(() => importText(JSON.stringify(file))).toThrow(message);
  });
  it('what is too much or no JSON is refused', () => {
    expect(() => importText('{')).toThrow(/^file: is no JSON/);
    expect(() => importText(' '.repeat(70_000))).toThrow(/^file: is larger than 64 KiB/);
    const many = tabs(1, ...Array.from({ length: kPanelsMax + 1 }, (_, i) => `p${i}`));
    expect(() => parseLayout(layoutOf(many))).toThrow(/^layout.panels: holds more/);
    let deep: LayoutNode = tabs(1, 'a');
    for (let i = 0; i < 20; ++i) deep = split(1, i % 2 ? 'row' : 'column', deep);
    expect(() => parseLayout(layoutOf(deep))).toThrow(/more than 8 levels deep/);
  });
  it('kept layouts may name kinds of another version', () => {
    const layout = layoutOf(tabs(1, 'a'));
    layout.panels.a!.kind = 'of-tomorrow';
    expect(parseLayout(layout, false)).toEqual(layout);
  });
  it('names are trimmed', () => {
    expect(parseName('  Night   desk ')).toBe('Night desk');
    for (const bad of ['', '/etc', 'x'.repeat(41), 3]) expect(() => parseName(bad)).toThrow(/^name: /);
  });
});
