import { useEffect, useRef } from 'react';

/** What lies above the page, topmost last. Escape closes the topmost only. */
const layers: { close: () => void }[] = [];

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  const top = layers.at(-1);
  if (!top) return;
  event.preventDefault();
  event.stopPropagation();
  top.close();
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
