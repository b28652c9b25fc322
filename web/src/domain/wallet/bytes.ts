/** Bytes as the sealed wallet's form has them: numbers big-endian, texts in UTF-8. */

/** What is refused of a sealed wallet; `code` is that of docs/errors.md. */
export class WalletError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'WalletError';
  }
}

export type Data = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Data {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function number(value: number, size: 1 | 2 | 4): Data {
  const out = new Uint8Array(size);
  for (let i = 0; i < size; ++i) out[size - 1 - i] = (value >>> (8 * i)) & 0xff;
  return out;
}

export const utf8 = (text: string): Data => new TextEncoder().encode(text) as Data;

export const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const random = (size: number): Data => crypto.getRandomValues(new Uint8Array(size));

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function fromHex(text: string): Data {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new WalletError('bad_hex', 'not hexadecimal digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

export function fromBase64(text: string): Data {
  let bytes: Data;
  try {
    bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw new WalletError('wallet_envelope_malformed', 'not base64');
  }
  // One text, one value: atob() takes several.
  if (toBase64(bytes) !== text) throw new WalletError('wallet_envelope_malformed', 'not base64 with padding');
  return bytes;
}

/** Takes parts off the front. Throws where one is missing. */
export class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  take(size: number): Data {
    if (size > this.bytes.length - this.at) throw malformed('ends too early', this.bytes.length);
    this.at += size;
    return this.bytes.slice(this.at - size, this.at) as Data;
  }
  number(size: 1 | 2 | 4): number {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }
  /** Of what has just been taken, `back` bytes ago. */
  check(good: boolean, why: string, back = 0): void {
    if (!good) throw malformed(why, this.at - back);
  }
  get offset(): number {
    return this.at;
  }
  get left(): number {
    return this.bytes.length - this.at;
  }
}

const malformed = (why: string, at: number): WalletError => new WalletError('wallet_envelope_malformed', `the sealed wallet ${why} (byte ${at})`);
