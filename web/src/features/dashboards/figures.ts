import { group } from '@/domain/amount';
import { clockTime, dayAndTime, exactTime } from '@/domain/time';
import { t } from '@/strings';
import type { Field } from './board';

const kDecimal = /^-?\d{1,60}(\.\d{1,40})?$/;
const kIso = /^\d{4}-\d\d-\d\dT[\d:.]+Z?/;
const kTimeName = /(^|[._])(time|start|started|created|updated|ended|published|opened|period_end|voting_ends|executable|expires|[a-z_]+_(at|time))$/;
const kTimeMin = 1e12;
const kTimeMax = 1e13;

/** Milliseconds of what is a time: ISO text, or a number of that size under a name that says so. */
export function timeOf(value: unknown, path: string): number | null {
  if (typeof value === 'string' && kIso.test(value)) {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? null : ms;
  }
  if (typeof value === 'string' && /^\d{19}$/.test(value) && path.endsWith('_ns')) return Number(BigInt(value) / 1_000_000n);
  const isTime = typeof value === 'number' && value >= kTimeMin && value < kTimeMax && kTimeName.test(path);
  return isTime ? value : null;
}

/** The plain decimal text of a figure, moved by `shift` places; null for what is none. No rounding. */
export function decimalOf(value: unknown, shift = 0): string | null {
  let text = typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? plainNumber(value) : '';
  if (!kDecimal.test(text)) return null;
  const sign = text.startsWith('-') ? '-' : '';
  if (sign) text = text.slice(1);
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole + fraction;
  // How many digits stand before the point afterwards.
  const before = whole.length - shift;
  const moved = before > 0 ? digits.padEnd(before, '0') : '0'.repeat(1 - before) + digits;
  const cut = Math.max(1, before);
  const left = moved.slice(0, cut).replace(/^0+(?=\d)/, '');
  const right = moved.slice(cut).replace(/0+$/, '');
  const isZero = !/[1-9]/.test(left + right);
  return `${isZero ? '' : sign}${left}${right ? `.${right}` : ''}`;
}

/** Numbers of JSON are measures, not money: six digits of their fraction say enough. */
function plainNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? BigInt(value).toString() : '';
  const digits = Math.max(0, 6 - Math.ceil(Math.log10(Math.abs(value) + 1)));
  return value.toFixed(Math.min(12, Math.abs(value) < 1 ? 6 + Math.max(0, -Math.floor(Math.log10(Math.abs(value)))) - 1 : digits));
}

/** "1,234.5", with a real minus. */
function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.replace('-', '').split('.');
  return `${decimal.startsWith('-') ? '−' : ''}${group(whole)}${fraction ? `.${fraction}` : ''}`;
}

/** For where there is little room; the whole text stands in the hint. */
export function shortened(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const places = whole === '0' ? (/^0*/.exec(fraction)![0].length + 4) : Math.max(0, 6 - whole.length);
  if (fraction.length <= places) return grouped(decimal);
  const scaled = BigInt(whole + fraction.slice(0, places)) + (Number(fraction[places]) >= 5 ? 1n : 0n);
  const digits = scaled.toString().padStart(places + 1, '0');
  const kept = digits.slice(digits.length - places).replace(/0+$/, '');
  return grouped(`${decimal.startsWith('-') ? '-' : ''}${digits.slice(0, digits.length - places)}${places > 0 && kept ? `.${kept}` : ''}`);
}

/** For drawing only. */
export function drawnOf(value: unknown, shift: number): number | null {
  const text = decimalOf(value, shift);
  return text === null ? null : Number(text);
}

export interface Told {
  text: string;
  /** All of it, where the text is shorter. */
  whole: string;
  isNumber: boolean;
}

/** A value in words: figures grouped, times in UTC, the rest as it is. */
export function toldOf(value: unknown, field: Pick<Field, 'path' | 'shift'>, isShort = false): Told {
  const time = timeOf(value, field.path);
  if (time !== null) return { text: clockTime(time), whole: exactTime(time), isNumber: true };
  const decimal = decimalOf(value, field.shift);
  if (decimal !== null) return { text: isShort ? shortened(decimal) : grouped(decimal), whole: grouped(decimal), isNumber: true };
  if (value === null || value === undefined) return { text: '–', whole: '', isNumber: false };
  if (typeof value === 'boolean') return { text: value ? t.boards.yes : t.boards.no, whole: '', isNumber: false };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { text, whole: text, isNumber: false };
}

/** What a label of an axis or a group says. */
export function nameOf(value: unknown, path: string): string {
  const time = timeOf(value, path);
  if (time !== null) return dayAndTime(time);
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** "open_interest" → "Open interest": what a column is called that has no name of its own. */
export function labelOf({ label, path }: Pick<Field, 'label' | 'path'>): string {
  if (label) return label;
  const last = path.split('.').at(-1)?.replace(/\[.*?\]/g, '').replaceAll('_', ' ') ?? '';
  return last ? last.charAt(0).toUpperCase() + last.slice(1) : path;
}
