import { createPrivateKey, createPublicKey, createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Page } from '@playwright/test';

/** Wallets as extensions put them into a page, with keys of their own that sign really. */

const kBase32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const kBase58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base32(bytes: Buffer): string {
  let bits = 0;
  let value = 0;
  let out = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += kBase32[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? out + kBase32[(value << (5 - bits)) & 31] : out;
}

export function base58(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex') || '0'}`);
  let out = '';
  for (; value > 0n; value /= 58n) out = kBase58[Number(value % 58n)] + out;
  return '1'.repeat(bytes.findIndex((byte) => byte !== 0)) + out;
}

/** CRC-16/XMODEM, low byte first, as SEP-23 wants it. */
function checksum(bytes: Buffer): Buffer {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; ++i) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return Buffer.from([crc & 0xff, crc >> 8]);
}

/** An Ed25519 key with its addresses on both chains. */
export class TestKey {
  private readonly key: KeyObject;
  readonly public: Buffer;

  constructor(seed = randomBytes(32)) {
    this.key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
    this.public = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32);
  }
  get stellar(): string {
    const payload = Buffer.concat([Buffer.from([6 << 3]), this.public]);
    return base32(Buffer.concat([payload, checksum(payload)]));
  }
  get solana(): string {
    return base58(this.public);
  }
  sign(bytes: Buffer): Buffer {
    return sign(null, bytes, this.key);
  }
}

/**
 * A TransactionV1Envelope with a further signature. The server's challenge carries one decorated signature at its end: what is
 * before the list of signatures is the transaction, and a decorated signature is 4 + 4 + 64 bytes.
 */
export function signEnvelope(xdr: string, passphrase: string, key: TestKey): string {
  const envelope = Buffer.from(xdr, 'base64');
  const kDecorated = 72;
  const counted = envelope.length - kDecorated - 4;
  if (envelope.readUInt32BE(0) !== 2 || envelope.readUInt32BE(counted) !== 1) throw new Error('no envelope with one signature');
  const transaction = envelope.subarray(4, counted);
  const hash = createHash('sha256')
    .update(createHash('sha256').update(passphrase).digest())
    .update(Buffer.from([0, 0, 0, 2]))
    .update(transaction)
    .digest();
  const count = Buffer.alloc(4);
  count.writeUInt32BE(2);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(64);
  return Buffer.concat([envelope.subarray(0, counted), count, envelope.subarray(counted + 4), key.public.subarray(-4), length, key.sign(hash)]).toString('base64');
}

export interface Manners {
  /** Its owner says no. */
  refuses?: boolean;
}

/** An extension that answers as Freighter's content script does. */
export async function installFreighter(page: Page, key: TestKey, manners: Manners = {}): Promise<void> {
  await page.exposeFunction('__stellarSign', (xdr: string, passphrase: string) => signEnvelope(xdr, passphrase, key));
  await page.exposeFunction('__stellarRefuses', () => manners.refuses === true);
  await page.addInitScript((address) => {
    const outside = window as unknown as { __stellarSign(xdr: string, passphrase: string): Promise<string>; __stellarRefuses(): Promise<boolean> };
    window.addEventListener('message', async ({ source, data }) => {
      if (source !== window || data?.source !== 'FREIGHTER_EXTERNAL_MSG_REQUEST') return;
      const answer = async (): Promise<object> => {
        if (data.type === 'REQUEST_CONNECTION_STATUS') return { isConnected: true };
        if (data.type === 'REQUEST_ACCESS' || data.type === 'REQUEST_PUBLIC_KEY') return { publicKey: address };
        if (data.type !== 'SUBMIT_TRANSACTION') return {};
        if (await outside.__stellarRefuses()) return { apiError: { code: -4, message: 'The user rejected this request.' } };
        return { signedTransaction: await outside.__stellarSign(data.transactionXdr, data.networkPassphrase), signerAddress: address };
      };
      window.postMessage({ source: 'FREIGHTER_EXTERNAL_MSG_RESPONSE', messagedId: data.messageId, ...(await answer()) }, location.origin);
    });
  }, key.stellar);
}

/** A wallet of the wallet standard for Solana; with or without a sign-in of its own. */
export async function installSolana(page: Page, key: TestKey, name: string, how: 'signIn' | 'signMessage' | 'otherText'): Promise<void> {
  await page.exposeFunction(`__solanaSign_${name}`, (hex: string) => key.sign(Buffer.from(hex, 'hex')).toString('hex'));
  await page.addInitScript(
    ({ address, publicKey, walletName, way }) => {
      const toHex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
      const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g)!.map((b) => parseInt(b, 16)));
      const signBytes = async (bytes: Uint8Array) => fromHex(await (window as unknown as Record<string, (hex: string) => Promise<string>>)[`__solanaSign_${walletName}`]!(toHex(bytes)));
      const account = { address, publicKey: Uint8Array.from(publicKey), chains: ['solana:mainnet'], features: [] };
      const signMessage = async ({ message }: { message: Uint8Array }) => [{ signedMessage: message, signature: await signBytes(message) }];
      /** The text that the standard says a wallet makes of the parts. */
      const signIn = async (input: Record<string, string>) => {
        const names = [['URI', 'uri'], ['Version', 'version'], ['Chain ID', 'chainId'], ['Nonce', 'nonce'], ['Issued At', 'issuedAt'], ['Expiration Time', 'expirationTime'], ['Not Before', 'notBefore'], ['Request ID', 'requestId']] as const;
        const head = `${input.domain} wants you to sign in with your Solana account:\n${input.address}\n\n`;
        const lines = names.filter(([, field]) => input[field] !== undefined).map(([label, field]) => `${label}: ${input[field]}`);
        const text = `${head}${input.statement ? `${input.statement}\n\n` : ''}${lines.join('\n')}${way === 'otherText' ? ' ' : ''}`;
        const signedMessage = new TextEncoder().encode(text);
        return [{ account, signedMessage, signature: await signBytes(signedMessage) }];
      };
      const wallet = {
        version: '1.0.0',
        name: walletName,
        icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
        chains: ['solana:mainnet'],
        accounts: [account],
        features: {
          'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
          ...(way === 'signMessage' ? { 'solana:signMessage': { version: '1.1.0', signMessage } } : { 'solana:signIn': { version: '1.0.0', signIn } }),
        },
      };
      const register = (api: { register(wallet: object): void }) => api.register(wallet);
      window.addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent).detail));
      window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
    },
    { address: key.solana, publicKey: [...key.public], walletName: name, way: how },
  );
}
