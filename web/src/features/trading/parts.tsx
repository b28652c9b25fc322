import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAccess } from '@/api/access';
import { ApiError } from '@/api/client';
import type { OpenOrder } from '@/api/trading';
import { nano, nanoOr0, shownNano, type Nano } from '@/domain/decimal';
import { placesOf } from '@/features/exchange/format';
import { t } from '@/strings';
import { wordsOf } from '@/ui/form';
import { Empty, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import type { AccountData } from './accountState';
import { accountStore, useAccount } from './useAccount';
import { OpenAccount } from './OpenAccount';

const words = t.trading;
export type PanelName = keyof typeof words.signInTo;

export const tone = (value: Nano): string => (value > 0n ? 'up' : value < 0n ? 'down' : 'muted');

/** Quote money with two places, its direction by colour and sign. */
export function Gain({ value, places = 2 }: { value: Nano; places?: number }) {
  return <span className={`num ${tone(value)}`}>{shownNano(value, places, 'always')}</span>;
}

export const money = (text: string | null | undefined, places = 2): string => {
  const value = nano(text);
  return value === null ? t.venue.none : shownNano(value, places);
};

/** A price as the market quotes it; one that lies between ticks with what it has. */
export const priceText = (text: string | null | undefined, places: number): string => {
  const value = nano(text);
  return value === null || value === 0n ? t.venue.none : shownNano(value, places);
};

export const sideWord = (side: 'buy' | 'sell'): string => (side === 'buy' ? words.buy : words.sell);
export const sideTone = (side: 'buy' | 'sell'): string => (side === 'buy' ? 'up' : 'down');

/** "buy 2 SOL-PERP at 151.20": an order in a few words. */
export function orderWords(order: OpenOrder): string {
  return words.orders.what(sideWord(order.side).toLowerCase(), order.remaining, order.market, orderPlace(order));
}
export function orderPlace(order: OpenOrder): string {
  if (order.peg) return words.orders.follows(signed(order.peg.offset));
  if (nanoOr0(order.price) !== 0n) return shownNano(nanoOr0(order.price), Math.max(2, placesOf(order.price)));
  if (order.trigger?.kind === 'trailing') return words.orders.trails(shareOfBps(order.trigger.trail_bps ?? 0));
  return words.orders.atMarket;
}

export const signed = (text: string): string => shownNano(nanoOr0(text), Math.max(2, placesOf(text)), 'always');
export const shareOfBps = (bps: number): string => shownNano(BigInt(bps) * 10_000_000n, 2);
/** Parts per million as per cent: "0.045 %". */
export const percentOfPpm = (ppm: number, places = 3): string => `${shownNano(BigInt(ppm) * 100_000n, places)} %`;

/** Tells what went wrong of something that has no place of its own for it. */
export function tellRefusal(error: unknown): void {
  toast(refusalWords(error), 'warn');
}
export function refusalWords(error: unknown): string {
  if (error instanceof ApiError && error.code === 'outcome_unknown') return words.unknownOutcome;
  return wordsOf(error);
}

/** What stands in the place of a panel until there is an account; then its content. */
export function Gate({ panel, simulated, children }: { panel: PanelName; simulated?: boolean; children: (account: AccountData) => ReactNode }) {
  const { phase, current, refusal } = useAccount();
  const { may, state } = useAccess();
  if (phase === 'stranger') return <SignIn panel={panel} />;
  if (phase === 'refused' || (state === 'known' && !may('exchange.read'))) {
    return <Empty title={words.notAllowed} text={refusal && refusal.code !== 'permission_missing' ? refusal.message : words.notAllowedHint('exchange.read')} />;
  }
  if (phase === 'none') return <OpenAccount simulated={simulated ?? false} />;
  if (!current) return <Skeleton rows={6} />;
  return <>{children(current)}</>;
}

export function SignIn({ panel }: { panel: PanelName }) {
  const { title, text } = words.signInTo[panel];
  return (
    <Empty title={title} text={text}>
      <Link to="/sign-in" className="button button-primary">
        {words.signIn}
      </Link>
    </Empty>
  );
}

/** Which account; and, when it is not live, that it is not. */
export function AccountBar({ children }: { children?: ReactNode }) {
  const { accounts, current, isLive, resyncs } = useAccount();
  if (!current || (accounts.length < 2 && isLive && resyncs === 0 && !children)) return null;
  return (
    <div className="trade-bar">
      {accounts.length > 1 ? (
        <select className="field trade-account" aria-label={words.accountLabel} value={current.account} onChange={(event) => accountStore.select(Number(event.target.value))}>
          {accounts.map(({ account, isolated }) => (
            <option key={account} value={account}>
              {words.accountName(account, isolated)}
            </option>
          ))}
        </select>
      ) : null}
      {isLive ? null : <span className="trade-stale">{words.notLive}</span>}
      {resyncs > 0 ? <span className="muted">{words.resynced(resyncs)}</span> : null}
      {children}
    </div>
  );
}
