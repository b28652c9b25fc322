import { create } from 'zustand';

/** The shell's own overlays; at most one of each. */
export const useOverlays = create<{ palette: boolean; shortcuts: boolean }>()(() => ({ palette: false, shortcuts: false }));

export const openPalette = () => useOverlays.setState({ palette: true });
export const closePalette = () => useOverlays.setState({ palette: false });
export const openShortcuts = () => useOverlays.setState({ shortcuts: true });
export const closeShortcuts = () => useOverlays.setState({ shortcuts: false });
