import type { BookLevel } from '@/api/venue';

/** Levels of each side that a checksum covers. */
export const kChecksumLevels = 25;

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of ASCII text, as zlib has it. */
export function crc32(text: string): number {
  let c = 0xffffffff;
  for (let i = 0; i < text.length; ++i) c = table[(c ^ text.charCodeAt(i)) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Of a book's sides, best first (docs/exchange_api.md). */
export function bookChecksum(bids: readonly BookLevel[], asks: readonly BookLevel[]): number {
  const parts: string[] = [];
  for (let i = 0; i < kChecksumLevels; ++i) {
    for (const side of [bids, asks]) {
      const level = side[i];
      if (level) parts.push(level.price, level.size);
    }
  }
  return crc32(parts.join(':'));
}
