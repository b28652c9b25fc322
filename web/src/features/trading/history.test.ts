import { describe, expect, it, vi } from 'vitest';
import type { AccountEvent } from './accountState';
import { kDownloadMax, readAll, toCsv } from './history';

vi.mock('./useAccount', () => ({ accountStore: {} }));
const { fillWords, gathered } = await import('./notices');

describe('a download', () => {
  it('has all pages in order', async () => {
    const pages = [{ items: [{ n: 1 }, { n: 2 }], next_cursor: 'a' }, { items: [{ n: 3 }], next_cursor: null }];
    const read = vi.fn(async () => pages[read.mock.calls.length - 1]!);
    const told: number[] = [];
    expect(await readAll(read, 3, (rows) => told.push(rows))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(read.mock.calls.map((args) => (args as unknown[])[0])).toMatchObject([{ account: 3, cursor: null }, { cursor: 'a' }]);
    expect(told).toEqual([2, 3]);
  });
  it('ends somewhere', async () => {
    const items = Array.from({ length: 500 }, (_, n) => ({ n }));
    expect(await readAll(async () => ({ items, next_cursor: 'x' }), 3)).toHaveLength(kDownloadMax);
  });
  it('is a CSV file with the columns of all rows', () => {
    expect(toCsv([{ a: 1, b: 'x,"y"' }, { a: '-2.5', c: null }])).toBe('a,b,c\r\n1,"x,""y""",\r\n-2.5,,\r\n');
  });
  it('holds no formulas', () => expect(toCsv([{ a: '=HYPERLINK("x")' }, { a: '-1' }])).toBe('a\r\n"\'=HYPERLINK(""x"")"\r\n-1\r\n'));
});

describe('a notice of fills', () => {
  const fill = (size: string, price: string, order = '1', seq = 5) => ({ seq, data: { order, market: 'SOL-PERP', side: 'sell', size, price } }) as unknown as AccountEvent;
  it('is one for an order that met several', () => {
    const told = [fill('1', '100'), fill('3', '104')].reduce(gathered, new Map());
    expect([...told.values()].map(fillWords)).toEqual(['Sold 4 SOL-PERP at 103.00']);
  });
  it('is told apart by order and command', () => {
    expect([fill('1', '100'), fill('1', '100', '2'), fill('1', '100', '1', 6)].reduce(gathered, new Map()).size).toBe(3);
  });
});
