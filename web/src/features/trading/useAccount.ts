import { useMemo, useSyncExternalStore } from 'react';
import { identity } from '@/api/identity';
import { useSession } from '@/api/session';
import { trading, type FillRecord, type OpenOrder } from '@/api/trading';
import { liveStream } from '@/stream';
import type { OwnFill, Position } from './accountState';
import { AccountStore, type AccountsView } from './accountStore';

const kChoice = 'astrolabe.account';

function readChoice(): number | null {
  const text = localStorage.getItem(kChoice);
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** The page's one account store; begun by the first who shows something of it. */
export const accountStore = new AccountStore({
  stream: liveStream,
  reads: {
    account: (account) => trading.account(account),
    positions: (account) => trading.positions(account),
    fills: (account) => trading.history<FillRecord>('fills', { account, limit: 100 }),
    renewSession: async () => void (await identity.profile()),
  },
  choice: { read: readChoice, write: (account) => localStorage.setItem(kChoice, String(account)) },
  every: (act, ms) => {
    setInterval(() => {
      if (!document.hidden) act();
    }, ms);
  },
});

let isBegun = false;
export function beginAccounts(): void {
  if (isBegun) return;
  isBegun = true;
  accountStore.useSession(useSession.getState().mark);
  useSession.subscribe(({ mark }) => accountStore.useSession(mark));
}

const listen = (listener: () => void) => {
  beginAccounts();
  return accountStore.listen(listener);
};

/** All accounts of whoever has signed in, and the one that is chosen. */
export const useAccount = (): AccountsView => useSyncExternalStore(listen, accountStore.getView);

const noOrders: readonly OpenOrder[] = [];
const noPositions: readonly Position[] = [];
const noFills: readonly OwnFill[] = [];

/** Of the chosen account, those that rest and those that wait; oldest first. */
export function useOrders(symbol?: string): readonly OpenOrder[] {
  const orders = useAccount().current?.orders ?? noOrders;
  return useMemo(() => (symbol === undefined ? orders : orders.filter(({ market }) => market === symbol)), [orders, symbol]);
}

export const usePositions = (): readonly Position[] => useAccount().current?.positions ?? noPositions;

/** The newest of the market, newest first. */
export function useFills(symbol: string): readonly OwnFill[] {
  const fills = useAccount().current?.fills ?? noFills;
  return useMemo(() => fills.filter(({ market }) => market === symbol), [fills, symbol]);
}

