import { askWallet, walletError, type BrowserWallet } from './wallet';

/** What is used of a wallet that follows SEP-43. */
export interface Sep43 {
  isConnected(): Promise<{ isConnected: unknown; error?: WalletProblem }>;
  requestAccess(): Promise<{ address: string; error?: WalletProblem }>;
  signTransaction(xdr: string, options: { networkPassphrase: string; address: string }): Promise<{ signedTxXdr: string; signerAddress: string; error?: WalletProblem }>;
}
interface WalletProblem {
  code?: number;
  message?: string;
}

function good<T extends { error?: WalletProblem }>(answer: T): T {
  if (answer.error) throw walletError('wallet_refused', answer.error.message ?? '');
  return answer;
}

/** Freighter, or whatever answers in its place; the extension is asked only when it is chosen. */
export function stellarWallet(name: string, load: () => Promise<Sep43>): BrowserWallet {
  return {
    chain: 'stellar',
    name,
    icon: null,
    prove: (begin) =>
      askWallet(
        (async () => {
          const wallet = await load();
          const { isConnected } = await wallet.isConnected();
          if (!isConnected) throw walletError('wallet_missing');
          const { address } = good(await wallet.requestAccess());
          if (!address) throw walletError('wallet_no_account');
          const { transaction, network_passphrase } = await begin.stellar(address);
          const { signedTxXdr } = good(await wallet.signTransaction(transaction, { networkPassphrase: network_passphrase, address }));
          if (!signedTxXdr) throw walletError('wallet_refused');
          return { chain: 'stellar' as const, body: { transaction: signedTxXdr } };
        })(),
      ),
  };
}

export const freighter: BrowserWallet = stellarWallet('Freighter', async () => (await import('@stellar/freighter-api')).default as unknown as Sep43);
