import { expect, test } from 'vitest';
import { nearestWhole, parseWhole } from './whole';

test('whole numbers within a range, with separators or without', () => {
  expect(parseWhole('1,200', 1, 1_000_000)).toBe(1200);
  expect(parseWhole(' 7 ', 0, 7)).toBe(7);
  for (const bad of ['', '-1', '1.5', '1e3', 'many', '8', '99999999999999999999']) expect(parseWhole(bad, 0, 7), bad).toBeNull();
});

test('what is refused names the nearest that is not', () => {
  expect(nearestWhole('0', 1, 100)).toBe(1);
  expect(nearestWhole('1,000', 1, 100)).toBe(100);
  expect(nearestWhole('2.4', 1, 100)).toBe(2);
  expect(nearestWhole('', 1, 100)).toBe(1);
  expect(nearestWhole('many', 1, 100)).toBe(1);
});
