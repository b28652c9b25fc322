import { useCallback } from 'react';
import { useNavigate, type NavigateFunction } from 'react-router';
import { useEveryWindow } from '@/ui/windows';
import { closePalette, openPalette, openSettings, openShortcuts, useOverlays } from './overlays';
import { useSettings } from './settings';

/** What the page's own search field is called, for the `/` key. */
export const kSearchFieldId = 'page-search';

const isTyping = (target: EventTarget | null): boolean => {
  const element = target as Partial<HTMLElement> | null;
  return element?.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element?.tagName ?? '');
};

const pages: Record<string, string> = { m: '/mev', l: '/mev/lookup', s: '/status', x: '/exchange', t: '/trade', p: '/portfolio', b: '/dashboards', o: '/governance', a: '/account', u: '/admin/users', d: '/developer' };

/** `g` then a letter within this time goes to a page. */
const kSequenceMs = 1200;

/** The keys of one window; Alt with Ctrl is the workspace's. */
function keysOf(document: Document, navigate: NavigateFunction): (event: KeyboardEvent) => void {
  let goAt = -Infinity;
  return (event) => {
    const { palette, shortcuts, settings } = useOverlays.getState();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (palette) closePalette();
      else openPalette(document);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (palette || shortcuts || settings) return;
    const page = event.timeStamp - goAt < kSequenceMs ? pages[event.key] : undefined;
    goAt = event.key === 'g' ? event.timeStamp : -Infinity;
    if (page) navigate(page);
    else if (event.key === '?') openShortcuts(document);
    else if (event.key === ',') openSettings(document);
    else if (event.key === '[') useSettings.getState().toggleNav();
    else if (event.key === 't') useSettings.getState().toggleTheme();
    else if (event.key === '/') document.getElementById(kSearchFieldId)?.focus();
    else return;
    event.preventDefault();
  };
}

export function useHotkeys(): void {
  const navigate = useNavigate();
  const bind = useCallback(
    (document: Document) => {
      const onKey = keysOf(document, navigate);
      document.addEventListener('keydown', onKey);
      return () => document.removeEventListener('keydown', onKey);
    },
    [navigate],
  );
  useEveryWindow(bind);
}
