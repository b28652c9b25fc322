import { ApiError } from '@/api/client';
import type { ProposalAction, Settings } from '@/api/governance';
import type { Market } from '@/api/markets';
import { changedFields, kFields, marketOf, marketTexts } from '@/features/admin/markets';

/** What a proposal may be about; each is the member of the action that the venue takes. */
export const kKinds = ['market', 'asset', 'venue', 'governance', 'payment'] as const;
export type Kind = (typeof kKinds)[number];

export type Texts = Record<string, string>;
export interface Change {
  name: string;
  now: string;
  then: string;
}

/** The names of things and the count of their changes are not proposed. */
const kNames: readonly string[] = ['symbol', 'decimals', 'version'];

/** Settings in one form, whichever thing they are of. */
export interface Editor {
  texts: Texts;
  /** Whether the text can be a value of that setting at all; ranges are the venue's to judge. */
  isValue(name: string, text: string): boolean;
  /** What differs; null while a field holds no value. */
  changes(texts: Texts): Change[] | null;
  /** The whole settings with the texts, as they are sent. */
  settings(texts: Texts): Settings;
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The value as the server reads it, of the type that it had; undefined for what is none. */
export function valueLike(before: unknown, text: string): unknown {
  const plain = text.trim();
  if (typeof before === 'string') return plain;
  if (typeof before === 'number') return /^-?\d{1,15}$/.test(plain.replaceAll(',', '')) ? Number(plain.replaceAll(',', '')) : undefined;
  try {
    const value: unknown = JSON.parse(plain);
    const isSameType = typeof value === typeof before && Array.isArray(value) === Array.isArray(before);
    return isSameType || before === null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of settings of which only the values are known: each under its own name. */
export function plainEditor(before: Settings): Editor {
  const names = Object.keys(before).filter((name) => !kNames.includes(name));
  return {
    texts: Object.fromEntries(names.map((name) => [name, textOf(before[name])])),
    isValue: (name, text) => valueLike(before[name], text) !== undefined,
    changes: (texts) => {
      const values = names.map((name) => [name, valueLike(before[name], texts[name]!)] as const);
      if (values.some(([, value]) => value === undefined)) return null;
      return values.filter(([name, value]) => textOf(value) !== textOf(before[name])).map(([name, value]) => ({ name, now: textOf(before[name]), then: textOf(value) }));
    },
    settings: (texts) => ({ ...before, ...Object.fromEntries(names.map((name) => [name, valueLike(before[name], texts[name]!)])) }),
  };
}

export function marketEditor(before: Market): Editor {
  const texts: Texts = marketTexts(before);
  const marketWith = (given: Texts) => marketOf(before, given as ReturnType<typeof marketTexts>);
  return {
    texts,
    isValue: (name, text) => marketWith({ ...texts, [name]: text }) !== null,
    changes: (given) => {
      const wanted = marketWith(given);
      return wanted && changedFields(before, wanted).map(({ name }) => ({ name, now: texts[name]!, then: String(wanted[name]) }));
    },
    settings: (given) => (marketWith(given) ?? before) as unknown as Settings,
  };
}

export const actionOf = (kind: Exclude<Kind, 'payment'>, settings: Settings): ProposalAction => ({ [kind]: settings });

/** The page on which a change of that is proposed, with what is to be otherwise filled in. */
export function proposingPath(kind: Kind, symbol?: string, texts: Texts = {}): string {
  const query = new URLSearchParams({ kind, ...(symbol ? { symbol } : {}), ...texts });
  return `/governance/new?${query}`;
}

/** What such an address fills in: only settings that there are. */
export function prefilled(texts: Texts, query: URLSearchParams): Texts {
  return Object.fromEntries(Object.keys(texts).map((name) => [name, query.get(name) ?? texts[name]!]));
}

/** The field that a refusal is about: "action.market.taker_fee_ppm" is "taker_fee_ppm". */
export const refusedField = (error: unknown): string | null => (error instanceof ApiError && error.where ? error.where.split('.').at(-1)! : null);

/** Settings of a market that an operator still changes at once while the rules bind: he stops it, and nothing else. */
export function isStopOnly(changes: readonly Pick<Change, 'name' | 'then'>[]): boolean {
  return changes.length === 1 && changes[0]!.name === 'state' && ['halted', 'reduce_only'].includes(changes[0]!.then);
}

export const kMarketSettings: readonly string[] = kFields.map(({ name }) => name);
