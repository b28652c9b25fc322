import type { Candle, CandlesQuery, IndicatorsAnswer } from '@/api/series';
import { FrameBatcher } from '@/stream';
import { kindOf, studyText, type Study } from './studies';

/** Values of one indicator beside the bars they belong to; a column an output. */
export interface StudyValues {
  starts: number[];
  columns: (number | null)[][];
}

export interface StudiesView {
  values: ReadonlyMap<string, StudyValues>;
  error: unknown;
}

type Read = (query: CandlesQuery & { indicators: string }, signal?: AbortSignal) => Promise<IndicatorsAnswer>;

/** The server gives so many at once, after so many earlier ones to warm up. */
const kValuesMax = 5000;
const kWarmUp = 1500;
const kStep = 500;
/** How often the bar that is still running is asked for; and all of what can't be asked for in part. */
const kTailMs = 1000;
const kWholeMs = 10_000;
/** Bars asked for again with each tail: the running one, and those that may have closed since. */
const kTailBars = 3;

/** The tail alone has the same values as long as the warm-up outweighs what was before it. */
const needsWhole = (study: Study): boolean => kindOf(study).isRunning === true || study.parameters.some((value) => value > kWarmUp / 15);

/** Appends a tail: what begins with it or later is replaced. */
export function withTail(known: StudyValues | undefined, tail: StudyValues): StudyValues {
  const first = tail.starts[0];
  if (!known || first === undefined) return known ?? tail;
  const kept = known.starts.findLastIndex((start) => start < first) + 1;
  return {
    starts: [...known.starts.slice(0, kept), ...tail.starts],
    columns: tail.columns.map((column, i) => [...(known.columns[i] ?? []).slice(0, kept), ...column]),
  };
}

/** Takes the server's answer apart again, in the order of the studies that were asked for. */
export function splitAnswer(studies: readonly Study[], answer: IndicatorsAnswer): Map<string, StudyValues> {
  const out = new Map<string, StudyValues>();
  let at = 0;
  for (const study of studies) {
    const count = kindOf(study).outputs.length;
    const columns = answer.indicators.slice(at, at + count).map((indicator) => indicator.values);
    out.set(studyText(study), { starts: answer.starts, columns });
    at += count;
  }
  return out;
}

/**
 * The indicators of one series, as the server computes them: nothing is computed here. The whole is read when
 * other studies or other bars are shown; while the market moves, only the newest bars are.
 */
export class StudyStore {
  private view: StudiesView = { values: new Map(), error: null };
  private values = new Map<string, StudyValues>();
  private error: unknown = null;
  private studies: readonly Study[] = [];
  private bars: readonly Candle[] = [];
  private wholeOf = '';
  private wholeAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isReading = false;
  private readonly abort = new AbortController();
  private readonly listeners = new Set<() => void>();
  private readonly batcher = new FrameBatcher(() => this.flush(), 50);

  constructor(
    private readonly symbol: string,
    private readonly interval: string,
    private readonly read: Read,
  ) {}

  readonly getView = (): StudiesView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  stop(): void {
    this.abort.abort();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  follow(studies: readonly Study[], bars: readonly Candle[]): void {
    this.studies = studies;
    // The window moves in steps, not with each bar: a new first bar has all read again.
    this.bars = bars.slice(Math.ceil(Math.max(0, bars.length - kValuesMax) / kStep) * kStep);
    if (studies.length === 0 || bars.length === 0) {
      if (this.values.size > 0) this.values = new Map();
      return this.batcher.mark();
    }
    this.schedule(this.isWholeKnown() ? kTailMs : 0);
  }

  /** The studies, and the first of the bars they are shown for: a new first bar means older ones were loaded. */
  private wholeText(): string {
    return `${this.bars[0]?.start} ${this.studies.map(studyText).join(' ')}`;
  }

  private isWholeKnown(): boolean {
    return this.wholeOf === this.wholeText();
  }

  private schedule(ms: number): void {
    if (this.timer !== null || this.isReading || this.abort.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, ms);
  }

  private async refresh(): Promise<void> {
    if (this.studies.length === 0) return;
    this.isReading = true;
    try {
      await this.readWhat();
      this.error = null;
    } catch (error) {
      this.error = error;
    } finally {
      this.isReading = false;
    }
    if (this.abort.signal.aborted) return;
    this.batcher.mark();
    // Others were wanted meanwhile.
    if (!this.isWholeKnown()) this.schedule(this.error ? kWholeMs : 0);
  }

  private async readWhat(): Promise<void> {
    const isDue = performance.now() - this.wholeAt > kWholeMs && this.studies.some(needsWhole);
    if (!this.isWholeKnown() || isDue) return this.readWhole();
    const studies = this.studies.filter((study) => !needsWhole(study));
    if (studies.length === 0) return;
    const known = studies.map((study) => this.values.get(studyText(study))?.starts.at(-1) ?? 0);
    const from = Math.min(this.bars.at(-kTailBars)?.start ?? Infinity, ...known);
    for (const [name, tail] of await this.ask(studies, from, kValuesMax)) this.values.set(name, withTail(this.values.get(name), tail));
  }

  private async readWhole(): Promise<void> {
    const text = this.wholeText();
    this.values = await this.ask(this.studies, this.bars[0]!.start, kValuesMax);
    this.wholeOf = text;
    this.wholeAt = performance.now();
  }

  private async ask(studies: readonly Study[], from: number, limit: number): Promise<Map<string, StudyValues>> {
    const indicators = studies.map(studyText).join(',');
    return splitAnswer(studies, await this.read({ symbol: this.symbol, interval: this.interval, indicators, from, limit }, this.abort.signal));
  }

  private flush(): void {
    this.view = { values: new Map(this.values), error: this.error };
    for (const listener of this.listeners) listener();
  }
}
