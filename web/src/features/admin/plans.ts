import { kLimitNumbers, kTierNumbers, type LimitNumbers, type Tier, type TierNumbers } from '@/api/admin';
import { parseWhole, shown } from '@/domain/whole';
import { t } from '@/strings';

export interface Range {
  min: number;
  max: number;
}

export const kTierRanges: Record<keyof TierNumbers, Range> = {
  requests_per_minute: { min: 1, max: 1_000_000 },
  requests_per_day: { min: 1, max: 1_000_000 },
  websocket_connections: { min: 0, max: 10_000 },
  subscriptions: { min: 0, max: 100_000 },
  history_days: { min: 0, max: 36_500 },
};
export const kLimitRange: Range = { min: 1, max: 1_000_000 };

export const planText = (tier: Tier): string => {
  const [minute, day, connections, subscriptions, days] = kTierNumbers.map((name) => shown(tier[name]));
  return t.admin.planSummary(minute!, day!, connections!, subscriptions!, days!);
};

/** What stands in the fields of a form of numbers. */
export type Texts<Name extends string> = Record<Name, string>;

export function textsOf<Name extends string>(names: readonly Name[], numbers: Record<Name, number>): Texts<Name> {
  return Object.fromEntries(names.map((name) => [name, shown(numbers[name])])) as Texts<Name>;
}

/** The numbers of a form, or null while one of them is not good. */
export function numbersOf<Name extends string>(names: readonly Name[], texts: Texts<Name>, rangeOf: (name: Name) => Range): Record<Name, number> | null {
  const out: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const { min, max } = rangeOf(name);
    const value = parseWhole(texts[name], min, max);
    if (value === null) return null;
    out[name] = value;
  }
  return out as Record<Name, number>;
}

export const tierNumbersOf = (texts: Texts<keyof TierNumbers>): TierNumbers | null => numbersOf(kTierNumbers, texts, (name) => kTierRanges[name]);
export const limitNumbersOf = (texts: Texts<keyof LimitNumbers>): LimitNumbers | null => numbersOf(kLimitNumbers, texts, () => kLimitRange);
