import { memo } from 'react';
import type { SlotEvent } from '@/api/types';
import { group } from '@/domain/amount';
import { useFeed } from '@/feed/feed';
import { t } from '@/strings';

/** The newest blocks, newest on the left: who led, how much was found. A jump in slots is drawn. */
export function SlotTicker({ current, onSlot }: { current: number | null; onSlot: (slot: number | null) => void }) {
  const { slots } = useFeed();
  const newest = [...slots].reverse();
  return (
    <section className="ticker" aria-label={t.live.ticker}>
      {newest.length === 0 ? <span className="ticker-empty muted">{t.live.tickerEmpty}</span> : null}
      <ol className="ticker-list">
        {newest.map((event, i) => {
          const older = newest[i + 1];
          const missing = older ? event.slot - older.slot - 1 : 0;
          return (
            <li key={`${event.slot}-${event.label}`} className="ticker-item">
              <SlotCell event={event} pressed={event.slot === current} onSlot={onSlot} />
              {missing > 0 ? (
                <span className="ticker-gap num" title={t.live.skipped(missing)}>
                  <span className="sr-only">{t.live.skipped(missing)}</span>
                </span>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const SlotCell = memo(function SlotCell({ event, pressed, onSlot }: { event: SlotEvent; pressed: boolean; onSlot: (slot: number | null) => void }) {
  const leader = event.leader?.slice(0, 4) ?? '–';
  const hint = (event.orphaned ? `${t.live.orphaned} ` : '') + t.live.slotHint(group(String(event.slot)), event.leader ?? t.live.noLeader, event.transactions, event.swaps, event.findings, event.processing_ms.toFixed(1));
  return (
    <button
      type="button"
      className="slot-cell"
      data-synthetic={event.label === 'synthetic' || Boolean(event.synthetic)}
      data-found={event.findings > 0}
      data-orphaned={event.orphaned ?? false}
      aria-pressed={pressed}
      title={hint}
      onClick={() => onSlot(pressed ? null : event.slot)}
    >
      <span className="slot-number num">{String(event.slot).slice(-5)}</span>
      <span className="slot-leader num">{leader}</span>
      <span className="slot-found num">{event.findings}</span>
    </button>
  );
});
