import { describe, expect, it } from 'vitest';
import { readAddress } from '../mev/address';
import { toRows, toStreams } from './read';

describe('toRows', () => {
  it('names nested values by their way, with words and separators', () => {
    expect(toRows({ decode: { unknown_events: 12345, by: { 'raydium x': '99999' } }, ratio: 0.123456, none: null })).toEqual([
      { name: 'Decode unknown events', value: '12,345' },
      { name: 'Decode by raydium x', value: '99,999' },
      { name: 'Ratio', value: '0.1235' },
      { name: 'None', value: '–' },
    ]);
    expect(toRows(7)).toEqual([]);
  });
});

describe('toStreams', () => {
  it('takes the shapes a server may give', () => {
    const rows = [{ name: 'mev.slot', value: '1,234' }];
    expect(toStreams({ 'mev.slot': 1234 })).toEqual(rows);
    expect(toStreams({ 'mev.slot': { last_seq: 1234 } })).toEqual(rows);
    expect(toStreams([{ name: 'mev.slot', last_seq: 1234 }])).toEqual(rows);
    expect(toStreams(undefined)).toEqual([]);
  });
});

describe('readAddress', () => {
  it('reads totals by kind as rows or as an object', () => {
    const row = { kind: 'sandwich', count: 2, profitable: 1, profit_lamports: '5', tips_lamports: '1', victim_loss_lamports: '3' };
    const { kind, ...fields } = row;
    const read = { kind, count: 2, profitable: 1, profit_lamports: '5', tips_lamports: '1', loss_lamports: '3' };
    expect(readAddress({ as_actor: [row], as_victim: { sandwich: fields }, swaps: 9 })).toEqual({ actor: [read], victim: [read], swaps: 9 });
    expect(readAddress({ totals: [row] }).actor).toEqual([read]);
    expect(readAddress({})).toEqual({ actor: [], victim: [], swaps: null });
  });
});
