import type { NavigateFunction } from 'react-router';
import type { Ticker } from '@/api/venue';
import { t } from '@/strings';
import { withDock } from '@/workspace/dockHost';
import { kLinks } from '@/workspace/layout';
import { addPreset, showNamed, useLayouts } from '@/workspace/layouts';
import { panelKind, panelKinds } from '@/workspace/panels';
import { kPresets } from '@/workspace/presets';
import { setPanelLink, setPanelSymbol, symbolOf, useWorkspace } from '@/workspace/store';
import type { Command } from './commands';
import { useOverlays } from './overlays';

const w = t.workspace;
const c = w.commands;
/** On its page, or in one of its windows while the page shows another. */
const isHere = () => /^\/trade(\/|$)/.test(location.pathname) || useOverlays.getState().host !== document;

/** In the workspace at once; from elsewhere it is opened first. */
const inWorkspace = (act: () => void) => (navigate: NavigateFunction) => {
  if (!isHere()) navigate('/trade');
  act();
};
const onPanel = (act: (panelId: string) => void) => inWorkspace(() => withDock(() => act(useWorkspace.getState().active ?? '')));

function toMarket(symbol: string): Command {
  const run = (navigate: NavigateFunction) => {
    const { active } = useWorkspace.getState();
    if (isHere() && active !== null) setPanelSymbol(active, symbol);
    else navigate(`/trade/${encodeURIComponent(symbol)}`);
  };
  return { id: `market-${symbol}`, group: c.groups.markets, label: c.market(symbol), run };
}

function panelCommands(): Command[] {
  const { layout } = useWorkspace.getState();
  const open = Object.entries(layout.panels).map(([id, { kind }]): Command => {
    const found = panelKind(kind);
    const symbol = found?.symbolic ? symbolOf(layout, id) : null;
    const title = [found?.title ?? kind, symbol].filter(Boolean).join(' ');
    return { id: `go-${id}`, group: c.groups.panels, label: c.goTo(title), run: inWorkspace(() => withDock((dock) => dock.focus(id))) };
  });
  const more = panelKinds.map(({ kind, title }): Command => ({ id: `add-${kind}`, group: c.groups.panels, label: c.add(title), run: inWorkspace(() => withDock((dock) => dock.add(kind))) }));
  return [...(isHere() ? open : []), ...more];
}

function layoutCommands(symbols: readonly string[]): Command[] {
  const group = c.groups.layouts;
  const named = useLayouts.getState().names.map((name): Command => ({ id: `layout-${name}`, group, label: c.layout(name), run: inWorkspace(() => withDock(() => showNamed(name))) }));
  const fresh = kPresets.map((preset): Command => ({ id: `new-${preset}`, group, label: c.newFrom(w.presets[preset]), run: inWorkspace(() => withDock(() => addPreset(preset, symbols))) }));
  return [...named, ...fresh];
}

function actionCommands(): Command[] {
  const group = c.groups.workspace;
  const directions = ['left', 'right', 'up', 'down'] as const;
  const arrows = { left: '←', right: '→', up: '↑', down: '↓' };
  return [
    { id: 'maximise', group, label: c.maximise, keys: 'Ctrl Alt M', run: inWorkspace(() => withDock((dock) => dock.maximise())) },
    { id: 'tear-off', group, label: c.tearOff, keys: 'Ctrl Alt O', run: inWorkspace(() => withDock((dock) => dock.tearOff())) },
    { id: 'close-panel', group, label: c.close, keys: 'Ctrl Alt W', run: onPanel((panelId) => withDock((dock) => dock.close(panelId))) },
    ...[...kLinks, null].map((link, i): Command => ({
      id: `link-${link}`, group, label: c.link(w.links[link ?? 'none']), keys: `Ctrl Alt ${link === null ? 0 : i + 1}`, run: onPanel((panelId) => setPanelLink(panelId, link)),
    })),
    ...directions.map((direction): Command => ({
      id: `move-${direction}`, group, label: c.move[direction], keys: `Ctrl Alt Shift ${arrows[direction]}`, run: inWorkspace(() => withDock((dock) => dock.move(direction))),
    })),
  ];
}

/** Everything of the workspace that has a name. */
export function workspaceCommands(tickers: readonly Ticker[]): Command[] {
  const symbols = tickers.map(({ market }) => market);
  return [...symbols.map(toMarket), ...panelCommands(), ...layoutCommands(symbols), ...actionCommands()];
}
