import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { NavLink, useLocation } from 'react-router';
import { useAccess } from '@/api/access';
import { useStreamState } from '@/feed/feed';
import { liveStream } from '@/stream';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Icon, type IconName } from '@/ui/Icon';
import { toast } from '@/ui/toasts';
import { kAdminPermissions } from './commands';
import { ConnectionState } from './ConnectionState';
import { DataTruth } from './DataTruth';
import { useHotkeys } from './hotkeys';
import { openPalette, openSettings, openShortcuts, useOverlays } from './overlays';
import { useSettings } from './settings';
import { Toasts } from './Toasts';

const Palette = lazy(() => import('./Palette'));
const Shortcuts = lazy(() => import('./Shortcuts'));
const SettingsDialog = lazy(() => import('./SettingsDialog'));

interface Item {
  to: string;
  end?: boolean;
  label: string;
  icon: IconName;
  /** Shown to those only who have one of these permissions. */
  needs?: readonly string[];
}

const navigation: { group: string; items: Item[] }[] = [
  {
    group: t.nav.mev,
    items: [
      { to: '/mev', end: true, label: t.nav.live, icon: 'live' },
      { to: '/mev/lookup', label: t.nav.lookup, icon: 'lookup' },
    ],
  },
  {
    group: t.nav.exchange,
    items: [
      { to: '/trade', label: t.nav.trade, icon: 'trade' },
      { to: '/exchange', label: t.nav.markets, icon: 'book' },
      { to: '/portfolio', label: t.nav.portfolio, icon: 'portfolio' },
      { to: '/governance', label: t.nav.governance, icon: 'vote' },
      { to: '/wallets', label: t.nav.wallets, icon: 'wallet' },
      { to: '/dashboards', label: t.nav.dashboards, icon: 'board' },
    ],
  },
  {
    group: t.nav.operations,
    items: [
      { to: '/status', label: t.nav.status, icon: 'status' },
      { to: '/account', label: t.nav.account, icon: 'account' },
      { to: '/admin', label: t.nav.admin, icon: 'admin', needs: kAdminPermissions },
      { to: '/developer', label: t.nav.developer, icon: 'developer' },
    ],
  },
];

export function Shell({ children }: { children: ReactNode }) {
  useHotkeys();
  const folded = useSettings((s) => s.navFolded);
  const { palette, shortcuts, settings, host } = useOverlays();
  return (
    <div className="shell" data-folded={folded}>
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <Navigation folded={folded} />
      <TopBar />
      <main id="content" className="content" tabIndex={-1}>
        <LostConnection />
        {children}
      </main>
      <Toasts />
      {createPortal(
        <Suspense fallback={null}>
          {palette ? <Palette /> : null}
          {shortcuts ? <Shortcuts /> : null}
          {settings ? <SettingsDialog /> : null}
        </Suspense>,
        host.body,
      )}
    </div>
  );
}

function Navigation({ folded }: { folded: boolean }) {
  const toggle = useSettings((s) => s.toggleNav);
  const { may } = useAccess();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a phone it is wider than the screen. Newer browsers give a promise here, which is no clean-up.
  useEffect(() => {
    void nav.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={nav} className="nav" aria-label={t.nav.label}>
      <div className="nav-brand">
        <Logo />
        <span className="nav-text">{t.product}</span>
      </div>
      {navigation.map(({ group, items }) => (
        <div key={group} className="nav-group">
          <span className="nav-heading nav-text">{group}</span>
          <ul>
            {items.filter(({ needs }) => !needs || needs.some(may)).map(({ to, end, label, icon }) => (
              <li key={to}>
                <NavLink to={to} end={end} className="nav-item" title={folded ? label : undefined} aria-label={label}>
                  <Icon name={icon} />
                  <span className="nav-text">{label}</span>
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <button type="button" className="nav-item nav-fold" onClick={toggle} aria-label={folded ? t.nav.unfold : t.nav.fold}>
        <Icon name={folded ? 'unfold' : 'fold'} />
        <span className="nav-text">{t.nav.fold}</span>
      </button>
    </nav>
  );
}

function Logo() {
  return (
    <svg className="icon logo" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      <path d="M12 3v3M12 18v3M3 12h3M18 12h3M6.5 17.5l11-11" />
    </svg>
  );
}

function TopBar() {
  const theme = useSettings((s) => s.theme);
  const toggleTheme = useSettings((s) => s.toggleTheme);
  const isVenue = /^\/(trade|exchange)(\/|$)/.test(useLocation().pathname);
  return (
    <header className="top-bar">
      <button type="button" className="search-button" onClick={() => openPalette()} title={t.palette.title}>
        <Icon name="lookup" />
        <span className="search-label">{t.bar.search}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="top-state">
        {/* The exchange's panels say themselves what their prices are. */}
        {isVenue ? null : <DataTruth />}
        <ConnectionState />
      </div>
      <button type="button" className="icon-button" onClick={toggleTheme} aria-label={t.bar.theme[theme]} title={t.bar.theme[theme]}>
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button type="button" className="icon-button wide-only" onClick={() => openSettings()} aria-label={t.bar.settings} title={`${t.bar.settings} (,)`}>
        <Icon name="settings" />
      </button>
      <button type="button" className="icon-button wide-only" onClick={() => openShortcuts()} aria-label={t.bar.shortcuts} title={`${t.bar.shortcuts} (?)`}>
        <Icon name="help" />
      </button>
    </header>
  );
}

/** Says that the connection is gone for as long as it is, and once that it is back. */
function LostConnection() {
  const { phase, reconnects, attempt, retryAt } = useStreamState();
  useNow();
  const told = useRef(reconnects);
  useEffect(() => {
    if (reconnects > told.current) toast(t.toasts.back);
    told.current = reconnects;
  }, [reconnects]);
  const isLost = phase === 'waiting' || (phase === 'connecting' && attempt > 0);
  if (!isLost) return null;
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - performance.now()) / 1000);
  return (
    <div className="notice" role="alert">
      <Icon name="warn" />
      <span>
        {t.bar.lost} {t.bar.waiting(seconds)}
      </span>
      <button type="button" className="button" onClick={() => liveStream.retryNow()}>
        {t.bar.retry}
      </button>
    </div>
  );
}
