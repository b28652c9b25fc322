import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

export interface Size {
  width: number;
  height: number;
}

/** The size of an element, followed; also after it has moved to another window. */
export function useSize(): [RefObject<HTMLDivElement | null>, Size] {
  const box = useRef<HTMLDivElement>(null);
  const watch = useRef<{ element: Element; document: Document; observer: ResizeObserver } | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  // A window's own observer only: that of a hidden one is silent.
  useLayoutEffect(() => {
    const element = box.current;
    if (watch.current?.element === element && watch.current?.document === element?.ownerDocument) return;
    watch.current?.observer.disconnect();
    watch.current = null;
    if (!element) return;
    const measure = () =>
      setSize((known) => (known.width === element.clientWidth && known.height === element.clientHeight ? known : { width: element.clientWidth, height: element.clientHeight }));
    measure();
    const { ResizeObserver } = element.ownerDocument.defaultView as Window & typeof globalThis;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    watch.current = { element, document: element.ownerDocument, observer };
  });
  useLayoutEffect(
    () => () => {
      watch.current?.observer.disconnect();
      watch.current = null;
    },
    [],
  );
  return [box, size];
}
