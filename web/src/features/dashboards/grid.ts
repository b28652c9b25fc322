import { kColumns, kHeightMax, kRowsOfGridMax, type Place, type Widget } from './board';

/** Where widgets stand: no two over each other, none with air above. */

export const kSizes: Record<Widget['view'], { w: number; h: number }> = {
  number: { w: 3, h: 3 },
  table: { w: 6, h: 7 },
  line: { w: 6, h: 6 },
  bar: { w: 4, h: 6 },
  heat: { w: 6, h: 6 },
};
export const kWidthMin = 2;
export const kHeightMin = 2;

export const overlap = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.round(value)));

/** As near to what is wanted as the grid allows. */
export function fitted({ x, y, w, h }: Place): Place {
  const width = clamp(w, kWidthMin, kColumns);
  return { x: clamp(x, 0, kColumns - width), y: clamp(y, 0, kRowsOfGridMax), w: width, h: clamp(h, kHeightMin, kHeightMax) };
}

const inOrder = (a: Widget, b: Widget): number => a.place.y - b.place.y || a.place.x - b.place.x || (a.id < b.id ? -1 : 1);

/** As one reads them: by row, then by column. */
export const readingOrder = (widgets: readonly Widget[]): Widget[] => [...widgets].sort(inOrder);

/** `first` keeps its place and pushes what is in its way down; then all rise as far as they can. */
export function settled(widgets: readonly Widget[], first?: string): Widget[] {
  const pinned = widgets.find(({ id }) => id === first);
  const apart: Widget[] = pinned ? [pinned] : [];
  for (const widget of readingOrder(widgets)) {
    if (widget === pinned) continue;
    let { place } = widget;
    for (let hit = apart.find((other) => overlap(place, other.place)); hit; hit = apart.find((other) => overlap(place, other.place))) place = { ...place, y: hit.place.y + hit.place.h };
    apart.push({ ...widget, place });
  }
  const risen: Widget[] = [];
  for (const widget of readingOrder(apart)) {
    let { place } = widget;
    while (place.y > 0 && !risen.some((other) => overlap({ ...place, y: place.y - 1 }, other.place))) place = { ...place, y: place.y - 1 };
    risen.push({ ...widget, place });
  }
  const places = new Map(risen.map(({ id, place }) => [id, place]));
  return widgets.map((widget) => ({ ...widget, place: places.get(widget.id)! }));
}

/** The widgets after one of them has been given another place or size. */
export const placed = (widgets: readonly Widget[], id: string, place: Place): Widget[] =>
  settled(widgets.map((widget) => (widget.id === id ? { ...widget, place: fitted(place) } : widget)), id);

/** The first free place of that size, row by row. */
export function freePlace(widgets: readonly Widget[], { w, h }: { w: number; h: number }): Place {
  for (let y = 0; ; ++y) {
    for (let x = 0; x + w <= kColumns; ++x) {
      const place = { x, y, w, h };
      if (!widgets.some((widget) => overlap(place, widget.place))) return place;
    }
  }
}

export const heightOf = (widgets: readonly Widget[]): number => Math.max(0, ...widgets.map(({ place }) => place.y + place.h));

/** One step of an arrow key: moved, or with `isSizing` made larger or smaller. Past a neighbour, not into it. */
export function stepped(widgets: readonly Widget[], id: string, key: string, isSizing: boolean): Widget[] {
  const widget = widgets.find((each) => each.id === id);
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!widget || !step) return [...widgets];
  const [dx, dy] = step as [number, number];
  const { place } = widget;
  if (isSizing) return placed(widgets, id, { ...place, w: place.w + dx, h: place.h + dy });
  // Up means above whoever stands there; down means below it: what only rises again would be no move.
  if (dy < 0) {
    const above = widgets.filter((each) => each.id !== id && each.place.y < place.y && each.place.x < place.x + place.w && place.x < each.place.x + each.place.w);
    const y = Math.max(-1, ...above.map((each) => each.place.y));
    return placed(widgets, id, { ...place, y: y < 0 ? 0 : y });
  }
  if (dy > 0) {
    const below = readingOrder(widgets).find((each) => each.id !== id && each.place.y >= place.y + place.h && each.place.x < place.x + place.w && place.x < each.place.x + each.place.w);
    return below ? placed(widgets, below.id, { ...below.place, y: place.y }) : [...widgets];
  }
  return placed(widgets, id, { ...place, x: place.x + dx });
}
