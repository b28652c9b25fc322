import './status.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { api } from '@/api/client';
import type { EndpointStatus, FeedStatus, ServerStatus } from '@/api/types';
import { group } from '@/domain/amount';
import { duration } from '@/domain/time';
import { useFeed, useStreamState } from '@/feed/feed';
import { t } from '@/strings';
import { Badge, Facts, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Count } from '@/ui/values';
import { toRows, type Row } from './read';

const kRefreshMs = 2000;

export default function StatusPage() {
  const status = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => api.status(signal), refetchInterval: kRefreshMs });
  const counters = useQuery({ queryKey: ['mev', 'counters'], queryFn: ({ signal }) => api.counters(signal), refetchInterval: kRefreshMs });
  const live = useFeed().feed;
  useEffect(() => {
    document.title = `${t.status.title} · ${t.product}`;
  }, []);
  const feed = live ?? status.data?.feed;
  return (
    <div className="page status-page">
      <h1>{t.status.title}</h1>
      {status.isError ? <ErrorState error={status.error} retry={() => void status.refetch()} /> : null}
      <div className="status-grid">
        <Panel title={t.status.feed} tools={feed && feed.label in t.labels ? <Badge tone={feed.label}>{t.labels[feed.label]}</Badge> : null}>
          {feed ? <FeedFacts feed={feed} /> : status.isPending ? <Skeleton rows={10} /> : null}
        </Panel>
        <div className="status-column">
          <Panel title={t.status.connection}>
            <ConnectionFacts />
          </Panel>
          <Panel title={t.status.server}>{status.data ? <ServerFacts status={status.data} /> : <Skeleton rows={4} />}</Panel>
          <Panel title={t.status.streams}>{status.data ? <Streams streams={status.data.streams} /> : <Skeleton rows={4} />}</Panel>
        </div>
        <Panel title={t.status.decoding}>
          {counters.isError ? <ErrorState error={counters.error} retry={() => void counters.refetch()} /> : null}
          {counters.data ? <RowFacts rows={toRows(counters.data)} /> : counters.isPending ? <Skeleton rows={8} /> : null}
          <p className="muted detail-note">{t.status.decodingHint}</p>
        </Panel>
      </div>
      <Panel title={t.status.endpoints}>{feed ? <Endpoints endpoints={feed.endpoints} /> : <Skeleton rows={2} />}</Panel>
    </div>
  );
}

function FeedFacts({ feed }: { feed: FeedStatus }) {
  const n = (value: number): ReactNode => <Count value={value} />;
  const lag = Math.max(0, feed.tip_slot - feed.slot);
  return (
    <>
      {feed.detail ? <p className="status-detail">{feed.detail}</p> : null}
      <Facts
        items={[
          [t.status.mode, feed.mode],
          [t.status.state, feed.state],
          [t.status.slot, n(feed.slot)],
          [t.status.tip, n(feed.tip_slot)],
          [t.status.lag, n(lag)],
          [t.status.blocks, n(feed.blocks)],
          [t.status.skipped, n(feed.skipped_slots)],
          [t.status.forks, n(feed.forks)],
          [t.status.duplicates, n(feed.duplicates)],
          [t.status.gapsFound, n(feed.gaps_found)],
          [t.status.gapsFilled, n(feed.gaps_filled)],
          [t.status.lost, n(feed.slots_lost)],
          [t.status.byWebsocket, n(feed.first_by_websocket)],
          [t.status.byPolling, n(feed.first_by_polling)],
          [t.status.reconnects, n(feed.reconnects)],
        ]}
      />
    </>
  );
}

function ConnectionFacts() {
  const { phase, latencyMs, reconnects, badMessages, version } = useStreamState();
  return (
    <Facts
      items={[
        [t.status.connectionState, phase === 'open' ? t.bar.connected : phase === 'waiting' ? t.bar.waiting(0) : t.bar.connecting],
        [t.status.latency, <span key="l" className="num">{latencyMs === null ? '–' : latencyMs.toFixed(1)}</span>],
        [t.status.reconnects, <Count key="r" value={reconnects} />],
        [t.status.bad, <Count key="b" value={badMessages} />],
        [t.status.version, <span key="v" className="num">{version ?? '–'}</span>],
      ]}
    />
  );
}

function ServerFacts({ status }: { status: ServerStatus }) {
  const rows = [
    { name: t.status.version, value: status.version },
    { name: t.status.uptime, value: duration(status.uptime_seconds) },
    ...toRows(status.store, t.status.store),
  ];
  return <RowFacts rows={rows} />;
}

const RowFacts = ({ rows }: { rows: Row[] }) => (
  <Facts items={rows.map(({ name, value }) => [name, <span key={name} className="num">{value || '–'}</span>])} />
);

function Streams({ streams }: { streams: ServerStatus['streams'] }) {
  if (streams.length === 0) return <p className="muted">{t.status.streamsEmpty}</p>;
  return <RowFacts rows={streams.map(({ name, last_seq }) => ({ name, value: group(String(last_seq)) }))} />;
}

function Endpoints({ endpoints }: { endpoints: readonly EndpointStatus[] }) {
  if (endpoints.length === 0) return <Empty title={t.status.endpointsEmpty} />;
  const c = t.status.endpointColumns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.status.endpoints}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{c.url}</th>
            <th scope="col">{c.state}</th>
            <th scope="col" className="right">{c.calls}</th>
            <th scope="col" className="right">{c.failures}</th>
            <th scope="col" className="right">{c.limited}</th>
            <th scope="col" className="right">{c.latency}</th>
            <th scope="col">{c.error}</th>
          </tr>
        </thead>
        <tbody>
          {endpoints.map((endpoint) => (
            <tr key={endpoint.url}>
              <td className="num">{endpoint.url}</td>
              <td>{t.status.endpointStates[endpoint.state] ?? endpoint.state}</td>
              <td className="right num">{group(String(endpoint.calls))}</td>
              <td className="right num">{group(String(endpoint.failures))}</td>
              <td className="right num">{group(String(endpoint.rate_limited))}</td>
              <td className="right num">{endpoint.latency_ms.toFixed(1)}</td>
              <td className="muted">{endpoint.last_error || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
