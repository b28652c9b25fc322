import { get, send, sendIf } from './client';

/** Wallets that their owner's browser has sealed, and addresses that are watched (docs/wallets.md). */

export type WalletChain = 'stellar' | 'solana';
export type FactorKind = 'password' | 'device' | 'passkey' | 'recovery';

export interface WalletFactor {
  id: string;
  kind: FactorKind;
  label: string;
  parameters: string;
}

export interface Wallet {
  id: string;
  kind: 'self_custody' | 'watch_only';
  chain: WalletChain;
  address: string;
  name: string;
  archived: boolean;
  revision: number;
  factors: WalletFactor[];
  created: string;
  updated: string;
}

export interface SealedWallet {
  id: string;
  revision: number;
  /** base64 */
  envelope: string;
}

const root = '/api/v1/wallets';

export const wallets = {
  list: (archived: boolean, signal?: AbortSignal) => get<{ items: Wallet[] }>(root, { archived }, signal),
  create: (name: string, envelope: string) => send<Wallet>('POST', root, { name, envelope }),
  watch: (name: string, chain: WalletChain, address: string) => send<Wallet>('POST', `${root}/watch-only`, { name, chain, address }),
  sealed: (id: string) => get<SealedWallet>(`${root}/${id}/envelope`),
  /** Only when nobody has changed it since `revision`. */
  replace: (id: string, envelope: string, revision: number) => sendIf<Wallet>({ 'If-Match': `"${revision}"` }, 'PUT', `${root}/${id}/envelope`, { envelope }),
  rename: (id: string, name: string) => send<Wallet>('PUT', `${root}/${id}/name`, { name }),
  archive: (id: string, archived: boolean) => send<Wallet>('PUT', `${root}/${id}/archived`, { archived }),
  permitExport: (id: string) => send<void>('POST', `${root}/${id}/exports`),
};
