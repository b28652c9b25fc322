import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { useEffect } from 'react';
import { useTickers } from '@/features/exchange/market';
import { t } from '@/strings';
import { Menu, type MenuItem } from '@/ui/Menu';
import { kLinks, type Link } from './layout';
import { panelKind } from './panels';
import { setPanelLink, setPanelSymbol, symbolOf, useWorkspace } from './store';
import { useFirstSymbol } from './useFirstSymbol';

/** Name and colour of a panel; its market is in the title that is read aloud. */
export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const panel = useWorkspace((s) => s.layout.panels[api.id]);
  const kind = panel && panelKind(panel.kind);
  const title = kind?.title ?? api.id;
  const symbol = useWorkspace((s) => symbolOf(s.layout, api.id));
  useEffect(() => {
    api.setTitle(kind?.symbolic && symbol ? `${title} ${symbol}` : title);
  }, [api, kind, title, symbol]);
  return (
    <div className="panel-tab">
      {kind?.symbolic ? <span className="link-dot" data-link={panel?.link ?? 'none'} aria-hidden="true" /> : null}
      <span className="panel-tab-title">{title}</span>
    </div>
  );
}

/** Colour group and market of the panel a place shows. They stand beside the tabs: a tab may hold no buttons. */
export function PanelMarket({ panelId }: { panelId: string }) {
  const panel = useWorkspace((s) => s.layout.panels[panelId]);
  const kind = panel && panelKind(panel.kind);
  if (!kind?.symbolic) return null;
  return (
    <>
      <LinkMenu panelId={panelId} title={kind.title} link={panel?.link ?? null} />
      <SymbolMenu panelId={panelId} title={kind.title} />
    </>
  );
}

function LinkMenu({ panelId, title, link }: { panelId: string; title: string; link: Link | null }) {
  const { links } = useWorkspace((s) => s.layout);
  const w = t.workspace;
  const items = (): MenuItem[] => [
    ...kLinks.map((each) => ({
      id: each, text: w.links[each], label: <><span className="link-dot" data-link={each} /> {w.links[each]}</>, hint: links[each], isChecked: each === link, run: () => setPanelLink(panelId, each),
    })),
    { id: 'none', text: w.links.none, label: <><span className="link-dot" data-link="none" /> {w.links.none}</>, isChecked: link === null, run: () => setPanelLink(panelId, null) },
  ];
  return <Menu label={w.linkOf(title, w.links[link ?? 'none'])} className="panel-tab-button" button={<span className="link-dot" data-link={link ?? 'none'} />} items={items} />;
}

function SymbolMenu({ panelId, title }: { panelId: string; title: string }) {
  const first = useFirstSymbol();
  const symbol = useWorkspace((s) => symbolOf(s.layout, panelId)) ?? first;
  const { list } = useTickers();
  const items = () => list.map(({ market }): MenuItem => ({ id: market, label: market, isChecked: market === symbol, run: () => setPanelSymbol(panelId, market) }));
  return <Menu label={t.workspace.marketOf(title, symbol)} className="panel-tab-button muted" button={symbol} items={items} empty={t.workspace.noMarkets} />;
}
