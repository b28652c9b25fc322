import { describe, expect, it } from 'vitest';
import { fieldOf, kColumns, type Place, type Widget } from './board';
import { fitted, freePlace, overlap, placed, readingOrder, settled, stepped } from './grid';

const at = (id: string, x: number, y: number, w: number, h: number): Widget => ({
  id,
  title: id,
  view: 'number',
  source: { kind: 'channel', channel: 'mev.slot', filter: {} },
  rows: '',
  x: '',
  by: '',
  same: 'newest',
  fields: [fieldOf('slot')],
  place: { x, y, w, h },
});
const placeOf = (widgets: readonly Widget[], id: string): Place => widgets.find((widget) => widget.id === id)!.place;

/** Small, seeded, good enough to make layouts from. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function problemsOf(widgets: readonly Widget[]): string[] {
  return widgets.flatMap((a) => {
    const others = widgets.filter((b) => b !== a);
    const above = { ...a.place, y: a.place.y - 1 };
    const isOutside = JSON.stringify(fitted(a.place)) !== JSON.stringify(a.place);
    const isOver = others.some((b) => overlap(a.place, b.place));
    const isFloating = a.place.y > 0 && !others.some((b) => overlap(above, b.place));
    return isOutside || isOver || isFloating ? [`${a.id} ${JSON.stringify(a.place)}`] : [];
  });
}

describe('the grid', () => {
  it('never has two widgets over each other or air above one, whatever is done to it', () => {
    for (let seed = 1; seed <= 12; ++seed) {
      const random = numbers(seed);
      const pick = (most: number) => Math.floor(random.next().value * most);
      let widgets: Widget[] = [];
      for (let i = 0; i < 10; ++i) widgets = settled([...widgets, at(`w${i}`, pick(8), pick(12), 2 + pick(4), 2 + pick(5))]);
      for (let step = 0; step < 20; ++step) {
        const id = `w${pick(10)}`;
        widgets = step % 3 === 0 ? stepped(widgets, id, ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'][pick(4)]!, pick(2) === 1) : placed(widgets, id, { x: pick(14) - 1, y: pick(20) - 1, w: pick(14), h: pick(8) });
        expect(problemsOf(widgets), `seed ${seed}, step ${step}`).toEqual([]);
      }
    }
  });

  it('gives way downwards to the one that is moved', () => {
    const moved = placed([at('a', 0, 0, 6, 3), at('b', 0, 3, 6, 3), at('c', 6, 0, 6, 6)], 'b', { x: 0, y: 0, w: 6, h: 3 });
    expect([placeOf(moved, 'b').y, placeOf(moved, 'a').y, placeOf(moved, 'c').y]).toEqual([0, 3, 0]);
  });

  it('keeps sizes within its columns', () => {
    expect(fitted({ x: 11, y: -3, w: 40, h: 1 })).toEqual({ x: 0, y: 0, w: kColumns, h: 2 });
    expect(fitted({ x: 11, y: 2, w: 4, h: 3 })).toEqual({ x: 8, y: 2, w: 4, h: 3 });
  });

  it('goes past a neighbour with an arrow, up as well as down', () => {
    const widgets = [at('a', 0, 0, 6, 3), at('b', 0, 3, 6, 2)];
    const down = stepped(widgets, 'a', 'ArrowDown', false);
    expect(readingOrder(down).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(readingOrder(stepped(down, 'a', 'ArrowUp', false)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(placeOf(stepped(widgets, 'b', 'ArrowRight', true), 'b')).toEqual({ x: 0, y: 3, w: 7, h: 2 });
    expect(stepped(widgets, 'b', 'ArrowDown', false)).toEqual(widgets);
  });

  it('finds the first free place', () => {
    expect(freePlace([], { w: 4, h: 2 })).toEqual({ x: 0, y: 0, w: 4, h: 2 });
    expect(freePlace([at('a', 0, 0, 6, 3)], { w: 6, h: 3 })).toEqual({ x: 6, y: 0, w: 6, h: 3 });
    expect(freePlace([at('a', 0, 0, 8, 3)], { w: 6, h: 3 })).toEqual({ x: 0, y: 3, w: 6, h: 3 });
  });
});
