import { describe, expect, it } from 'vitest';
import { toRows } from './read';

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
