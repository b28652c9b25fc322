import { HistogramSeries, LineSeries, LineStyle, LineType, type ISeriesApi, type SeriesType, type WhitespaceData } from 'lightweight-charts';
import { slotAt } from './bars';
import { withAlpha } from './palette';
import { numberFormat, type Plot } from './plot';
import { kindOf, studyPlaces, studyText, type Study, type StudyOutput } from './studies';
import type { StudyValues } from './study_values';

interface Drawn {
  study: Study;
  /** By output; null where an output is not drawn. */
  lines: (ISeriesApi<SeriesType> | null)[];
}

interface Point {
  time: ReturnType<Plot['axisTime']>;
  value?: number;
  color?: string;
}

/** How high a pane of an indicator is, against three for the prices. */
const kPaneShare = 1;
const kPriceShare = 3;

/** A colour an output: what is drawn ahead has that of the line it goes on from. */
export function studyColours(studies: readonly Study[], lines: readonly string[]): Map<string, string[]> {
  const out = new Map<string, string[]>();
  let next = 0;
  for (const study of studies) {
    const colours: string[] = [];
    kindOf(study).outputs.forEach(({ style }, i) => colours.push(style === 'ahead' ? colours[i - 2]! : style === 'hidden' ? '' : lines[next++ % lines.length]!));
    out.set(studyText(study), colours);
  }
  return out;
}

/** The indicators' lines: those of prices over the bars, each other one in a pane of its own. */
export class StudyLayer {
  private drawn = new Map<string, Drawn>();

  constructor(private readonly plot: Plot) {}

  /** Makes the lines those of the studies, in their order. */
  show(studies: readonly Study[]): void {
    const wanted = studies.map(studyText);
    if (wanted.join(' ') === [...this.drawn.keys()].join(' ')) return;
    for (const { lines } of this.drawn.values()) for (const line of lines) if (line) this.plot.chart.removeSeries(line);
    this.drawn = new Map();
    let pane = 0;
    const colours = studyColours(studies, this.plot.palette.lines);
    for (const study of studies) {
      const kind = kindOf(study);
      const at = kind.pane === 'own' ? ++pane : 0;
      const lines = kind.outputs.map((output, i) => (output.style === 'hidden' ? null : this.makeLine(output, at, colours.get(studyText(study))![i]!)));
      for (const level of kind.levels ?? []) lines[0]?.createPriceLine({ price: level, color: this.plot.palette.faint, lineStyle: LineStyle.Dotted, lineWidth: 1, axisLabelVisible: false });
      this.drawn.set(studyText(study), { study, lines });
    }
    this.plot.chart.panes().forEach((each, i) => each.setStretchFactor(i === 0 ? kPriceShare : kPaneShare));
  }

  private makeLine({ style }: StudyOutput, pane: number, color: string): ISeriesApi<SeriesType> {
    const common = { color, priceLineVisible: false, lastValueVisible: pane > 0 } as const;
    if (style === 'histogram') return this.plot.chart.addSeries(HistogramSeries, { ...common, lastValueVisible: false }, pane) as ISeriesApi<SeriesType>;
    const lineType = style === 'steps' ? LineType.WithSteps : LineType.Simple;
    const lineStyle = style === 'ahead' ? LineStyle.Dashed : LineStyle.Solid;
    return this.plot.chart.addSeries(LineSeries, { ...common, lineWidth: 1, lineType, lineStyle, crosshairMarkerVisible: false }, pane) as ISeriesApi<SeriesType>;
  }

  /** Numbers for the eye: in a pane of its own a price's decimals say nothing. */
  setPlaces(places: number): void {
    for (const { study, lines } of this.drawn.values()) {
      const priceFormat = study.kind === 'obv' ? ({ type: 'volume' } as const) : numberFormat(studyPlaces(study, places));
      for (const line of lines) line?.applyOptions({ priceFormat });
    }
  }

  draw(values: ReadonlyMap<string, StudyValues>): void {
    for (const [text, { study, lines }] of this.drawn) {
      const known = values.get(text);
      lines.forEach((line, i) => line?.setData(known ? this.pointsOf(study, known, i) : []));
    }
  }

  /** On the axis' own slots only, so that the axis stays what the bars make it. */
  private pointsOf(study: Study, values: StudyValues, output: number): (Point | WhitespaceData)[] {
    const style = kindOf(study).outputs[output]!.style;
    if (style === 'ahead') return this.aheadOf(study, values, output);
    const column = values.columns[output] ?? [];
    const places = new Map(values.starts.map((start, i) => [start, i]));
    const first = slotAt(this.plot.slots, values.starts[0] ?? Infinity);
    return this.plot.slots.slice(Math.max(0, first)).map(({ start }) => {
      const time = this.plot.axisTime(start);
      const i = places.get(start);
      const value = i === undefined ? null : column[i];
      return value == null ? { time } : { time, value, ...this.toneOf(study, values, i!, value, style) };
    });
  }

  private toneOf(study: Study, values: StudyValues, i: number, value: number, style: StudyOutput['style']): { color?: string } {
    const { up, down } = this.plot.palette;
    if (style === 'histogram') return { color: withAlpha(value >= 0 ? up : down, 0.5) };
    if (study.kind === 'supertrend') return { color: (values.columns[1]?.[i] ?? 0) >= 0 ? up : down };
    return {};
  }

  /** What is drawn so many bars later: of it, what lies behind the last bar. */
  private aheadOf(study: Study, values: StudyValues, output: number): Point[] {
    const count = study.parameters[1]!;
    const last = this.plot.slots.at(-1);
    const column = values.columns[output] ?? [];
    if (!last || values.starts.at(-1) !== last.start) return [];
    const points: Point[] = [];
    for (let ahead = 1; ahead <= count; ahead++) {
      const value = column[column.length - 1 - count + ahead];
      if (value != null) points.push({ time: this.plot.axisTime(last.start + ahead * this.plot.lengthMs), value });
    }
    return points;
  }
}
