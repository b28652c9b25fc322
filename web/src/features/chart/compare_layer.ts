import { LineSeries, type ISeriesApi } from 'lightweight-charts';
import type { Candle } from '@/api/series';
import { alignedTo } from './bars';
import type { Plot } from './plot';

/** Other symbols' closes as lines on the same scale, which is in per cent then. */
export class CompareLayer {
  private readonly lines = new Map<string, ISeriesApi<'Line'>>();

  constructor(private readonly plot: Plot) {}

  show(symbols: readonly string[]): void {
    for (const [symbol, line] of this.lines) {
      if (symbols.includes(symbol)) continue;
      this.plot.chart.removeSeries(line);
      this.lines.delete(symbol);
    }
    for (const symbol of symbols) if (!this.lines.has(symbol)) this.lines.set(symbol, this.makeLine(symbol, symbols.indexOf(symbol)));
  }

  private makeLine(symbol: string, index: number): ISeriesApi<'Line'> {
    return this.plot.chart.addSeries(LineSeries, { color: compareColour(this.plot, index), lineWidth: 2, priceLineVisible: false, title: symbol, crosshairMarkerVisible: false });
  }

  /** Where the other one did not trade its line has a gap; its own times make no new place on the axis. */
  draw(symbol: string, bars: readonly Candle[]): void {
    const closes = alignedTo(this.plot.slots, bars);
    this.lines.get(symbol)?.setData(
      this.plot.slots.map(({ start }, i) => {
        const time = this.plot.axisTime(start);
        const close = closes[i]?.close;
        return close === undefined ? { time } : { time, value: Number(close) };
      }),
    );
  }
}

export const compareColour = (plot: Plot, index: number): string => plot.palette.lines[(index + 1) % plot.palette.lines.length]!;
