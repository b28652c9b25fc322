import { describe, expect, it } from 'vitest';
import { DrawingStore } from './drawing_store';
import { holdOf, kDrawingsMax, linesOf, parseDrawings, type Drawing } from './drawings';
import { distanceToSegment, rayOf, retracementY } from './geometry';

const box = { width: 100, height: 80 };
const p = (x: number, y: number) => ({ x, y });

describe('geometry', () => {
  it('measures to the segment, not to the line it lies on', () => {
    expect(distanceToSegment(p(5, 3), [p(0, 0), p(10, 0)])).toBe(3);
    expect(distanceToSegment(p(13, 4), [p(0, 0), p(10, 0)])).toBe(5);
    expect(distanceToSegment(p(3, 4), [p(0, 0), p(0, 0)])).toBe(5);
  });

  it('draws a ray through both anchors to the edge, in every direction', () => {
    expect(rayOf(p(0, 0), p(10, 5), box)).toEqual([p(0, 0), p(100, 50)]);
    expect(rayOf(p(50, 40), p(40, 40), box)[1]).toEqual(p(0, 40));
    expect(rayOf(p(50, 40), p(50, 20), box)[1]).toEqual(p(50, 0));
    expect(rayOf(p(50, 40), p(50, 40), box)).toEqual([p(50, 40), p(50, 40)]);
    // The second anchor is outside already: the ray does not turn back.
    expect(rayOf(p(50, 40), p(150, 40), box)[1]).toEqual(p(150, 40));
  });

  it('puts the levels of a retracement between the ends, the first at the second point', () => {
    expect(retracementY(p(0, 100), p(10, 0), 0)).toBe(0);
    expect(retracementY(p(0, 100), p(10, 0), 1000)).toBe(100);
    expect(retracementY(p(0, 100), p(10, 0), 618)).toBeCloseTo(61.8);
  });
});

describe('what is under the pointer', () => {
  const of = (kind: Drawing['kind'], points: { x: number; y: number }[], pointer: { x: number; y: number }, text?: string) => holdOf({ kind, text }, points, box, pointer);

  it('is an anchor before the body, and nothing far from both', () => {
    const line = [p(10, 10), p(60, 60)];
    expect(of('trend', line, p(11, 12))).toEqual({ part: 'anchor', index: 0 });
    expect(of('trend', line, p(58, 61))).toEqual({ part: 'anchor', index: 1 });
    expect(of('trend', line, p(36, 33))).toEqual({ part: 'body' });
    expect(of('trend', line, p(60, 30))).toBeNull();
    expect(of('trend', line, p(90, 90))).toBeNull();
  });

  it('is a ray behind its second anchor, a horizontal line everywhere along it, a rectangle at its sides only', () => {
    expect(of('ray', [p(10, 10), p(20, 20)], p(70, 70))).toEqual({ part: 'body' });
    expect(of('horizontal', [p(50, 40)], p(3, 42))).toEqual({ part: 'body' });
    expect(of('rectangle', [p(20, 20), p(80, 70)], p(50, 21))).toEqual({ part: 'body' });
    expect(of('rectangle', [p(20, 20), p(80, 70)], p(50, 45))).toBeNull();
  });

  it('is every level of a retracement, and a text where its words are', () => {
    expect(of('fibonacci', [p(10, 60), p(90, 10)], p(40, 35))).toEqual({ part: 'body' });
    expect(of('text', [p(10, 10)], p(40, 18), 'support')).toEqual({ part: 'body' });
    expect(of('text', [p(10, 10)], p(95, 18), 'a')).toBeNull();
  });

  it('knows a line for each kind but text', () => {
    for (const kind of ['trend', 'ray', 'horizontal', 'rectangle', 'fibonacci', 'measure'] as const) expect(linesOf(kind, [p(1, 2), p(3, 4)], box).length).toBeGreaterThan(0);
    expect(linesOf('text', [p(1, 2)], box)).toEqual([]);
  });
});

const line = (id: string): Drawing => ({ id, kind: 'trend', anchors: [{ time: 1, price: '1.5' }, { time: 2, price: '2' }] });

function storage() {
  const kept = new Map<string, string>();
  return { kept, getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
}

describe('drawings of a symbol', () => {
  it('are there again after a reload, and not on another symbol', () => {
    const keep = storage();
    new DrawingStore('A', keep).add(line('1'));
    expect(new DrawingStore('A', keep).getView().drawings).toEqual([line('1')]);
    expect(new DrawingStore('B', keep).getView().drawings).toEqual([]);
  });

  it('are undone step by step, with what is kept', () => {
    const keep = storage();
    const store = new DrawingStore('A', keep);
    store.add(line('1'));
    store.change({ ...line('1'), kind: 'ray' });
    store.removeSelected();
    expect(store.getView().drawings).toEqual([]);
    store.undo();
    expect(store.getView().drawings[0]!.kind).toBe('ray');
    store.undo();
    expect(new DrawingStore('A', keep).getView().drawings).toEqual([line('1')]);
    store.undo();
    expect(store.getView()).toEqual({ drawings: [], selected: null, canUndo: false });
    store.undo();
    expect(store.getView().drawings).toEqual([]);
  });

  it('are limited, and the one too many is refused', () => {
    const store = new DrawingStore('A', storage());
    for (let i = 0; i < kDrawingsMax; i++) expect(store.add(line(String(i)))).toBe(true);
    expect(store.add(line('more'))).toBe(false);
    expect(store.getView().drawings).toHaveLength(kDrawingsMax);
  });

  it('live on without a storage, and survive one that holds nonsense', () => {
    const broken = { getItem: () => '{nonsense', setItem: () => { throw new Error('full'); } };
    const store = new DrawingStore('A', broken);
    expect(store.add(line('1'))).toBe(true);
    expect(store.getView().drawings).toHaveLength(1);
  });

  it('are read strictly: each that is understood, no other', () => {
    const bad = [null, 7, { ...line('2'), kind: 'circle' }, { ...line('3'), anchors: [] }, { ...line('4'), anchors: [{ time: 1, price: 'x' }, { time: 2, price: '1' }] }, { ...line('5'), text: 'a'.repeat(999) }];
    expect(parseDrawings([...bad, line('1')])).toEqual([line('1')]);
    expect(parseDrawings('nonsense')).toEqual([]);
  });
});
