import { useEffect, useRef } from 'react';
import { inEveryWindow } from './windows';

/** What lies above the page, topmost last. Escape closes the topmost only. */
const layers: { close: () => void }[] = [];

inEveryWindow((target) => {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const top = layers.at(-1);
    if (!top) return;
    event.preventDefault();
    event.stopPropagation();
    top.close();
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
});

export const hasLayers = (): boolean => layers.length > 0;

/** Puts the component on top for as long as it is mounted and `active`. */
export function useLayer(close: () => void, active = true): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!active) return;
    const layer = { close: () => latest.current() };
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [active]);
}
