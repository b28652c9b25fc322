import { createContext, useContext } from 'react';
import type { Settings } from './layout';
import { setPanelSettings, setPanelSymbol, symbolOf, useWorkspace } from './store';
import { useFirstSymbol } from './useFirstSymbol';

export interface PanelPlace {
  panelId: string;
  /** The document the panel is drawn in: another one when it is torn off. */
  document: Document;
}

export const PanelContext = createContext<PanelPlace | null>(null);

export interface PanelHandle<S> extends PanelPlace {
  /** The market of the panel's colour group, or its own. Empty until the venue's markets are known. */
  symbol: string;
  /** Changes it, for the whole group when the panel is in one. */
  setSymbol(symbol: string): void;
  /** What the panel keeps for itself, over the defaults it gives; kept with the layout. */
  settings: S;
  setSettings(change: Partial<S>): void;
}

/** What a panel is told about itself. Settings must be plain JSON. */
export function usePanel<S extends object = Settings>(defaults?: S): PanelHandle<S> {
  const place = useContext(PanelContext);
  if (!place) throw new Error('usePanel outside a panel');
  const { panelId } = place;
  const first = useFirstSymbol();
  const symbol = useWorkspace((s) => symbolOf(s.layout, panelId)) ?? first;
  const kept = useWorkspace((s) => s.layout.panels[panelId]?.settings);
  return {
    ...place,
    symbol,
    setSymbol: (next) => setPanelSymbol(panelId, next),
    settings: { ...defaults, ...kept } as S,
    setSettings: (change) => setPanelSettings(panelId, change as Settings),
  };
}
