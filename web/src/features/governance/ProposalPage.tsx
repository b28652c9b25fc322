import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useOutletContext, useParams } from 'react-router';
import { useAccess } from '@/api/access';
import { governance, kChoices, type Choice, type Proposal } from '@/api/governance';
import { nanoOr0 } from '@/domain/decimal';
import { exactTime } from '@/domain/time';
import { useAccount } from '@/features/trading/useAccount';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Confirm } from '@/ui/Confirm';
import { Refusal, SelectField, useChange } from '@/ui/form';
import { Facts, Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { left, right, Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { TallyBar } from './GovernancePage';
import { nextStepOf, powerText, slicesOf, stepsOf } from './proposals';

const g = t.governance;

/** One proposal: what it changes, how it stands, and one's own vote. */
export default function ProposalPage() {
  const id = Number(useParams().id);
  const { asset } = useOutletContext<{ asset: string }>();
  const proposal = useQuery({ queryKey: ['governance', 'proposal', id], queryFn: ({ signal }) => governance.proposal(id, signal) });
  return (
    <>
      <p>
        <Link to="/governance">{g.back}</Link>
      </p>
      {proposal.isError ? <ErrorState error={proposal.error} notFoundText={g.unknown} retry={() => void proposal.refetch()} /> : null}
      {proposal.isPending ? <Skeleton rows={10} /> : null}
      {proposal.data ? <Shown proposal={proposal.data} asset={asset} /> : null}
    </>
  );
}

function Shown({ proposal, asset }: { proposal: Proposal; asset: string }) {
  return (
    <>
      <About proposal={proposal} asset={asset} />
      <Changes proposal={proposal} />
      <Panel title={g.conditions}>
        <ul className="governance-conditions">
          {proposal.conditions.map(({ name, sentence, is_met }) => (
            <li key={name}>
              <span className={is_met ? 'governance-met' : 'muted'}>{is_met ? g.met : g.notMet}</span> {sentence}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={g.tally}>
        <TallyBar proposal={proposal} />
        <Facts items={slicesOf(proposal).map(({ choice, power }) => [g.choices[choice], <span key={choice} className="num">{g.of(powerText(power), powerText(proposal.terms.total), asset)}</span>])} />
        <Votes proposal={proposal} asset={asset} />
      </Panel>
    </>
  );
}

function About({ proposal, asset }: { proposal: Proposal; asset: string }) {
  const now = useNow();
  const { terms } = proposal;
  const time = (ms: number) => <span className="num">{exactTime(ms)}</span>;
  return (
    <Panel title={proposal.title} tools={<span className={`governance-state governance-state-${proposal.state}`}>{g.states[proposal.state]}</span>}>
      <p className="governance-text">{proposal.text}</p>
      <p className="muted">{nextStepOf(proposal, now)}</p>
      <Facts
        items={[
          [g.columns.subject, proposal.subject],
          [g.proposedBy, g.by(proposal.account)],
          [g.created, time(proposal.created)],
          [g.votingEnds, time(terms.voting_ends)],
          [g.executable, time(terms.executable)],
          [g.expires, time(terms.expires)],
          [g.deposit, <span key="d" className="num">{`${powerText(terms.deposit)} ${asset}`}</span>],
          [g.vetoes, <span key="v" className="num">{g.vetoesOf(proposal.vetoes, terms.vetoes)}</span>],
        ]}
      />
    </Panel>
  );
}

function Changes({ proposal: { changes } }: { proposal: Proposal }) {
  const c = g.changeColumns;
  return (
    <Panel title={g.changes}>
      {changes.length === 0 ? (
        <p className="muted">{g.noChanges}</p>
      ) : (
        <Table label={g.changes} columns={[left(c.setting), right(c.from), right(c.to)]}>
          {changes.map(({ setting, from, to }) => (
            <tr key={setting}>
              <td className="num">{setting}</td>
              <td className="right num muted">{from || '–'}</td>
              <td className="right num">{to}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Votes({ proposal, asset }: { proposal: Proposal; asset: string }) {
  const isOpen = proposal.state === 'voting';
  const votes = useQuery({ queryKey: ['governance', 'votes', proposal.id], queryFn: ({ signal }) => governance.votes(proposal.id, signal), enabled: isOpen });
  const access = useAccess();
  const c = g.voteColumns;
  return (
    <>
      {isOpen && votes.data ? (
        <>
          <h3>{g.votesList}</h3>
          {votes.data.votes.length === 0 ? <p className="muted">{g.votesEmpty}</p> : null}
          {votes.data.votes.length > 0 ? (
            <Table label={g.votesList} columns={[left(c.account), left(c.choice), right(c.power)]}>
              {votes.data.votes.map(({ account, choice, power }) => (
                <tr key={account}>
                  <td>{g.by(account)}</td>
                  <td>{g.choices[choice]}</td>
                  <td className="right num">{powerText(power)}</td>
                </tr>
              ))}
            </Table>
          ) : null}
        </>
      ) : null}
      {access.state === 'known' ? <Act proposal={proposal} asset={asset} votes={votes.data?.votes ?? []} /> : <p className="muted">{isOpen ? g.stranger : ''}</p>}
    </>
  );
}

function Act({ proposal, asset, votes }: { proposal: Proposal; asset: string; votes: readonly { account: number; choice: Choice }[] }) {
  const { accounts, current } = useAccount();
  const [chosen, setChosen] = useState<number | null>(null);
  const [step, setStep] = useState<'execute' | 'cancel' | 'veto' | null>(null);
  const account = chosen ?? current?.account ?? accounts[0]?.account;
  if (account === undefined) return <p className="muted">{g.noAccount} <Link to="/trade">{g.toTrade}</Link></p>;
  const mine = votes.find((vote) => vote.account === account);
  const steps = stepsOf(proposal);
  if (proposal.state !== 'voting' && steps.length === 0) return null;
  return (
    <section className="governance-act" aria-label={g.vote}>
      <h3>{g.vote}</h3>
      {accounts.length > 1 ? <SelectField label={g.voteWith} value={String(account)} choices={accounts.map(({ account: n }) => ({ value: String(n), label: g.by(n) }))} onChange={(n) => setChosen(Number(n))} /> : null}
      {mine ? <p role="status">{g.yours(g.choices[mine.choice])}</p> : null}
      {proposal.state === 'voting' ? <Ballot proposal={proposal} account={account} asset={asset} /> : null}
      <div className="governance-steps">
        {steps.map((what) => (
          <button key={what} type="button" className={`button ${what === 'execute' ? 'button-primary' : 'button-danger'}`} onClick={() => setStep(what)}>
            {g.steps[what]}
          </button>
        ))}
      </div>
      {step ? <StepDialog proposal={proposal} what={step} account={account} close={() => setStep(null)} /> : null}
    </section>
  );
}

function Ballot({ proposal, account, asset }: { proposal: Proposal; account: number; asset: string }) {
  const client = useQueryClient();
  const stake = useQuery({ queryKey: ['governance', 'stake', account], queryFn: ({ signal }) => governance.stake(account, signal) });
  const { run, error, isBusy } = useChange();
  const power = stake.data?.power ?? '0';
  const vote = (choice: Choice) =>
    run(async () => {
      await governance.vote(account, proposal.id, choice);
      await client.invalidateQueries({ queryKey: ['governance'] });
      toast(g.voted(g.choices[choice]));
    });
  return (
    <>
      <p className="muted">{nanoOr0(power) > 0n ? g.power(powerText(power), asset) : g.noPower}</p>
      <div className="governance-steps" role="group" aria-label={g.vote}>
        {kChoices.map((choice) => (
          <button key={choice} type="button" className="button" disabled={isBusy || nanoOr0(power) === 0n} aria-label={g.voteAs(g.choices[choice], powerText(power), asset)} onClick={() => void vote(choice)}>
            {g.choices[choice]}
          </button>
        ))}
      </div>
      <Refusal error={error} />
    </>
  );
}

function StepDialog({ proposal, what, account, close }: { proposal: Proposal; what: 'execute' | 'cancel' | 'veto'; account: number; close: () => void }) {
  const client = useQueryClient();
  const act = async () => {
    await governance.step(proposal.id, what, account);
    await client.invalidateQueries({ queryKey: ['governance'] });
    toast(g.stepped);
  };
  return (
    <Confirm title={`${g.steps[what]}: ${proposal.title}`} action={g.steps[what]} act={act} close={close} isDanger={what !== 'execute'}>
      <p>{g.stepHints[what]}</p>
    </Confirm>
  );
}
