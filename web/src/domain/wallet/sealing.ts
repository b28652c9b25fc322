import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { argon2 } from './argon2';
import { concat, equal, random, utf8, WalletError, type Data } from './bytes';
import { factorBytes, isLabel, kLimits, signedBytes, subjectBytes, type Chain, type Envelope, type Factor, type SecretKind, type Subject, type Wrap } from './envelope';
import { publicKeyOf, sign, signingSeed } from './words';

/** Making and opening sealed wallets, in the browser and nowhere else; src/capabilities/wallets/engine/sealing.hpp explains it. */

export type Proof =
  | { kind: 'password'; text: string }
  | { kind: 'device'; key: CryptoKey; device: Data }
  | { kind: 'passkey'; credential: Data; output: Data }
  | { kind: 'recovery'; secret: Data };

export type NewFactor =
  | { kind: 'password'; text: string; memoryKib?: number; passes?: number }
  | { kind: 'compatible-password'; text: string; rounds?: number }
  | { kind: 'device'; device: Data }
  | { kind: 'passkey'; credential: Data; salt: Data; output: Data }
  | { kind: 'recovery'; secret: Data };
export interface LabelledFactor {
  label: string;
  factor: NewFactor;
}

/** What an envelope seals. Whoever holds one drops it as soon as he can. */
export interface Opened {
  dataKey: Data;
  secret: Data;
  /** Of the key that signs. */
  seed: Data;
  /** The wrap it was opened by. */
  wrap: Wrap;
}

/** The least that a new password costs; calibratedCost() says what it costs here. */
export const kPasswordCost = { memoryKib: 65_536, passes: 3 } as const;

/** Half a second where the least took `ms`: as much memory, 3 to 16 passes, so that nobody waits forever on a slower machine. */
export const calibratedPasses = (ms: number): number => Math.min(kLimits.passes[1], Math.max(kPasswordCost.passes, Math.round((500 * kPasswordCost.passes) / Math.max(ms, 1))));

let cost: Promise<{ memoryKib: number; passes: number }> | null = null;
/** Measured once in this page. */
export function calibratedCost(): Promise<{ memoryKib: number; passes: number }> {
  cost ??= (async () => {
    const begin = performance.now();
    await argon2({ password: utf8('measured'), salt: new Uint8Array(16), memorySize: kPasswordCost.memoryKib, iterations: kPasswordCost.passes });
    return { memoryKib: kPasswordCost.memoryKib, passes: calibratedPasses(performance.now() - begin) };
  })();
  cost.catch(() => (cost = null));
  return cost;
}

const kSecretPurpose = utf8('astrolabe wallet secret');
const kKeyPurpose = utf8('astrolabe wallet key');
const secretContext = (subject: Subject): Data => concat(kSecretPurpose, subjectBytes(subject));
const wrapContext = (subject: Subject, wrap: Pick<Wrap, 'id' | 'label' | 'factor'>): Data => concat(kKeyPurpose, subjectBytes(subject), factorBytes(wrap));

const aesKey = (key: Data, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> => crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]);

async function seal(key: Data, nonce: Data, plain: Data, context: Data): Promise<Data> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: context }, await aesKey(key, 'encrypt'), plain));
}
async function open(key: Data, nonce: Data, sealed: Data, context: Data): Promise<Data | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: context }, await aesKey(key, 'decrypt'), sealed));
  } catch {
    return null;
  }
}

const fromSecret = (subject: Subject, input: Data, salt: Data): Data => hkdf(sha256, input, salt, concat(kKeyPurpose, subjectBytes(subject)), 32) as Data;

async function pbkdf2(text: string, salt: Data, rounds: number): Promise<Data> {
  const key = await crypto.subtle.importKey('raw', utf8(text), 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256));
}

const x25519Public = (device: Data): Promise<CryptoKey> => crypto.subtle.importKey('raw', device, 'X25519', true, []);
/** Throws for a point of small order. */
async function agree(key: CryptoKey, other: Data): Promise<Data> {
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: await x25519Public(other) }, key, 256));
}
const fromAgreement = (subject: Subject, shared: Data, device: Data, ephemeral: Data): Data => fromSecret(subject, shared, concat(ephemeral, device));

const isAllOf = (value: number, [least, most]: readonly [number, number]): boolean => Number.isInteger(value) && value >= least && value <= most;
const badCost = (): WalletError => new WalletError('wallet_password_cost', 'a wallet’s password takes 19456 to 262144 KiB and 2 to 16 passes, or 600000 to 10000000 rounds of PBKDF2');

/** The key under which the wrap was sealed; null when the proof is not for it. */
async function wrappingKey(subject: Subject, factor: Factor, proof: Proof): Promise<Data | null> {
  switch (proof.kind) {
    case 'password':
      if (factor.kind === 'argon2id') return argon2({ password: utf8(proof.text), salt: factor.salt, memorySize: factor.memoryKib, iterations: factor.passes });
      return factor.kind === 'pbkdf2' ? pbkdf2(proof.text, factor.salt, factor.rounds) : null;
    case 'device':
      if (factor.kind !== 'device' || !equal(factor.device, proof.device)) return null;
      return fromAgreement(subject, await agree(proof.key, factor.ephemeral), factor.device, factor.ephemeral);
    case 'passkey':
      return factor.kind === 'passkey' && equal(factor.credential, proof.credential) ? fromSecret(subject, proof.output, factor.salt) : null;
    case 'recovery':
      return factor.kind === 'recovery' ? fromSecret(subject, proof.secret, factor.salt) : null;
  }
}

