import './phone.css';
import { useEffect, useState } from 'react';
import { openPalette } from '@/app/overlays';
import { decimals, percentOfBps } from '@/features/exchange/format';
import { useTicker, useTickers } from '@/features/exchange/market';
import { TruthBadges } from '@/features/exchange/TruthBadges';
import { placesIn, useMarkets } from '@/features/trading/useMarkets';
import { t } from '@/strings';
import { Icon, type IconName } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import type { Layout, PanelState } from './layout';
import { PanelFrame } from './PanelFrame';
import { panelKind } from './panels';
import { setLinkSymbol, showLayout, useWorkspace } from './store';

/** What a phone shows, one panel at a time; kinds that are not there are left out. */
const sections = [
  { id: 'trade', icon: 'trade', kinds: ['ticket', 'book', 'ladder'] },
  { id: 'positions', icon: 'wallet', kinds: ['positions', 'orders', 'history', 'account'] },
  { id: 'market', icon: 'live', kinds: ['chart', 'watchlist', 'info', 'depth', 'trades'] },
  { id: 'alerts', icon: 'bell', kinds: ['alerts', 'liquidations'] },
] as const satisfies readonly { id: keyof typeof t.workspace.phone; icon: IconName; kinds: readonly string[] }[];

type SectionId = (typeof sections)[number]['id'];
const present = (kinds: readonly string[]) => kinds.filter((kind) => panelKind(kind) !== undefined);

/** All of them in one colour group; not one of the layouts that are kept. */
function phoneLayout(links: Layout['links']): Layout {
  const kinds = sections.flatMap((section) => present(section.kinds));
  const panels = Object.fromEntries(kinds.map((kind): [string, PanelState] => [kind, { kind, link: 'blue', symbol: null, settings: {} }]));
  return { version: 1, panels, links, root: { size: 1, tabs: kinds, active: kinds[0]! }, windows: [] };
}

export default function PhoneWorkspace({ market }: { market: string | undefined }) {
  const [section, setSection] = useState<SectionId>('trade');
  const [views, setViews] = useState<Partial<Record<SectionId, string>>>({});
  useEffect(() => showLayout('', phoneLayout(useWorkspace.getState().layout.links)), []);
  useEffect(() => {
    if (market) setLinkSymbol('blue', market);
  }, [market]);
  const kinds = present(sections.find(({ id }) => id === section)!.kinds);
  const view = views[section] ?? kinds[0];
  return (
    <div className="phone">
      <SymbolChoice />
      <div className="phone-top">
        <div className="phone-views" role="tablist" aria-label={t.workspace.phone.views}>
          {kinds.map((kind) => (
            <button key={kind} type="button" role="tab" aria-selected={kind === view} onClick={() => setViews({ ...views, [section]: kind })}>
              {panelKind(kind)!.title}
            </button>
          ))}
        </div>
      </div>
      <div className="phone-panel">{view === undefined ? null : <PanelFrame key={view} panelId={view} document={document} />}</div>
      <nav className="phone-bar" aria-label={t.workspace.phone.label}>
        {sections.map(({ id, icon }) => (
          <button key={id} type="button" aria-current={id === section ? 'page' : undefined} onClick={() => setSection(id)}>
            <Icon name={icon} />
            {t.workspace.phone[id]}
          </button>
        ))}
        <button type="button" onClick={() => openPalette()}>
          <Icon name="menu" />
          {t.workspace.phone.menu}
        </button>
      </nav>
    </div>
  );
}

function SymbolChoice() {
  const { list } = useTickers();
  const symbol = useWorkspace((s) => s.layout.links.blue) ?? list[0]?.market ?? '';
  const items = () => list.map(({ market }) => ({ id: market, label: market, isChecked: market === symbol, run: () => setLinkSymbol('blue', market) }));
  return (
    <div className="phone-market">
      <Menu label={t.workspace.marketOf(t.workspace.title, symbol)} className="phone-symbol" button={<>{symbol} <Icon name="down" size={12} /></>} items={items} empty={t.workspace.noMarkets} />
      <PhonePrice symbol={symbol} />
      <TruthBadges symbol={symbol} isShort />
    </div>
  );
}

function PhonePrice({ symbol }: { symbol: string }) {
  const ticker = useTicker(symbol);
  const places = placesIn(useMarkets(), symbol);
  if (!ticker) return null;
  return (
    <span className="num phone-price">
      {decimals(ticker.mark, places.price)} <span className={ticker.change_24h_bps < 0 ? 'down' : 'up'}>{percentOfBps(ticker.change_24h_bps)}</span>
    </span>
  );
}
