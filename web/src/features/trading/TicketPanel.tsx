import './trading.css';
import './ticket.css';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { ApiError } from '@/api/client';
import type { OrderWish } from '@/api/trading';
import type { MarketAnswer } from '@/api/venue';
import type { Places } from '@/features/exchange/MarketHeader';
import { PanelBody } from '@/features/exchange/panels/PanelBody';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { toast } from '@/ui/toasts';
import { usePanel } from '@/workspace/usePanel';
import { actions, percentile, useLatency } from './desk';
import { LeverageField } from './LeverageField';
import { beginNotices } from './notices';
import { Faucet, OpenAccount } from './OpenAccount';
import { AccountBar, refusalWords } from './parts';
import { PreviewFacts } from './PreviewFacts';
import { useTradeSettings } from './settings';
import { play } from './sounds';
import { problemsOf, wishOf, type TicketForm } from './ticket';
import { TicketFields } from './TicketFields';
import { changeTicket, useTicket } from './tickets';
import { fieldOf, kTakeable, placeWords, receiptWords } from './ticketWords';
import { useAccount } from './useAccount';
import { usePreview, useTicketContext } from './useTicketContext';

const words = t.trading;

export default function TicketPanel() {
  const { symbol } = usePanel();
  useEffect(beginNotices, []);
  return <PanelBody symbol={symbol}>{(answer, places) => <Ticket key={symbol} answer={answer} places={places} />}</PanelBody>;
}

function Ticket({ answer, places }: { answer: MarketAnswer; places: Places }) {
  const { current: account, phase } = useAccount();
  const context = useTicketContext(answer, account);
  const form = useTicket(answer.settings.symbol);
  const wish = wishOf(form, context, account?.account);
  const asked = usePreview(account ? wish : null);
  const { place, refusal, isBusy } = usePlacing(form, places);
  const [confirmed, setConfirmed] = useState<OrderWish | null>(null);
  const asks = useTradeSettings((s) => s.confirm);
  const label = placeWords(form, context, places);
  const change = (next: Partial<TicketForm>) => changeTicket(answer.settings.symbol, next);
  const submit = () => {
    if (!wish || !account || isBusy) return;
    if (asks) setConfirmed(wish);
    else void place(wish);
  };
  const isEmpty = account && answer.simulated && Number(account.figures?.equity ?? 1) === 0;
  const facts = <PreviewFacts asked={asked} wish={wish} market={context.market} hasAccount={account !== null} places={places} />;
  return (
    <div className="ticket-box">
      <AccountBar />
      {phase === 'none' ? <OpenAccount simulated={answer.simulated} /> : null}
      {isEmpty ? <NewAccount account={account.account} /> : null}
      <form
        className="ticket"
        aria-label={words.panels.ticket}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TicketFields form={form} context={context} places={places} problems={problemsOf(form, context)} refusal={refusal} change={change} leverage={account ? <LeverageField account={account.account} context={context} /> : null} />
        <PreviewFacts asked={asked} wish={wish} market={context.market} hasAccount={account !== null} places={places} take={change} />
        {refusal && !asked.preview?.refused && fieldOf(refusal.where, form) === null ? (
          <p className="ticket-problem" role="alert">
            {refusal.words}
          </p>
        ) : null}
        {phase === 'stranger' ? (
          <Link to="/sign-in" className="button ticket-place">
            {words.signInTo.ticket.title}
          </Link>
        ) : (
          <button type="submit" className="button ticket-place" data-side={form.side} disabled={!wish || !account || isBusy}>
            {isBusy ? words.place.busy : label}
          </button>
        )}
        <LatencyNote />
      </form>
      {confirmed ? (
        <Confirm title={words.confirm.title} action={label} act={() => place(confirmed, true)} close={() => setConfirmed(null)}>
          <p>{label}</p>
          {facts}
        </Confirm>
      ) : null}
    </div>
  );
}

function NewAccount({ account }: { account: number }) {
  return (
    <div className="ticket-note">
      <p>{words.faucet.empty}</p>
      <Faucet account={account} />
    </div>
  );
}

export interface TicketRefusal {
  where: string | null;
  words: string;
  /** A value that would do. */
  needed: string | null;
}

/** Places orders of the form, one at a time; a refusal stands until the form is changed. */
function usePlacing(form: TicketForm, places: Places) {
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<{ refusal: TicketRefusal; form: TicketForm } | null>(null);
  const place = async (wish: OrderWish, rethrows = false) => {
    setIsBusy(true);
    setRefused(null);
    try {
      const receipt = await actions.place(wish);
      // Fills are told as they come.
      if (receipt.filled === '0' || !useTradeSettings.getState().toasts) toast(receiptWords(receipt, places));
    } catch (error) {
      const { where, needed, code } = error instanceof ApiError ? error : { where: null, needed: null, code: '' };
      play('refusal');
      setRefused({ refusal: { where, words: refusalWords(error), needed: kTakeable.has(code) ? needed : null }, form });
      if (rethrows) throw error;
    } finally {
      setIsBusy(false);
    }
  };
  return { place, isBusy, refusal: refused?.form === form ? refused.refusal : null };
}

/** How long the venue takes, as this page has seen it. */
function LatencyNote() {
  const { samples } = useLatency();
  const last = samples.at(-1);
  if (last === undefined) return null;
  const shown = (ms: number | null) => (ms ?? 0).toFixed(1);
  return (
    <p className="muted ticket-latency num" title={words.latencyHint(shown(percentile(samples, 0.5)), shown(percentile(samples, 0.99)), samples.length)}>
      {words.latency(shown(last))}
    </p>
  );
}

