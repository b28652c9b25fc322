/**
 * All kinds of panels. To add one: write its component as the default export of a module (it asks `usePanel()` for its
 * market and its settings, fills the height it is given and scrolls inside), put its title into strings (workspace.panels),
 * and add a line here. It is then in the "Add panel" menu and the palette, may stand in layouts and presets (presets.ts
 * leaves out kinds that are not here), and can be torn off. A panel must not use the global `document` or `window`:
 * `usePanel().document` is the one it is drawn in.
 */
import type { ComponentType } from 'react';
import { t } from '@/strings';
import type { IconName } from '@/ui/Icon';

export interface PanelKind {
  kind: string;
  title: string;
  icon: IconName;
  /** Shows one market: it has a colour group and a market in its tab. */
  symbolic: boolean;
  /** Least size in pixels. */
  minimum: { width: number; height: number };
  load: () => Promise<{ default: ComponentType }>;
}

const small = { width: 180, height: 100 };

export const panelKinds: readonly PanelKind[] = [
  { kind: 'book', title: t.workspace.panels.book, icon: 'book', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/BookPanel') },
  { kind: 'trades', title: t.workspace.panels.trades, icon: 'live', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/TradesPanel') },
  { kind: 'liquidations', title: t.workspace.panels.liquidations, icon: 'warn', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/LiquidationsPanel') },
  { kind: 'chart', title: t.workspace.panels.chart, icon: 'chart', symbolic: true, minimum: { width: 280, height: 200 }, load: () => import('@/features/chart/ChartPanel') },
  { kind: 'ticket', title: t.trading.panels.ticket, icon: 'check', symbolic: true, minimum: { width: 260, height: 320 }, load: () => import('@/features/trading/TicketPanel') },
  { kind: 'ladder', title: t.trading.panels.ladder, icon: 'book', symbolic: true, minimum: small, load: () => import('@/features/trading/LadderPanel') },
  { kind: 'orders', title: t.trading.panels.orders, icon: 'filter', symbolic: false, minimum: small, load: () => import('@/features/trading/OrdersPanel') },
  { kind: 'positions', title: t.trading.panels.positions, icon: 'status', symbolic: false, minimum: small, load: () => import('@/features/trading/PositionsPanel') },
  { kind: 'history', title: t.trading.panels.history, icon: 'copy', symbolic: false, minimum: small, load: () => import('@/features/trading/HistoryPanel') },
  { kind: 'account', title: t.trading.panels.account, icon: 'account', symbolic: false, minimum: small, load: () => import('@/features/trading/AccountPanel') },
  { kind: 'depth', title: t.workspace.panels.depth, icon: 'depth', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/DepthPanel') },
  { kind: 'watchlist', title: t.workspace.panels.watchlist, icon: 'list', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/WatchlistPanel') },
  { kind: 'info', title: t.workspace.panels.info, icon: 'info', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/InfoPanel') },
  { kind: 'alerts', title: t.workspace.panels.alerts, icon: 'bell', symbolic: true, minimum: small, load: () => import('@/features/exchange/panels/AlertsPanel') },
];

export const panelKind = (kind: string): PanelKind | undefined => panelKinds.find((each) => each.kind === kind);
