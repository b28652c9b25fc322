import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { admin, type AuditReport } from '@/api/admin';
import { kSearchFieldId } from '@/app/hotkeys';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Refusal, useChange } from '@/ui/form';
import { Icon } from '@/ui/Icon';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { AuditTable } from './AuditTable';

const kPage = 50;
/** Typing asks the server once it pauses. */
const kTypingMs = 350;

export default function AuditPage() {
  return (
    <>
      <ChainPanel />
      <EntriesPanel />
    </>
  );
}

function ChainPanel() {
  const [report, setReport] = useState<AuditReport | null>(null);
  const [head, setHead] = useState<string | null>(null);
  const verifying = useChange();
  const signing = useChange();
  const verify = () =>
    verifying.run(async () => {
      setReport(null);
      setReport(await admin.verifyAudit());
    });
  return (
    <Panel title={t.admin.audit}>
      <div className="admin-part">
        <p className="muted">{t.admin.auditHint}</p>
        <div className="admin-actions">
          <button type="button" className="button button-primary" disabled={verifying.isBusy} onClick={() => void verify()}>
            {verifying.isBusy ? t.admin.auditVerifying : t.admin.auditVerify}
          </button>
          <button type="button" className="button" disabled={signing.isBusy} onClick={() => void signing.run(async () => setHead((await admin.signAudit()).head))}>
            {t.admin.auditSign}
          </button>
          <a className="button" href={admin.auditExport} download="audit.ndjson">
            {t.admin.auditExport}
          </a>
        </div>
        <Refusal error={verifying.error ?? signing.error} />
        {report ? <Verdict report={report} /> : null}
        {head ? <Head text={head} /> : null}
      </div>
    </Panel>
  );
}

function Verdict({ report }: { report: AuditReport }) {
  const { findings } = report;
  const first = findings[0];
  const c = t.admin.faultColumns;
  if (!first) {
    return (
      <p role="status" className="admin-verdict">
        <Icon name="check" /> {t.admin.auditWhole(shown(report.entries), shown(report.signed_heads))}
      </p>
    );
  }
  return (
    <>
      <p role="alert" className="admin-verdict form-refusal">
        <Icon name="warn" /> {t.admin.auditBroken(findings.length, shown(first.seq))}
      </p>
      <Table label={t.admin.faultColumns.fault} columns={[{ label: c.seq, isRight: true }, { label: c.fault }, { label: c.text }]}>
        {findings.map((finding, i) => (
          <tr key={i}>
            <td className="right num">{shown(finding.seq)}</td>
            <td>{t.admin.faults[finding.fault] ?? finding.fault}</td>
            <td className="admin-wrap">{finding.text}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Head({ text }: { text: string }) {
  return (
    <div role="status" className="admin-once">
      <p>{t.admin.auditSigned}</p>
      <pre className="num admin-head">{text}</pre>
      <button type="button" className="button" onClick={() => void copyText(text, t.admin.auditHead)}>
        {t.admin.copyHead}
      </button>
    </div>
  );
}

function EntriesPanel() {
  const [search, setSearch] = useSearchParams();
  const filter = { who: search.get('who') ?? '', action: search.get('action') ?? '', refused: search.get('refused') === 'true' };
  const audit = useInfiniteQuery({
    queryKey: ['admin', 'audit', filter],
    queryFn: ({ pageParam, signal }) => admin.audit(filter, pageParam, kPage, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.items.length < kPage ? undefined : last.items.at(-1)!.seq),
  });
  const set = (name: string, value: string) =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const entries = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  const isFiltered = filter.who !== '' || filter.action !== '' || filter.refused;
  return (
    <Panel title={t.admin.entries}>
      <div className="admin-filters" role="group" aria-label={t.admin.auditFilters}>
        <FilterField id={kSearchFieldId} label={t.admin.auditWho} value={filter.who} onChange={(value) => set('who', value)} />
        <FilterField label={t.admin.auditAction} value={filter.action} onChange={(value) => set('action', value)} />
        <button type="button" className="chip" aria-pressed={filter.refused} onClick={() => set('refused', filter.refused ? '' : 'true')}>
          {t.admin.auditRefused}
        </button>
        {isFiltered ? (
          <button type="button" className="button-plain" onClick={() => setSearch({}, { replace: true })}>
            {t.admin.clear}
          </button>
        ) : null}
      </div>
      {audit.isError ? <ErrorState error={audit.error} retry={() => void audit.refetch()} /> : null}
      {audit.isPending ? <Skeleton rows={10} /> : null}
      {audit.data && entries.length === 0 ? <Empty title={t.admin.auditEmpty} text={t.admin.auditEmptyHint} /> : null}
      {entries.length > 0 ? <AuditTable entries={entries} /> : null}
      {audit.hasNextPage ? (
        <button type="button" className="button admin-older" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {t.admin.auditOlder}
        </button>
      ) : null}
    </Panel>
  );
}

function FilterField({ id, label, value, onChange }: { id?: string; label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), kTypingMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return <input id={id} className="field" type="search" aria-label={label} placeholder={label} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />;
}
