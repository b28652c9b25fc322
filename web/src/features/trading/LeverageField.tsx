import { useState } from 'react';
import { parseWhole } from '@/domain/whole';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { toast } from '@/ui/toasts';
import { actions } from './desk';
import { marginBps, type TicketContext } from './ticket';

const words = t.trading.leverage;

/** "20" of 500 basis points; a half is said as such. */
export const leverageOf = (bps: number): string => String(Math.round(100_000 / bps) / 10);

/** The margin one asks of oneself, told as leverage. */
export function LeverageField({ account, context }: { account: number; context: TicketContext }) {
  const { symbol, initial_margin_bps: marketBps } = context.market;
  const most = Math.floor(10_000 / marketBps);
  const now = leverageOf(marginBps(context));
  const [typed, setTyped] = useState<string | null>(null);
  const { run, error, isBusy } = useChange();
  const wanted = typed === null ? null : parseWhole(typed, 1, most);
  const set = () =>
    run(async () => {
      if (wanted === null) return;
      // The market's own is said by 0, so that it follows a change of the market.
      await actions.setLeverage(account, symbol, wanted === most ? 0 : Math.ceil(10_000 / wanted));
      toast(words.done(symbol, String(wanted)));
      setTyped(null);
    });
  if (typed === null) {
    return (
      <button type="button" className="button num" title={words.own} aria-label={`${words.label} ${words.times(now)}`} onClick={() => setTyped(String(Math.floor(Number(now))))}>
        {words.times(now)}
      </button>
    );
  }
  return (
    <span className="ticket-leverage">
      <input
        className="field num"
        aria-label={words.label}
        title={words.most(String(most))}
        inputMode="numeric"
        autoFocus
        value={typed}
        aria-invalid={wanted === null ? true : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped(null);
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void set();
        }}
      />
      <button type="button" className="button" disabled={isBusy || wanted === null} onClick={() => void set()}>
        {words.set}
      </button>
      <Refusal error={error} />
    </span>
  );
}
