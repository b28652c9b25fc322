import { describe, expect, it } from 'vitest';
import { isFiltered, minNetFromText, minNetToText, noFilters, readFilters, toServerQuery, toStreamFilter, writeFilters, type Filters } from './filters';

const wallet = 'J9HwwDW2wTHrdsKGKFvsqU26sHV3zrmDUAvr7BJw9xr9';
const signature = '4okovGHuRH3ToayK5g3PcHPSvhfHGyD8QJGBJnGBSrkNFNRvHtRh1o6hhkSG12KCZUEMuGgERj1oKTvjA8XQNxGo';

describe('filters', () => {
  const full: Filters = {
    kinds: ['arbitrage', 'sandwich'], status: 'realised', profitable: true, minNetLamports: '10000000',
    wallet, pool: wallet, mint: wallet, signature, slot: 285000037, synthetic: false,
  };
  it('survive the way through the address', () => {
    for (const filters of [noFilters, full, { ...full, synthetic: true, kinds: [] } as Filters]) {
      expect(readFilters(new URLSearchParams(writeFilters(filters).toString()))).toEqual(filters);
    }
  });
  it('leave out what is not understood', () => {
    const params = new URLSearchParams('kind=theft,sandwich&status=maybe&wallet=xyz&slot=-3&min_net_lamports=1.5&signature=abc&synthetic=1');
    expect(readFilters(params)).toEqual({ ...noFilters, kinds: ['sandwich'] });
  });
  it('ask the server under its own names', () => {
    expect(toServerQuery(full)).toEqual({
      kind: 'arbitrage,sandwich', status: 'realised', profitable: 'true', min_net_lamports: '10000000',
      wallet, pool: wallet, mint: wallet, signature, slot_from: '285000037', slot_to: '285000037', synthetic: 'false',
    });
    expect(toStreamFilter(full)).toMatchObject({ profitable: true, synthetic: false, slot_from: 285000037, min_net_lamports: '10000000' });
    expect(toServerQuery(noFilters)).toEqual({});
    expect([isFiltered(noFilters), isFiltered(full)]).toEqual([false, true]);
  });
  it('take SOL as people write it', () => {
    expect(minNetFromText('0.01')).toBe('10000000');
    expect(minNetFromText('  ')).toBeNull();
    expect(minNetFromText('a lot')).toBeUndefined();
    expect(minNetFromText('0.0000000001')).toBeUndefined();
    for (const text of ['0.01', '-1.5', '1234.000000001']) expect(minNetToText(minNetFromText(text) as string)).toBe(text);
  });
});
