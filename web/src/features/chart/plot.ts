import {
  AreaSeries,
  BarSeries,
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  PriceScaleMode,
  TickMarkType,
  type AutoscaleInfo,
  type IChartApi,
  type IPaneApi,
  type ISeriesApi,
  type ISeriesPrimitive,
  type Logical,
  type MouseEventParams,
  type PriceRange,
  type SeriesType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from '@/api/series';
import { group } from '@/domain/amount';
import { calendarDay, clockTime } from '@/domain/time';
import { changeOf, kGapSlotsMax, momentAt, placeOf, withGaps, type Cut, type Slot } from './bars';
import { barTime, shiftMs } from './clock';
import { lengthOf, type Interval } from './intervals';
import { withAlpha, type Palette } from './palette';
import type { ChartClock, ChartScale, ChartStyle } from './settings';

export interface PlotOptions {
  style: ChartStyle;
  interval: Interval;
  clock: ChartClock;
  palette: Palette;
}

/** Where the crosshair is: a slot of the axis, and a price when the pointer is in the price pane. */
export interface CrosshairPlace {
  slot: number;
  price: number | null;
  /** False when it was put there, not by a pointer. */
  isOwn: boolean;
}

const scaleModes = { linear: PriceScaleMode.Normal, logarithmic: PriceScaleMode.Logarithmic, percent: PriceScaleMode.Percentage } as const;

/** Behind the last bar there is room for so many. */
const kRightSlots = 8;

/**
 * The canvas: bars, volume, axes and the crosshair, in slots of the axis. Prices are numbers here and
 * nowhere before. Made anew when the style changes; what is drawn besides attaches to `main`.
 */
export class Plot {
  readonly chart: IChartApi;
  readonly main: ISeriesApi<SeriesType>;
  readonly interval: Interval;
  readonly lengthMs: number;
  slots: Slot[] = [];
  cuts: Cut[] = [];
  readonly shift: number;
  palette: Palette;
  private readonly style: ChartStyle;
  private readonly volume: ISeriesApi<'Histogram'>;
  private bars: readonly Candle[] = [];
  private readonly frameListeners = new Set<() => void>();

  constructor(
    private readonly box: HTMLElement,
    { style, interval, clock, palette }: PlotOptions,
  ) {
    this.style = style;
    this.interval = interval;
    this.lengthMs = lengthOf(interval);
    this.palette = palette;
    this.shift = shiftMs(clock, interval);
    this.chart = createChart(box, { autoSize: true, ...this.layout(), ...this.axes() });
    this.main = this.makeMain();
    this.volume = this.chart.addSeries(HistogramSeries, { priceScaleId: 'volume', priceFormat: { type: 'volume' }, lastValueVisible: false, priceLineVisible: false });
    this.chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.main.attachPrimitive({ updateAllViews: () => this.tellFrame() } as ISeriesPrimitive<Time>);
  }

  private isRemoved = false;

  remove(): void {
    this.isRemoved = true;
    this.frameListeners.clear();
    this.chart.remove();
  }

  /** Undoing what was attached: the canvas may be gone before those who drew on it. */
  whileThere(undo: () => void): () => void {
    return () => {
      if (!this.isRemoved) undo();
    };
  }

  private layout() {
    const { surface, muted, line, faint, raised, text, fontText } = this.palette;
    return {
      layout: {
        background: { type: ColorType.Solid, color: surface },
        textColor: muted,
        fontFamily: fontText,
        fontSize: 11,
        // Its logo comes with a style element, which the page's security policy refuses; the panel names and links it.
        attributionLogo: false,
        panes: { separatorColor: line, separatorHoverColor: withAlpha(faint, 0.3), enableResize: true },
      },
      grid: { vertLines: { color: withAlpha(line, 0.5) }, horzLines: { color: withAlpha(line, 0.5) } },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: faint, labelBackgroundColor: raised === surface ? text : raised },
        horzLine: { color: faint, labelBackgroundColor: raised === surface ? text : raised },
      },
    } as const;
  }

  private axes() {
    return {
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.2 } },
      timeScale: {
        borderVisible: false,
        timeVisible: true,
        secondsVisible: this.interval === '1s',
        rightOffset: kRightSlots,
        minBarSpacing: 0.5,
        tickMarkFormatter: (time: Time, type: TickMarkType) => tickText((time as number) * 1000, type),
      },
      localization: { timeFormatter: (time: Time) => barTime((time as number) * 1000, this.interval, 0) },
      handleScale: { axisPressedMouseMove: { time: true, price: true } },
    } as const;
  }

  private makeMain(): ISeriesApi<SeriesType> {
    const { up, down, accent } = this.palette;
    switch (this.style) {
      case 'candles':
        return this.chart.addSeries(CandlestickSeries, { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false }) as ISeriesApi<SeriesType>;
      case 'bars':
        return this.chart.addSeries(BarSeries, { upColor: up, downColor: down, thinBars: true }) as ISeriesApi<SeriesType>;
      case 'line':
        return this.chart.addSeries(LineSeries, { color: accent, lineWidth: 2 }) as ISeriesApi<SeriesType>;
      case 'area':
        return this.chart.addSeries(AreaSeries, { lineColor: accent, topColor: withAlpha(accent, 0.25), bottomColor: withAlpha(accent, 0), lineWidth: 2 }) as ISeriesApi<SeriesType>;
    }
  }

  /** Prices that should be seen with the bars where they are not too far from them. */
  private near: readonly number[] = [];
  keepInSight(prices: readonly number[]): void {
    this.near = prices;
    this.main.applyOptions({
      autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => {
        const info = original();
        return info && { ...info, priceRange: info.priceRange && widened(info.priceRange, this.near) };
      },
    });
  }

  setPlaces(places: number): void {
    this.main.applyOptions({ priceFormat: numberFormat(places) });
  }

  setScale(scale: ChartScale): void {
    this.chart.priceScale('right').applyOptions({ mode: scaleModes[scale] });
  }

  showVolume(isShown: boolean): void {
    this.volume.applyOptions({ visible: isShown });
    this.chart.priceScale('right').applyOptions({ scaleMargins: { top: 0.12, bottom: isShown ? 0.2 : 0.08 } });
  }

  /** Draws what is new. True when the axis is another one, so that what stands on it must be drawn anew. */
  setBars(bars: readonly Candle[]): boolean {
    const change = changeOf(this.bars, bars);
    const before = this.bars.at(-1);
    this.bars = bars;
    const last = bars.at(-1);
    if (change === 'none' || !last) return change !== 'none';
    const missing = before ? Math.round((last.start - before.start) / this.lengthMs) - 1 : 0;
    if (change === 'all' || missing > kGapSlotsMax) return this.setAll();
    if (change === 'last') this.slots[this.slots.length - 1] = { start: last.start, bar: last };
    else for (const slot of withGaps([before!, last], this.lengthMs).slots.slice(1)) this.append(slot);
    this.update(this.slots.at(-1)!);
    return change === 'next';
  }

  private setAll(): boolean {
    const { slots, cuts } = withGaps(this.bars, this.lengthMs);
    this.slots = slots;
    this.cuts = cuts;
    this.main.setData(slots.map((slot) => this.mainPoint(slot)));
    this.volume.setData(slots.map((slot) => this.volumePoint(slot)));
    return true;
  }

  private append(slot: Slot): void {
    this.slots.push(slot);
    if (!slot.bar) this.update(slot);
  }

  private update(slot: Slot): void {
    this.main.update(this.mainPoint(slot));
    this.volume.update(this.volumePoint(slot));
  }

  private mainPoint({ start, bar }: Slot) {
    const time = this.axisTime(start);
    if (!bar) return { time };
    if (this.style === 'line' || this.style === 'area') return { time, value: Number(bar.close) };
    return { time, open: Number(bar.open), high: Number(bar.high), low: Number(bar.low), close: Number(bar.close) };
  }

  private volumePoint({ start, bar }: Slot) {
    const time = this.axisTime(start);
    if (!bar) return { time };
    const { up, down } = this.palette;
    return { time, value: Number(bar.volume), color: withAlpha(Number(bar.close) >= Number(bar.open) ? up : down, 0.35) };
  }

  axisTime(ms: number): UTCTimestamp {
    return ((ms + this.shift) / 1000) as UTCTimestamp;
  }

  get pricePane(): IPaneApi<Time> {
    return this.chart.panes()[0]!;
  }

  /** The price pane, without the axis. */
  get area(): { width: number; height: number } {
    return { width: this.chart.timeScale().width(), height: this.pricePane.getHeight() };
  }

  /** The one it is drawn in now: a panel may be torn off. */
  get document(): Document {
    return this.box.ownerDocument;
  }

  /** Of the price pane, in the window. */
  get top(): number {
    return this.box.getBoundingClientRect().top;
  }

  xOf(ms: number): number | null {
    const place = placeOf(this.slots, this.lengthMs, ms);
    return place === null ? null : this.xOfSlot(place);
  }
  /** The library rounds to whole slots; a moment between two is between them on the screen too. */
  xOfSlot(place: number): number | null {
    const scale = this.chart.timeScale();
    const whole = Math.floor(place);
    const [a, b] = [scale.logicalToCoordinate(whole as Logical), scale.logicalToCoordinate((whole + 1) as Logical)];
    return a === null || b === null ? null : a + (place - whole) * (b - a);
  }
  momentOf(x: number): number | null {
    const slot = this.chart.timeScale().coordinateToLogical(x);
    return slot === null ? null : momentAt(this.slots, this.lengthMs, slot);
  }
  yOf(price: number): number | null {
    return this.main.priceToCoordinate(price);
  }
  priceOf(y: number): number | null {
    return this.main.coordinateToPrice(y);
  }

  /** Called whenever the canvas is about to be drawn: what is laid over it moves with it. */
  onFrame(listener: () => void): () => void {
    this.frameListeners.add(listener);
    return () => this.frameListeners.delete(listener);
  }
  private tellFrame(): void {
    for (const listener of this.frameListeners) listener();
  }

  onCrosshair(listener: (place: CrosshairPlace | null) => void): () => void {
    const tell = (param: MouseEventParams<Time>) => {
      if (param.logical === undefined || param.logical === null || !param.point) return listener(null);
      const price = param.paneIndex === 0 ? this.priceOf(param.point.y) : null;
      listener({ slot: param.logical, price, isOwn: param.sourceEvent !== undefined });
    };
    this.chart.subscribeCrosshairMove(tell);
    return this.whileThere(() => this.chart.unsubscribeCrosshairMove(tell));
  }

  /** Puts the crosshair on a slot, at the price or else at its close. */
  showCrosshair(slot: number, price: number | null): void {
    const at = this.slots[slot];
    if (!at) return this.chart.clearCrosshairPosition();
    const shown = price ?? (at.bar ? Number(at.bar.close) : null);
    if (shown !== null) this.chart.setCrosshairPosition(shown, this.axisTime(at.start), this.main);
  }
  hideCrosshair(): void {
    this.chart.clearCrosshairPosition();
  }

  onRange(listener: (first: number, last: number) => void): () => void {
    const tell = () => {
      const range = this.chart.timeScale().getVisibleLogicalRange();
      if (range) listener(Math.floor(range.from), Math.ceil(range.to));
    };
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(tell);
    return this.whileThere(() => this.chart.timeScale().unsubscribeVisibleLogicalRangeChange(tell));
  }

  get range(): { from: number; to: number } | null {
    return this.chart.timeScale().getVisibleLogicalRange();
  }
  set range(range: { from: number; to: number } | null) {
    if (range) this.chart.timeScale().setVisibleLogicalRange(range);
  }

  /** Narrower (`share` < 1) or wider, keeping the right edge. */
  zoom(share: number): void {
    const range = this.range;
    if (!range) return;
    const width = Math.max(10, Math.min(this.slots.length + kRightSlots, (range.to - range.from) * share));
    this.range = { from: range.to - width, to: range.to };
  }

  showNewest(): void {
    this.chart.timeScale().scrollToRealTime();
  }

  /** Moves the view just so far that the slot is in it. */
  bringIntoView(slot: number): void {
    const range = this.range;
    if (!range || (slot >= range.from && slot <= range.to)) return;
    const by = slot < range.from ? slot - range.from - 1 : slot - range.to + 1;
    this.range = { from: range.from + by, to: range.to + by };
  }
}

/** By those that are no further away than the range is high, or than one per cent. */
export function widened({ minValue, maxValue }: PriceRange, prices: readonly number[]): PriceRange {
  const reach = Math.max(maxValue - minValue, maxValue / 100);
  const near = prices.filter((price) => price >= minValue - reach && price <= maxValue + reach);
  return { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) };
}

/** Axis labels as numbers stand everywhere: with thousands apart. */
export const numberFormat = (places: number) => ({ type: 'custom' as const, formatter: (value: number) => shownNumber(value, places), minMove: 1 / 10 ** places });

export function shownNumber(value: number, places: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(places).split('.') as [string, string | undefined];
  return `${value < 0 ? '−' : ''}${group(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
}

const months = (ms: number) => calendarDay(ms).split(' ')[1]!;

function tickText(ms: number, type: TickMarkType): string {
  switch (type) {
    case TickMarkType.Year:
      return String(new Date(ms).getUTCFullYear());
    case TickMarkType.Month:
      return months(ms);
    case TickMarkType.DayOfMonth:
      return `${new Date(ms).getUTCDate()} ${months(ms)}`;
    case TickMarkType.Time:
      return clockTime(ms).slice(0, 5);
    default:
      return clockTime(ms);
  }
}
