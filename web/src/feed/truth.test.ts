import { describe, expect, it } from 'vitest';
import type { FeedStatus, SlotEvent } from '@/api/types';
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
