import { isInterval, type Interval } from './intervals';
import { parseStudies, type Study } from './studies';

export const kStyles = ['candles', 'bars', 'line', 'area'] as const;
export type ChartStyle = (typeof kStyles)[number];
export const kScales = ['linear', 'logarithmic', 'percent'] as const;
export type ChartScale = (typeof kScales)[number];
export const kClocks = ['utc', 'local'] as const;
export type ChartClock = (typeof kClocks)[number];

/** What a chart is set to. A panel keeps it; drawings belong to the symbol and are kept apart. */
export interface ChartSettings {
  interval: Interval;
  style: ChartStyle;
  scale: ChartScale;
  clock: ChartClock;
  volume: boolean;
  /** Orders, positions and fills of one's own. */
  trading: boolean;
  /** Before an order that was dragged is amended. */
  askToAmend: boolean;
  studies: Study[];
  /** Symbols drawn beside, in per cent. */
  compared: string[];
}

export const kComparedMax = 5;

export const kStandardSettings: ChartSettings = {
  interval: '1m',
  style: 'candles',
  scale: 'linear',
  clock: 'utc',
  volume: true,
  trading: true,
  askToAmend: true,
  studies: [],
  compared: [],
};

/** Of what was stored, all that is understood; the standard for the rest. */
export function parseSettings(value: unknown): ChartSettings {
  const stored = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const oneOf = <T extends string>(choices: readonly T[], name: keyof ChartSettings, standard: T): T => (choices.includes(stored[name] as T) ? (stored[name] as T) : standard);
  const truth = (name: keyof ChartSettings, standard: boolean) => (typeof stored[name] === 'boolean' ? stored[name] : standard);
  const compared = Array.isArray(stored.compared) ? stored.compared.filter((each): each is string => typeof each === 'string') : [];
  return {
    interval: isInterval(stored.interval) ? stored.interval : kStandardSettings.interval,
    style: oneOf(kStyles, 'style', 'candles'),
    scale: oneOf(kScales, 'scale', 'linear'),
    clock: oneOf(kClocks, 'clock', 'utc'),
    volume: truth('volume', true),
    trading: truth('trading', true),
    askToAmend: truth('askToAmend', true),
    studies: parseStudies(stored.studies),
    compared: [...new Set(compared)].slice(0, kComparedMax),
  };
}
