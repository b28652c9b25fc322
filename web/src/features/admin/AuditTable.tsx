import { Link } from 'react-router';
import type { AuditItem } from '@/api/identity';
import { shorten } from '@/domain/address';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Table } from '@/ui/Table';
import { Hash, Time } from '@/ui/values';
import { detailText, isId } from './users';

const c = t.admin.auditColumns;
const kColumns = [
  { label: c.seq, isRight: true }, { label: c.time }, { label: c.action }, { label: c.outcome }, { label: c.actor }, { label: c.subject }, { label: c.detail }, { label: c.hash },
];

/** Entries as they are given. An id leads to the entries with it. */
export function AuditTable({ entries }: { entries: readonly AuditItem[] }) {
  return (
    <Table label={t.admin.audit} columns={kColumns}>
      {entries.map((entry) => (
        <tr key={entry.seq}>
          <td className="right num">{shown(entry.seq)}</td>
          <td>
            <Time at={entry.time} />
          </td>
          <td>{entry.action}</td>
          <td className={entry.outcome === 'ok' ? 'muted' : 'refused'}>{entry.outcome}</td>
          <td>
            <Who text={entry.actor} />
          </td>
          <td>
            <Who text={entry.subject} />
          </td>
          <td className="admin-detail" title={detailText(entry.detail)}>
            {detailText(entry.detail)}
          </td>
          <td>
            <Hash text={entry.hash} what={c.hash} head={6} tail={4} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Who({ text }: { text: string }) {
  if (!isId(text)) return <span title={text.length > 24 ? text : undefined}>{text.length > 24 ? shorten(text, 8, 6) : text}</span>;
  return (
    <Link className="num" to={`/admin/audit?who=${text}`} title={text}>
      {shorten(text)}
    </Link>
  );
}
