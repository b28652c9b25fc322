/** The indicators that the server computes (docs/market.md), and how they are drawn. */

export interface StudyParameter {
  name: string;
  standard: number;
  least: number;
  most: number;
  isWhole: boolean;
}

export interface StudyOutput {
  name: string;
  /** `hidden` is told in the legend of none: it steers how others are drawn. */
  style: 'line' | 'histogram' | 'steps' | 'ahead' | 'hidden';
}

export interface StudyKind {
  name: string;
  /** `price`: over the bars; `own`: in a pane below. */
  pane: 'price' | 'own';
  parameters: StudyParameter[];
  /** In the order of the server's answer. */
  outputs: StudyOutput[];
  /** Sums since a beginning: a part of the series alone would have other values. */
  isRunning?: boolean;
  /** Levels that are marked in its pane. */
  levels?: number[];
}

const kPeriodMax = 1000;
const whole = (name: string, standard: number, least = 1, most = kPeriodMax): StudyParameter => ({ name, standard, least, most, isWhole: true });
const decimal = (name: string, standard: number, least: number, most: number): StudyParameter => ({ name, standard, least, most, isWhole: false });
const anchor = whole('anchor_minutes', 1440, 1, 10_080);
const line = (name: string): StudyOutput => ({ name, style: 'line' });

export const kStudyKinds: readonly StudyKind[] = [
  { name: 'sma', pane: 'price', parameters: [whole('period', 20)], outputs: [line('sma')] },
  { name: 'ema', pane: 'price', parameters: [whole('period', 20)], outputs: [line('ema')] },
  { name: 'wma', pane: 'price', parameters: [whole('period', 20)], outputs: [line('wma')] },
  { name: 'bollinger', pane: 'price', parameters: [whole('period', 20, 2), decimal('deviations', 2, 0, 100)], outputs: ['upper', 'middle', 'lower'].map(line) },
  { name: 'vwap', pane: 'price', parameters: [anchor], outputs: [line('vwap'), { name: 'deviation', style: 'hidden' }], isRunning: true },
  {
    name: 'ichimoku',
    pane: 'price',
    parameters: [whole('conversion', 9), whole('base', 26), whole('span_b', 52)],
    outputs: [line('conversion'), line('base'), line('span_a'), line('span_b'), { name: 'span_a_ahead', style: 'ahead' }, { name: 'span_b_ahead', style: 'ahead' }],
  },
  { name: 'supertrend', pane: 'price', parameters: [whole('period', 10), decimal('ranges', 3, 0.1, 100)], outputs: [line('line'), { name: 'direction', style: 'hidden' }] },
  {
    name: 'volume_profile',
    pane: 'price',
    parameters: [decimal('width_bps', 10, 1, 500), anchor],
    outputs: ['control', 'value_low', 'value_high'].map((name): StudyOutput => ({ name, style: 'steps' })),
    isRunning: true,
  },
  { name: 'rsi', pane: 'own', parameters: [whole('period', 14, 2)], outputs: [line('rsi')], levels: [30, 70] },
  {
    name: 'macd',
    pane: 'own',
    parameters: [whole('fast', 12, 2), whole('slow', 26, 2), whole('signal', 9)],
    outputs: [line('macd'), line('signal'), { name: 'histogram', style: 'histogram' }],
    levels: [0],
  },
  { name: 'stochastic', pane: 'own', parameters: [whole('fast_k', 14), whole('slow_k', 3), whole('slow_d', 3)], outputs: ['slow_k', 'slow_d'].map(line), levels: [20, 80] },
  { name: 'atr', pane: 'own', parameters: [whole('period', 14)], outputs: [line('atr')] },
  { name: 'adx', pane: 'own', parameters: [whole('period', 14, 2)], outputs: ['adx', 'plus_di', 'minus_di'].map(line) },
  { name: 'mfi', pane: 'own', parameters: [whole('period', 14, 2)], outputs: [line('mfi')], levels: [20, 80] },
  { name: 'obv', pane: 'own', parameters: [], outputs: [line('obv')], isRunning: true },
];

export interface Study {
  kind: string;
  parameters: number[];
}

/** A chart has at most so many. */
export const kStudiesMax = 12;

export const kindOf = (study: Study): StudyKind => kStudyKinds.find((kind) => kind.name === study.kind)!;
export const standardStudy = (kind: StudyKind): Study => ({ kind: kind.name, parameters: kind.parameters.map((p) => p.standard) });

/** As the server calls it: "macd(12,26,9)". It is what tells two apart. */
export const studyText = ({ kind, parameters }: Study): string => (parameters.length > 0 ? `${kind}(${parameters.join(',')})` : kind);

/** Decimals of its values: those of prices, or two. */
export const studyPlaces = (study: Study, places: number): number => (kindOf(study).pane === 'price' || ['atr', 'macd'].includes(study.kind) ? places : 2);

export interface ParameterProblem {
  isWhole: boolean;
  least: number;
  most: number;
  nearest: number;
}

/** What was typed, or the rule it breaks with the nearest valid value. */
export function readParameter(text: string, { isWhole, least, most, standard }: StudyParameter): number | ParameterProblem {
  const value = Number(text.trim());
  const isNumber = text.trim() !== '' && Number.isFinite(value);
  if (isNumber && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  const within = Math.min(most, Math.max(least, isNumber ? value : standard));
  return { isWhole, least, most, nearest: isWhole ? Math.round(within) : within };
}

export function parseStudies(value: unknown): Study[] {
  if (!Array.isArray(value)) return [];
  const studies = value.filter(isStudy);
  return studies.filter((study, i) => studies.findIndex((other) => studyText(other) === studyText(study)) === i).slice(0, kStudiesMax);
}

function isStudy(value: unknown): value is Study {
  const study = value as Study | null;
  const kind = kStudyKinds.find((each) => each.name === study?.kind);
  return (
    kind !== undefined &&
    Array.isArray(study!.parameters) &&
    study!.parameters.length === kind.parameters.length &&
    kind.parameters.every((parameter, i) => typeof readParameter(String(study!.parameters[i]), parameter) === 'number')
  );
}
