import { ApiError, get, send } from './client';

export interface Profile {
  id: string;
  email: string;
  status: string;
  tier: string;
  roles: string[];
  /** Patterns of what the roles allow. */
  permissions: string[];
  has_totp: boolean;
  passkeys: number;
  created: string;
}
export interface SignedIn {
  csrf_token: string | null;
  second_factor_ticket: string | null;
}
export interface SessionItem {
  id: string;
  methods: string;
  ip: string;
  user_agent: string;
  created: string;
  expires: string;
}
export interface PasskeyItem {
  id: string;
  name: string;
  attestation: string;
  backed_up: boolean;
  created: string;
  last_used: string | null;
}
export type KeyKind = 'ed25519' | 'hmac' | 'bearer';
export interface KeyItem {
  id: string;
  name: string;
  kind: KeyKind;
  scopes: string[];
  ip_allow: string[];
  created: string;
  expires: string | null;
  last_used: string | null;
}
export interface AuditItem {
  seq: number;
  time: string;
  actor: string;
  action: string;
  subject: string;
  outcome: string;
  detail: string;
  hash: string;
}
interface PasskeyOptions {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_handle: string;
  user_name: string;
  known_credentials: string[];
  algorithms: number[];
  timeout_ms: number;
}
export interface LinkItem {
  /** "stellar", "solana", or the provider's. */
  kind: string;
  name: string;
  created: string;
}
/** What a wallet has signed. */
export type WalletProof = { chain: 'stellar'; body: { transaction: string } } | { chain: 'solana'; body: { message: string; signature: string } };
export interface List<T> {
  items: T[];
}

const root = '/api/v1/identity';
const segment = encodeURIComponent;
const post = <T>(path: string, body?: unknown) => send<T>('POST', root + path, body);
const remove = (path: string) => send<null>('DELETE', root + path);

export const identity = {
  profile: (signal?: AbortSignal) => get<Profile>(`${root}/profile`, {}, signal),
  signIn: (email: string, password: string) => post<SignedIn>('/login?cookies=true', { email, password }),
  secondFactor: (ticket: string, code: string) => post<SignedIn>('/login/second-factor?cookies=true', { ticket, code }),
  signOut: () => post<null>('/session/end'),
  register: (email: string, password: string) => post<unknown>('/register', { email, password }),
  verifyEmail: (token: string) => post<unknown>('/verify-email', { token }),
  adminSignUp: (token: string, email: string, password: string) => post<unknown>('/admin-sign-up', { token, email, password }),
  requestReset: (email: string) => post<unknown>('/password/reset-request', { email }),
  resetPassword: (token: string, password: string) => post<null>('/password/reset', { token, password }),
  changePassword: (current: string, password: string) => post<null>('/password', { current, password }),

  beginTotp: () => post<{ secret_base32: string; uri: string }>('/totp', {}),
  confirmTotp: (code: string) => post<{ recovery_codes: string[] }>('/totp/confirm', { code }),
  removeTotp: (code: string) => post<null>('/totp/remove', { code }),

  passkeys: (signal?: AbortSignal) => get<List<PasskeyItem>>(`${root}/passkeys`, {}, signal),
  removePasskey: (id: string) => remove(`/passkeys/${segment(id)}`),
  wallets: (signal?: AbortSignal) => get<List<LinkItem>>(`${root}/wallets`, {}, signal),
  signInWithWallet: ({ chain, body }: WalletProof) => post<SignedIn>(`/login/${chain}?cookies=true`, body),
  linkWallet: ({ chain, body }: WalletProof) => post<null>(`/wallets/${chain}`, body),
  unlinkWallet: (kind: string, name: string) => remove(`/wallets/${segment(kind)}/${segment(name)}`),
  sessions: (signal?: AbortSignal) => get<List<SessionItem>>(`${root}/sessions`, {}, signal),
  endSession: (id: string) => remove(`/sessions/${segment(id)}`),
  keys: (signal?: AbortSignal) => get<List<KeyItem>>(`${root}/keys`, {}, signal),
  createKey: (key: { name: string; kind: KeyKind; public_key?: string; scopes: string[] }) =>
    post<{ key: KeyItem; secret: string }>('/keys', key),
  revokeKey: (id: string) => remove(`/keys/${segment(id)}`),
  ownAudit: (signal?: AbortSignal) => get<List<AuditItem>>(`${root}/audit/mine`, { limit: 1000 }, signal),
  erase: (confirm: string) => post<null>('/erase', { confirm }),
  exportPath: `${root}/export`,
};

/** What a wallet is given to sign. */
export const beginWith = {
  stellar: (account: string) => post<{ transaction: string; network_passphrase: string }>('/login/stellar-challenge', { account }),
  solana: (account: string) => post<{ message: string }>('/login/solana-challenge', { account }),
};

// ── passkeys: bytes are base64url on the wire and buffers in the browser ───────────────────────────

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (c) => c.charCodeAt(0));
}
export function toBase64url(bytes: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What a browser refuses (no passkey, the user said no) as an ApiError of its own. */
async function ask<T>(what: Promise<Credential | null>): Promise<T> {
  try {
    const credential = await what;
    if (credential) return credential as T;
  } catch {
    // told below: browsers do not say more, on purpose
  }
  throw new ApiError(400, 'passkey_not_given', 'passkey_not_given', '');
}

export async function addPasskey(name: string): Promise<void> {
  const options = await post<PasskeyOptions>('/passkeys/options', {});
  const made = await ask<PublicKeyCredential>(
    navigator.credentials.create({
      publicKey: {
        challenge: fromBase64url(options.challenge),
        rp: { id: options.rp_id, name: options.rp_name },
        user: { id: fromBase64url(options.user_handle), name: options.user_name, displayName: options.user_name },
        pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: options.known_credentials.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        timeout: options.timeout_ms,
      },
    }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  await post('/passkeys', {
    name,
    client_data_json: toBase64url(response.clientDataJSON),
    attestation_object: toBase64url(response.attestationObject),
  });
}

export async function signInWithPasskey(): Promise<SignedIn> {
  const options = await post<PasskeyOptions>('/login/passkey-options', {});
  const made = await ask<PublicKeyCredential>(
    navigator.credentials.get({
      publicKey: { challenge: fromBase64url(options.challenge), rpId: options.rp_id, userVerification: 'required', timeout: options.timeout_ms },
    }),
  );
  const response = made.response as AuthenticatorAssertionResponse;
  return post<SignedIn>('/login/passkey?cookies=true', {
    credential_id: toBase64url(made.rawId),
    client_data_json: toBase64url(response.clientDataJSON),
    authenticator_data: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
    ...(response.userHandle ? { user_handle: toBase64url(response.userHandle) } : {}),
  });
}
