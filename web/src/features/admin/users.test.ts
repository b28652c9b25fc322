import { expect, test } from 'vitest';
import type { User } from '@/api/admin';
import { detailText, isId, matching } from './users';

const user = (email: string, more: Partial<User> = {}): User => ({
  id: '00112233445566778899aabbccddeeff', email, status: 'active', tier: 'free', roles: ['viewer'], has_totp: false, passkeys: 0, created: '', ...more,
});

test('a search has all its words, wherever they stand', () => {
  const all = [user('ada@example.org'), user('bob@example.org', { tier: 'pro', roles: ['trader'] }), user('', { status: 'erased' })];
  const found = (text: string) => matching(all, text).map((u) => u.email);
  expect(found('EXAMPLE')).toEqual(['ada@example.org', 'bob@example.org']);
  expect(found('pro example')).toEqual(['bob@example.org']);
  expect(found('trader free')).toEqual([]);
  expect(found('erased')).toEqual(['']);
  expect(found('00112233445566778899aabbccddeeff')).toHaveLength(3);
});

test('details are pairs, and never lost', () => {
  expect(detailText('{"roles":"viewer,desk","n":2}')).toBe('roles: viewer,desk, n: 2');
  expect(detailText('{}')).toBe('');
  expect(detailText('cut {')).toBe('cut {');
});

test('ids are 32 hex digits', () => {
  expect(isId('00112233445566778899aabbccddeeff')).toBe(true);
  expect(isId('system')).toBe(false);
});
