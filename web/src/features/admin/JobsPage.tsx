import { useQuery } from '@tanstack/react-query';
import { server, type JobStatus } from '@/api/server';
import { group } from '@/domain/amount';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { left, right, Table } from '@/ui/Table';
import { Time } from '@/ui/values';
import { inOrderOfWorry, tookText, untilText } from './jobs';

const j = t.admin.jobs;
const kRefreshMs = 3000;

/** What the server does by itself, and how the last time went. */
export default function JobsPage() {
  const jobs = useQuery({ queryKey: ['server', 'jobs'], queryFn: ({ signal }) => server.jobs(signal), refetchInterval: kRefreshMs });
  const failed = jobs.data?.items.filter(({ outcome }) => outcome === 'failed').length ?? 0;
  const c = j.columns;
  return (
    <Panel title={j.title} tools={jobs.data ? <span className={failed > 0 ? 'refused' : 'muted'}>{j.failing(failed)}</span> : null}>
      <p className="muted admin-note">{j.hint}</p>
      {jobs.isError ? <ErrorState error={jobs.error} retry={() => void jobs.refetch()} /> : null}
      {jobs.isPending ? <Skeleton rows={8} /> : null}
      {jobs.data?.items.length === 0 ? <Empty title={j.none} /> : null}
      {jobs.data && jobs.data.items.length > 0 ? (
        <Table label={j.title} columns={[left(c.job), left(c.outcome), left(c.last), right(c.took), left(c.next), right(c.runs), right(c.failures)]}>
          {inOrderOfWorry(jobs.data.items).map((job) => (
            <Row key={job.name} job={job} />
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function Row({ job }: { job: JobStatus }) {
  const now = useNow();
  return (
    <tr>
      <td className="admin-job">
        <span className="num">{job.name}</span>
        <span className="muted">{job.summary}</span>
        {job.trouble ? <span className="refused">{job.trouble}</span> : null}
      </td>
      <td>
        <span className={`admin-outcome admin-outcome-${job.outcome}`}>{j.outcomes[job.outcome]}</span>
      </td>
      <td>{job.last_run === null ? <span className="muted">{j.notYet}</span> : <Time at={job.last_run} />}</td>
      <td className="right num">{tookText(job.took_ms) ?? '–'}</td>
      <td>
        {untilText(job.next_run, now) ?? ''} <span className="muted">{job.rhythm}</span>
      </td>
      <td className="right num">{group(String(job.runs))}</td>
      <td className={`right num ${job.failures > 0 ? 'refused' : ''}`}>{group(String(job.failures))}</td>
    </tr>
  );
}
