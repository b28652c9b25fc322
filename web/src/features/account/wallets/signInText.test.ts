import { describe, expect, it } from 'vitest';
import { parseSignInText } from './signInText';

const text = `example.org wants you to sign in with your Solana account:
9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM

Sign in to Astrolabe.

URI: https://example.org
Version: 1
Chain ID: mainnet
Nonce: abcdEFGH1234
Issued At: 2026-01-01T00:00:00.000Z
Expiration Time: 2026-01-01T00:05:00.000Z`;

describe('a text to sign in with Solana', () => {
  it('is taken apart into what wallets want', () => {
    expect(parseSignInText(text)).toEqual({
      domain: 'example.org',
      address: '9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM',
      statement: 'Sign in to Astrolabe.',
      uri: 'https://example.org',
      version: '1',
      chainId: 'mainnet',
      nonce: 'abcdEFGH1234',
      issuedAt: '2026-01-01T00:00:00.000Z',
      expirationTime: '2026-01-01T00:05:00.000Z',
    });
    expect(parseSignInText(text.replace('Sign in to Astrolabe.\n\n', ''))).not.toHaveProperty('statement');
  });

  it.each([
    ['another greeting', text.replace('Solana', 'Ethereum')],
    ['no nonce', text.replace('Nonce: abcdEFGH1234\n', '')],
    ['a line twice', `${text}\nVersion: 1`],
    ['a line that is none', `${text}\nResources:`],
    ['nothing', ''],
  ])('is none with %s', (_, other) => {
    expect(parseSignInText(other)).toBeNull();
  });
});
