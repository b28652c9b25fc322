import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { closePalette, openPalette, openShortcuts, useOverlays } from './overlays';
import { useSettings } from './settings';

/** What the page's own search field is called, for the `/` key. */
export const kSearchFieldId = 'page-search';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

const pages: Record<string, string> = { m: '/mev', l: '/mev/lookup', s: '/status', x: '/exchange', t: '/trade', a: '/account', u: '/admin/users', d: '/developer' };

/** `g` then a letter within this time goes to a page. */
const kSequenceMs = 1200;

export function useHotkeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goAt = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (useOverlays.getState().palette) closePalette();
        else openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (useOverlays.getState().palette || useOverlays.getState().shortcuts) return;
      const page = event.timeStamp - goAt < kSequenceMs ? pages[event.key] : undefined;
      goAt = event.key === 'g' ? event.timeStamp : -Infinity;
      if (page) navigate(page);
      else if (event.key === '?') openShortcuts();
      else if (event.key === '[') useSettings.getState().toggleNav();
      else if (event.key === 't') useSettings.getState().toggleTheme();
      else if (event.key === '/') document.getElementById(kSearchFieldId)?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
}
