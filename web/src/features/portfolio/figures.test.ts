import { expect, test } from 'vitest';
import { daysAgo, directionOf, money, parsePercent, ppmText } from './figures';

test('money has two places, groups and a sign of its own', () => {
  expect(money('10000.123456')).toBe('10,000.12');
  expect(money('-0.5', 'always')).toBe('−0.50');
  expect(money('12', 'always')).toBe('+12.00');
  expect(money('nothing')).toBe('–');
  expect(directionOf('-3')).toBe('down');
  expect(directionOf('0')).toBe('muted');
});

test('a change is read as people write it, and bounded', () => {
  expect(parsePercent('-30')).toBe(-300_000);
  expect(parsePercent('+12.5%')).toBe(125_000);
  for (const bad of ['', 'x', '-100', '1001', '1.23456']) expect(parsePercent(bad)).toBeNull();
  expect(ppmText(-300_000)).toBe('−30%');
  expect(ppmText(125_000, 'always')).toBe('+12.5%');
});

test('a time begins at a whole minute', () => {
  expect(daysAgo(1, Date.UTC(2026, 10, 29, 12, 30, 59))).toBe('2026-11-28T12:30:00Z');
});
