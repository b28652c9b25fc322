import type { IPrimitivePaneView, ISeriesPrimitive, Time } from 'lightweight-charts';
import { duration } from '@/domain/time';
import { slotAt } from './bars';
import type { Plot } from './plot';

/** Says where a part of a long gap was cut out of the axis, and how much. */
export class CutMarks implements ISeriesPrimitive<Time> {
  private readonly views: readonly IPrimitivePaneView[];

  constructor(private readonly plot: Plot) {
    this.views = [{ zOrder: () => 'bottom', renderer: () => ({ draw: (target) => target.useMediaCoordinateSpace(({ context }) => this.paint(context)) }) }];
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }

  private paint(context: CanvasRenderingContext2D): void {
    const { plot } = this;
    context.save();
    context.strokeStyle = context.fillStyle = plot.palette.faint;
    context.font = `11px ${plot.palette.fontText}`;
    context.textAlign = 'center';
    context.setLineDash([4, 4]);
    for (const { start, missing } of plot.cuts) {
      const x = plot.xOfSlot(slotAt(plot.slots, start) - 0.5);
      if (x === null || x < 0 || x > plot.area.width) continue;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, plot.area.height);
      context.stroke();
      context.fillText(duration((missing * plot.lengthMs) / 1000), x, plot.area.height - 8);
    }
    context.restore();
  }
}
