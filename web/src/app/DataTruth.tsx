import { useEffect } from 'react';
import { useFeed, useStreamState } from '@/feed/feed';
import { truthOf } from '@/feed/truth';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Badge } from '@/ui/parts';

/** What the data is: live, replay, synthetic; and that it is late, when it is. */
export function DataTruth() {
  useNow();
  const { phase } = useStreamState();
  const { feed, slots, lastArrivalMs } = useFeed();
  const truth = truthOf({ phase, feed, lastSlot: slots.at(-1) ?? null, lastArrivalMs, nowMs: performance.now() });
  const isStale = truth.staleSeconds !== null;
  useEffect(() => {
    document.documentElement.toggleAttribute('data-stale', isStale);
  }, [isStale]);
  return (
    <span className="truth" role="status">
      {truth.label && truth.label !== 'stale' ? (
        <Badge tone={truth.label} title={t.labelHints[truth.label]}>
          {t.labels[truth.label]}
        </Badge>
      ) : null}
      {truth.staleSeconds !== null ? (
        <Badge tone="stale" title={t.labelHints.stale}>
          {t.bar.stale(truth.staleSeconds)}
        </Badge>
      ) : null}
      {truth.label === null && !isStale ? <Badge tone="stale">{t.bar.noData}</Badge> : null}
    </span>
  );
}
