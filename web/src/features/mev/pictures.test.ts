import { describe, expect, it } from 'vitest';
import type { Finding, Leg, StatisticsItem } from '@/api/types';
import { axisNumber, layOut, niceCeiling, toBuckets, totalsOf } from './chart';
import { flowOf, onEllipse, toCycle } from './flow';

const leg = (mint_in: string, mint_out: string, extra: Partial<Leg> = {}): Leg =>
  ({ role: 'hop', slot: 1, tx_index: 0, ix_index: 0, inner_index: 0, mint_in, mint_out, amount_in: '10', amount_out: '20', ...extra }) as Leg;

describe('toCycle', () => {
  it('is a ring of hops', () => {
    expect(toCycle([leg('A', 'B'), leg('B', 'C'), leg('C', 'A')])?.map((e) => e.from)).toEqual(['A', 'B', 'C']);
  });
  it('joins the legs of a split route', () => {
    const edges = toCycle([leg('A', 'B'), leg('A', 'B', { amount_in: '5' }), leg('B', 'A')])!;
    expect(edges.map((e) => [e.from, e.amountIn, e.legs.length])).toEqual([['A', 15n, 2], ['B', 10n, 1]]);
  });
  it('is nothing when the legs do not close, cross or are too many', () => {
    expect(toCycle([leg('A', 'B'), leg('B', 'C')])).toBeNull();
    expect(toCycle([leg('A', 'B')])).toBeNull();
    expect(toCycle([leg('A', 'B'), leg('B', 'A'), leg('A', 'C'), leg('C', 'A')])).toBeNull();
    const long = Array.from({ length: 8 }, (_, i) => leg(`m${i}`, `m${(i + 1) % 8}`));
    expect(toCycle(long)).toBeNull();
  });
});

describe('flowOf', () => {
  it('puts the legs of a sandwich in the order of execution and keeps the largest victims', () => {
    const victims = Array.from({ length: 8 }, (_, i) => leg('A', 'B', { role: 'victim', tx_index: 10 + i, amount_in: String(100 + i) }));
    const flow = flowOf({
      kind: 'sandwich',
      legs: [leg('B', 'A', { role: 'back', tx_index: 30 }), ...victims, leg('A', 'B', { role: 'front', tx_index: 1 })],
    } as Finding);
    expect(flow.shape === 'sequence' && flow.rows.map((r) => [r.side, r.leg.tx_index])).toEqual([
      ['actor', 1], ['victim', 13], ['victim', 14], ['victim', 15], ['victim', 16], ['victim', 17], ['actor', 30],
    ]);
    expect(flow).toMatchObject({ omittedVictims: 3, hasVictims: true });
  });
  it('falls back to a sequence for an arbitrage that is no ring, and has nothing for no legs', () => {
    expect(flowOf({ kind: 'arbitrage', legs: [leg('A', 'B'), leg('B', 'C')] } as Finding).shape).toBe('sequence');
    expect(flowOf({ kind: 'near_liquidation', legs: [] as Leg[] } as Finding).shape).toBe('none');
  });
  it('starts rings at the top', () => {
    const top = onEllipse(0, 3, { x: 100, y: 50 }, 40, 20);
    expect([top.x, top.y].map(Math.round)).toEqual([100, 30]);
  });
});

const row = (time: string, kind: string, profit: string, count = 1): StatisticsItem =>
  ({ time, kind, count, profitable: 1, profit_lamports: profit, tips_lamports: '10', fees_lamports: '1', victim_loss_lamports: '5' }) as StatisticsItem;

describe('the chart', () => {
  const items = [
    row('2024-08-21T00:00:00Z', 'arbitrage', '1000000000'),
    row('2024-08-21T00:00:00Z', 'sandwich', '-500000000'),
    row('2024-08-21T00:00:20Z', 'arbitrage', '2000000000', 3),
    row('2024-08-21T00:00:30Z', 'arbitrage', '0'),
    row('not a time', 'arbitrage', '7'),
  ];
  it('stacks gains up and losses down', () => {
    const buckets = toBuckets(items, 'profit');
    expect(buckets.map((b) => [b.gain, b.loss])).toEqual([[1, -0.5], [2, 0]]);
    expect(toBuckets(items, 'count').map((b) => b.gain)).toEqual([2, 3, 1]);
  });
  it('keeps the time between bars, and cuts long silences visibly', () => {
    const layout = layOut(toBuckets(items, 'profit'), 10_000, null, null);
    expect(layout.buckets.map((b) => b.position)).toEqual([0, 2]);
    expect(layout).toMatchObject({ breaks: [], top: 2, bottom: -0.5 });
    const later = [...items, row('2025-01-01T00:00:00Z', 'arbitrage', '1')];
    const cut = layOut(toBuckets(later, 'profit'), 10_000, null, null);
    expect(cut.buckets.map((b) => b.position)).toEqual([0, 2, 6]);
    expect(cut.breaks).toHaveLength(1);
  });
  it('shows a bounded window to its ends', () => {
    const t0 = Date.parse('2024-08-21T00:00:00Z');
    const layout = layOut(toBuckets(items, 'profit'), 10_000, t0 - 100_000, t0 + 60_000);
    expect(layout.buckets.map((b) => b.position)).toEqual([10, 12]);
    expect(layout.width).toBe(17);
    expect(layout.breaks).toEqual([]);
  });
  it('sums exactly', () => {
    expect(totalsOf(items)).toMatchObject({ count: 7, profitable: 5, profit: 2500000007n, tips: 50n, victimLoss: 25n });
    expect(totalsOf(items).byKind.sandwich).toEqual({ count: 1, profit: -500000000n });
  });
  it('has round ends', () => {
    expect([0, 0.0012, 0.1, 3, 7, 10, 2.4].map(niceCeiling)).toEqual([0, 0.002, 0.1, 5, 10, 10, 2.5]);
    expect([0, 0.00125, -1234.5].map(axisNumber)).toEqual(['0', '0.00125', '−1,230']);
  });
});
