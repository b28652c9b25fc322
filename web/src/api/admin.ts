import { ApiError, get, send } from './client';
import type { AuditItem, KeyItem, List } from './identity';

export type UserStatus = 'pending' | 'active' | 'disabled' | 'erased';
export interface User {
  id: string;
  email: string;
  status: UserStatus;
  tier: string;
  roles: string[];
  has_totp: boolean;
  passkeys: number;
  created: string;
}
export interface Role {
  name: string;
  builtin: boolean;
  permissions: string[];
}
/** Names of the numbers of a plan, as the API has them. */
export const kTierNumbers = ['requests_per_minute', 'requests_per_day', 'websocket_connections', 'subscriptions', 'history_days'] as const;
export type TierNumbers = Record<(typeof kTierNumbers)[number], number>;
export type Tier = TierNumbers & { name: string };
export const kBuiltinTiers: readonly string[] = ['free', 'pro', 'institution'];

export const kLimitNumbers = ['stranger_per_minute', 'stranger_per_day', 'sign_in_per_minute', 'wrong_per_minute'] as const;
export type LimitNumbers = Record<(typeof kLimitNumbers)[number], number>;

export interface AuditFilter {
  who: string;
  action: string;
  refused: boolean;
}
export interface AuditReport {
  entries: number;
  signed_heads: number;
  findings: { fault: string; seq: number; text: string }[];
}
export interface MailItem {
  id: string;
  to: string;
  subject: string;
  time: string;
}
export type Mail = MailItem & { text: string };

const root = '/api/v1/identity';
const segment = encodeURIComponent;
const user = (id: string) => `${root}/users/${segment(id)}`;

export const kUsersShown = 50;
const kReadAtOnce = 500;
/** What a search looks through at most. */
export const kSearchMax = 5_000;

export const admin = {
  /** One more than is shown, so that it is known whether there are more. */
  users: (offset: number, signal?: AbortSignal) => get<List<User>>(`${root}/users`, { limit: kUsersShown + 1, offset }, signal),
  /** Addresses are sealed in the store, so the search is here. */
  async allUsers(signal?: AbortSignal): Promise<User[]> {
    const all: User[] = [];
    while (all.length < kSearchMax) {
      const { items } = await get<List<User>>(`${root}/users`, { limit: kReadAtOnce, offset: all.length }, signal);
      all.push(...items);
      if (items.length < kReadAtOnce) break;
    }
    return all;
  },
  user: (id: string, signal?: AbortSignal) => get<User>(user(id), {}, signal),
  setStatus: (id: string, status: 'active' | 'disabled') => send<null>('POST', `${user(id)}/status`, { status }),
  setTier: (id: string, tier: string) => send<null>('POST', `${user(id)}/tier`, { tier }),
  setRoles: (id: string, roles: string[]) => send<null>('POST', `${user(id)}/roles`, { roles }),
  erase: (id: string) => send<null>('DELETE', user(id)),
  userKeys: (id: string, signal?: AbortSignal) => get<List<KeyItem>>(`${user(id)}/keys`, {}, signal),
  revokeUserKey: (id: string, key: string) => send<null>('DELETE', `${user(id)}/keys/${segment(key)}`),

  roles: (signal?: AbortSignal) => get<List<Role>>(`${root}/roles`, {}, signal),
  putRole: (name: string, permissions: string[]) => send<null>('PUT', `${root}/roles/${segment(name)}`, { permissions }),
  removeRole: (name: string) => send<null>('DELETE', `${root}/roles/${segment(name)}`),

  tiers: (signal?: AbortSignal) => get<List<Tier>>(`${root}/tiers`, {}, signal),
  putTier: (name: string, numbers: TierNumbers) => send<Tier>('PUT', `${root}/tiers/${segment(name)}`, numbers),
  removeTier: (name: string) => send<null>('DELETE', `${root}/tiers/${segment(name)}`),
  limits: (signal?: AbortSignal) => get<LimitNumbers>(`${root}/limits`, {}, signal),
  putLimits: (numbers: LimitNumbers) => send<LimitNumbers>('PUT', `${root}/limits`, numbers),

  audit: ({ who, action, refused }: AuditFilter, before: number | null, limit: number, signal?: AbortSignal) =>
    get<List<AuditItem>>(`${root}/audit`, { newest: true, who, action, refused: refused || null, before, limit }, signal),
  verifyAudit: () => get<AuditReport>(`${root}/audit/verify`),
  signAudit: () => send<{ head: string }>('POST', `${root}/audit/sign`),
  auditExport: `${root}/audit/export`,

  signingKeys: (signal?: AbortSignal) => get<{ keys: { kid: string; alg: string; crv: string }[] }>('/.well-known/jwks.json', {}, signal),
  rotateSigningKey: () => send<null>('POST', `${root}/signing-keys/rotate`),
  rotateMasterKey: () => send<{ records: number }>('POST', `${root}/master-key/rotate`),

  mails: (signal?: AbortSignal) => get<{ mails: MailItem[] }>(`${root}/outbox`, {}, signal),
  mail: (id: string, signal?: AbortSignal) => get<Mail>(`${root}/outbox/${segment(id)}`, {}, signal),
};

export const isCode = (error: unknown, code: string): boolean => error instanceof ApiError && error.code === code;
