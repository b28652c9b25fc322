import type { IPrimitivePaneView, ISeriesPrimitive, Time } from 'lightweight-charts';
import { nanoOr0, shownNano } from '@/domain/decimal';
import { duration } from '@/domain/time';
import { t } from '@/strings';
import { slotAt } from './bars';
import { paintDrawing, type Placed } from './drawing_paint';
import type { DrawingStore } from './drawing_store';
import { anchorsNeeded, holdOf, newId, type Anchor, type Drawing, type DrawingKind, type Hold } from './drawings';
import { kRetracements, type Point } from './geometry';
import type { Plot } from './plot';
import { changeOfClose, changeText, snapToTick } from './price';

export interface LayerOptions {
  plot: Plot;
  box: HTMLElement;
  store: DrawingStore;
  tick: string;
  places: number;
  /** A drawing stands, or was given up: the tool goes back to the pointer. */
  onDone(): void;
  /** A text is wanted for this anchor. */
  onText(anchor: Anchor): void;
  onFull(): void;
}

interface Drag {
  drawing: Drawing;
  hold: Hold;
  /** Where it was taken. */
  from: Point;
  moved: Drawing;
}

/**
 * Drawings on the price pane: paints them as a primitive of the main series, and takes the pointer before
 * the canvas does, when a tool is chosen or something drawn is under it. All else is the canvas library's.
 */
export class DrawingLayer implements ISeriesPrimitive<Time> {
  private tool: DrawingKind | null = null;
  private draft: Anchor[] = [];
  private hover: Anchor | null = null;
  private drag: Drag | null = null;
  private redraw: (() => void) | null = null;
  private readonly views: readonly IPrimitivePaneView[];
  private readonly stop: (() => void)[] = [];

  constructor(private readonly options: LayerOptions) {
    this.views = [{ zOrder: () => 'top', renderer: () => ({ draw: (target) => target.useMediaCoordinateSpace(({ context }) => this.paint(context)) }) }];
    this.listenTo('pointerdown', (event) => this.down(event));
    this.listenTo('pointermove', (event) => this.move(event));
    this.listenTo('pointerup', (event) => this.up(event));
    // The library listens to these; while the layer has the pointer it must not.
    for (const name of ['mousedown', 'touchstart'] as const) this.listenTo(name, (event) => this.isTaken && event.stopPropagation());
    this.stop.push(options.store.listen(() => this.redraw?.()));
  }

