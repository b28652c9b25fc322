import { describe, expect, it } from 'vitest';
import type { FeedStatus, SlotEvent } from '@/api/types';
import { withSlot } from './slots';
import { truthOf, type TruthInput } from './truth';

const slot = { label: 'live' } as SlotEvent;
const feed = { label: 'live', state: 'running' } as FeedStatus;
const now = 100_000;
const input = (change: Partial<TruthInput>): TruthInput => ({ phase: 'open', feed, lastSlot: slot, lastArrivalMs: now - 300, nowMs: now, ...change });

describe('truthOf', () => {
  it.each([
    ['fresh blocks', {}, { label: 'live', staleSeconds: null }],
    ['the label of the newest block wins', { lastSlot: { label: 'synthetic' } as SlotEvent }, { label: 'synthetic', staleSeconds: null }],
    ['no block for 12 s', { lastArrivalMs: now - 12_400 }, { label: 'live', staleSeconds: 12 }],
    ['a lost connection, at first', { phase: 'waiting' }, { label: 'live', staleSeconds: null }],
    ['a lost connection, later', { phase: 'waiting', lastArrivalMs: now - 6000 }, { label: 'live', staleSeconds: 6 }],
    ['the server itself says stale', { feed: { ...feed, label: 'stale' } as FeedStatus }, { label: 'live', staleSeconds: 0 }],
    ['a finished replay', { feed: { ...feed, state: 'finished' } as FeedStatus, lastArrivalMs: now - 60_000 }, { label: 'live', staleSeconds: null }],
    ['nothing known', { feed: null, lastSlot: null, lastArrivalMs: null }, { label: null, staleSeconds: null }],
  ] as [string, Partial<TruthInput>, unknown][])('%s', (_name, change, truth) => {
    expect(truthOf(input(change))).toEqual(truth);
  });
});

describe('withSlot', () => {
  const slots = [7, 8, 9].map((slot) => ({ slot, findings: 2 }) as SlotEvent);
  it('adds at the end and forgets the oldest', () => {
    expect(withSlot(slots, { slot: 10 } as SlotEvent).map((s) => s.slot)).toEqual([7, 8, 9, 10]);
    let many: SlotEvent[] = [];
    for (let slot = 0; slot < 200; slot++) many = withSlot(many, { slot } as SlotEvent);
    expect([many.length, many.at(-1)!.slot]).toEqual([60, 199]);
  });
  it('marks a slot that the chain dropped in its place', () => {
    const after = withSlot(slots, { slot: 8, orphaned: true } as SlotEvent);
    expect(after.map((s) => [s.slot, s.findings, s.orphaned ?? false])).toEqual([[7, 2, false], [8, 0, true], [9, 2, false]]);
  });
});
