import '../market.css';
import { useState } from 'react';
import { clockTime, exactTime } from '@/domain/time';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { Empty } from '@/ui/states';
import { usePanel } from '@/workspace/usePanel';
import { alertOf, kAlertsMax, setAlerts, usePriceAlerts, type PriceAlert } from '../alerts';
import { useTicker } from '../market';

const w = t.venue.alerts;

/** Prices of which one wants to be told. */
export default function AlertsPanel() {
  const alerts = usePriceAlerts((s) => s.alerts);
  return (
    <div className="panel-fill">
      <NewAlert isFull={alerts.length >= kAlertsMax} />
      {alerts.length === 0 ? <Empty title={w.none} text={w.noneHint} /> : null}
      <ul className="alert-list">
        {alerts.map((alert) => (
          <Alert key={alert.id} alert={alert} />
        ))}
      </ul>
    </div>
  );
}

function NewAlert({ isFull }: { isFull: boolean }) {
  const { symbol } = usePanel();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const mark = useTicker(symbol)?.mark ?? '';
  const add = (event: React.FormEvent) => {
    event.preventDefault();
    const alert = alertOf(symbol, text.replaceAll(',', ''), mark, Date.now());
    setProblem(isFull ? w.full(kAlertsMax) : alert ? '' : w.notPrice(mark));
    if (!alert || isFull) return;
    setAlerts((all) => [alert, ...all]);
    setText('');
  };
  return (
    <form className="panel-strip alert-form" onSubmit={add}>
      <label>
        <span className="sr-only">{w.price(symbol)}</span>
        <input className="field num" inputMode="decimal" autoComplete="off" placeholder={w.price(symbol)} value={text} aria-invalid={problem !== '' || undefined} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="button" disabled={text === ''}>
        {w.add}
      </button>
      {problem ? (
        <p role="alert" className="form-refusal">
          {problem}
        </p>
      ) : null}
    </form>
  );
}

function Alert({ alert }: { alert: PriceAlert }) {
  const { market, price, side, hit, id } = alert;
  return (
    <li className={hit === null ? undefined : 'muted'}>
      <span>
        {market} {w.sides[side]} <span className="num">{price}</span>
      </span>
      <span className="muted" title={hit === null ? undefined : exactTime(hit)}>
        {hit === null ? w.waiting : w.reached(clockTime(hit))}
      </span>
      <button type="button" className="icon-button" aria-label={w.remove(market, price)} onClick={() => setAlerts((all) => all.filter((each) => each.id !== id))}>
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}
