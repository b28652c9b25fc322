import './trading.css';
import './account.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { trading } from '@/api/trading';
import { nanoOr0, shownNano, type Nano } from '@/domain/decimal';
import { placesOf } from '@/features/exchange/format';
import { useTickers } from '@/features/exchange/market';
import { useMarket } from '@/features/exchange/useMarket';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { Facts } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { usePanel } from '@/workspace/usePanel';
import { profitAt, type AccountData } from './accountState';
import { DeadManSwitch } from './DeadManSwitch';
import { actions } from './desk';
import { MarginTerms } from './MarginTerms';
import { MoveMoney } from './MoveMoney';
import { beginNotices } from './notices';
import { Faucet } from './OpenAccount';
import { AccountBar, Gain, Gate, money, percentOfPpm } from './parts';
import { setTradeSettings, useTradeSettings } from './settings';
import { accountStore } from './useAccount';

const words = t.trading;

export default function AccountPanel() {
  useEffect(beginNotices, []);
  const { symbol } = usePanel();
  const simulated = useMarket(symbol).data?.simulated ?? false;
  return (
    <div className="panel-fill account-panel">
      <Gate panel="account" simulated={simulated}>
        {(account) => (
          <>
            <AccountBar />
            <Overview account={account} />
            <Balances account={account} />
            {simulated ? (
              <Section title={words.faucet.title}>
                <Faucet account={account.account} />
              </Section>
            ) : null}
            <Section title={words.account.move}>
              <MoveMoney account={account} />
            </Section>
            <Fees account={account.account} symbol={symbol} />
            <Section title={words.settings.title}>
              <Settings account={account.account} symbol={symbol} />
            </Section>
          </>
        )}
      </Gate>
    </div>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="account-section">
    <h3>{title}</h3>
    {children}
  </section>
);

/** Profit by the newest mark prices; all else as the server said last. */
function Overview({ account }: { account: AccountData }) {
  const { list } = useTickers();
  const [isExplained, setIsExplained] = useState(false);
  const { figures } = account;
  if (!figures) return <Skeleton rows={5} />;
  const markOf = (market: string): Nano => nanoOr0(list.find((ticker) => ticker.market === market)?.mark);
  const profit = account.positions.reduce((sum, position) => sum + profitAt(position, markOf(position.market)), 0n);
  const ratio = figures.margin_ratio_ppm;
  return (
    <section className="account-section">
      <p className="account-equity">
        <span className="muted">{words.account.equity}, USDC</span>
        <span className="num">{money(figures.equity)}</span>
      </p>
      <Facts
        items={[
          [words.account.profit, <Gain key="p" value={profit} />],
          [words.account.free, <Num key="f">{money(figures.initial.free)}</Num>],
          [words.account.initial, <Num key="i">{money(figures.initial.requirement)}</Num>],
          [words.account.maintenance, <Num key="m">{money(figures.maintenance.requirement)}</Num>],
          [
            words.account.ratio,
            <span key="r" className={`num ${ratio !== null && ratio > 800_000 ? 'refused' : ''}`} title={words.account.ratioHint}>
              {ratio === null ? t.venue.none : percentOfPpm(ratio, 2)}
            </span>,
          ],
        ]}
      />
      <button type="button" className="button-plain" aria-expanded={isExplained} onClick={() => setIsExplained(!isExplained)}>
        {isExplained ? words.account.hide : words.account.explain}
      </button>
      {isExplained ? <MarginTerms account={account} /> : null}
    </section>
  );
}

const Num = ({ children }: { children: ReactNode }) => <span className="num">{children}</span>;

function Balances({ account }: { account: AccountData }) {
  const held = account.balances.filter(({ amount, asset }) => asset === 'USDC' || nanoOr0(amount) !== 0n);
  return (
    <Section title={words.account.balances}>
      <Facts items={held.map(({ asset, amount }) => [asset, <Num key={asset}>{shownNano(nanoOr0(amount), Math.max(2, placesOf(amount)))}</Num>])} />
    </Section>
  );
}

/** What the account pays, and why. */
function Fees({ account, symbol }: { account: number; symbol: string }) {
  const fees = useQuery({ queryKey: ['exchange', 'fees', account], queryFn: ({ signal }) => trading.fees(account, signal), staleTime: 30_000 });
  const own = fees.data?.markets.find(({ market }) => market === symbol) ?? fees.data?.markets[0];
  return (
    <Section title={words.account.fees}>
      {fees.isError ? <ErrorState error={fees.error} retry={() => void fees.refetch()} /> : null}
      {fees.data && own ? (
        <>
          <Facts
            items={[
              [`${own.market}: ${words.account.taker}`, <Num key="t">{percentOfPpm(own.taker_fee_ppm)}</Num>],
              [`${own.market}: ${words.account.maker}`, <Num key="m">{percentOfPpm(own.maker_fee_ppm)}</Num>],
            ]}
          />
          <p className="muted">
            {words.account.feesWhy(money(fees.data.volume_30d))}. {fees.data.next_tier ? words.account.nextTier(money(fees.data.next_tier.volume_min), percentOfPpm(fees.data.next_tier.taker_discount_ppm, 1)) : ''}{' '}
            {nanoOr0(fees.data.staked) > 0n ? words.account.stake(money(fees.data.staked)) : ''} {fees.data.referral_discount_ppm > 0 ? words.account.referral(percentOfPpm(fees.data.referral_discount_ppm, 1)) : ''}
          </p>
        </>
      ) : null}
    </Section>
  );
}

function Settings({ account, symbol }: { account: number; symbol: string }) {
  const { confirm, sounds, toasts } = useTradeSettings();
  const switches = [
    { label: words.settings.confirm, on: confirm, set: (on: boolean) => setTradeSettings({ confirm: on }) },
    { label: words.settings.toasts, on: toasts, set: (on: boolean) => setTradeSettings({ toasts: on }) },
    { label: words.settings.sounds, on: sounds, set: (on: boolean) => setTradeSettings({ sounds: on }) },
  ];
  return (
    <>
      {switches.map(({ label, on, set }) => (
        <label key={label} className="ticket-check">
          <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
          <span>{label}</span>
        </label>
      ))}
      <DeadManSwitch account={account} />
      <Another symbol={symbol} />
    </>
  );
}

/** More accounts: one more for all markets, or one that trades this market only. */
function Another({ symbol }: { symbol: string }) {
  const { run, error, isBusy } = useChange();
  const open = (isolated?: string) =>
    run(async () => {
      const { account } = await actions.openAccount(isolated);
      accountStore.select(account);
    });
  return (
    <div className="trade-line">
      <button type="button" className="button" disabled={isBusy} onClick={() => void open()}>
        {words.account.another}
      </button>
      <button type="button" className="button" disabled={isBusy} title={words.open.isolatedHint} onClick={() => void open(symbol)}>
        {words.open.isolated(symbol)}
      </button>
      <Refusal error={error} />
    </div>
  );
}
