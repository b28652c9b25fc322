import { describe, expect, it } from 'vitest';
import { dividedBy, floorDiv, nano, nearest, plain, shownNano, times, toward0 } from './decimal';

const n = (text: string) => nano(text)!;

describe('decimal', () => {
  it.each(['0', '1', '-1.5', '0.000000001', '123456789.987654321'])('keeps %s', (text) => expect(plain(n(text))).toBe(text));
  it.each(['', 'x', '1e3', '1.0000000001'])('has no number for "%s"', (text) => expect(nano(text)).toBeNull());
  it('multiplies rounding down and divides toward zero', () => {
    expect(plain(times(n('0.000000001'), n('0.5')))).toBe('0');
    expect(plain(times(n('-0.000000001'), n('0.5')))).toBe('-0.000000001');
    expect(plain(dividedBy(n('1'), n('3'))!)).toBe('0.333333333');
    expect(dividedBy(n('1'), 0n)).toBeNull();
    expect(floorDiv(-7n, 2n)).toBe(-4n);
  });
  it('goes to multiples of a step', () => {
    expect(plain(nearest(n('99.763'), n('0.01')))).toBe('99.76');
    expect(plain(nearest(n('99.765'), n('0.01')))).toBe('99.77');
    expect(plain(nearest(n('-99.765'), n('0.01')))).toBe('-99.77');
    expect(plain(toward0(n('1.99'), n('0.1')))).toBe('1.9');
  });
  it('is shown grouped', () => expect(shownNano(n('1234.5'), 2, 'always')).toBe('+1,234.50'));
});
