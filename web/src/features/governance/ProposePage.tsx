import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useAccess } from '@/api/access';
import { governance, type GovernanceParameters, type ProposalAction, type Settings } from '@/api/governance';
import { exchange, type Market } from '@/api/markets';
import { nanoOr0 } from '@/domain/decimal';
import { useAccount } from '@/features/trading/useAccount';
import { t } from '@/strings';
import { Form, SelectField, TextField, useChange, wordsOf } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { powerText } from './proposals';
import { actionOf, kKinds, marketEditor, plainEditor, prefilled, refusedField, type Editor, type Kind, type Texts } from './proposing';
import { ChangesTable, MarketSettings, PlainSettings } from './SettingsFields';

const g = t.governance;
const p = g.propose;

/** A proposal is written: what it changes, beside what is in force, and what it costs to propose it. */
export default function ProposePage() {
  const access = useAccess();
  const { accounts, current } = useAccount();
  const [chosen, setChosen] = useState<number | null>(null);
  const parameters = useQuery({ queryKey: ['governance', 'parameters'], queryFn: ({ signal }) => governance.parameters(signal), staleTime: 30_000 });
  const account = chosen ?? current?.account ?? accounts[0]?.account;
  return (
    <>
      <p>
        <Link to="/governance">{g.back}</Link>
      </p>
      <Panel title={p.title}>
        {access.state !== 'known' ? (
          <p className="muted">
            {p.stranger} <Link to="/sign-in">{t.account.signIn}</Link>
          </p>
        ) : account === undefined ? (
          <p className="muted">
            {g.noAccount} <Link to="/trade">{g.toTrade}</Link>
          </p>
        ) : parameters.data ? (
          <div className="governance-propose">
            {accounts.length > 1 ? <SelectField label={g.voteWith} value={String(account)} choices={accounts.map(({ account: n }) => ({ value: String(n), label: g.by(n) }))} onChange={(n) => setChosen(Number(n))} /> : null}
            <About account={account} parameters={parameters.data} />
          </div>
        ) : (
          <Skeleton rows={8} />
        )}
      </Panel>
    </>
  );
}

interface Who {
  account: number;
  parameters: GovernanceParameters;
}

/** What it is about: a kind of thing and, of those that there are several of, which. */
function About(who: Who) {
  const [query, setQuery] = useSearchParams();
  const kind = kKinds.find((one) => one === query.get('kind')) ?? 'market';
  const choose = (next: Kind, symbol?: string) => setQuery({ kind: next, ...(symbol ? { symbol } : {}) }, { replace: true });
  const markets = useQuery({ queryKey: ['admin', 'markets'], queryFn: ({ signal }) => exchange.markets(signal), enabled: kind === 'market' });
  const assets = useQuery({ queryKey: ['governance', 'assets'], queryFn: ({ signal }) => governance.assets(signal), enabled: kind === 'asset' });
  const venue = useQuery({ queryKey: ['governance', 'venue'], queryFn: ({ signal }) => governance.venue(signal), enabled: kind === 'venue' });
  const several = kind === 'market' ? markets.data?.markets : assets.data?.assets.map(({ settings }) => settings);
  const of = several?.find(({ symbol }) => symbol === query.get('symbol')) ?? several?.[0];
  const asked = kind === 'market' ? markets : kind === 'asset' ? assets : kind === 'venue' ? venue : null;
  const settings = kind === 'governance' ? who.parameters.rules : kind === 'venue' ? venue.data : of;
  return (
    <>
      <div className="form-grid">
        <SelectField label={p.kind} value={kind} choices={kKinds.map((value) => ({ value, label: p.kinds[value] }))} onChange={(value) => choose(value as Kind)} />
        {(kind === 'market' || kind === 'asset') && several && of ? (
          <SelectField label={p.which[kind]} value={of.symbol as string} choices={several.map(({ symbol }) => ({ value: symbol as string, label: symbol as string }))} onChange={(symbol) => choose(kind, symbol)} />
        ) : null}
      </div>
      {asked?.isError ? <ErrorState error={asked.error} retry={() => void asked.refetch()} /> : null}
      {asked?.isPending ? <Skeleton rows={8} /> : null}
      {kind === 'payment' ? <PaymentForm who={who} /> : null}
      {kind !== 'payment' && settings ? <SettingsForm key={`${kind} ${of?.symbol as string}`} who={who} kind={kind} before={settings as unknown as Settings} /> : null}
    </>
  );
}

