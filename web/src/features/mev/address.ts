/** Sums a kind, as the wallet and pool routes give them. */
export interface KindTotals {
  kind: string;
  count: number;
  profitable: number | null;
  profit_lamports: string | null;
  tips_lamports: string | null;
  loss_lamports: string | null;
}

export interface AddressTotals {
  actor: KindTotals[];
  victim: KindTotals[];
  swaps: number | null;
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
const count = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function toTotals(kind: string, fields: Fields): KindTotals {
  return {
    kind,
    count: count(fields.count) ?? 0,
    profitable: count(fields.profitable),
    profit_lamports: text(fields.profit_lamports) ?? text(fields.net_lamports),
    tips_lamports: text(fields.tips_lamports),
    loss_lamports: text(fields.victim_loss_lamports) ?? text(fields.loss_lamports),
  };
}

/** Totals by kind, given as rows that name their kind or as an object of rows. */
function totalsBy(value: unknown): KindTotals[] {
  if (Array.isArray(value)) return value.filter(isObject).map((row) => toTotals(text(row.kind) ?? '', row));
  if (!isObject(value)) return [];
  if ('count' in value) return [toTotals('', value)];
  const rows = value.totals ?? value.by_kind;
  if (rows !== undefined) return totalsBy(rows);
  return Object.entries(value).flatMap(([kind, row]) => (isObject(row) ? [toTotals(kind, row)] : []));
}

export function readAddress(answer: Fields): AddressTotals {
  const swaps = answer.swaps;
  return {
    actor: totalsBy(answer.as_actor ?? answer.actor ?? answer.totals),
    victim: totalsBy(answer.as_victim ?? answer.victim),
    swaps: Array.isArray(swaps) ? swaps.length : (count(swaps) ?? count(answer.swap_count)),
  };
}
