import { LineStyle } from 'lightweight-charts';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Plot } from './plot';

const styles = { solid: LineStyle.Solid, dashed: LineStyle.Dashed, dotted: LineStyle.Dotted } as const;

/** A line across the price pane with its price on the axis, as long as the component is there. */
export function usePriceLine(plot: Plot, price: string | null, color: string, style: keyof typeof styles): void {
  useEffect(() => {
    if (price === null) return;
    const line = plot.main.createPriceLine({ price: Number(price), color, lineStyle: styles[style], lineWidth: 1, axisLabelVisible: true, title: '' });
    return plot.whileThere(() => plot.main.removePriceLine(line));
  }, [plot, price, color, style]);
}

/**
 * To a place, or out of sight. Written only when it is another one: what was written has to be styled again
 * before the next text can be drawn on a canvas, and a chart draws many.
 */
export function put(element: HTMLElement, transform: string | null): void {
  const visibility = transform === null ? 'hidden' : 'visible';
  if (element.style.visibility !== visibility) element.style.visibility = visibility;
  if (transform !== null && element.style.transform !== transform) element.style.transform = transform;
}

/** Words on a price line, at the right of the pane; out of sight while the price is, unless one has hold of them. */
export function PriceTag({ plot, price, className = '', children }: { plot: Plot; price: string; className?: string; children: ReactNode }) {
  const tag = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const element = tag.current!;
      const y = plot.yOf(Number(price));
      const { width, height } = plot.area;
      // What is hidden loses the focus, and with it the keys that move it.
      const isHeld = element.contains(plot.document.activeElement);
      const isSeen = y !== null && (isHeld || (y >= 0 && y <= height));
      put(element, isSeen ? `translate(${width - 8}px, ${Math.max(9, Math.min(height - 9, y))}px) translate(-100%, -50%)` : null);
    };
    place();
    return plot.onFrame(place);
  }, [plot, price]);
  return (
    <div ref={tag} className={`chart-tag ${className}`}>
      {children}
    </div>
  );
}
