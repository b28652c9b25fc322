import './governance.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useOutlet, useParams } from 'react-router';
import { governance, kProposalStates, type GovernanceParameters, type Proposal, type ProposalState } from '@/api/governance';
import { duration } from '@/domain/time';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Facts, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { left, right, Table } from '@/ui/Table';
import { nextStepOf, powerText, slicesOf } from './proposals';
import { StakePanel } from './StakePanel';
import { useLiveProposals } from './useProposals';

const g = t.governance;

/** What the venue's stakers decide. A proposal that is chosen or written stands in the place of the list. */
export default function GovernancePage() {
  const { id } = useParams();
  const parameters = useQuery({ queryKey: ['governance', 'parameters'], queryFn: ({ signal }) => governance.parameters(signal), staleTime: 30_000 });
  useLiveProposals();
  useEffect(() => {
    document.title = `${id ? `${g.columns.id} ${id} · ` : ''}${g.title} · ${t.product}`;
  }, [id]);
  const asset = parameters.data?.asset ?? '';
  const inner = useOutlet({ asset });
  return (
    <div className="page governance-page">
      <h1>{g.title}</h1>
      {parameters.isError ? <ErrorState error={parameters.error} retry={() => void parameters.refetch()} /> : null}
      {parameters.data ? (
        <p className="muted">
          {g.intro(asset)} {parameters.data.rules.binds ? g.binding : g.notBinding}
        </p>
      ) : null}
      <div className="governance-columns">
        <div className="governance-main">{inner ?? <Proposals />}</div>
        <div className="governance-side">
          {parameters.data ? <StakePanel parameters={parameters.data} /> : <Skeleton rows={6} />}
          {parameters.data ? <Rules parameters={parameters.data} /> : null}
        </div>
      </div>
    </div>
  );
}

function Proposals() {
  const [state, setState] = useState<ProposalState | null>(null);
  const proposals = useQuery({ queryKey: ['governance', 'proposals', state], queryFn: ({ signal }) => governance.proposals(state, signal) });
  const c = g.columns;
  const tools = (
    <>
      <Link className="button" to="/governance/new">
        {g.propose.action}
      </Link>
      <select className="field" aria-label={g.filter} value={state ?? ''} onChange={(event) => setState(event.target.value === '' ? null : (event.target.value as ProposalState))}>
      <option value="">{g.all}</option>
      {kProposalStates.map((each) => (
        <option key={each} value={each}>
          {g.states[each]}
        </option>
      ))}
      </select>
    </>
  );
  const list = proposals.data?.proposals ?? [];
  return (
    <Panel title={g.proposals} tools={tools}>
      {proposals.isError ? <ErrorState error={proposals.error} retry={() => void proposals.refetch()} /> : null}
      {proposals.isPending ? <Skeleton rows={4} /> : null}
      {proposals.data && list.length === 0 ? state ? <Empty title={g.noneOf} /> : <Empty title={g.none} text={g.noneHint} /> : null}
      {list.length > 0 ? (
        <Table label={g.proposals} columns={[right(c.id), left(c.title), left(c.subject), left(c.state), left(c.votes), left(c.ends)]}>
          {list.map((proposal) => (
            <Row key={proposal.id} proposal={proposal} />
          ))}
        </Table>
      ) : null}
    </Panel>
  );
}

function Row({ proposal }: { proposal: Proposal }) {
  const now = useNow();
  return (
    <tr>
      <td className="right num">{proposal.id}</td>
      <td className="governance-title">
        <Link to={`/governance/${proposal.id}`}>{proposal.title}</Link>
      </td>
      <td>{proposal.subject}</td>
      <td>
        <span className={`governance-state governance-state-${proposal.state}`}>{g.states[proposal.state]}</span>
      </td>
      <td>
        <TallyBar proposal={proposal} />
      </td>
      <td className="muted">{nextStepOf(proposal, now) ?? g.ended}</td>
    </tr>
  );
}

/** For, against, abstained, as parts of all power; the marks are what it takes. */
export function TallyBar({ proposal }: { proposal: Pick<Proposal, 'tally' | 'terms'> }) {
  const slices = slicesOf(proposal);
  const words = slices.map(({ choice, power }) => `${g.choices[choice]} ${powerText(power)}`).join(', ');
  return (
    <span className="governance-bar" role="img" aria-label={words} title={words}>
      {slices.map(({ choice, share }) => (
        <span key={choice} className={`governance-slice governance-slice-${choice}`} style={{ width: `${share / 1000}%` }} />
      ))}
    </span>
  );
}

function Rules({ parameters: { rules, asset, staked, voters } }: { parameters: GovernanceParameters }) {
  const percent = (ppm: number) => <span className="num">{`${(ppm / 10_000).toLocaleString('en')} %`}</span>;
  const time = (ms: number) => <span className="num">{duration(ms / 1000)}</span>;
  return (
    <Panel title={g.rules}>
      <Facts
        items={[
          [g.stakedAll, <span key="s" className="num">{`${powerText(staked)} ${asset}`}</span>],
          [g.voters, <span key="v" className="num">{voters}</span>],
          [g.quorum, percent(rules.quorum_ppm)],
          [g.threshold, percent(rules.threshold_ppm)],
          [g.voting, time(rules.voting_ms)],
          [g.timelock, time(rules.timelock_ms)],
          [g.expiry, time(rules.expiry_ms)],
          [g.cooldown, time(rules.cooldown_ms)],
          [g.proposer, <span key="p" className="num">{`${powerText(rules.proposer_power_min)} ${asset}`}</span>],
          [g.deposit, <span key="d" className="num">{`${powerText(rules.deposit)} ${asset}`}</span>],
        ]}
      />
    </Panel>
  );
}
