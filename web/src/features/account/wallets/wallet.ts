import { ApiError } from '@/api/client';
import type { WalletProof } from '@/api/identity';

/** A wallet in this browser that can prove whose it is; the two kinds behind one face. */
export interface BrowserWallet {
  chain: 'stellar' | 'solana';
  name: string;
  /** As the wallet itself gives it: a data URL. */
  icon: string | null;
  /** Asks the wallet's owner, and answers with what the server takes as proof. */
  prove(begin: Begin): Promise<WalletProof>;
}

/** What the server gives to be signed, for the address that the wallet has named. */
export interface Begin {
  stellar(account: string): Promise<{ transaction: string; network_passphrase: string }>;
  solana(account: string): Promise<{ message: string }>;
}

/** What a wallet or its owner refuses, as an error with words of ours. */
export const walletError = (code: 'wallet_missing' | 'wallet_refused' | 'wallet_no_account' | 'wallet_cannot_sign' | 'wallet_other_text', detail = ''): ApiError => new ApiError(400, code, code, detail);

/** Whatever goes wrong in a wallet that is not ours to explain: mostly that its owner said no. */
export async function askWallet<T>(what: Promise<T>): Promise<T> {
  try {
    return await what;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw walletError('wallet_refused', error instanceof Error ? error.message : '');
  }
}
