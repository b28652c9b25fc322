import './detail.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '@/api/client';
import type { Finding } from '@/api/types';
import { group } from '@/domain/amount';
import { protocolName } from '@/domain/protocols';
import { exactTime, parseTime } from '@/domain/time';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Icon } from '@/ui/Icon';
import { useLayer } from '@/ui/layers';
import { Badge, Facts, Kind, Panel, Status } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { findingPath, Hash, Pool, Signature, Sol, TokenAmount, Wallet } from '@/ui/values';
import { Flow } from './Flow';
import { Legs, Losses } from './Evidence';
import { Money } from './Money';

interface Props {
  id: string;
  /** The finding when the list has it; else it is asked for. */
  known: Finding | undefined;
  close: () => void;
  previous: () => void;
  next: () => void;
}

export function Detail({ id, known, close, previous, next }: Props) {
  const panel = useRef<HTMLElement>(null);
  useLayer(close);
  const query = useQuery({
    queryKey: ['mev', 'opportunity', id],
    queryFn: ({ signal }) => api.opportunity(id, signal),
    initialData: known,
    staleTime: Infinity,
  });
  const fromTable = useRef(document.activeElement?.getAttribute('role') === 'grid');
  useEffect(() => {
    // Opened while the arrows move through the list: the focus stays there.
    if (!fromTable.current || !panel.current?.dataset.stepped) panel.current?.focus();
  }, []);
  return (
    <aside ref={panel} className="detail" role="dialog" aria-label={t.detail.title} tabIndex={-1}>
      <header className="detail-header">
        {query.data ? <Kind kind={query.data.kind} /> : <h2>{t.detail.title}</h2>}
        {query.data ? <Status status={query.data.status} /> : null}
        {query.data?.synthetic ? <Badge tone="synthetic">{t.live.synthetic}</Badge> : null}
        <span className="detail-tools">
          <ToolButton label={t.detail.previous} icon="up" run={previous} />
          <ToolButton label={t.detail.next} icon="down" run={next} />
          <ToolButton label={t.detail.copyLink} icon="link" run={() => void copyText(location.origin + findingPath(id), t.detail.copyLink.toLowerCase())} />
          <ToolButton label={t.detail.close} icon="close" run={close} />
        </span>
      </header>
      <div className="detail-body">
        {query.isPending ? <Skeleton rows={14} /> : null}
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} notFoundText={t.detail.notFound} /> : null}
        {query.data ? <FindingDetail finding={query.data} /> : null}
      </div>
    </aside>
  );
}

function ToolButton({ label, icon, run }: { label: string; icon: 'up' | 'down' | 'link' | 'close'; run: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={run}>
      <Icon name={icon} />
    </button>
  );
}

function FindingDetail({ finding }: { finding: Finding }) {
  return (
    <>
      <div className="detail-figure">
        <span className="figure">
          {finding.net_lamports === null ? (
            <TokenAmount raw={finding.profit_raw} mint={finding.start_mint} signed />
          ) : (
            <Sol lamports={finding.net_lamports} signed places={9} />
          )}
        </span>
        <span className="muted">{finding.net_lamports === null ? t.detail.profit : `${t.detail.net}, SOL`}</span>
      </div>
      {finding.synthetic ? <p className="detail-synthetic">{t.detail.synthetic(finding.synthetic)}</p> : null}
      <Why finding={finding} />
      <Panel title={t.detail.flow}>
        <Flow finding={finding} />
      </Panel>
      <Panel title={t.detail.money}>
        <Money finding={finding} />
      </Panel>
      {finding.losses.length > 0 ? <Losses losses={finding.losses} /> : null}
      <Legs legs={finding.legs} />
      <FindingFacts finding={finding} />
    </>
  );
}

function Why({ finding }: { finding: Finding }) {
  const percent = Math.round(finding.confidence * 100);
  return (
    <Panel
      title={t.detail.why}
      tools={
        <span className="confidence" title={t.detail.confidenceHint}>
          {t.detail.confidence} <meter min={0} max={100} value={percent} aria-label={t.detail.confidence} /> <span className="num">{percent} %</span>
        </span>
      }
    >
      <ul className="reasons">
        {finding.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Panel>
  );
}

const list = (items: React.ReactNode[]) => <span className="stack">{items}</span>;

function FindingFacts({ finding }: { finding: Finding }) {
  const time = parseTime(finding.time);
  const facts: [string, React.ReactNode][] = [
    [t.detail.slot, <span className="num" key="s">{group(String(finding.slot))}</span>],
    [t.detail.time, time === null ? '–' : <span className="num" key="t">{exactTime(time)}</span>],
    [t.detail.leader, finding.leader ? <Hash key="l" text={finding.leader} what={t.copy.address} /> : '–'],
    [t.detail.actor, <Wallet key="a" address={finding.actor} />],
  ];
  if (finding.cluster.length > 1) facts.push([t.detail.cluster, list(finding.cluster.map((a) => <Wallet key={a} address={a} />))]);
  if (finding.protocol) facts.push([t.detail.protocol, protocolName(finding.protocol)]);
  if (finding.pools.length > 0) facts.push([t.detail.pools, list(finding.pools.map((p) => <Pool key={p} address={p} />))]);
  facts.push([t.detail.transactions, list(finding.signatures.map((s) => <Signature key={s} text={s} />))]);
  if (finding.backrun_of) facts.push([t.detail.backrunOf, <Signature key="b" text={finding.backrun_of} />]);
  if (finding.merged.length > 0) {
    facts.push([t.detail.merged, <span key="m" title={t.detail.mergedHint}>{list(finding.merged.map((m) => <Hash key={m} text={m} what={t.copy.id} />))}</span>]);
  }
  facts.push([t.detail.id, <Hash key="i" text={finding.id} what={t.copy.id} head={8} />]);
  return (
    <Panel title={t.detail.facts}>
      <Facts items={facts} />
    </Panel>
  );
}
