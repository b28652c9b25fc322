import { Link } from 'react-router';
import type { Finding } from '@/api/types';
import { group } from '@/domain/amount';
import { t } from '@/strings';
import { Badge, Kind, Status } from '@/ui/parts';
import { findingPath, Sol, Time, TokenAmount, Wallet } from '@/ui/values';

/** A short list of findings, each with the way to its detail. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const c = t.live.columns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.live.table}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{c.kind}</th>
            <th scope="col">{c.status}</th>
            <th scope="col">{c.time}</th>
            <th scope="col" className="right">{c.slot}</th>
            <th scope="col">{c.actor}</th>
            <th scope="col" className="right">{c.profit}</th>
            <th scope="col" className="right">{c.net}</th>
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <tr key={finding.id}>
              <td>
                <Link to={findingPath(finding.id)} className="finding-link">
                  <Kind kind={finding.kind} />
                </Link>{' '}
                {finding.synthetic ? <Badge tone="synthetic">{t.live.synthetic}</Badge> : null}
              </td>
              <td><Status status={finding.status} /></td>
              <td><Time at={finding.time} /></td>
              <td className="right num">{group(String(finding.slot))}</td>
              <td><Wallet address={finding.actor} /></td>
              <td className="right"><TokenAmount raw={finding.profit_raw} mint={finding.start_mint} signed /></td>
              <td className="right"><Sol lamports={finding.net_lamports} signed /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
