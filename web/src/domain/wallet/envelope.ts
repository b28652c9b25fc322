import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, equal, number, Reader, utf8, WalletError, type Data } from './bytes';

/**
 * The form in which a wallet's secret is kept by whoever must not know it. The same as in the program, whose
 * src/capabilities/wallets/engine/envelope.hpp describes it; tests of both read what both have made.
 */

export type Chain = 'stellar' | 'solana';
/** What the 32 sealed bytes are: the entropy of 24 words, or an Ed25519 seed from elsewhere. */
export type SecretKind = 'words' | 'seed';

export interface Subject {
  chain: Chain;
  secret: SecretKind;
  /** 16 bytes each. */
  wallet: Data;
  owner: Data;
  /** The Ed25519 public key. */
  address: Data;
}

export type Factor =
  | { kind: 'argon2id'; memoryKib: number; passes: number; salt: Data }
  | { kind: 'pbkdf2'; rounds: number; salt: Data }
  | { kind: 'device'; device: Data; ephemeral: Data }
  | { kind: 'passkey'; salt: Data; credential: Data }
  | { kind: 'recovery'; salt: Data };

export interface Wrap {
  id: Data;
  label: string;
  factor: Factor;
  nonce: Data;
  key: Data;
}

export interface Envelope {
  subject: Subject;
  revision: number;
  nonce: Data;
  secret: Data;
  wraps: Wrap[];
  signature: Data;
}

export const kLimits = {
  wraps: 16,
  labelBytes: 64,
  credentialBytes: 1023,
  envelopeBytes: 20_000,
  memoryKib: [19_456, 262_144],
  passes: [2, 16],
  rounds: [600_000, 10_000_000],
} as const;

const kMagic = concat(utf8('ASTROWL'), Uint8Array.of(1));
const kSigned = concat(Uint8Array.of(0xff), utf8('astrolabe wallet envelope'));
const kChains: readonly Chain[] = ['stellar', 'solana'];
const kSecrets: readonly SecretKind[] = ['words', 'seed'];
const kFactors: readonly Factor['kind'][] = ['argon2id', 'pbkdf2', 'device', 'passkey', 'recovery'];

const within = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most;

export function isLabel(label: string): boolean {
  // eslint-disable-next-line no-control-regex
  return utf8(label).length <= kLimits.labelBytes && !/[\u0000-\u001f\u007f]/.test(label);
}

export function subjectBytes(subject: Subject): Data {
  return concat(
    kMagic,
    number(kChains.indexOf(subject.chain) + 1, 1),
    number(kSecrets.indexOf(subject.secret) + 1, 1),
    subject.wallet,
    subject.owner,
    subject.address,
  );
}

function parameterBytes(factor: Factor): Data {
  switch (factor.kind) {
    case 'argon2id':
      return concat(number(factor.memoryKib, 4), number(factor.passes, 4), factor.salt);
    case 'pbkdf2':
      return concat(number(factor.rounds, 4), factor.salt);
    case 'device':
      return concat(factor.device, factor.ephemeral);
    case 'passkey':
      return concat(factor.salt, number(factor.credential.length, 2), factor.credential);
    case 'recovery':
      return factor.salt;
  }
}

/** A wrap up to its nonce. */
export function factorBytes({ id, label, factor }: Pick<Wrap, 'id' | 'label' | 'factor'>): Data {
  const text = utf8(label);
  const content = concat(id, number(text.length, 1), text, parameterBytes(factor));
  return concat(number(kFactors.indexOf(factor.kind) + 1, 1), number(content.length, 2), content);
}

function bodyBytes(envelope: Omit<Envelope, 'signature'>): Data {
  return concat(
    subjectBytes(envelope.subject),
    number(envelope.revision, 4),
    envelope.nonce,
    envelope.secret,
    number(envelope.wraps.length, 1),
    ...envelope.wraps.flatMap((wrap) => [factorBytes(wrap), wrap.nonce, wrap.key]),
  );
}

/** What the wallet's key signs. Begins with a byte that begins no transaction of either chain. */
export const signedBytes = (envelope: Omit<Envelope, 'signature'>): Data => concat(kSigned, bodyBytes(envelope));

