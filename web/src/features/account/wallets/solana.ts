import { getWallets } from '@wallet-standard/app';
import type { Wallet, WalletAccount } from '@wallet-standard/base';
import { toBase64url } from '@/api/identity';
import { parseSignInText } from './signInText';
import { askWallet, walletError, type BrowserWallet } from './wallet';

/** Wallets of the wallet standard that are for Solana and sign messages. */

interface Connect {
  connect(): Promise<{ accounts: readonly WalletAccount[] }>;
}
interface SignIn {
  signIn(...inputs: object[]): Promise<readonly { account: WalletAccount; signedMessage: Uint8Array; signature: Uint8Array }[]>;
}
interface SignMessage {
  signMessage(...inputs: { account: WalletAccount; message: Uint8Array }[]): Promise<readonly { signedMessage: Uint8Array; signature: Uint8Array }[]>;
}

const feature = <T>(wallet: Wallet, name: string): T | null => ((wallet.features as Record<string, unknown>)[name] as T | undefined) ?? null;

export const isForSolana = (wallet: Wallet): boolean =>
  wallet.chains.some((chain) => chain.startsWith('solana:')) && feature(wallet, 'standard:connect') !== null && (feature(wallet, 'solana:signIn') !== null || feature(wallet, 'solana:signMessage') !== null);

async function accountOf(wallet: Wallet): Promise<WalletAccount> {
  const { accounts } = await feature<Connect>(wallet, 'standard:connect')!.connect();
  const account = accounts.find(({ chains }) => chains.length === 0 || chains.some((chain) => chain.startsWith('solana:')));
  if (!account) throw walletError('wallet_no_account');
  return account;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The server's text, signed. A wallet with a sign-in of its own makes the text from the parts and shows them to its owner; when
 * it comes out otherwise than the server wrote it, the signature is of no use, and the text is signed as it is.
 */
async function signed(wallet: Wallet, account: WalletAccount, text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const signIn = feature<SignIn>(wallet, 'solana:signIn');
  const signMessage = feature<SignMessage>(wallet, 'solana:signMessage');
  const parts = parseSignInText(text);
  if (signIn && parts) {
    const [made] = await signIn.signIn(parts);
    if (made && isSame(made.signedMessage, bytes)) return made.signature;
    if (!signMessage) throw walletError('wallet_other_text');
  }
  if (!signMessage) throw walletError('wallet_cannot_sign');
  const [made] = await signMessage.signMessage({ account, message: bytes });
  if (!made || !isSame(made.signedMessage, bytes)) throw walletError('wallet_other_text');
  return made.signature;
}

export function solanaWallet(wallet: Wallet): BrowserWallet {
  return {
    chain: 'solana',
    name: wallet.name,
    icon: wallet.icon,
    prove: (begin) =>
      askWallet(
        (async () => {
          const account = await accountOf(wallet);
          const { message } = await begin.solana(account.address);
          return { chain: 'solana' as const, body: { message, signature: toBase64url(await signed(wallet, account, message)) } };
        })(),
      ),
  };
}

/** Those of this browser, also those that come later. */
export function watchSolanaWallets(tell: (wallets: BrowserWallet[]) => void): () => void {
  const { get, on } = getWallets();
  const update = () => tell(get().filter(isForSolana).map(solanaWallet));
  const offs = [on('register', update), on('unregister', update)];
  update();
  return () => offs.forEach((off) => off());
}
