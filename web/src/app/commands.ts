import type { NavigateFunction } from 'react-router';
import { FINDING_KINDS } from '@/api/types';
import { classify, shorten } from '@/domain/address';
import { knownMints } from '@/domain/tokens';
import { liveStream } from '@/stream';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { poolPath, transactionPath, walletPath } from '@/ui/values';
import { openSettings, openShortcuts, useOverlays } from './overlays';
import { useSettings } from './settings';

export interface Command {
  id: string;
  group: string;
  label: string;
  keys?: string;
  /** Offered to those only who have one of these permissions. */
  needs?: readonly string[];
  run(navigate: NavigateFunction): void;
}

/** Whoever has one of these has a page in the administration. */
export const kAdminPermissions = ['identity.admin', 'exchange.operate', 'server.operate'] as const;

const page = (label: string, path: string, keys?: string, needs?: readonly string[]): Command => ({
  id: path, group: t.palette.groups.pages, label, keys, needs, run: (navigate) => navigate(path),
});
const action = (id: string, label: string, run: Command['run'], keys?: string): Command => ({
  id, group: t.palette.groups.actions, label, keys, run,
});

const standing: Command[] = [
  page(t.nav.live, '/mev', 'g m'),
  page(`${t.nav.lookup}: ${t.lookup.heading}`, '/mev/lookup', 'g l'),
  page(`${t.nav.exchange}: ${t.nav.trade}`, '/trade', 'g t'),
  page(`${t.nav.exchange}: ${t.nav.markets}`, '/exchange', 'g x'),
  page(`${t.nav.exchange}: ${t.nav.portfolio}`, '/portfolio', 'g p'),
  page(`${t.nav.exchange}: ${t.nav.governance}`, '/governance', 'g o'),
  page(t.nav.wallets, '/wallets', 'g w'),
  page(t.nav.dashboards, '/dashboards', 'g b'),
  page(t.nav.status, '/status', 'g s'),
  page(t.nav.account, '/account', 'g a'),
  page(`${t.nav.admin}: ${t.admin.tabs.users}`, '/admin/users', 'g u', ['identity.admin']),
  page(`${t.nav.admin}: ${t.admin.tabs.roles}`, '/admin/roles', undefined, ['identity.admin']),
  page(`${t.nav.admin}: ${t.admin.tabs.plans}`, '/admin/plans', undefined, ['identity.admin']),
  page(`${t.nav.admin}: ${t.admin.tabs.markets}`, '/admin/markets', undefined, ['identity.admin', 'exchange.operate']),
  page(`${t.nav.admin}: ${t.admin.tabs.risk}`, '/admin/risk', undefined, ['exchange.operate']),
  page(`${t.nav.admin}: ${t.admin.tabs.audit}`, '/admin/audit', undefined, ['identity.admin']),
  page(`${t.nav.admin}: ${t.admin.tabs.keys}`, '/admin/keys', undefined, ['identity.admin']),
  page(`${t.nav.admin}: ${t.admin.tabs.system}`, '/admin/system', undefined, ['server.operate']),
  page(`${t.nav.admin}: ${t.admin.tabs.jobs}`, '/admin/jobs', undefined, ['server.operate']),
  page(t.nav.developer, '/developer', 'g d'),
  action('api-docs', t.apiDocs.title, (navigate) => navigate('/docs/api')),
  ...FINDING_KINDS.map((kind) => action(`kind-${kind}`, t.palette.showKind(t.kinds[kind]), (navigate) => navigate(`/mev?kind=${kind}`))),
  action('profitable', t.palette.profitable, (navigate) => navigate('/mev?profitable=true')),
  action('clear', t.palette.clearFilters, (navigate) => navigate('/mev')),
  action('copy-link', t.palette.copyLink, () => void copyText(location.href, t.detail.copyLink.toLowerCase())),
  action('theme', t.palette.toggleTheme, () => useSettings.getState().toggleTheme(), 't'),
  action('colour-blind', t.palette.toggleColourBlind, () => useSettings.getState().toggleColourBlind()),
  action('nav', t.palette.toggleNav, () => useSettings.getState().toggleNav(), '['),
  action('reconnect', t.palette.reconnect, () => liveStream.retryNow()),
  action('shortcuts', t.palette.shortcuts, () => openShortcuts(useOverlays.getState().host), '?'),
  action('settings', t.settings.title, () => openSettings(useOverlays.getState().host), ','),
];

function jumps(text: string): Command[] {
  const word = text.trim();
  const group = t.palette.groups.jump;
  const to = (id: string, label: string, path: string): Command => ({ id, group, label, run: (navigate) => navigate(path) });
  const short = shorten(word, 6, 6);
  const kind = classify(word);
  if (kind === 'signature') return [to('tx', t.palette.transaction(short), transactionPath(word))];
  if (kind === 'address') {
    return [
      to('wallet', t.palette.wallet(short), walletPath(word)),
      to('pool', t.palette.pool(short), poolPath(word)),
      to('mint', t.palette.mint(short), `/mev?mint=${word}`),
    ];
  }
  const symbol = word.toLowerCase();
  if (symbol.length < 2) return [];
  return [...knownMints]
    .filter(([, token]) => token.symbol.toLowerCase().startsWith(symbol))
    .slice(0, 4)
    .map(([mint, token]) => to(`mint-${mint}`, t.palette.mint(token.symbol), `/mev?mint=${mint}`));
}

/** Commands for what was typed: jumps first, then those that have all its words, of what one may do. */
export function commandsFor(text: string, may: (permission: string) => boolean, more: readonly Command[] = []): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = [...standing, ...more].filter(({ needs }) => !needs || needs.some(may)).filter((command) => words.every((word) => command.label.toLowerCase().includes(word)));
  return [...jumps(text), ...matching];
}
