import { clockTime } from '@/domain/time';
import { t } from '@/strings';
import { Refusal, SelectField, useChange, wordsOf } from '@/ui/form';
import { kDeadManMinutes, useDeadMan, useDeadManState } from './deadMan';
import { deadMen } from './deadMen';

const words = t.trading.deadMan;

/** Cancels all orders of the account when this page is gone for so long. */
export function DeadManSwitch({ account }: { account: number }) {
  const minutes = useDeadMan((s) => s.minutes[account]);
  const state = useDeadManState((s) => s[account]);
  const { run, error, isBusy } = useChange();
  const choose = (value: string) => run(() => (value === '' ? deadMen.stop(account) : deadMen.start(account, Number(value))));
  return (
    <>
      <SelectField
        label={words.label}
        hint={words.hint}
        isDisabled={isBusy}
        value={minutes === undefined ? '' : String(minutes)}
        choices={[{ value: '', label: words.off }, ...kDeadManMinutes.map((each) => ({ value: String(each), label: words.after(each) }))]}
        onChange={(value) => void choose(value)}
      />
      {minutes !== undefined && state?.until ? (
        <p role="status" className="muted">
          {words.until(clockTime(state.until))}
        </p>
      ) : null}
      {minutes !== undefined && state?.error ? (
        <p role="alert" className="refused">
          {words.notSet(wordsOf(state.error))}
        </p>
      ) : null}
      <Refusal error={error} />
    </>
  );
}
