import type { Wallet } from '@wallet-standard/base';
import { describe, expect, it } from 'vitest';
import { isForSolana, solanaWallet } from './solana';
import { stellarWallet, type Sep43 } from './stellar';
import type { Begin } from './wallet';

const kText = `example.org wants you to sign in with your Solana account:
9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM

URI: https://example.org
Version: 1
Chain ID: mainnet
Nonce: abcdEFGH1234
Issued At: 2026-01-01T00:00:00.000Z`;
const begin: Begin = {
  stellar: async (account) => ({ transaction: `challenge of ${account}`, network_passphrase: 'a network' }),
  solana: async () => ({ message: kText }),
};
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', (error: { code?: string }) => error.code ?? String(error));

describe('a Stellar wallet', () => {
  const sep43 = (change: Partial<Sep43>): Sep43 => ({
    isConnected: async () => ({ isConnected: true }),
    requestAccess: async () => ({ address: 'GABC' }),
    signTransaction: async (xdr, { networkPassphrase, address }) => ({ signedTxXdr: `${xdr}, signed for ${networkPassphrase} by ${address}`, signerAddress: address }),
    ...change,
  });
  const prove = (change: Partial<Sep43>) => stellarWallet('Freighter', async () => sep43(change)).prove(begin);

  it('signs the challenge of its own address for its network', async () => {
    expect(await prove({})).toEqual({ chain: 'stellar', body: { transaction: 'challenge of GABC, signed for a network by GABC' } });
  });

  it('that is missing, gives no account, says no or throws, is told apart where it can be', async () => {
    expect(await codeOf(prove({ isConnected: async () => ({ isConnected: false }) }))).toBe('wallet_missing');
    expect(await codeOf(prove({ requestAccess: async () => ({ address: '' }) }))).toBe('wallet_no_account');
    expect(await codeOf(prove({ requestAccess: async () => ({ address: '', error: { message: 'no' } }) }))).toBe('wallet_refused');
    expect(await codeOf(prove({ signTransaction: async () => ({ signedTxXdr: '', signerAddress: '', error: { message: 'no' } }) }))).toBe('wallet_refused');
    expect(await codeOf(prove({ signTransaction: () => Promise.reject(new Error('closed')) }))).toBe('wallet_refused');
  });
});

describe('a Solana wallet', () => {
  const account = { address: '9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM', publicKey: new Uint8Array(32), chains: ['solana:mainnet'], features: [] };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const connect = { 'standard:connect': { connect: async () => ({ accounts: [account] }) } };
  const signMessage = { 'solana:signMessage': { signMessage: async ({ message }: { message: Uint8Array }) => [{ signedMessage: message, signature: Uint8Array.of(2) }] } };
  const signIn = (text: string) => ({ 'solana:signIn': { signIn: async () => [{ account, signedMessage: bytes(text), signature: Uint8Array.of(1) }] } });
  const wallet = (features: object, chains: string[] = ['solana:mainnet']): Wallet => ({ version: '1.0.0', name: 'Ember', icon: 'data:image/png;base64,AA==', chains, accounts: [], features }) as unknown as Wallet;
  const signatureOf = async (features: object): Promise<unknown> => (await solanaWallet(wallet({ ...connect, ...features })).prove(begin)).body;

  it('is one that connects and signs texts, on Solana', () => {
    expect(isForSolana(wallet({ ...connect, ...signMessage }))).toBe(true);
    expect(isForSolana(wallet({ ...connect, ...signIn('') }))).toBe(true);
    expect(isForSolana(wallet(connect))).toBe(false);
    expect(isForSolana(wallet(signMessage))).toBe(false);
    expect(isForSolana(wallet({ ...connect, ...signMessage }, ['ethereum:1']))).toBe(false);
  });

  it('signs by its own sign-in, when that gives the text as the server wrote it', async () => {
    expect(await signatureOf({ ...signIn(kText), ...signMessage })).toEqual({ message: kText, signature: 'AQ' });
  });

  it('signs the text itself when its sign-in writes another one, or it has none', async () => {
    expect(await signatureOf({ ...signIn(`${kText} `), ...signMessage })).toEqual({ message: kText, signature: 'Ag' });
    expect(await signatureOf(signMessage)).toEqual({ message: kText, signature: 'Ag' });
  });

  it('that signs only what the server did not give is not believed', async () => {
    expect(await codeOf(signatureOf(signIn(`${kText} `)))).toBe('wallet_other_text');
    expect(await codeOf(signatureOf({ 'solana:signMessage': { signMessage: async () => [{ signedMessage: bytes('x'), signature: Uint8Array.of(1) }] } }))).toBe('wallet_other_text');
  });

  it('without an account says so', async () => {
    const empty = wallet({ 'standard:connect': { connect: async () => ({ accounts: [] }) }, ...signMessage });
    expect(await codeOf(solanaWallet(empty).prove(begin))).toBe('wallet_no_account');
  });
});