  attached({ requestUpdate }: { requestUpdate: () => void }): void {
    this.redraw = requestUpdate;
  }
  detached(): void {
    this.redraw = null;
  }
  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }
  dispose(): void {
    for (const stop of this.stop) stop();
    this.options.box.style.cursor = '';
  }

  choose(tool: DrawingKind | null): void {
    this.tool = tool;
    this.draft = [];
    this.hover = null;
    this.options.box.style.cursor = tool ? 'crosshair' : '';
    this.redraw?.();
  }

  /** Gives up what is being drawn or moved; false when nothing was. */
  cancel(): boolean {
    const was = this.tool !== null || this.drag !== null;
    this.drag = null;
    if (this.tool) this.options.onDone();
    this.choose(null);
    return was;
  }

  private get isTaken(): boolean {
    return this.tool !== null || this.drag !== null;
  }

  private listenTo<K extends keyof HTMLElementEventMap>(name: K, listener: (event: HTMLElementEventMap[K]) => void): void {
    this.options.box.addEventListener(name, listener, { capture: true });
    this.stop.push(() => this.options.box.removeEventListener(name, listener, { capture: true }));
  }

  /** Null outside of the price pane. */
  private pointOf(event: PointerEvent): Point | null {
    const { left, top } = this.options.box.getBoundingClientRect();
    const { width, height } = this.options.plot.area;
    const point = { x: event.clientX - left, y: event.clientY - top };
    return point.x >= 0 && point.x <= width && point.y >= 0 && point.y <= height ? point : null;
  }

  private anchorAt({ x, y }: Point): Anchor | null {
    const { plot, tick } = this.options;
    const [time, price] = [plot.momentOf(x), plot.priceOf(y)];
    return time === null || price === null ? null : { time: Math.round(time), price: snapToTick(price, tick) };
  }

  private pointsOf(drawing: Pick<Drawing, 'anchors'>): Point[] | null {
    const { plot } = this.options;
    const points = drawing.anchors.map(({ time, price }) => ({ x: plot.xOf(time), y: plot.yOf(Number(price)) }));
    return points.every((p): p is Point => p.x !== null && p.y !== null) ? points : null;
  }

  private down(event: PointerEvent): void {
    const point = event.button === 0 ? this.pointOf(event) : null;
    if (!point) return;
    if (this.tool) {
      event.preventDefault();
      return this.place(point);
    }
    const found = this.under(point);
    this.options.store.select(found?.drawing.id ?? null);
    if (!found) return;
    this.drag = { ...found, from: point, moved: found.drawing };
    this.options.box.setPointerCapture(event.pointerId);
  }

  private under(point: Point): { drawing: Drawing; hold: Hold } | null {
    // What was drawn last lies on top.
    for (const drawing of [...this.options.store.getView().drawings].reverse()) {
      const points = this.pointsOf(drawing);
      const hold = points && holdOf(drawing, points, this.options.plot.area, point);
      if (hold) return { drawing, hold };
    }
    return null;
  }

  /** By clicks, or by one drag from the first anchor to the second. */
  private place(point: Point): void {
    const anchor = this.anchorAt(point);
    if (!anchor || !this.tool) return;
    if (this.tool === 'text') {
      this.options.onText(anchor);
      return this.finish();
    }
    this.draft = [...this.draft, anchor];
    if (this.draft.length >= anchorsNeeded(this.tool)) this.add(this.tool, this.draft);
    this.redraw?.();
  }

  private add(kind: DrawingKind, anchors: Anchor[]): void {
    if (!this.options.store.add({ id: newId(), kind, anchors })) this.options.onFull();
    this.finish();
  }

  private finish(): void {
    this.choose(null);
    this.options.onDone();
  }

  private move(event: PointerEvent): void {
    const point = this.pointOf(event);
    if (this.drag) {
      event.stopPropagation();
      if (point) this.drag.moved = this.movedTo(this.drag, point);
      this.redraw?.();
    } else if (this.tool) {
      this.hover = point && this.anchorAt(point);
      this.redraw?.();
    } else if (event.buttons === 0) {
      this.options.box.style.cursor = point && this.under(point) ? 'pointer' : '';
    }
  }

  private movedTo({ drawing, hold, from }: Drag, to: Point): Drawing {
    const points = this.pointsOf(drawing);
    if (!points) return drawing;
    const moves = (i: number) => hold.part === 'body' || hold.index === i;
    const anchors = points.map((p, i) => (moves(i) ? this.anchorAt({ x: p.x + to.x - from.x, y: p.y + to.y - from.y }) : drawing.anchors[i]!));
    return anchors.every((anchor): anchor is Anchor => anchor !== null) ? { ...drawing, anchors } : drawing;
  }

  private up(event: PointerEvent): void {
    if (this.drag) {
      const { drawing, moved } = this.drag;
      this.drag = null;
      if (JSON.stringify(moved.anchors) !== JSON.stringify(drawing.anchors)) this.options.store.change(moved);
      return this.redraw?.();
    }
    // Let go far from where it was pressed: the second anchor is here.
    const first = this.draft[0] && this.pointsOf({ anchors: [this.draft[0]] })?.[0];
    const point = this.pointOf(event);
    if (this.tool && first && point && Math.hypot(point.x - first.x, point.y - first.y) > 12) this.place(point);
  }

  private paint(context: CanvasRenderingContext2D): void {
    const { store, plot } = this.options;
    const { drawings, selected } = store.getView();
    const { width, height } = plot.area;
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    for (const drawing of drawings) this.paintOne(context, this.drag?.drawing.id === drawing.id ? this.drag.moved : drawing, drawing.id === selected);
    if (this.tool && this.draft.length > 0) this.paintOne(context, { id: '', kind: this.tool, anchors: [...this.draft, this.hover ?? this.draft[0]!].slice(0, 2) }, true);
    context.restore();
  }

  private paintOne(context: CanvasRenderingContext2D, drawing: Drawing, isSelected: boolean): void {
    const points = this.pointsOf(drawing);
    if (!points) return;
    const placed: Placed = { drawing, points, isSelected, labels: this.labelsOf(drawing) };
    paintDrawing(context, placed, this.options.plot.area, this.options.plot.palette);
  }

  private labelsOf({ kind, anchors }: Drawing): string[] {
    const { places, plot } = this.options;
    const [a, b] = [anchors[0]!, anchors[1]];
    if (kind === 'horizontal') return [a.price];
    if (kind === 'measure' && b) {
      const change = changeOfClose(a.price, b.price);
      const bars = Math.abs(slotAt(plot.slots, b.time) - slotAt(plot.slots, a.time));
      return [`${change ? changeText(change, places) : ''} · ${t.chart.bars(bars)} · ${duration(Math.abs(b.time - a.time) / 1000)}`];
    }
    return kind === 'fibonacci' && b ? kRetracements.map((level) => retracementLabel(a.price, b.price, level, places)) : [];
  }
}

/** "0.618 · 105.21" */
function retracementLabel(from: string, to: string, thousandths: number, places: number): string {
  const [a, b] = [nanoOr0(from), nanoOr0(to)];
  const price = b + ((a - b) * BigInt(thousandths)) / 1000n;
  return `${(thousandths / 1000).toFixed(3)} · ${shownNano(price, places)}`;
}
