import { describe, expect, it } from 'vitest';
import type { JobStatus } from '@/api/server';
import { inOrderOfWorry, tookText, untilText } from './jobs';

const job = (name: string, outcome: JobStatus['outcome']): JobStatus => ({ name, outcome, summary: '', rhythm: '', runs: 0, failures: 0, last_run: null, took_ms: null, trouble: '', next_run: null });
const now = Date.parse('2026-11-20T12:00:00Z');

describe('jobs', () => {
  it('that failed stand first, all else as the server has it', () => {
    expect(inOrderOfWorry([job('a', 'never'), job('b', 'failed'), job('c', 'running'), job('d', 'done')]).map(({ name }) => name)).toEqual(['b', 'a', 'c', 'd']);
  });

  it('say when they run next', () => {
    expect(untilText('2026-11-20T15:20:00Z', now)).toBe('3 h 20 min');
    expect(untilText('2026-11-20T11:59:59Z', now)).toBe('now');
    expect(untilText(null, now)).toBeNull();
  });

  it('say how long they took, as exactly as helps', () => {
    expect([tookText(0.42), tookText(1250.4), tookText(null)]).toEqual(['0.4', '1,250', null]);
  });
});
