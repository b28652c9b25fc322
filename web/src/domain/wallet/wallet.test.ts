import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { argon2 } from './argon2';
import { fromBase64, fromHex, random, toBase64, toHex, utf8, type Data } from './bytes';
import { parseEnvelope, toBytes, type Chain, type Envelope, type SecretKind } from './envelope';
import { calibratedPasses, checkSubject, kPasswordCost, needsUpgrade, openWallet, rewrapWallet, sealWallet, type LabelledFactor, type NewFactor, type Proof } from './sealing';
import { publicKeyOf, signingSeed, wordsOf } from './words';

const share = (name: string) => new URL(`../../../../share/${name}`, import.meta.url);
const load = <T>(name: string): T => JSON.parse(readFileSync(share(name), 'utf8')) as T;

interface StoredProof {
  kind: Proof['kind'];
  text?: string;
  secret?: string;
  credential?: string;
}
interface Vector {
  chain: Chain;
  secret_kind: SecretKind;
  secret: string;
  address: string;
  revision: number;
  envelope: string;
  proofs: StoredProof[];
}

/** Node and browsers import a private X25519 key in this wrapping only. */
const kPkcs8 = '302e020100300506032b656e04220420';
async function deviceOf(secret: string): Promise<{ key: CryptoKey; device: Data }> {
  const key = await crypto.subtle.importKey('pkcs8', fromHex(kPkcs8 + secret), 'X25519', true, ['deriveBits']);
  const { x } = await crypto.subtle.exportKey('jwk', key);
  return { key, device: fromBase64(x!.replaceAll('-', '+').replaceAll('_', '/') + '=') };
}

async function proofOf({ kind, text, secret, credential }: StoredProof): Promise<Proof> {
  switch (kind) {
    case 'password':
      return { kind, text: text! };
    case 'device':
      return { kind, ...(await deviceOf(secret!)) };
    case 'passkey':
      return { kind, credential: fromHex(credential!), output: fromHex(secret!) };
    case 'recovery':
      return { kind, secret: fromHex(secret!) };
  }
}

const kPassword = 'paper compass winter tide';
const cheap: NewFactor = { kind: 'password', text: kPassword, memoryKib: 19_456, passes: 2 };
const byPassword: LabelledFactor = { label: 'password', factor: cheap };

async function newVector(at: number): Promise<Vector> {
  const chain: Chain = at % 2 === 0 ? 'stellar' : 'solana';
  const kind: SecretKind = at < 2 ? 'words' : 'seed';
  const [secret, device, credential, output, recovery] = [32, 32, 20, 32, 32].map(random) as [Data, Data, Data, Data, Data];
  const pair = await deviceOf(toHex(device));
  const factors: LabelledFactor[] = [
    at === 1 ? { label: 'password', factor: { kind: 'compatible-password', text: kPassword } } : byPassword,
    { label: 'Téléphone', factor: { kind: 'device', device: pair.device } },
    { label: 'passkey', factor: { kind: 'passkey', credential, salt: random(32), output } },
    { label: 'paper', factor: { kind: 'recovery', secret: recovery } },
  ];
  let envelope = await sealWallet(chain, kind, random(16), secret, factors);
  if (at === 2) {
    const opened = await openWallet(envelope, { kind: 'recovery', secret: recovery });
    envelope = await rewrapWallet(envelope, opened, [envelope.wraps[1]!.id], [factors[1]!]);
  }
  return {
    chain,
    secret_kind: kind,
    secret: toHex(secret),
    address: toHex(envelope.subject.address),
    revision: envelope.revision,
    envelope: toBase64(toBytes(envelope)),
    proofs: [
      { kind: 'password', text: kPassword },
      { kind: 'device', secret: toHex(device) },
      { kind: 'passkey', credential: toHex(credential), secret: toHex(output) },
      { kind: 'recovery', secret: toHex(recovery) },
    ],
  };
}

