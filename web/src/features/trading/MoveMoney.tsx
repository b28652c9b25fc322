import { useState } from 'react';
import { nano, nanoOr0, plain } from '@/domain/decimal';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { toast } from '@/ui/toasts';
import type { AccountData } from './accountState';
import { actions } from './desk';
import { useAccount } from './useAccount';

const words = t.trading;

/** Between one's own accounts, or out of the venue. */
export function MoveMoney({ account }: { account: AccountData }) {
  const { accounts } = useAccount();
  const others = accounts.filter((each) => each.account !== account.account);
  const [asset, setAsset] = useState('USDC');
  const [amount, setAmount] = useState('');
  const [to, setTo] = useState<number | null>(null);
  const { run, error, isBusy } = useChange();
  const isGood = (nano(amount) ?? 0n) > 0n;
  const target = others.find((each) => each.account === to) ?? others[0];
  const shown = isGood ? amount : '…';
  const act = (move: () => Promise<unknown>, told: string) =>
    run(async () => {
      await move();
      toast(told);
      setAmount('');
    });
  const exact = plain(nanoOr0(amount));
  return (
    <div className="trade-line">
      <input className="field num trade-input" aria-label={words.columns.amount} inputMode="decimal" placeholder="0.00" value={amount} onChange={(event) => setAmount(event.target.value.replace(',', '.'))} />
      <select className="field" aria-label={words.columns.asset} value={asset} onChange={(event) => setAsset(event.target.value)}>
        {account.balances.map((balance) => (
          <option key={balance.asset}>{balance.asset}</option>
        ))}
      </select>
      {target ? (
        <>
          <select className="field" aria-label={words.account.moveTo} value={target.account} onChange={(event) => setTo(Number(event.target.value))}>
            {others.map((each) => (
              <option key={each.account} value={each.account}>
                {words.accountName(each.account, each.isolated)}
              </option>
            ))}
          </select>
          <button type="button" className="button" disabled={isBusy || !isGood} onClick={() => void act(() => actions.transfer(account.account, target.account, exact, asset), words.positions.marginDone(amount))}>
            {words.positions.marginAction(shown)}
          </button>
        </>
      ) : null}
      <button type="button" className="button" disabled={isBusy || !isGood} onClick={() => void act(() => actions.withdraw(account.account, exact, asset), words.account.withdrawn(amount, asset))}>
        {words.account.withdrawAction(shown, asset)}
      </button>
      <Refusal error={error} />
    </div>
  );
}
