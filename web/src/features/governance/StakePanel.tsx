import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAccess } from '@/api/access';
import { governance, type GovernanceParameters, type Stake } from '@/api/governance';
import { nano } from '@/domain/decimal';
import { duration, exactTime } from '@/domain/time';
import { useAccount } from '@/features/trading/useAccount';
import { t } from '@/strings';
import { Refusal, SelectField, TextField, useChange } from '@/ui/form';
import { Facts, Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { coolingInOrder, powerText } from './proposals';

const g = t.governance;

/** What one has staked, and who votes with it. */
export function StakePanel({ parameters }: { parameters: GovernanceParameters }) {
  const access = useAccess();
  const { accounts, current } = useAccount();
  const [chosen, setChosen] = useState<number | null>(null);
  const account = chosen ?? current?.account ?? accounts[0]?.account;
  return (
    <Panel title={g.stake}>
      {access.state !== 'known' ? (
        <p className="muted">
          {g.stranger} <Link to="/sign-in">{t.account.signIn}</Link>
        </p>
      ) : account === undefined ? (
        <p className="muted">
          {g.noAccount} <Link to="/trade">{g.toTrade}</Link>
        </p>
      ) : (
        <div className="governance-stake">
          {accounts.length > 1 ? <SelectField label={g.voteWith} value={String(account)} choices={accounts.map(({ account: n }) => ({ value: String(n), label: g.by(n) }))} onChange={(n) => setChosen(Number(n))} /> : null}
          <Own key={account} account={account} parameters={parameters} />
        </div>
      )}
    </Panel>
  );
}

function Own({ account, parameters }: { account: number; parameters: GovernanceParameters }) {
  const stake = useQuery({ queryKey: ['governance', 'stake', account], queryFn: ({ signal }) => governance.stake(account, signal), refetchInterval: 15_000 });
  if (stake.isError) return <ErrorState error={stake.error} retry={() => void stake.refetch()} />;
  if (!stake.data) return <Skeleton rows={4} />;
  return (
    <>
      <Held stake={stake.data} asset={parameters.asset} />
      <Amounts account={account} parameters={parameters} />
      <Delegate stake={stake.data} />
    </>
  );
}

function Held({ stake, asset }: { stake: Stake; asset: string }) {
  const figure = (amount: string) => <span className="num">{`${powerText(amount)} ${asset}`}</span>;
  return (
    <Facts
      items={[
        [g.staked, figure(stake.stake)],
        [g.powerNow, figure(stake.power)],
        [g.delegate, stake.delegate === stake.account ? g.self : g.by(stake.delegate)],
        ...coolingInOrder(stake).map(({ free_at, amount }): [string, React.ReactNode] => [`${g.cooling} ${exactTime(free_at)}`, figure(amount)]),
      ]}
    />
  );
}

function Amounts({ account, parameters: { asset, rules } }: { account: number; parameters: GovernanceParameters }) {
  const client = useQueryClient();
  const [amount, setAmount] = useState('');
  const { run, error, isBusy } = useChange();
  const isGood = (nano(amount) ?? 0n) > 0n;
  const act = (change: typeof governance.addStake) =>
    run(async () => {
      await change(account, amount);
      setAmount('');
      await client.invalidateQueries({ queryKey: ['governance'] });
    });
  return (
    <>
      <TextField label={g.amount(asset)} hint={g.withdrawHint(duration(rules.cooldown_ms / 1000))} isNumber value={amount} onChange={setAmount} />
      <div className="governance-steps">
        <button type="button" className="button button-primary" disabled={!isGood || isBusy} onClick={() => void act(governance.addStake)}>
          {g.addStake(amount, asset)}
        </button>
        <button type="button" className="button" disabled={!isGood || isBusy} onClick={() => void act(governance.withdraw)}>
          {g.withdraw(amount, asset)}
        </button>
      </div>
      <Refusal error={error} />
    </>
  );
}

function Delegate({ stake: { account } }: { stake: Stake }) {
  const client = useQueryClient();
  const [to, setTo] = useState('');
  const { run, error, isBusy } = useChange();
  const isGood = /^\d{1,10}$/.test(to.trim());
  const delegate = () =>
    run(async () => {
      await governance.delegate(account, Number(to.trim()));
      setTo('');
      await client.invalidateQueries({ queryKey: ['governance'] });
    });
  return (
    <form
      className="governance-delegate"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) void delegate();
      }}
    >
      <TextField label={g.delegateTo} isNumber inputMode="numeric" value={to} onChange={setTo} />
      <button type="submit" className="button" disabled={!isGood || isBusy}>
        {g.delegateAction}
      </button>
      <Refusal error={error} />
    </form>
  );
}
