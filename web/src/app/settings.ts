import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { inEveryWindow } from '@/ui/windows';

/** What the user set on this device. public/theme.js reads the same key before the first paint. */
interface Settings {
  theme: 'dark' | 'light';
  colourBlind: boolean;
  navFolded: boolean;
  toggleTheme(): void;
  toggleColourBlind(): void;
  toggleNav(): void;
}

export const useSettings = create<Settings>()(
  persist(
    (set) => ({
      theme: 'dark',
      colourBlind: false,
      navFolded: false,
      toggleTheme: () => set((s) => ({ theme: s.theme === 'dark' ? 'light' : 'dark' })),
      toggleColourBlind: () => set((s) => ({ colourBlind: !s.colourBlind })),
      toggleNav: () => set((s) => ({ navFolded: !s.navFolded })),
    }),
    { name: 'astrolabe.settings' },
  ),
);

function show({ theme, colourBlind }: Settings, root: HTMLElement): void {
  root.dataset.theme = theme;
  if (colourBlind) root.dataset.palette = 'colour-blind';
  else delete root.dataset.palette;
}

/** Keeps the theme of every window equal to the settings. */
export function applySettings(): void {
  inEveryWindow(({ documentElement }) => {
    show(useSettings.getState(), documentElement);
    return useSettings.subscribe((settings) => show(settings, documentElement));
  });
}
