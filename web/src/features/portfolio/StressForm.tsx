import { useState } from 'react';
import type { Scenario } from '@/api/risk';
import { t } from '@/strings';
import { Refusal, SelectField, TextField, useChange } from '@/ui/form';
import { parsePercent } from './figures';

/** Says a scenario, and hands it over. */
export function StressForm({ crashes, symbols, run, label }: { crashes: readonly string[]; symbols: readonly string[]; run: (scenario: Scenario) => Promise<void>; label: string }) {
  const [target, setTarget] = useState('all');
  const [change, setChange] = useState('-20');
  const [crash, setCrash] = useState('');
  const [volatility, setVolatility] = useState('1');
  const working = useChange();
  const ppm = parsePercent(change);
  const problem = crash === '' && ppm === null ? t.portfolio.changeProblem : null;
  const submit = () =>
    working.run(async () => {
      const scenario: Scenario = crash ? { crash } : target === 'all' ? { all_ppm: ppm! } : { changes_ppm: { [target]: ppm! } };
      const factor = Number(volatility) * 1_000_000;
      if (factor !== 1_000_000) scenario.volatility_ppm = factor;
      await run(scenario);
    });
  return (
    <form
      className="stress-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) void submit();
      }}
    >
      <SelectField label={t.portfolio.crash} value={crash} onChange={setCrash} choices={[{ value: '', label: t.portfolio.noCrash }, ...crashes.map((name) => ({ value: name, label: name }))]} />
      <SelectField label={t.portfolio.target} value={target} onChange={setTarget} isDisabled={crash !== ''} choices={[{ value: 'all', label: t.portfolio.allPrices }, ...symbols.map((name) => ({ value: name, label: name }))]} />
      <TextField label={t.portfolio.change} value={change} onChange={setChange} isNumber isReadOnly={crash !== ''} problem={problem} />
      <SelectField label={t.portfolio.volatility} value={volatility} onChange={setVolatility} choices={['1', '1.5', '2', '3'].map((value) => ({ value, label: `× ${value}` }))} />
      <button type="submit" className="button button-primary" disabled={working.isBusy || problem !== null}>
        {label}
      </button>
      <Refusal error={working.error} />
    </form>
  );
}
