import { useStreamState } from '@/feed/feed';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';

/** The live connection and how long a message takes there and back. */
export function ConnectionState() {
  useNow();
  const { phase, latencyMs, retryAt, version, reconnects } = useStreamState();
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - performance.now()) / 1000));
  const text = phase === 'open' ? t.bar.connected : phase === 'waiting' ? t.bar.waiting(seconds) : t.bar.connecting;
  return (
    <span className="connection" data-phase={phase} role="status" title={version ? t.bar.connectionHint(version, reconnects) : undefined}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="connection-text">{text}</span>
      {phase === 'open' && latencyMs !== null ? <span className="num muted">{t.bar.latency(latencyMs)}</span> : null}
    </span>
  );
}
