import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** How one likes to trade, on this device. */
export interface TradeSettings {
  /** An order is asked about before it is sent. */
  confirm: boolean;
  sounds: boolean;
  /** Notices of what happens to orders. */
  toasts: boolean;
  ladderSize: Record<string, string>;
}

export const useTradeSettings = create<TradeSettings>()(persist((): TradeSettings => ({ confirm: false, sounds: false, toasts: true, ladderSize: {} }), { name: 'astrolabe.trading' }));

export function setTradeSettings(change: Partial<TradeSettings>): void {
  useTradeSettings.setState(change);
}