function SettingsForm({ who, kind, before }: { who: Who; kind: Exclude<Kind, 'payment'>; before: Settings }) {
  const [query] = useSearchParams();
  const market = kind === 'market' ? (before as unknown as Market) : null;
  const editor: Editor = market ? marketEditor(market) : plainEditor(before);
  const [texts, setTexts] = useState<Texts>(() => prefilled(editor.texts, query));
  const changes = editor.changes(texts);
  const fields = (error: unknown) => {
    const shared = { texts, refused: (name: string) => (refusedField(error) === name ? wordsOf(error) : null), onChange: (name: string, text: string) => setTexts({ ...texts, [name]: text }) };
    return market ? <MarketSettings market={market} {...shared} /> : <PlainSettings before={editor.texts} isValue={editor.isValue} {...shared} />;
  };
  return (
    <Writing
      who={who}
      action={changes && changes.length > 0 ? actionOf(kind, editor.settings(texts)) : null}
      subject={market?.symbol ?? (before.symbol as string | undefined) ?? p.kinds[kind]}
      names={Object.keys(editor.texts)}
      fields={fields}
      effect={changes && changes.length > 0 ? <ChangesTable changes={changes} market={market} /> : <p className="muted">{changes ? p.nothing : p.unreadable}</p>}
    />
  );
}

function PaymentForm({ who }: { who: Who }) {
  const [query] = useSearchParams();
  const [to, setTo] = useState(query.get('account') ?? '');
  const [amount, setAmount] = useState(query.get('amount') ?? '');
  const isTo = /^\d{1,10}$/.test(to.trim());
  const isAmount = /^\d+(\.\d{1,6})?$/.test(amount.trim()) && Number(amount) > 0;
  const fields = (error: unknown) => (
    <div className="form-grid">
      <TextField label={p.payTo} isNumber inputMode="numeric" value={to} onChange={setTo} problem={to === '' || isTo ? (refusedField(error) === 'account' ? wordsOf(error) : null) : p.payToBad} />
      <TextField label={p.payAmount} isNumber hint={p.payHint} value={amount} onChange={setAmount} problem={amount === '' || isAmount ? (refusedField(error) === 'amount' ? wordsOf(error) : null) : p.payAmountBad} />
    </div>
  );
  return (
    <Writing
      who={who}
      action={isTo && isAmount ? { payment: { account: Number(to.trim()), amount: amount.trim() } } : null}
      subject={p.kinds.payment}
      names={['account', 'amount']}
      fields={fields}
      effect={isTo && isAmount ? <p role="status">{p.pays(amount.trim(), to.trim())}</p> : null}
    />
  );
}

/** Title and reasons, what comes of it and what it takes, and the act itself. A refusal stands at the field that it names. */
function Writing({ who, action, subject, names, fields, effect }: {
  who: Who;
  action: ProposalAction | null;
  subject: string;
  names: readonly string[];
  fields: (error: unknown) => ReactNode;
  effect: ReactNode;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [sent, setSent] = useState('');
  const { run, error: refusal, isBusy } = useChange();
  const why = useId();
  const wish = JSON.stringify([who.account, title, text, action]);
  // What is written otherwise since was not refused.
  const error = sent === wish ? refusal : null;
  const submit = () =>
    run(async () => {
      setSent(wish);
      const made = await governance.propose(who.account, title.trim(), text.trim(), action!);
      await client.invalidateQueries({ queryKey: ['governance'] });
      toast(p.made(made.id));
      void navigate(`/governance/${made.id}`);
    });
  const at = (name: string) => (refusedField(error) === name ? wordsOf(error) : null);
  const isToldAtField = [...names, 'title', 'text'].includes(refusedField(error) ?? '');
  return (
    <Form submit={p.submit(subject)} isBusy={isBusy} isReady={action !== null && title.trim() !== ''} error={isToldAtField ? null : error} onSubmit={() => void submit()}>
      <TextField label={p.name} hint={p.nameHint} value={title} problem={at('title')} onChange={setTitle} />
      <div className="form-field">
        <label htmlFor={why}>{p.why}</label>
        <textarea id={why} className="field" rows={3} value={text} aria-invalid={at('text') ? true : undefined} aria-describedby={at('text') ? `${why}-problem` : undefined} onChange={(event) => setText(event.target.value)} />
        {at('text') ? (
          <p id={`${why}-problem`} role="alert" className="form-refusal form-hint">
            {at('text')}
          </p>
        ) : null}
      </div>
      {fields(error)}
      {effect}
      <Takes {...who} />
    </Form>
  );
}

/** What proposing takes of the account, before it is asked for. */
function Takes({ account, parameters: { asset, rules } }: Who) {
  const stake = useQuery({ queryKey: ['governance', 'stake', account], queryFn: ({ signal }) => governance.stake(account, signal) });
  const power = stake.data?.power ?? null;
  const isShort = power !== null && nanoOr0(power) < nanoOr0(rules.proposer_power_min);
  return (
    <div className="governance-takes">
      <p className="muted">{p.deposit(powerText(rules.deposit), asset, account)}</p>
      {power === null ? null : <p className={isShort ? 'refused' : 'muted'}>{p.power(powerText(rules.proposer_power_min), powerText(power), asset)}</p>}
    </div>
  );
}
