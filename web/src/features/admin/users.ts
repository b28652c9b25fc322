import type { User } from '@/api/admin';

/** Accounts that have every word of `text` somewhere. */
export function matching(users: readonly User[], text: string): User[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return users.filter((user) => {
    const all = [user.email, user.id, user.status, user.tier, ...user.roles].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Whether a text of the audit is an id of an account: 32 hex digits. */
export const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/** The detail of an entry, JSON of texts, as "name: value" pairs; as it stands when it is none. */
export function detailText(detail: string): string {
  if (detail === '' || detail === '{}') return '';
  try {
    return Object.entries(JSON.parse(detail) as Record<string, unknown>)
      .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ');
  } catch {
    return detail;
  }
}
