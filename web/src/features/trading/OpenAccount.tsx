import { useState } from 'react';
import { nano } from '@/domain/decimal';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { Empty } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { actions } from './desk';

const words = t.trading;
const kPourAmount = '10000';

/** The first click of somebody new; the faucet is the second. */
export function OpenAccount({ simulated, isolated }: { simulated: boolean; isolated?: string }) {
  const { run, error, isBusy } = useChange();
  return (
    <Empty title={words.open.title} text={`${words.open.text}${simulated ? ` ${words.open.paper}` : ''}`}>
      <button type="button" className="button button-primary" disabled={isBusy} onClick={() => void run(async () => void (await actions.openAccount(isolated)))}>
        {words.open.action}
      </button>
      <Refusal error={error} />
    </Empty>
  );
}

/** Play money, in one click. */
export function Faucet({ account }: { account: number }) {
  const { run, error, isBusy } = useChange();
  const [amount, setAmount] = useState(kPourAmount);
  const isGood = (nano(amount) ?? 0n) > 0n;
  const pour = () =>
    run(async () => {
      await actions.pour(account, amount);
      toast(words.faucet.done(amount));
    });
  return (
    <form
      className="trade-faucet"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) void pour();
      }}
    >
      <input className="field num" aria-label={words.faucet.amount} inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
      <button type="submit" className="button button-primary" disabled={isBusy || !isGood}>
        {words.faucet.action(amount)}
      </button>
      <Refusal error={error} />
    </form>
  );
}
