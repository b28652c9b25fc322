import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { server, type PriceSourceStatus, type SystemStatus } from '@/api/server';
import type { ServerStatus } from '@/api/types';
import { group } from '@/domain/amount';
import { duration } from '@/domain/time';
import { t } from '@/strings';
import { Badge, Facts, Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { left, right, Table } from '@/ui/Table';
import { Time } from '@/ui/values';
import { bytesText } from './bytes';
import { quantileOf, samplesOf, totalOf, type Sample } from './metrics';

const s = t.admin.system;
const kRefreshMs = 3000;

/** Whether all of the server works, part by part, with what to look at when one does not. */
export default function SystemPage() {
  const query = <T,>(name: string, queryFn: (options: { signal: AbortSignal }) => Promise<T>) => ({ queryKey: ['server', name], queryFn, refetchInterval: kRefreshMs });
  const health = useQuery(query('health', ({ signal }) => server.health(signal)));
  const system = useQuery(query('system', ({ signal }) => server.system(signal)));
  const status = useQuery(query('status', ({ signal }) => api.status(signal)));
  const sources = useQuery(query('sources', ({ signal }) => server.sources(signal)));
  const metrics = useQuery(query('metrics', async ({ signal }) => samplesOf(await server.metrics(signal))));
  return (
    <>
      <Panel title={s.health} tools={health.data ? <Verdict isOk={health.data.reasons.length === 0} /> : null}>
        {health.isError ? <ErrorState error={health.error} retry={() => void health.refetch()} /> : null}
        {health.isPending ? <Skeleton rows={1} /> : null}
        {health.data ? <Reasons reasons={health.data.reasons} /> : null}
      </Panel>
      <div className="admin-grid">
        <Part title={s.process} query={system}>
          {(data: SystemStatus) => <ProcessFacts system={data} />}
        </Part>
        <Part title={s.disk} query={system}>
          {(data: SystemStatus) => <DiskFacts system={data} />}
        </Part>
        <Part title={s.roles} query={system}>
          {(data: SystemStatus) => <Facts items={data.roles.map(({ part, mode }) => [s.parts[part] ?? part, mode])} />}
        </Part>
        <Part title={s.feed} query={status}>
          {(data: ServerStatus) => <FeedFacts status={data} />}
        </Part>
        <Part title={s.venue} query={status}>
          {(data: ServerStatus) => <VenueFacts status={data} />}
        </Part>
        <Part title={s.loops} query={metrics}>
          {(data: Sample[]) => <LoopFacts samples={data} />}
        </Part>
      </div>
      <Part title={s.sources} query={sources}>
        {(data: { sources: PriceSourceStatus[] }) => <Sources sources={data.sources} />}
      </Part>
      <p className="muted">
        <Link to="/admin/jobs">{t.admin.tabs.jobs}</Link> · <Link to="/status">{s.more}</Link> · <a href="/metrics">{s.metrics}</a>
      </p>
    </>
  );
}

function Verdict({ isOk }: { isOk: boolean }) {
  return <Badge tone={isOk ? 'live' : 'stale'}>{isOk ? s.ok : s.degraded}</Badge>;
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return <p>{s.allWell}</p>;
  return (
    <ul role="alert" className="refused">
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}

interface Asked<T> {
  data: T | undefined;
  isPending: boolean;
  isError: boolean;
  error: Error | null;
  refetch(): unknown;
}

function Part<T>({ title, query, children }: { title: string; query: Asked<T>; children: (data: T) => ReactNode }) {
  return (
    <Panel title={title}>
      {query.isError && query.data === undefined ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? <Skeleton rows={6} /> : null}
      {query.data === undefined ? null : children(query.data)}
    </Panel>
  );
}

const number = (value: number | null | undefined): ReactNode => <span className="num">{value === null || value === undefined ? '–' : group(String(Math.round(value)))}</span>;
const bytes = (value: number): ReactNode => <span className="num">{bytesText(value)}</span>;

function ProcessFacts({ system: { process, version, started_at, uptime_seconds } }: { system: SystemStatus }) {
  return (
    <Facts
      items={[
        [s.version, <span key="v" className="num">{version}</span>],
        [s.started, <Time key="s" at={started_at} />],
        [s.uptime, <span key="u" className="num">{duration(uptime_seconds)}</span>],
        [s.memory, bytes(process.memory_bytes)],
        [s.memoryPeak, bytes(process.memory_peak_bytes)],
        [s.threads, number(process.threads)],
        [s.files, <span key="f" className="num">{`${group(String(process.open_files))} / ${group(String(process.open_files_max))}`}</span>],
        [s.cpu, <span key="c" className="num">{duration(process.cpu_seconds)}</span>],
      ]}
    />
  );
}

/** Below this share of free room somebody should look. */
const kFreeShareMin = 0.1;

function DiskFacts({ system: { disk } }: { system: SystemStatus }) {
  const isTight = disk.total_bytes > 0 && disk.free_bytes / disk.total_bytes < kFreeShareMin;
  return (
    <>
      <Facts
        items={[
          [s.database, bytes(disk.database_bytes)],
          [s.journal, bytes(disk.journal_bytes)],
          [s.other, bytes(disk.other_bytes)],
          [s.free, <span key="f" className={isTight ? 'num refused' : 'num'}>{bytesText(disk.free_bytes)}</span>],
          [s.total, bytes(disk.total_bytes)],
        ]}
      />
      {isTight ? <p className="refused">{s.tight}</p> : null}
    </>
  );
}

function FeedFacts({ status: { feed, store } }: { status: ServerStatus }) {
  const kept = store as { queued_blocks?: number; last_commit_ms?: number; trouble?: string };
  return (
    <Facts
      items={[
        [s.mode, feed.mode],
        [s.state, feed.state],
        [s.behind, number(Math.max(0, feed.tip_slot - feed.slot))],
        [s.gaps, <span key="g" className="num">{`${group(String(feed.gaps_filled))} / ${group(String(feed.gaps_found))}`}</span>],
        [s.lost, number(feed.slots_lost)],
        [s.reconnects, number(feed.reconnects)],
        [s.queued, number(kept.queued_blocks)],
        [s.commit, <span key="c" className="num">{kept.last_commit_ms?.toFixed(1) ?? '–'}</span>],
      ]}
    />
  );
}

interface Venue {
  service: { venue: string; sequence: string | number; commands: number; refused: number; waiting: number; sync_us: number; snapshot: string | number; trouble: string };
  rows: { waiting: number; last_commit_ms: number; trouble: string };
}

function VenueFacts({ status }: { status: ServerStatus }) {
  const { service, rows } = (status as unknown as { exchange: Venue }).exchange;
  return (
    <Facts
      items={[
        [s.kind, service.venue],
        [s.sequence, <span key="s" className="num">{group(String(service.sequence))}</span>],
        [s.commands, number(service.commands)],
        [s.refused, number(service.refused)],
        [s.waiting, number(service.waiting)],
        [s.sync, <span key="y" className="num">{(service.sync_us / 1000).toFixed(2)}</span>],
        [s.snapshot, <span key="n" className="num">{group(String(service.snapshot))}</span>],
        [s.rowsWaiting, number(rows.waiting)],
      ]}
    />
  );
}

/** What the event loops carry. */
function LoopFacts({ samples }: { samples: readonly Sample[] }) {
  const total = (name: string) => number(totalOf(samples, `astrolabe_${name}`));
  const within = (share: number): string => {
    const bound = quantileOf(samples, 'astrolabe_http_request_seconds', share);
    return bound === null ? '–' : bound === Infinity ? s.slower : `≤ ${(bound * 1000).toLocaleString('en')}`;
  };
  return (
    <Facts
      items={[
        [s.connections, total('connections')],
        [s.sockets, total('websocket_clients')],
        [s.subscriptions, total('websocket_subscriptions')],
        [s.events, total('websocket_events_total')],
        [s.eventGaps, total('websocket_gaps_total')],
        [s.requests, total('http_requests_total')],
        [s.half, <span key="h" className="num">{within(0.5)}</span>],
        [s.most, <span key="m" className="num">{within(0.99)}</span>],
      ]}
    />
  );
}

function Sources({ sources }: { sources: readonly PriceSourceStatus[] }) {
  const c = s.sourceColumns;
  if (sources.length === 0) return <p className="muted">{s.noSources}</p>;
  return (
    <Table label={s.sources} columns={[left(c.source), left(c.state), left(c.data), right(c.messages), right(c.reconnects), left(c.last)]}>
      {sources.map(({ status }) => (
        <tr key={status.source}>
          <td>{status.source}</td>
          <td>
            {status.state} {status.detail ? <span className="refused">{status.detail}</span> : null}
          </td>
          <td>{status.label}</td>
          <td className="right num">{group(String(status.messages))}</td>
          <td className="right num">{group(String(status.reconnects))}</td>
          <td>
            <Time at={status.last_message} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
