import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/client';
import { isStopOnly, plainEditor, prefilled, proposingPath, refusedField, valueLike } from './proposing';

const rules = { version: 3, binds: false, voting_ms: 259_200_000, deposit: '100', guardians: ['a'] as string[] };

describe('a proposal', () => {
  it('is about values, each of the type that it had', () => {
    const { texts, changes, settings } = plainEditor(rules);
    expect(texts).toEqual({ binds: 'false', voting_ms: '259200000', deposit: '100', guardians: '["a"]' });
    expect(changes(texts)).toEqual([]);
    const wanted = { ...texts, binds: 'true', voting_ms: '60,000', deposit: ' 50.5 ', guardians: '["a", "b"]' };
    expect(changes(wanted)).toEqual([
      { name: 'binds', now: 'false', then: 'true' },
      { name: 'voting_ms', now: '259200000', then: '60000' },
      { name: 'deposit', now: '100', then: '50.5' },
      { name: 'guardians', now: '["a"]', then: '["a","b"]' },
    ]);
    expect(settings(wanted)).toEqual({ version: 3, binds: true, voting_ms: 60_000, deposit: '50.5', guardians: ['a', 'b'] });
  });

  it('says nothing while a field holds no value', () => {
    const { texts, changes, isValue } = plainEditor(rules);
    expect(changes({ ...texts, voting_ms: 'soon' })).toBeNull();
    expect(isValue('voting_ms', '1.5')).toBe(false);
    expect(isValue('guardians', '{"a":1}')).toBe(false);
    expect(isValue('guardians', '[')).toBe(false);
    expect(valueLike(true, 'yes')).toBeUndefined();
  });

  it('is filled in from the address that leads to it', () => {
    const path = proposingPath('market', 'SOL-PERP', { taker_fee_ppm: '444' });
    expect(path).toBe('/governance/new?kind=market&symbol=SOL-PERP&taker_fee_ppm=444');
    const query = new URLSearchParams(path.split('?')[1]);
    expect(prefilled({ taker_fee_ppm: '500', maker_fee_ppm: '0' }, query)).toEqual({ taker_fee_ppm: '444', maker_fee_ppm: '0' });
    expect(prefilled({ maker_fee_ppm: '0' }, new URLSearchParams('nonsense=1'))).toEqual({ maker_fee_ppm: '0' });
  });

  it('is told at the field what it is refused for', () => {
    const refusal = (where: string | null) => new ApiError(400, 'bad_market', '', 'from 0 to 5', where);
    expect(refusedField(refusal('action.market.taker_fee_ppm'))).toBe('taker_fee_ppm');
    expect(refusedField(refusal('title'))).toBe('title');
    expect(refusedField(refusal(null))).toBeNull();
    expect(refusedField(new Error('network'))).toBeNull();
  });

  it('is not needed to stop a market, and to nothing else', () => {
    expect(isStopOnly([{ name: 'state', then: 'halted' }])).toBe(true);
    expect(isStopOnly([{ name: 'state', then: 'reduce_only' }])).toBe(true);
    expect(isStopOnly([{ name: 'state', then: 'open' }])).toBe(false);
    expect(isStopOnly([{ name: 'state', then: 'halted' }, { name: 'taker_fee_ppm', then: '1' }])).toBe(false);
    expect(isStopOnly([])).toBe(false);
  });
});
