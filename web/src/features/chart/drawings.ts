import { distanceToSegment, isWithin, kReachPx, kRetracements, rayOf, rectangleSides, retracementY, type Box, type Point, type Segment } from './geometry';

export const kDrawingKinds = ['trend', 'ray', 'horizontal', 'rectangle', 'fibonacci', 'text', 'measure'] as const;
export type DrawingKind = (typeof kDrawingKinds)[number];

/** A place in the market: decimal text of the tick, milliseconds since 1970. */
export interface Anchor {
  time: number;
  price: string;
}

export interface Drawing {
  id: string;
  kind: DrawingKind;
  anchors: Anchor[];
  text?: string;
}

/** crypto.randomUUID() is there on secure sites only; a terminal may be served inside a network without. */
export const newId = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

export const anchorsNeeded = (kind: DrawingKind): 1 | 2 => (kind === 'horizontal' || kind === 'text' ? 1 : 2);

/** How many a symbol may have; the oldest is never dropped silently. */
export const kDrawingsMax = 200;
export const kTextMax = 120;

/** Where the text stands beside its anchor; its width is the plot's to know. */
export const kTextHeightPx = 18;

/** The lines of a drawing whose anchors stand at `points`. */
export function linesOf(kind: DrawingKind, points: readonly Point[], box: Box): Segment[] {
  const [a, b] = [points[0]!, points[1] ?? points[0]!];
  switch (kind) {
    case 'trend':
      return [[a, b]];
    case 'ray':
      return [rayOf(a, b, box)];
    case 'horizontal':
      return [[{ x: 0, y: a.y }, { x: box.width, y: a.y }]];
    case 'rectangle':
    case 'measure':
      return rectangleSides(a, b);
    case 'fibonacci':
      return [[a, b], ...kRetracements.map((level): Segment => {
        const y = retracementY(a, b, level);
        return [{ x: Math.min(a.x, b.x), y }, { x: Math.max(a.x, b.x), y }];
      })];
    case 'text':
      return [];
  }
}

export type Hold = { part: 'anchor'; index: number } | { part: 'body' };

/** What of the drawing is under the pointer. */
export function holdOf(drawing: Pick<Drawing, 'kind' | 'text'>, points: readonly Point[], box: Box, pointer: Point): Hold | null {
  const anchors = drawing.kind === 'horizontal' || drawing.kind === 'text' ? [] : points;
  const index = anchors.findIndex((p) => Math.hypot(p.x - pointer.x, p.y - pointer.y) <= kReachPx + 2);
  if (index >= 0) return { part: 'anchor', index };
  if (drawing.kind === 'text') {
    const at = points[0]!;
    const width = (drawing.text?.length ?? 0) * 7 + 8;
    return isWithin(pointer, at, { x: at.x + width, y: at.y + kTextHeightPx }, kReachPx) ? { part: 'body' } : null;
  }
  return linesOf(drawing.kind, points, box).some((line) => distanceToSegment(pointer, line) <= kReachPx) ? { part: 'body' } : null;
}

export function parseDrawings(value: unknown): Drawing[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isDrawing).slice(0, kDrawingsMax);
}

function isDrawing(value: unknown): value is Drawing {
  const drawing = value as Drawing | null;
  return (
    typeof drawing === 'object' &&
    drawing !== null &&
    typeof drawing.id === 'string' &&
    kDrawingKinds.includes(drawing.kind) &&
    Array.isArray(drawing.anchors) &&
    drawing.anchors.length === anchorsNeeded(drawing.kind) &&
    drawing.anchors.every((anchor) => Number.isFinite(anchor?.time) && typeof anchor.price === 'string' && /^-?\d+(\.\d+)?$/.test(anchor.price)) &&
    (drawing.text === undefined || (typeof drawing.text === 'string' && drawing.text.length <= kTextMax))
  );
}
