import { describe, expect, test } from 'vitest';
import { allows, capabilitiesOf, gained, isImplied } from './permissions';

describe('permissions', () => {
  test('a star stands for any of a half', () => {
    expect(allows(['*.read'], 'identity.read')).toBe(true);
    expect(allows(['*.read'], 'identity.admin')).toBe(false);
    expect(allows(['exchange.*'], 'exchange.operate')).toBe(true);
    expect(allows(['exchange.*'], 'identity.read')).toBe(false);
    expect(allows(['*.*'], 'identity.admin')).toBe(true);
    expect(allows([], 'identity.read')).toBe(false);
  });
  test('a part never covers a star', () => {
    expect(allows(['exchange.read'], '*.read')).toBe(false);
    expect(allows(['exchange.read'], 'exchange.*')).toBe(false);
  });
  test('nothing implies itself', () => {
    expect(isImplied(['*.read'], '*.read')).toBe(false);
    expect(isImplied(['*.read', 'mev.read'], 'mev.read')).toBe(true);
  });
  test('what a change of roles gives and takes', () => {
    expect(gained(['*.read'], ['*.read', '*.trade', 'mev.read'])).toEqual(['*.trade']);
    expect(gained(['*.*'], ['*.read'])).toEqual([]);
  });
  test('capabilities are named once; public is none', () => {
    expect(capabilitiesOf(['public.read', 'identity.self', 'identity.admin', '*.read', 'exchange.trade'])).toEqual(['exchange', 'identity']);
  });
});
