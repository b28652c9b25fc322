import { group } from './amount';

/** Whole numbers as people type them. Null when `text` is none from `min` to `max`. */
export function parseWhole(text: string, min: number, max: number): number | null {
  const digits = text.trim().replaceAll(',', '');
  if (!/^\d{1,15}$/.test(digits)) return null;
  const value = Number(digits);
  return value >= min && value <= max ? value : null;
}

/** The allowed value nearest to what was typed; `min` when that is no number. */
export function nearestWhole(text: string, min: number, max: number): number {
  const value = Number(text.trim().replaceAll(',', ''));
  return Number.isFinite(value) && text.trim() !== '' ? Math.min(max, Math.max(min, Math.round(value))) : min;
}

export const shown = (value: number): string => group(String(value));
