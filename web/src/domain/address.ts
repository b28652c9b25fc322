/** What a pasted word of base58 can be. */
const kAlphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** How many bytes the text stands for; null when it is not base58. */
export function base58Length(text: string): number | null {
  if (text === '' || text.length > 128) return null;
  let value = 0n;
  for (const c of text) {
    const digit = kAlphabet.indexOf(c);
    if (digit < 0) return null;
    value = value * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)![0].length;
  const hex = value === 0n ? '' : value.toString(16);
  return zeros + Math.ceil(hex.length / 2);
}

export type Pasted = 'signature' | 'address' | null;

export function classify(text: string): Pasted {
  const length = base58Length(text.trim());
  return length === 64 ? 'signature' : length === 32 ? 'address' : null;
}

/** "4okov…QNxGo"; short words stay whole. */
export const shorten = (text: string, head = 4, tail = 4): string =>
  text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
