import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { base58Length, classify, shorten } from './address';
import { formatCompact, formatRaw, formatShort, parseDecimal, parseRaw } from './amount';
import { calendarDay, clockTime, duration, parseTime, relativeTime } from './time';
import { knownMints } from './tokens';

describe('formatRaw', () => {
  it.each([
    [17352n, 9, {}, '0.000017352'],
    [17352n, 9, { places: 6, sign: 'always' }, '+0.000017'],
    [-124978n, 9, { places: 6, sign: 'always' }, '−0.000125'],
    [499n, 9, { places: 6, sign: 'always' }, '+<0.000001'],
    [-1n, 9, { places: 0 }, '−<1'],
    [500n, 9, { places: 6 }, '0.000001'],
    [0n, 9, { places: 6, sign: 'always' }, '0.000000'],
    [1234567890123456789n, 9, { places: 2 }, '1,234,567,890.12'],
    [999_999_999n, 9, { places: 2 }, '1.00'],
    [1_500_000n, 6, { trim: true }, '1.5'],
    [1_000_000n, 6, { trim: true }, '1'],
    [42n, 0, {}, '42'],
    [42n, 0, { places: 2 }, '42.00'],
  ] as const)('%s with %s decimals %o is %s', (value, decimals, options, text) => {
    expect(formatRaw(value, decimals, options)).toBe(text);
  });

  it('says exactly the integer when all decimals are shown', () => {
    for (let i = 0; i < 2000; i++) {
      const value = BigInt(Math.floor((Math.random() - 0.5) * 2 ** 50)) * BigInt(i + 1);
      for (const decimals of [0, 5, 6, 9]) {
        const plain = formatRaw(value, decimals).replaceAll(',', '');
        if (value < 10n ** 15n && value > -(10n ** 15n)) expect(parseDecimal(plain, decimals)).toBe(value);
      }
    }
  });
});

describe('formatCompact', () => {
  it.each([
    [1_234_567_890_123n, 9, '1,234.57'],
    [12_345_678_900n, 9, '12.3457'],
    [17_352n, 9, '0.000017352'],
    [123_456_789_012_345n, 5, '1,234,567,890'],
    [1_000_000_000n, 9, '1'],
  ] as const)('%s with %s decimals is %s', (value, decimals, text) => {
    expect(formatCompact(value, decimals)).toBe(text);
  });
});

describe('formatShort', () => {
  it.each([
    [3_000_000_000n, 0, '3B'],
    [3_024_000_000n, 0, '3.02B'],
    [12_345n, 0, '12.35k'],
    [1_234n, 0, '1,234'],
    [15_247_000_000n, 9, '15.247'],
    [230_270_338n, 9, '0.2303'],
    [17_352n, 9, '0.00001735'],
    [3n, 9, '0.000000003'],
    [0n, 9, '0'],
    [2_500_000_000_000_000n, 9, '2.5M'],
    [7n, 0, '7'],
  ] as const)('%s with %s decimals is %s', (value, decimals, text) => expect(formatShort(value, decimals)).toBe(text));
});

describe('parseRaw', () => {
  it('takes integers only', () => {
    expect(parseRaw('-18446744073709551615')).toBe(-18446744073709551615n);
    for (const bad of ['', '1.5', '0x10', ' 1', '1e9', null, undefined]) expect(parseRaw(bad)).toBeNull();
  });
});

describe('parseDecimal', () => {
  it.each([
    ['0.25', 250_000_000n],
    ['-1', -1_000_000_000n],
    ['.5', 500_000_000n],
    ['3.', 3_000_000_000n],
    ['0.0000000001', null],
    ['', null],
    ['.', null],
    ['1,5', null],
    ['NaN', null],
  ] as const)('%s is %s lamports', (text, lamports) => expect(parseDecimal(text, 9)).toBe(lamports));
});

describe('classify', () => {
  const signature = '4okovGHuRH3ToayK5g3PcHPSvhfHGyD8QJGBJnGBSrkNFNRvHtRh1o6hhkSG12KCZUEMuGgERj1oKTvjA8XQNxGo';
  it('tells signatures from addresses by their length in bytes', () => {
    expect(classify(signature)).toBe('signature');
    expect(classify(`  ${signature}\n`)).toBe('signature');
    expect(classify('So11111111111111111111111111111111111111112')).toBe('address');
    expect(classify('11111111111111111111111111111111')).toBe('address');
    for (const bad of ['', 'hello', 'O0Il', signature.slice(4), '1'.repeat(31), 'a'.repeat(500)]) {
      expect(classify(bad)).toBeNull();
    }
    expect(base58Length('1')).toBe(1);
  });
  it('shortens in the middle', () => {
    expect(shorten(signature, 5, 5)).toBe('4okov…QNxGo');
    expect(shorten('short')).toBe('short');
  });
});

describe('times', () => {
  const t = Date.UTC(2024, 7, 21, 19, 10, 59);
  it('are told in UTC', () => {
    expect(parseTime('2024-08-21T19:10:59Z')).toBe(t);
    expect(parseTime('soon')).toBeNull();
    expect(clockTime(t)).toBe('19:10:59');
    expect(calendarDay(t)).toBe('21 Aug 2024');
  });
  it.each([
    [0, 'now'],
    [4_000, '4 s'],
    [-5_000, 'now'],
    [720_000, '12 min'],
    [3 * 3_600_000, '3 h'],
    [86_400_000, '21 Aug 19:10'],
  ])('%s ms later', (later, text) => expect(relativeTime(t, t + later)).toBe(text));
  it('last as long as they do', () => {
    expect(duration(0)).toBe('0 s');
    expect(duration(250)).toBe('4 min 10 s');
    expect(duration(183_900)).toBe('2 d 3 h');
  });
});

describe('known mints', () => {
  it('have the decimals that real blocks state', () => {
    let seen = 0;
    for (const file of ['block_285000037.json', 'block_254170887_part1.json']) {
      const url = new URL(`../../../share/solana/blocks/${file}`, import.meta.url);
      const parsed = JSON.parse(readFileSync(url, 'utf8'));
      for (const tx of (parsed.result ?? parsed).transactions) {
        for (const balance of tx.meta?.postTokenBalances ?? []) {
          const token = knownMints.get(balance.mint);
          if (!token) continue;
          seen++;
          expect([balance.mint, token.decimals]).toEqual([balance.mint, balance.uiTokenAmount.decimals]);
        }
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });
});