export const toBytes = (envelope: Envelope): Data => concat(bodyBytes(envelope), envelope.signature);

function readSubject(from: Reader): Subject {
  const chain = kChains[from.number(1) - 1];
  from.check(chain !== undefined, 'is of no chain that is known', 1);
  const secret = kSecrets[from.number(1) - 1];
  from.check(secret !== undefined, 'holds a secret of no kind that is known', 1);
  return { chain: chain!, secret: secret!, wallet: from.take(16), owner: from.take(16), address: from.take(32) };
}

function readFactor(from: Reader, kind: Factor['kind']): Factor {
  switch (kind) {
    case 'argon2id': {
      const memoryKib = from.number(4);
      from.check(within(memoryKib, kLimits.memoryKib), 'has a password of 19456 to 262144 KiB, or of another cost', 4);
      const passes = from.number(4);
      from.check(within(passes, kLimits.passes), 'has a password of 2 to 16 passes, or of another cost', 4);
      return { kind, memoryKib, passes, salt: from.take(16) };
    }
    case 'pbkdf2': {
      const rounds = from.number(4);
      from.check(within(rounds, kLimits.rounds), 'has a password of 600000 to 10000000 rounds, or of another cost', 4);
      return { kind, rounds, salt: from.take(16) };
    }
    case 'device':
      return { kind, device: from.take(32), ephemeral: from.take(32) };
    case 'passkey': {
      const salt = from.take(32);
      const size = from.number(2);
      from.check(within(size, [1, kLimits.credentialBytes]), 'names a passkey by 1 to 1023 bytes, not by so many', 2);
      return { kind, salt, credential: from.take(size) };
    }
    case 'recovery':
      return { kind, salt: from.take(16) };
  }
}

function readLabel(from: Reader): string {
  const bytes = from.take(from.number(1));
  try {
    const label = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (isLabel(label)) return label;
  } catch {
    // said below
  }
  throw new WalletError('wallet_envelope_malformed', 'the sealed wallet has a label that is not 64 bytes of UTF-8 without control characters');
}

function readWrap(from: Reader): Wrap {
  const kind = kFactors[from.number(1) - 1];
  from.check(kind !== undefined, 'has a factor of no kind that is known', 1);
  const size = from.number(2);
  const begin = from.offset;
  const id = from.take(8);
  const label = readLabel(from);
  const factor = readFactor(from, kind!);
  from.check(from.offset - begin === size, 'has a factor that is not as long as it says');
  return { id, label, factor, nonce: from.take(12), key: from.take(48) };
}

/** Throws WalletError: "wallet_envelope_malformed", or "wallet_envelope_forged" when the signature is not the wallet's own. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const from = new Reader(bytes);
  from.check(bytes.length <= kLimits.envelopeBytes, 'has more than 20000 bytes');
  from.check(equal(from.take(kMagic.length), kMagic), 'does not begin as one of version 1 does', kMagic.length);
  const subject = readSubject(from);
  const revision = from.number(4);
  from.check(revision > 0, 'has the revision 0', 4);
  const nonce = from.take(12);
  const secret = from.take(48);
  const count = from.number(1);
  from.check(within(count, [1, kLimits.wraps]), 'has 1 to 16 factors, not so many', 1);
  const wraps: Wrap[] = [];
  while (wraps.length < count) {
    const wrap = readWrap(from);
    from.check(!wraps.some(({ id }) => equal(id, wrap.id)), 'has two factors of the same id', 60);
    wraps.push(wrap);
  }
  const envelope: Envelope = { subject, revision, nonce, secret, wraps, signature: from.take(64) };
  from.check(from.left === 0, 'has bytes behind its end');
  if (!isSignedBy(subject.address, envelope)) {
    throw new WalletError('wallet_envelope_forged', 'the sealed wallet is not signed by the wallet’s own key: it was changed by somebody who cannot open it');
  }
  return envelope;
}

/** Strict, as the program is: neither small-order nor non-canonical points. */
function isSignedBy(address: Data, envelope: Envelope): boolean {
  try {
    return ed25519.verify(envelope.signature, signedBytes(envelope), address, { zip215: false });
  } catch {
    return false;
  }
}
