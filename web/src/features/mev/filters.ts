import { FINDING_KINDS, FINDING_STATUSES, type FindingKind, type FindingStatus } from '@/api/types';
import type { Query } from '@/api/client';
import { classify } from '@/domain/address';
import { formatRaw, parseDecimal, parseRaw, SOL_DECIMALS } from '@/domain/amount';
import type { Filter } from '@/stream';

/** What the list of findings is narrowed to. In the page's address under the server's own names. */
export interface Filters {
  kinds: FindingKind[];
  status: FindingStatus | null;
  profitable: boolean;
  minNetLamports: string | null;
  wallet: string | null;
  pool: string | null;
  mint: string | null;
  signature: string | null;
  slot: number | null;
  synthetic: boolean | null;
}

export const noFilters: Filters = {
  kinds: [],
  status: null,
  profitable: false,
  minNetLamports: null,
  wallet: null,
  pool: null,
  mint: null,
  signature: null,
  slot: null,
  synthetic: null,
};

const within = <T extends string>(all: readonly T[], text: string | null): T | null =>
  all.find((value) => value === text) ?? null;

/** Reads the page's address; what is not understood is left out rather than refused. */
export function readFilters(params: URLSearchParams): Filters {
  const asked = (params.get('kind') ?? '').split(',');
  const address = (name: string) => (classify(params.get(name) ?? '') === 'address' ? params.get(name) : null);
  const signature = params.get('signature');
  const slot = params.get('slot') ?? '';
  const synthetic = params.get('synthetic');
  return {
    kinds: FINDING_KINDS.filter((kind) => asked.includes(kind)),
    status: within(FINDING_STATUSES, params.get('status')),
    profitable: params.get('profitable') === 'true',
    minNetLamports: parseRaw(params.get('min_net_lamports'))?.toString() ?? null,
    wallet: address('wallet'),
    pool: address('pool'),
    mint: address('mint'),
    signature: signature && classify(signature) === 'signature' ? signature : null,
    slot: /^\d{1,15}$/.test(slot) ? Number(slot) : null,
    synthetic: synthetic === 'true' ? true : synthetic === 'false' ? false : null,
  };
}

/** The inverse of readFilters; what is not set is not written. */
export function writeFilters(filters: Filters): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string | null) => {
    if (value) params.set(name, value);
  };
  put('kind', filters.kinds.join(','));
  put('status', filters.status);
  put('profitable', filters.profitable ? 'true' : null);
  put('min_net_lamports', filters.minNetLamports);
  put('wallet', filters.wallet);
  put('pool', filters.pool);
  put('mint', filters.mint);
  put('signature', filters.signature);
  put('slot', filters.slot === null ? null : String(filters.slot));
  put('synthetic', filters.synthetic === null ? null : String(filters.synthetic));
  return params;
}

/** The same as the server's REST query. */
export function toServerQuery(filters: Filters): Query {
  const { slot, ...rest } = Object.fromEntries(writeFilters(filters)) as Record<string, string>;
  return slot ? { ...rest, slot_from: slot, slot_to: slot } : rest;
}

/** The same as the live channel's filter. */
export function toStreamFilter(filters: Filters): Filter {
  const filter = toServerQuery(filters) as Filter;
  if (filters.profitable) filter.profitable = true;
  if (filters.synthetic !== null) filter.synthetic = filters.synthetic;
  if (filters.slot !== null) filter.slot_from = filter.slot_to = filters.slot;
  return filter;
}

export const isFiltered = (filters: Filters): boolean => writeFilters(filters).size > 0;

/** SOL as typed → lamports; null clears, undefined = not a number. */
export function minNetFromText(text: string): string | null | undefined {
  if (text.trim() === '') return null;
  return parseDecimal(text, SOL_DECIMALS)?.toString();
}

export function minNetToText(lamports: string | null): string {
  const value = parseRaw(lamports);
  return value === null ? '' : formatRaw(value, SOL_DECIMALS, { trim: true }).replaceAll(',', '').replace('−', '-');
}
