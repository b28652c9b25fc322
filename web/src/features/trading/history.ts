import type { Query } from '@/api/client';
import { trading, type HistoryPage } from '@/api/trading';

export const kHistoryKinds = ['orders', 'fills', 'funding', 'transfers', 'realized', 'liquidations', 'deleveragings'] as const;
export type HistoryKind = (typeof kHistoryKinds)[number];

/** Below the exchange's root. */
export const historyPath: Record<HistoryKind, string> = {
  orders: 'orders/history', fills: 'fills', funding: 'funding-payments', transfers: 'transfers', realized: 'realized', liquidations: 'liquidations/mine', deleveragings: 'deleveragings',
};

export const kPage = 50;
const kDownloadPage = 500;
export const kDownloadMax = 50_000;

export const readHistory = <T>(kind: HistoryKind, account: number, cursor: string | null, signal?: AbortSignal): Promise<HistoryPage<T>> =>
  trading.history<T>(historyPath[kind], { account, limit: kPage, cursor }, signal);

type Row = Record<string, unknown>;
type Read = (query: Query) => Promise<HistoryPage<Row>>;

/** All of it, page after page, newest first. */
export async function readAll(read: Read, account: number, onProgress: (rows: number) => void = () => {}): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: HistoryPage<Row> = await read({ account, limit: kDownloadPage, cursor });
    rows.push(...page.items);
    onProgress(rows.length);
    cursor = page.next_cursor;
    if (cursor === null || rows.length >= kDownloadMax) return rows.slice(0, kDownloadMax);
  }
}

/** Quoted where needed; what a spreadsheet would take for a formula is text. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, with the columns of all rows in the order they come. */
export function toCsv(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\r\n') + '\r\n';
}
