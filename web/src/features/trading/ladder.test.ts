import { describe, expect, it } from 'vitest';
import type { OpenOrder } from '@/api/trading';
import { nanoOr0 as n, plain } from '@/domain/decimal';
import { isFar, middleOf, ordersByRow, rowOf, rowsAround, sizesByRow } from './ladder';

const step = n('0.05');

describe('ladder', () => {
  it('has rows from high to low around the centre, none below the first step', () => {
    expect(rowsAround(n('100.02'), step, 5).map(plain)).toEqual(['100.1', '100.05', '100', '99.95', '99.9']);
    expect(rowsAround(n('0.05'), step, 5).map(plain)).toEqual(['0.15', '0.1', '0.05']);
  });
  it('puts bids down and asks up, so that nobody is shown better than he is', () => {
    expect(plain(rowOf(n('99.99'), step, 'bid'))).toBe('99.95');
    expect(plain(rowOf(n('99.96'), step, 'ask'))).toBe('100');
    expect(plain(rowOf(n('100'), step, 'ask'))).toBe('100');
  });
  it('adds up what is in a step', () => {
    const levels = [{ price: '99.99', size: '1' }, { price: '99.96', size: '0.5' }, { price: '99.94', size: '2' }];
    expect([...sizesByRow(levels, step, 'bid')].map(([price, size]) => `${plain(price)} ${plain(size)}`)).toEqual(['99.95 1.5', '99.9 2']);
  });
  it('shows orders that rest and not those that wait', () => {
    const order = (order_id: string, status: 'open' | 'waiting', side: 'buy' | 'sell', price: string) => ({ order_id, status, side, price }) as OpenOrder;
    const rows = ordersByRow([order('1', 'open', 'buy', '99.99'), order('2', 'waiting', 'buy', '99.99'), order('3', 'open', 'sell', '99.97')], step);
    expect([...rows].map(([price, orders]) => `${plain(price)} ${orders.map((each) => each.order_id)}`)).toEqual(['99.95 1', '100 3']);
  });
  it('stands at the touch, else at the mark', () => {
    expect(plain(middleOf('99', '101', n('50')))).toBe('100');
    expect(plain(middleOf('99', undefined, n('50')))).toBe('99');
    expect(plain(middleOf(undefined, undefined, n('50')))).toBe('50');
  });
  it('follows when the touch has gone a quarter of its rows', () => {
    expect(isFar(n('100.25'), n('100'), step, 20)).toBe(false);
    expect(isFar(n('100.26'), n('100'), step, 20)).toBe(true);
  });
});
