import { useEffect, useRef } from 'react';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { countdown, type Interval } from './intervals';
import type { Plot } from './plot';
import { put } from './PriceTag';

/** Below the last price on the axis: how long the bar still runs. */
export function Countdown({ plot, interval, close }: { plot: Plot; interval: Interval; close: string | null }) {
  const tag = useRef<HTMLDivElement>(null);
  const now = useNow();
  useEffect(() => {
    const place = () => {
      const y = close === null ? null : plot.yOf(Number(close));
      const { width, height } = plot.area;
      const isSeen = y !== null && y >= 0 && y < height - 24;
      put(tag.current!, isSeen ? `translate(${width}px, ${y + 10}px)` : null);
    };
    place();
    return plot.onFrame(place);
  }, [plot, close]);
  if (interval === '1s') return <div ref={tag} className="chart-countdown" hidden />;
  return (
    <div ref={tag} className="chart-countdown num" title={t.chart.closesIn} aria-hidden="true">
      {countdown(now, interval)}
    </div>
  );
}
