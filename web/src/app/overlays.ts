import { create } from 'zustand';

interface Overlays {
  palette: boolean;
  /** What the palette begins with. */
  text: string;
  shortcuts: boolean;
  settings: boolean;
  /** The window they are shown in. */
  host: Document;
}

/** The shell's own overlays; at most one of each. */
export const useOverlays = create<Overlays>()(() => ({ palette: false, text: '', shortcuts: false, settings: false, host: document }));

export const openPalette = (host: Document = document, text = '') => useOverlays.setState({ palette: true, host, text });
export const closePalette = () => useOverlays.setState({ palette: false });
export const openShortcuts = (host: Document = document) => useOverlays.setState({ shortcuts: true, host });
export const closeShortcuts = () => useOverlays.setState({ shortcuts: false });
export const openSettings = (host: Document = document) => useOverlays.setState({ settings: true, host });
export const closeSettings = () => useOverlays.setState({ settings: false });
