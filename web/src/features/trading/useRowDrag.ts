import { useCallback, useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from 'react';
import type { OpenOrder } from '@/api/trading';
import { nanoOr0, type Nano } from '@/domain/decimal';

/** Dragging orders from row to row (`data-price`); Escape lets them be. */
export function useRowDrag(document: Document, drop: (orders: readonly OpenOrder[], price: Nano) => void) {
  const [held, setHeld] = useState<readonly OpenOrder[] | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const latest = useRef({ drop, target });
  useEffect(() => {
    latest.current = { drop, target };
  });
  useEffect(() => {
    if (!held) return;
    const end = () => {
      setHeld(null);
      setTarget(null);
    };
    const move = (event: PointerEvent) => {
      const row = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-price]');
      setTarget(row?.dataset.price ?? null);
    };
    const up = () => {
      const price = latest.current.target;
      if (price !== null && held.some((order) => nanoOr0(order.price) !== nanoOr0(price))) latest.current.drop(held, nanoOr0(price));
      end();
    };
    const key = (event: KeyboardEvent) => event.key === 'Escape' && end();
    document.addEventListener('pointermove', move);
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', end);
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('pointermove', move);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('pointercancel', end);
      document.removeEventListener('keydown', key);
    };
  }, [held, document]);
  const grab = useCallback((event: ReactPointerEvent, orders: readonly OpenOrder[]) => {
    event.preventDefault();
    // One that follows the index has no price of its own to give.
    const own = orders.filter(({ peg }) => peg === null);
    if (own.length > 0) setHeld(own);
  }, []);
  return { grab, target: held ? target : null };
}
