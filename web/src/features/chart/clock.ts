import { calendarDay, clockTime } from '@/domain/time';
import { lengthOf, type Interval } from './intervals';
import type { ChartClock } from './settings';

const kDayMs = 86_400_000;

/**
 * The axis of the canvas library counts seconds of UTC. Local time is drawn by moving all of it by the
 * offset that holds now, which the labels say: bars of a day and longer stay in UTC, as they are made.
 */
export function shiftMs(clock: ChartClock, interval: Interval, now: Date = new Date()): number {
  return clock === 'local' && lengthOf(interval) < kDayMs ? -now.getTimezoneOffset() * 60_000 : 0;
}

/** "UTC", "UTC+2", "UTC−3:30". */
export function zoneName(shift: number): string {
  if (shift === 0) return 'UTC';
  const minutes = Math.abs(shift) / 60_000;
  const rest = minutes % 60;
  return `UTC${shift < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** The start of a bar in words: without the clock for days, without seconds for minutes. */
export function barTime(ms: number, interval: Interval, shift: number): string {
  const day = calendarDay(ms + shift);
  if (lengthOf(interval) >= kDayMs) return day;
  const time = clockTime(ms + shift);
  return `${day} ${interval === '1s' ? time : time.slice(0, 5)}`;
}
