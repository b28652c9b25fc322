import { linesOf, type Drawing } from './drawings';
import { kRetracements, retracementY, type Box, type Point } from './geometry';
import { withAlpha, type Palette } from './palette';

/** A drawing whose anchors stand somewhere, and the words that go with it. */
export interface Placed {
  drawing: Drawing;
  points: Point[];
  isSelected: boolean;
  /** Of a measure; of a retracement one a level. */
  labels: string[];
}

/** Paints one drawing in pixels of the price pane. */
export function paintDrawing(context: CanvasRenderingContext2D, { drawing, points, isSelected, labels }: Placed, box: Box, palette: Palette): void {
  context.save();
  context.strokeStyle = palette.accent;
  context.fillStyle = palette.accent;
  context.lineWidth = isSelected ? 2 : 1.25;
  context.font = `11px ${palette.fontText}`;
  context.textBaseline = 'middle';
  fill(context, drawing, points, palette);
  context.beginPath();
  for (const [a, b] of linesOf(drawing.kind, points, box)) {
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  }
  context.stroke();
  write(context, drawing, points, labels, palette);
  if (isSelected) handles(context, drawing, points, palette);
  context.restore();
}

function fill(context: CanvasRenderingContext2D, { kind, anchors }: Drawing, points: readonly Point[], palette: Palette): void {
  if (kind !== 'rectangle' && kind !== 'measure') return;
  const [a, b] = [points[0]!, points[1] ?? points[0]!];
  const isUp = Number(anchors[1]?.price ?? 0) >= Number(anchors[0]!.price);
  const tone = kind === 'rectangle' ? palette.accent : isUp ? palette.up : palette.down;
  context.save();
  context.fillStyle = withAlpha(tone, 0.12);
  context.fillRect(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(b.x - a.x), Math.abs(b.y - a.y));
  context.restore();
}

function write(context: CanvasRenderingContext2D, { kind, text }: Drawing, points: readonly Point[], labels: readonly string[], palette: Palette): void {
  const [a, b] = [points[0]!, points[1] ?? points[0]!];
  if (kind === 'text') plate(context, text ?? '', a.x, a.y + 9, palette);
  if (kind === 'horizontal' && labels[0]) plate(context, labels[0], 4, a.y - 10, palette);
  if (kind === 'measure' && labels[0]) plate(context, labels[0], Math.min(a.x, b.x), Math.min(a.y, b.y) - 12, palette);
  if (kind !== 'fibonacci') return;
  kRetracements.forEach((level, i) => context.fillText(labels[i] ?? '', Math.min(a.x, b.x) + 4, retracementY(a, b, level) - 7));
}

/** Words on a ground of their own, so that bars behind them do not matter. */
function plate(context: CanvasRenderingContext2D, text: string, x: number, y: number, palette: Palette): void {
  const width = context.measureText(text).width + 8;
  context.save();
  context.fillStyle = withAlpha(palette.surface, 0.85);
  context.fillRect(x, y - 9, width, 18);
  context.fillStyle = palette.text;
  context.fillText(text, x + 4, y);
  context.restore();
}

function handles(context: CanvasRenderingContext2D, { kind }: Drawing, points: readonly Point[], palette: Palette): void {
  context.save();
  context.fillStyle = palette.surface;
  for (const point of kind === 'horizontal' ? [{ x: 40, y: points[0]!.y }] : points) {
    context.beginPath();
    context.arc(point.x, point.y, 4, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  context.restore();
}
