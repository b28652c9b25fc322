import { describe, expect, it } from 'vitest';
import type { BookDelta, BookSnapshot } from '@/api/venue';
import { Book, spreadOf, withTotals } from './book';
import { bookChecksum, crc32 } from './checksum';

const level = (price: string, size: string) => ({ price, size });
const bids = [level('99.99', '5'), level('99.98', '1.000000001'), level('99', '7')];
const asks = [level('100.01', '2.5'), level('100.02', '0.1')];

const snapshot: BookSnapshot = { market: 'SOL-PERP', seq: 7, time: 1, checksum: 2401194804, bids, asks };
const delta = (change: Partial<BookDelta>): BookDelta => ({ ...snapshot, seq: 9, prev_seq: 7, checksum: 0, bids: [], asks: [], ...change });

describe('checksum', () => {
  it('is that of the documentation', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(bookChecksum(bids, asks)).toBe(2401194804);
    expect(bookChecksum([], [level('0.1', '3')])).toBe(2554242910);
    expect(bookChecksum([], [])).toBe(0);
  });
  it('covers 25 levels', () => {
    const many = Array.from({ length: 26 }, (_, i) => level(String(100 - i), '1'));
    const all = bookChecksum(many, []);
    expect(bookChecksum(many.with(25, level('75', '2')), [])).toBe(all);
    expect(bookChecksum(many.with(24, level('76', '2')), [])).not.toBe(all);
  });
});

describe('book', () => {
  it('is kept by deltas with absolute sizes', () => {
    const book = new Book();
    book.begin(snapshot);
    expect(book.isRight()).toBe(true);
    const after = { bids: [level('100', '1'), level('99.99', '5'), level('99', '7')], asks: [level('100.01', '3'), level('100.02', '0.1')] };
    expect(book.take(delta({ bids: [level('100', '1'), level('99.98', '0')], asks: [level('100.01', '3')], checksum: bookChecksum(after.bids, after.asks) }))).toBe('taken');
    expect(book.levels()).toEqual(after);
    expect(book.isRight()).toBe(true);
    expect(book.seq).toBe(9);
  });
  it('skips what it has and takes nothing after a hole', () => {
    const book = new Book();
    book.begin(snapshot);
    expect(book.take(delta({ seq: 7, prev_seq: 5, bids: [level('1', '1')] }))).toBe('old');
    expect(book.take(delta({ seq: 12, prev_seq: 9, bids: [level('1', '1')] }))).toBe('hole');
    expect(book.levels()).toEqual({ bids, asks });
    expect(book.seq).toBe(7);
  });
  it('notices that it is not the server\'s', () => {
    const book = new Book();
    book.begin({ ...snapshot, checksum: 1 });
    expect(book.isRight()).toBe(false);
  });
  it('orders by price and not by text', () => {
    const book = new Book();
    book.begin({ ...snapshot, bids: [level('9.5', '1'), level('10', '1')], asks: [level('100', '1'), level('11', '1')] });
    expect(book.levels().bids.map(({ price }) => price)).toEqual(['10', '9.5']);
    expect(book.levels().asks.map(({ price }) => price)).toEqual(['11', '100']);
  });
});

describe('what is shown of it', () => {
  it('adds up sizes exactly', () => {
    expect(withTotals(bids, 2).map(({ total }) => total)).toEqual([5_000_000_000n, 6_000_000_001n]);
  });
  it('has a spread when both sides have orders', () => {
    expect(spreadOf('99.99', '100.01')).toEqual({ size: 20_000_000n, bps: 2 });
    expect(spreadOf(undefined, '100.01')).toBeNull();
  });
});