/** The factor that a new one becomes, and the key that it gives. */
async function makeFactor(subject: Subject, wanted: NewFactor): Promise<{ factor: Factor; key: Data }> {
  switch (wanted.kind) {
    case 'password': {
      const { memoryKib, passes } = { ...kPasswordCost, ...wanted };
      if (!isAllOf(memoryKib, kLimits.memoryKib) || !isAllOf(passes, kLimits.passes)) throw badCost();
      const salt = random(16);
      return { factor: { kind: 'argon2id', memoryKib, passes, salt }, key: await argon2({ password: utf8(wanted.text), salt, memorySize: memoryKib, iterations: passes }) };
    }
    case 'compatible-password': {
      const rounds = wanted.rounds ?? kLimits.rounds[0];
      if (!isAllOf(rounds, kLimits.rounds)) throw badCost();
      const salt = random(16);
      return { factor: { kind: 'pbkdf2', rounds, salt }, key: await pbkdf2(wanted.text, salt, rounds) };
    }
    case 'device': {
      const pair = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair;
      const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      return { factor: { kind: 'device', device: wanted.device, ephemeral }, key: fromAgreement(subject, await agree(pair.privateKey, wanted.device), wanted.device, ephemeral) };
    }
    case 'passkey':
      return { factor: { kind: 'passkey', salt: wanted.salt, credential: wanted.credential }, key: fromSecret(subject, wanted.output, wanted.salt) };
    case 'recovery': {
      const salt = random(16);
      return { factor: { kind: 'recovery', salt }, key: fromSecret(subject, wanted.secret, salt) };
    }
  }
}

async function makeWrap(subject: Subject, dataKey: Data, { label, factor: wanted }: LabelledFactor): Promise<Wrap> {
  if (!isLabel(label)) throw new WalletError('wallet_label', 'a label is at most 64 bytes without control characters');
  const { factor, key } = await makeFactor(subject, wanted);
  const head = { id: random(8), label, factor };
  const nonce = random(12);
  return { ...head, nonce, key: await seal(key, nonce, dataKey, wrapContext(subject, head)) };
}

const signed = (envelope: Omit<Envelope, 'signature'>, seed: Data): Envelope => ({ ...envelope, signature: sign(seed, signedBytes(envelope)) });

const checkCount = (count: number): void => {
  if (count < 1 || count > kLimits.wraps) throw new WalletError('wallet_factors', `a wallet is opened by 1 to 16 factors, not by ${count}`);
};

/** Seals the secret of a new wallet of `owner`. */
export async function sealWallet(chain: Chain, kind: SecretKind, owner: Data, secret: Data, factors: readonly LabelledFactor[]): Promise<Envelope> {
  checkCount(factors.length);
  const seed = signingSeed(chain, kind, secret);
  const subject: Subject = { chain, secret: kind, wallet: random(16), owner, address: publicKeyOf(seed) };
  const dataKey = random(32);
  const nonce = random(12);
  const wraps: Wrap[] = [];
  for (const factor of factors) wraps.push(await makeWrap(subject, dataKey, factor));
  const envelope = signed({ subject, revision: 1, nonce, secret: await seal(dataKey, nonce, secret, secretContext(subject)), wraps }, seed);
  dataKey.fill(0);
  if (kind === 'words') seed.fill(0);
  return envelope;
}

/** Throws WalletError: "wallet_factor_missing", "wallet_factor_wrong", "wallet_secret_wrong". */
export async function openWallet(envelope: Envelope, proof: Proof): Promise<Opened> {
  let isAsked = false;
  for (const wrap of envelope.wraps) {
    const key = await wrappingKey(envelope.subject, wrap.factor, proof);
    isAsked ||= key !== null;
    const dataKey = key && (await open(key, wrap.nonce, wrap.key, wrapContext(envelope.subject, wrap)));
    const secret = dataKey && (await open(dataKey, envelope.nonce, envelope.secret, secretContext(envelope.subject)));
    if (!dataKey || !secret) continue;
    const seed = signingSeed(envelope.subject.chain, envelope.subject.secret, secret);
    if (!equal(publicKeyOf(seed), envelope.subject.address)) throw new WalletError('wallet_secret_wrong', 'the sealed secret is not that of the address');
    return { dataKey, secret, seed, wrap };
  }
  if (!isAsked) throw new WalletError('wallet_factor_missing', 'nothing of this kind opens the wallet');
  throw new WalletError('wallet_factor_wrong', 'this does not open the wallet');
}

/** The next revision: without `removed`, with `added`. What is sealed stays as it is, byte for byte. */
export async function rewrapWallet(envelope: Envelope, opened: Opened, removed: readonly Data[], added: readonly LabelledFactor[]): Promise<Envelope> {
  const wraps = envelope.wraps.filter(({ id }) => !removed.some((gone) => equal(gone, id)));
  checkCount(wraps.length + added.length);
  for (const factor of added) wraps.push(await makeWrap(envelope.subject, opened.dataKey, factor));
  const { subject, nonce, secret } = envelope;
  return signed({ subject, revision: envelope.revision + 1, nonce, secret, wraps }, opened.seed);
}

/** Whether a password's cost is below what a new one would get: who has just opened with it wraps again. */
export const needsUpgrade = ({ factor }: Wrap): boolean =>
  factor.kind === 'argon2id' ? factor.memoryKib < kPasswordCost.memoryKib || factor.passes < kPasswordCost.passes : factor.kind === 'pbkdf2' && factor.rounds < kLimits.rounds[0];

/** Throws "wallet_envelope_elsewhere" when it is another wallet's, or another user's, than asked for. */
export function checkSubject({ subject }: Envelope, wallet: Data, owner: Data): void {
  if (!equal(subject.wallet, wallet) || !equal(subject.owner, owner)) throw new WalletError('wallet_envelope_elsewhere', 'the sealed wallet is another one, or another user’s');
}
