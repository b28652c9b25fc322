import { useStreamState } from '@/feed/feed';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Badge } from '@/ui/parts';
import { useTicker, useTickers } from './market';
import { usePriceSource } from './sources';
import { venueTruthOf, type VenueTruth } from './truth';
import { useMarket } from './useMarket';

export function useVenueTruth(symbol: string): VenueTruth {
  useNow();
  const { phase, lastMessageAt } = useStreamState();
  const { simulated } = useTickers();
  const ticker = useTicker(symbol);
  const source = usePriceSource(useMarket(symbol).data?.settings.base_asset ?? '');
  return venueTruthOf({
    phase, lastMessageMs: lastMessageAt, lastPriceMs: source?.arrivedMs ?? null, nowMs: performance.now(), label: source?.label ?? null, isSimulated: simulated, verdict: ticker?.oracle ?? null,
  });
}

/** Whether a market trades, and what its figures are: live, replayed or made up; of a venue of play money; late. */
export function TruthBadges({ symbol, isShort = false }: { symbol: string; isShort?: boolean }) {
  const { label, isSimulated, staleSeconds } = useVenueTruth(symbol);
  const state = useTicker(symbol)?.state ?? 'open';
  const words = isShort ? t.venue.truth.short : t.venue.truth.long;
  return (
    <span className="truth" role="status">
      {state !== 'open' ? <Badge tone="stale">{t.venue.states[state]}</Badge> : null}
      {staleSeconds !== null ? (
        <Badge tone="stale" title={t.venue.truth.staleHint}>
          {t.bar.stale(staleSeconds)}
        </Badge>
      ) : null}
      {label ? (
        <Badge tone={label} title={t.venue.truth.hints[label]}>
          {words[label]}
        </Badge>
      ) : null}
      {isSimulated ? (
        <Badge tone="synthetic" title={t.venue.simulatedHint}>
          {words.simulated}
        </Badge>
      ) : null}
    </span>
  );
}
