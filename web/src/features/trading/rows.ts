import type { KeyboardEvent } from 'react';

/** Arrows, Home and End move between the rows of a table; what else a key does is the row's. */
export function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const { key, target, currentTarget } = event;
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(key) || (target as HTMLElement).tagName !== 'TR') return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>(':scope > tr[tabindex]')];
  const at = rows.indexOf(target as HTMLElement);
  const next = key === 'Home' ? 0 : key === 'End' ? rows.length - 1 : at + (key === 'ArrowDown' ? 1 : -1);
  rows[next]?.focus();
  event.preventDefault();
}
