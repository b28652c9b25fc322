import type { JobStatus } from '@/api/server';
import { duration, parseTime } from '@/domain/time';
import { t } from '@/strings';

/** Failed ones first, then as the server has them. */
export const inOrderOfWorry = (jobs: readonly JobStatus[]): JobStatus[] => [...jobs.filter(({ outcome }) => outcome === 'failed'), ...jobs.filter(({ outcome }) => outcome !== 'failed')];

/** "in 3 h 20 min"; what is due is "now". Null without a time. */
export function untilText(next: string | null, now: number): string | null {
  const at = parseTime(next);
  if (at === null) return null;
  return at <= now ? t.admin.jobs.due : duration((at - now) / 1000);
}

/** "0.4 ms", "1,250 ms": as exact as helps. */
export function tookText(ms: number | null): string | null {
  if (ms === null) return null;
  return ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en');
}
