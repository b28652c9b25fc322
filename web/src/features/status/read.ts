/** Flattens the open-ended parts of the server's status into name → value rows. */
export interface Row {
  name: string;
  value: string;
}

const humanise = (key: string): string => {
  const words = key.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function toText(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)));
  if (typeof value === 'string') return /^\d{4,}$/.test(value) ? BigInt(value).toLocaleString('en') : value;
  if (value === null || value === undefined) return '–';
  return String(value);
}

export function toRows(value: unknown, prefix = ''): Row[] {
  if (typeof value !== 'object' || value === null) return prefix ? [{ name: humanise(prefix), value: toText(value) }] : [];
  return Object.entries(value).flatMap(([key, inner]) => toRows(inner, prefix ? `${prefix} ${key}` : key));
}