async function checkFile(name: string): Promise<void> {
  const { vectors } = load<{ vectors: Vector[] }>(name);
  expect(vectors.length).toBe(4);
  for (const vector of vectors) {
    const bytes = fromBase64(vector.envelope);
    const envelope = parseEnvelope(bytes);
    expect(toBytes(envelope)).toEqual(bytes);
    expect([envelope.subject.chain, envelope.subject.secret, envelope.revision]).toEqual([vector.chain, vector.secret_kind, vector.revision]);
    expect(toHex(envelope.subject.address)).toBe(vector.address);
    expect(vector.proofs.length).toBe(4);
    for (const proof of vector.proofs) expect(toHex((await openWallet(envelope, await proofOf(proof))).secret)).toBe(vector.secret);
  }
}

const refusal = async (what: Promise<unknown> | (() => unknown)): Promise<string> => {
  try {
    await (typeof what === 'function' ? what() : what);
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

const owner = random(16);
const device = { kind: 'device', device: fromHex('11'.repeat(32)) } as const;
const make = (factors: LabelledFactor[] = [byPassword, { label: 'laptop', factor: device }]): Promise<Envelope> => sealWallet('stellar', 'words', owner, random(32), factors);

describe('sealed wallets', () => {
  it('of this code open, all by all', async () => {
    // ASTRO_WRITE_GOLDEN=1 makes them anew.
    if (process.env.ASTRO_WRITE_GOLDEN) {
      const vectors = [];
      for (let at = 0; at < 4; ++at) vectors.push(await newVector(at));
      writeFileSync(share('wallets/sealed_by_browser.json'), `${JSON.stringify({ vectors })}\n`);
    }
    await checkFile('wallets/sealed_by_browser.json');
  }, 60_000);

  it('of the program open, all by all', async () => {
    expect(existsSync(share('wallets/sealed_by_program.json'))).toBe(true);
    await checkFile('wallets/sealed_by_program.json');
  }, 60_000);

  it('are refused with any bit changed', async () => {
    const bytes = toBytes(await make());
    // A signature is slow to look at here: each byte with a bit of its own.
    for (let at = 0; at < bytes.length; ++at) {
      const bad = bytes.slice();
      bad[at]! ^= 1 << (at % 8);
      expect(await refusal(() => parseEnvelope(bad))).toMatch(/^wallet_envelope_(malformed|forged)$/);
    }
    for (let size = 0; size < bytes.length; ++size) expect(await refusal(() => parseEnvelope(bytes.slice(0, size)))).toBe('wallet_envelope_malformed');
  }, 60_000);

  it('open by nothing else', async () => {
    const envelope = await make([byPassword]);
    expect(await refusal(openWallet(envelope, { kind: 'password', text: `${kPassword} ` }))).toBe('wallet_factor_wrong');
    expect(await refusal(openWallet(envelope, { kind: 'recovery', secret: random(32) }))).toBe('wallet_factor_missing');
    const moved = { ...envelope, subject: { ...envelope.subject, owner: random(16) } };
    expect(await refusal(openWallet(moved, { kind: 'password', text: kPassword }))).toBe('wallet_factor_wrong');
    expect(await refusal(() => checkSubject(moved, envelope.subject.wallet, owner))).toBe('wallet_envelope_elsewhere');
  });

  it('keep what is sealed when the password changes', async () => {
    const before = await make();
    const opened = await openWallet(before, { kind: 'password', text: kPassword });
    const after = parseEnvelope(toBytes(await rewrapWallet(before, opened, [opened.wrap.id], [{ label: 'password', factor: { ...cheap, text: 'another' } }])));
    expect([after.secret, after.nonce, after.revision]).toEqual([before.secret, before.nonce, 2]);
    expect(after.wraps[0]).toEqual(before.wraps[1]);
    expect(await refusal(openWallet(after, { kind: 'password', text: kPassword }))).toBe('wallet_factor_wrong');
    expect((await openWallet(after, { kind: 'password', text: 'another' })).secret).toEqual(opened.secret);
    expect(needsUpgrade(after.wraps[1]!)).toBe(true);
    expect(await refusal(rewrapWallet(before, opened, before.wraps.map(({ id }) => id), []))).toBe('wallet_factors');
  });

  it('refuse costs and labels beyond the limits', async () => {
    const sealed = (label: string, factor: NewFactor) => refusal(make([{ label, factor }]));
    expect(await sealed('a', { ...cheap, memoryKib: 19_455 } as NewFactor)).toBe('wallet_password_cost');
    expect(await sealed('a', { ...cheap, passes: 1 } as NewFactor)).toBe('wallet_password_cost');
    expect(await sealed('a', { kind: 'compatible-password', text: 'a', rounds: 599_999 })).toBe('wallet_password_cost');
    expect(await sealed('a\u0007', device)).toBe('wallet_label');
    expect(await sealed('a'.repeat(65), device)).toBe('wallet_label');
  });
});

describe('keys from words', () => {
  it('are those of SEP-5', () => {
    interface Sep5 {
      mnemonic: string;
      passphrase: string;
      keys: { public: string; secret: string }[];
    }
    const { vectors } = load<{ vectors: Sep5[] }>('wallets/sep5.json');
    const { vectors: bip39 } = load<{ vectors: { entropy?: string; mnemonic?: string; words?: string }[] }>('wallets/bip39_english.json');
    expect(bip39.length).toBeGreaterThan(0);
    const full = vectors.filter(({ mnemonic, passphrase }) => passphrase === '' && mnemonic.split(' ').length === 24);
    expect(full.length).toBeGreaterThan(0);
    for (const { mnemonic, keys } of full) {
      const entropy = entropyOf(mnemonic);
      expect(wordsOf(entropy)).toBe(mnemonic);
      const seed = signingSeed('stellar', 'words', entropy);
      expect(strKeyPayload(keys[0]!.secret)).toBe(toHex(seed));
      expect(strKeyPayload(keys[0]!.public)).toBe(toHex(publicKeyOf(seed)));
    }
  });
});

describe('argon2', () => {
  it('agrees with the reference', async () => {
    interface Argon2Vector {
      t: number;
      m_kib: number;
      p: number;
      password_utf8: string;
      salt_utf8?: string;
      tag_len: number;
      tag_hex: string;
    }
    const { vectors } = load<{ vectors: Argon2Vector[] }>('identity/argon2id.json');
    const usable = vectors.filter(({ p, tag_len, m_kib, salt_utf8 }) => p === 1 && tag_len === 32 && m_kib <= 65_536 && salt_utf8);
    expect(usable.length).toBeGreaterThan(2);
    for (const { t, m_kib, password_utf8, salt_utf8, tag_hex } of usable) {
      expect(toHex(await argon2({ password: utf8(password_utf8), salt: utf8(salt_utf8!), memorySize: m_kib, iterations: t }))).toBe(tag_hex);
    }
    expect(kPasswordCost).toEqual({ memoryKib: 65_536, passes: 3 });
  });

  it('is calibrated to half a second within its bounds, as the program does it', () => {
    expect([300, 375, 499, 5000, 150, 10, 0].map(calibratedPasses)).toEqual([5, 4, 3, 3, 10, 16, 16]);
  });
});

const kBase32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The 32 bytes between version and checksum. */
function strKeyPayload(text: string): string {
  let bits = '';
  for (const c of text) bits += kBase32.indexOf(c).toString(2).padStart(5, '0');
  return toHex(Uint8Array.from(bits.match(/.{8}/g)!, (byte) => parseInt(byte, 2)).slice(1, 33));
}

function entropyOf(mnemonic: string): Data {
  const list = readFileSync(share('wallets/bip39_english_words.txt'), 'utf8').trim().split('\n');
  const bits = mnemonic
    .split(' ')
    .map((word) => list.indexOf(word).toString(2).padStart(11, '0'))
    .join('');
  return Uint8Array.from(bits.slice(0, 256).match(/.{8}/g)!, (byte) => parseInt(byte, 2));
}
