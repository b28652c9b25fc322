import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { concat, number, utf8, type Data } from './bytes';
import type { Chain, SecretKind } from './envelope';

/** Keys as words (BIP-39, SEP-5), and the keys that follow from them (SLIP-10). */

/** The first account: m/44'/148'/0' (SEP-5) and m/44'/501'/0'/0'. */
const kPaths: Record<Chain, readonly number[]> = { stellar: [44, 148, 0], solana: [44, 501, 0, 0] };

export const wordsOf = (entropy: Data): string => entropyToMnemonic(entropy, wordlist);

function deriveEd25519(seed: Uint8Array, path: readonly number[]): Data {
  let node = hmac(sha512, utf8('ed25519 seed'), seed);
  for (const step of path) node = hmac(sha512, node.slice(32), concat(number(0, 1), node.slice(0, 32), number(step + 0x8000_0000, 4)));
  return node.slice(0, 32) as Data;
}

/** The Ed25519 seed that signs for the wallet. */
export function signingSeed(chain: Chain, kind: SecretKind, secret: Data): Data {
  return kind === 'seed' ? secret : deriveEd25519(mnemonicToSeedSync(wordsOf(secret)), kPaths[chain]);
}

export const publicKeyOf = (seed: Data): Data => ed25519.getPublicKey(seed) as Data;
export const sign = (seed: Data, message: Data): Data => ed25519.sign(message, seed) as Data;
