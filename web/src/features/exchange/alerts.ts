import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Ticker } from '@/api/venue';
import { nano, nanoOr0, plain } from '@/domain/decimal';

/** Tells once when a market's mark price gets to a price. */
export interface PriceAlert {
  id: number;
  market: string;
  price: string;
  side: 'above' | 'below';
  /** When it happened, milliseconds since 1970. */
  hit: number | null;
}

export const kAlertsMax = 50;

export const usePriceAlerts = create<{ alerts: readonly PriceAlert[] }>()(persist(() => ({ alerts: [] as readonly PriceAlert[] }), { name: 'astrolabe.alerts' }));

/** Above when the market is below it now, and the other way round. Null for what is no price, or the price it has. */
export function alertOf(market: string, text: string, mark: string, id: number): PriceAlert | null {
  const price = nano(text);
  if (price === null || price <= 0n || price === nanoOr0(mark)) return null;
  return { id, market, price: plain(price), side: price > nanoOr0(mark) ? 'above' : 'below', hit: null };
}

/** Those that have just been reached. */
export function reached(alerts: readonly PriceAlert[], tickers: readonly Ticker[]): PriceAlert[] {
  return alerts.filter(({ market, price, side, hit }) => {
    const mark = nanoOr0(tickers.find((ticker) => ticker.market === market)?.mark);
    if (hit !== null || mark === 0n) return false;
    return side === 'above' ? mark >= nanoOr0(price) : mark <= nanoOr0(price);
  });
}

export const setAlerts = (change: (alerts: readonly PriceAlert[]) => readonly PriceAlert[]): void => {
  usePriceAlerts.setState(({ alerts }) => ({ alerts: change(alerts).slice(0, kAlertsMax) }));
};
